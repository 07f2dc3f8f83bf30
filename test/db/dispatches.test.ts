import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimNotice, type Claim } from '../../db/claims.ts';
import type { ComposeRequest } from '../../db/compose-request.ts';
import { recordRefused, recordSent, releaseClaim } from '../../db/dispatches.ts';
import { handBack, keepText } from '../../db/held.ts';
import { createRegistrar } from '../../db/register.ts';
import { advance, recordFact } from '../../db/settle.ts';
import { getPromise, noticesOf, timelineOf } from '../../db/promises.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fromNow, policy, registration, seed } from '../support/registrations.ts';
import { messageFrom } from '../support/deliver.ts';

const HOUR = 3_600_000;
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  await seed(database.pool, [
    policy({ kind: 'delivery', buffer: { fixed: 'PT1H' }, lead: 'PT2H', whenUnknown: 'warn', factLag: 'PT0S' }),
  ]);
});
afterAll(() => database.drop());

interface Warned {
  readonly id: string;
  readonly dutyId: string;
}

/** A promise whose last call has passed without news: one risk notice is owed. */
async function owesWarning(customer?: string, dueMs = HOUR): Promise<Warned> {
  const made = await registration(database.pool, {
    kind: 'delivery',
    promised: { precision: 'instant', at: fromNow(dueMs) },
    madeAt: fromNow(-24 * HOUR),
    ...(customer ? { customer } : {}),
  });
  await createRegistrar(database.pool).register(made);
  const dutyId = (await advance(database.pool, made.id)).duties[0]?.id;
  if (!dutyId) throw new Error('Nothing owed.');
  return { id: made.id, dutyId };
}

const requests: ComposeRequest[] = [];
const claim = (from: Warned, more: { workerName?: string; claimMs?: number } = {}): Promise<Claim> =>
  claimNotice(database.pool, {
    promiseId: from.id,
    dutyId: from.dutyId,
    workerName: more.workerName ?? 'worker-1',
    claimMs: more.claimMs ?? 30_000,
    channel: 'email',
    compose: (request) => {
      requests.push(request);
      const told = request.members.map((member) => member.ref).join(' ');
      return messageFrom(request.dispatchId, told);
    },
  });
const sending = (claimed: Claim): Extract<Claim, { kind: 'send' }> => {
  if (claimed.kind !== 'send') throw new Error(`Expected a text to send, got ${claimed.kind}.`);
  return claimed;
};
const record = (from: Warned, dispatchId: string, workerName = 'worker-1') =>
  recordSent(database.pool, { promiseId: from.id, dispatchId, workerName });

const FIRST_TRY = { workerName: 'worker-1', attempts: 1 };

