import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { claimNotice, type Claim } from '../../db/claims.ts';
import { claimDigest } from '../../db/digests.ts';
import {
  countMail,
  holdMails,
  holdOf,
  holdRestored,
  mailsCounted,
  MailsHeld,
  noticesWaiting,
  releaseMails,
  unlessHeld,
} from '../../db/hold.ts';
import { inTransaction } from '../../db/pool.ts';
import { createRegistrar } from '../../db/register.ts';
import { advance } from '../../db/settle.ts';
import type { Undertaking } from '../../domain/promise/plan.ts';
import { urgencyOf } from '../../domain/promise/urgency.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fromNow, policy, registration, seed } from '../support/registrations.ts';
import { messageFrom } from '../support/deliver.ts';

const DAY = 24 * 3_600_000;
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  const confirmed = { buffer: { fixed: 'PT1H' }, notices: { promised: true } };
  await seed(database.pool, [policy({ kind: 'reply', ...confirmed }), policy({ kind: 'callback', ...confirmed })]);
});
afterAll(() => database.drop());
afterEach(async () => {
  await database.pool.query(`update outgoing set mails = 0, held_since = null, held_reason = null`);
  await database.pool.query(`update duties set state = 'dropped', ended_at = now() where state <> 'dropped'`);
});

/** A promise that owes its customer a confirmation. */
async function owing(kind = 'reply', promised: Undertaking = { precision: 'instant', at: fromNow(2 * DAY) }) {
  const made = await registration(database.pool, { kind, promised });
  await createRegistrar(database.pool).register(made);
  const [duty] = (await advance(database.pool, made.id)).duties;
  if (!duty) throw new Error('Nothing is owed.');
  return { promiseId: made.id, dutyId: duty.id };
}

const claim = (owed: { readonly promiseId: string; readonly dutyId: string }): Promise<Claim> =>
  claimNotice(database.pool, {
    ...{ ...owed, workerName: 'worker', claimMs: 30_000, channel: 'email' },
    compose: ({ dispatchId }) => messageFrom(dispatchId),
  });

const dispatches = async (): Promise<number> =>
  (await database.pool.query<{ n: number }>('select count(*) as n from dispatches')).rows[0]?.n ?? -1;

describe('a mail that is about to leave', () => {
  it('bears the next number, also where it leaves again', async () => {
    const owed = await owing();
    const first = await claim(owed);
    expect(first).toMatchObject({ kind: 'send', attempts: 1, mail: { mails: 1 } });
    await database.pool.query(`update dispatches set claim_until = now() where state = 'claimed'`);
    expect(await claim(owed)).toMatchObject({ kind: 'send', attempts: 2, mail: { mails: 2 } });
    expect((await mailsCounted(database.pool)).mails).toBe(2);
  });

  it('is neither claimed nor counted while mails are held', async () => {
    const owed = await owing();
    await holdMails(database.pool);
    const before = await dispatches();
    expect(await claim(owed)).toMatchObject({ kind: 'held' });
    expect([await dispatches(), (await mailsCounted(database.pool)).mails]).toEqual([before, 0]);
  });

  it('is undone where the hold begins while it is being claimed', async () => {
    const before = await dispatches();
    const claimed = unlessHeld(database.pool, () =>
      inTransaction(database.pool, async (tx) => {
        await tx.query(
          `insert into dispatches (id, customer_id, channel, message_id, content, claim_until, claimed_by)
           select gen_random_uuid(), id, 'email', 'm', '{}', now(), 'w' from customers limit 1`,
        );
        await holdMails(database.pool);
        return countMail(tx);
      }),
    );
    await expect(claimed).resolves.toMatchObject({ kind: 'held' });
    expect(await dispatches()).toBe(before);
  });

  it('waits as long as mails have been held already, between 2 s and a minute', async () => {
    const afterMs = async (since: string): Promise<number> => {
      await database.pool.query(
        `update outgoing set held_since = clock_timestamp() - $1::interval, held_reason = 'operator'`,
        [since],
      );
      const held = await unlessHeld(database.pool, () => Promise.reject(new Error('It does not come to this.')));
      return held.afterMs;
    };
    expect(await afterMs('0 s')).toBe(2_000);
    expect(await afterMs('1 day')).toBe(60_000);
  });

  it('to staff is held back as well', async () => {
    await holdMails(database.pool);
    const { rows } = await database.pool.query<{ id: string }>('select row_id as id from people limit 1');
    const held = await claimDigest(database.pool, {
      ...{ personId: rows[0]?.id ?? '', workerName: 'worker', claimMs: 30_000 },
      newLink: () => ({ token: 't', hash: Buffer.from('h') }),
      compose: () => null,
    });
    expect(held).toMatchObject({ kind: 'held' });
  });
});

describe('a hold', () => {
  it('stays as it began, whoever asks for it again, until mails are let go', async () => {
    expect(await holdOf(database.pool)).toEqual({ since: null, reason: null, heldMs: 0 });
    await holdMails(database.pool);
    const { since, reason } = await holdOf(database.pool);
    expect(reason).toBe('operator');
    await holdMails(database.pool);
    expect(await holdOf(database.pool)).toMatchObject({ since, reason });
    expect([await releaseMails(database.pool), await releaseMails(database.pool)]).toEqual([true, false]);
    expect((await holdOf(database.pool)).reason).toBeNull();
    await expect(countMail(database.pool)).resolves.toMatchObject({ mails: 1 });
  });

  it('of a database that was put back goes on counting from what has left, and is seen once', async () => {
    await countMail(database.pool);
    expect(await holdRestored(database.pool, 7)).toBe(true);
    expect(await holdRestored(database.pool, 7)).toBe(false);
    expect((await holdOf(database.pool)).reason).toBe('restored');
    await expect(countMail(database.pool)).rejects.toThrow(MailsHeld);
    await releaseMails(database.pool);
    expect((await countMail(database.pool)).mails).toBe(8);
  });
});

describe('what would leave', () => {
  it('is listed most urgent first, each with the urgency by which the engine is told of it', async () => {
    const day = { precision: 'day', day: fromNow(3 * DAY).slice(0, 10), zone: 'Europe/Tallinn' } as const;
    const window = { precision: 'window', from: fromNow(2 * DAY), to: fromNow(2 * DAY + 1_000) } as const;
    const ids = [
      await owing('reply', day),
      await owing('reply', window),
      await owing('reply'),
      await owing('callback', window),
    ].map(({ promiseId }) => promiseId);
    const { waiting, items } = await noticesWaiting(database.pool, 3);
    expect(waiting).toBe(4);
    expect(items.map(({ promiseId }) => promiseId)).toEqual([ids[3], ids[2], ids[1]]);
    expect(items.map(({ urgency }) => urgency)).toEqual([
      urgencyOf('callback', 'window'),
      urgencyOf('reply', 'instant'),
      urgencyOf('reply', 'window'),
    ]);
    expect(items[0]).toMatchObject({ reason: 'promised', dueAt: expect.stringMatching(/Z$/) as string });
    expect((await noticesWaiting(database.pool, 10)).items[3]?.urgency).toBe(urgencyOf('reply', 'day'));
  });

  it('holds nothing that is not due yet, and nothing that is no longer true', async () => {
    const [later, never] = [await owing(), await owing()];
    await database.pool.query(`update duties set not_before = now() + interval '1 hour' where id = $1`, [later.dutyId]);
    await database.pool.query(`update duties set not_valid_after = now() where id = $1`, [never.dutyId]);
    expect(await noticesWaiting(database.pool, 10)).toEqual({ waiting: 0, items: [] });
  });
});