describe('performing a notice', () => {
  it('freezes a text that names the owner, then records it as sent', async () => {
    const warned = await owesWarning();
    const { dispatchId, message } = sending(await claim(warned));
    expect(requests.at(-1)?.members[0]?.contact).toMatchObject({ role: 'owner', person: { name: 'Kati Kask' } });
    expect(requests.at(-1)?.members[0]?.nextNewsAt).not.toBeNull();
    const step = await record(warned, dispatchId);
    expect(step.duties).toEqual([]);
    expect(await noticesOf(database.pool, warned.id)).toMatchObject([
      { state: 'sent', messageId: message.messageId, channel: 'email' },
    ]);
    expect((await getPromise(database.pool, warned.id))?.warnedAt).not.toBeNull();
    expect((await timelineOf(database.pool, warned.id)).map((item) => item.fact.kind)).toContain('notice_sent');
  });

  it('lets only one of many workers send', async () => {
    const warned = await owesWarning();
    const claims = await Promise.all(Array.from({ length: 8 }, (_, at) => claim(warned, { workerName: `w-${at}` })));
    expect(claims.filter((one) => one.kind === 'send')).toHaveLength(1);
    expect(claims.filter((one) => one.kind === 'later')).toHaveLength(7);
  });

  it('sends the same text under the same Message-ID when a claim ran out, in one dispatch', async () => {
    const warned = await owesWarning();
    const first = sending(await claim(warned, { workerName: 'dies', claimMs: 0 }));
    const second = sending(await claim(warned, { workerName: 'heir' }));
    expect([second.dispatchId, second.message]).toEqual([first.dispatchId, first.message]);
    await record(warned, second.dispatchId, 'heir');
    const { rows } = await database.pool.query('select state from dispatches where id = $1', [first.dispatchId]);
    expect(rows).toEqual([{ state: 'sent' }]);
    expect(await noticesOf(database.pool, warned.id)).toHaveLength(1);
  });

  it('leaves the record to the worker that took the claim over', async () => {
    const warned = await owesWarning();
    const { dispatchId } = sending(await claim(warned, { workerName: 'dies', claimMs: 0 }));
    await claim(warned, { workerName: 'heir' });
    await record(warned, dispatchId, 'dies');
    expect(await noticesOf(database.pool, warned.id)).toMatchObject([{ state: 'claimed' }]);
    await record(warned, dispatchId, 'heir');
    expect(await noticesOf(database.pool, warned.id)).toMatchObject([{ state: 'sent' }]);
  });

  it('records an accepted notice although the promise was fulfilled meanwhile', async () => {
    const warned = await owesWarning();
    const { dispatchId } = sending(await claim(warned));
    await recordFact(database.pool, warned.id, { kind: 'fulfilled', factKey: 'f', occurredAt: fromNow(0) });
    const step = await record(warned, dispatchId);
    expect(step).toMatchObject({ closed: 'kept', duties: [] });
    expect(await noticesOf(database.pool, warned.id)).toMatchObject([{ state: 'sent' }]);
  });

  it('sends nothing once the promise was fulfilled before the claim', async () => {
    const warned = await owesWarning();
    await recordFact(database.pool, warned.id, { kind: 'fulfilled', factKey: 'f', occurredAt: fromNow(0) });
    const before = requests.length;
    expect(await claim(warned)).toMatchObject({ kind: 'done', step: { closed: 'kept' } });
    expect(requests).toHaveLength(before);
    expect(await noticesOf(database.pool, warned.id)).toMatchObject([{ state: 'dropped' }]);
  });

  it('writes a new text where nothing had left the house', async () => {
    const warned = await owesWarning();
    const { dispatchId } = sending(await claim(warned));
    await releaseClaim(database.pool, { id: dispatchId, ...FIRST_TRY });
    const again = sending(await claim(warned));
    expect(again.dispatchId).not.toBe(dispatchId);
  });

  it('keeps the text that may have left at an earlier try, though this one was not taken', async () => {
    const warned = await owesWarning();
    const first = sending(await claim(warned, { workerName: 'dies', claimMs: 0 }));
    const { dispatchId, attempts } = sending(await claim(warned, { workerName: 'heir' }));
    expect(attempts).toBe(2);
    await handBack(database.pool, 'dispatches', { id: dispatchId, workerName: 'heir', attempts });
    const again = sending(await claim(warned, { workerName: 'next' }));
    expect([again.dispatchId, again.message]).toEqual([first.dispatchId, first.message]);
    await record(warned, dispatchId, 'next');
    expect(await noticesOf(database.pool, warned.id)).toMatchObject([{ state: 'sent' }]);
  });

  it('leaves a later try alone when the same worker learns only then that an earlier one was not taken', async () => {
    const warned = await owesWarning();
    const early = sending(await claim(warned, { claimMs: 0 }));
    const late = sending(await claim(warned));
    expect([early.dispatchId, early.attempts, late.attempts]).toEqual([late.dispatchId, 1, 2]);
    const held = { id: early.dispatchId, ...FIRST_TRY };
    await releaseClaim(database.pool, held);
    await handBack(database.pool, 'dispatches', held);
    await recordRefused(database.pool, { promiseId: warned.id, ...held });
    expect(await claim(warned)).toMatchObject({ kind: 'later' });
    await record(warned, late.dispatchId);
    expect(await noticesOf(database.pool, warned.id)).toMatchObject([{ state: 'sent' }]);
  });

  it('records what has left though its row was spoilt meanwhile, and sends nothing again', async () => {
    const warned = await owesWarning();
    const { dispatchId } = sending(await claim(warned));
    await database.pool.query(`update duties set state = 'owed' where promise_id = $1`, [warned.id]);
    await record(warned, dispatchId, 'worker-1');
    await database.pool.query(`update duties set state = 'claimed' where promise_id = $1`, [warned.id]);
    expect(await claim(warned)).toMatchObject({ kind: 'done' });
    expect(await noticesOf(database.pool, warned.id)).toMatchObject([{ state: 'sent', channel: 'email' }]);
  });

  it('sends nothing again that was refused for good, though the record of that is lost', async () => {
    const warned = await owesWarning();
    const { dispatchId } = sending(await claim(warned));
    await recordRefused(database.pool, { promiseId: warned.id, id: dispatchId, ...FIRST_TRY });
    await database.pool.query(`delete from facts where promise_id = $1 and kind = 'notice_failed'`, [warned.id]);
    await database.pool.query(`update duties set state = 'claimed' where promise_id = $1`, [warned.id]);
    expect(await claim(warned)).toMatchObject({ kind: 'done' });
    expect((await noticesOf(database.pool, warned.id))[0]).toMatchObject({ state: 'failed' });
  });

  it('goes on as if the customer had not been told when the channel refuses for good', async () => {
    const warned = await owesWarning();
    const { dispatchId } = sending(await claim(warned));
    const step = await recordRefused(database.pool, { promiseId: warned.id, id: dispatchId, ...FIRST_TRY });
    expect(step.duties).toEqual([]);
    expect(step.wakeAt).not.toBeNull();
    expect(await noticesOf(database.pool, warned.id)).toMatchObject([{ state: 'failed' }]);
    expect((await getPromise(database.pool, warned.id))?.warnedAt).toBeNull();
  });

  it('puts all that is due for one customer into one text', async () => {
    const [a, b] = [await owesWarning('same'), await owesWarning('same')];
    const { dispatchId } = sending(await claim(a));
    expect(
      requests
        .at(-1)
        ?.members.map((member) => member.promiseId)
        .sort(),
    ).toEqual([a.id, b.id].sort());
    expect(await claim(b)).toMatchObject({ kind: 'later' });
    await record(a, dispatchId);
    expect(await claim(b)).toMatchObject({ kind: 'done' });
    expect(await noticesOf(database.pool, b.id)).toMatchObject([{ state: 'sent' }]);
  });

  it('gives a text up when its claim ran out after it stopped being true, and never sends it again', async () => {
    const warned = await owesWarning();
    sending(await claim(warned, { workerName: 'dies', claimMs: 0 }));
    await database.pool.query(`update duties set not_valid_after = clock_timestamp() where id = $1`, [warned.dutyId]);
    expect(await claim(warned, { workerName: 'heir' })).toMatchObject({ kind: 'done' });
    const failed = (await timelineOf(database.pool, warned.id)).find((item) => item.fact.kind === 'notice_failed');
    expect(failed?.fact).toMatchObject({ outcome: 'unknown' });
  });

  it('lets one promise that cannot be put into words hold back no other of its customer', async () => {
    const [mute, sayable] = [await owesWarning('mixed'), await owesWarning('mixed')];
    const claimed = await claimNotice(database.pool, {
      promiseId: sayable.id,
      dutyId: sayable.dutyId,
      workerName: 'worker-1',
      claimMs: 30_000,
      channel: 'email',
      compose: ({ dispatchId, members }) => {
        if (members.some((member) => member.promiseId === mute.id)) throw new RangeError('No words.');
        return messageFrom(dispatchId);
      },
    });
    await record(sayable, sending(claimed).dispatchId);
    expect(await noticesOf(database.pool, sayable.id)).toMatchObject([{ state: 'sent' }]);
    expect(await noticesOf(database.pool, mute.id)).toMatchObject([{ state: 'owed' }]);
  });

  it('claims as long as at first whoever died over a text, however often, and as long as told where nobody knows whether it left', async () => {
    const warned = await owesWarning();
    const { dispatchId } = sending(await claim(warned, { workerName: 'w-0' }));
    const heldS = async (): Promise<number> => {
      const { rows } = await database.pool.query<{ s: number }>(
        `select extract(epoch from claim_until - claimed_at)::float8 as s from dispatches where id = $1`,
        [dispatchId],
      );
      return rows[0]?.s ?? 0;
    };
    for (const workerName of ['w-1', 'w-2', 'w-3']) {
      await database.pool.query(`update dispatches set claim_until = clock_timestamp() where id = $1`, [dispatchId]);
      sending(await claim(warned, { workerName }));
      expect(await heldS()).toBeCloseTo(30, 1);
    }
    await keepText(database.pool, 'dispatches', { id: dispatchId, workerName: 'w-3', attempts: 3 }, 90_000);
    expect(await heldS()).toBeCloseTo(30, 1);
    await keepText(database.pool, 'dispatches', { id: dispatchId, workerName: 'w-3', attempts: 4 }, 90_000);
    expect(await heldS()).toBeGreaterThanOrEqual(90);
  });
});
