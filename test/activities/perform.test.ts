import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Witness } from '../../activities/handing-over.ts';
import { QUICK_MS } from '../../domain/promise/sending.ts';
import { createPromiseActivities } from '../../activities/promise.ts';
import { holdMails, releaseMails } from '../../db/hold.ts';
import { createPool, type Pool } from '../../db/pool.ts';
import { noticesOf, timelineOf } from '../../db/promises.ts';
import { createRegistrar } from '../../db/register.ts';
import { recordFact } from '../../db/settle.ts';
import type { HandOver } from '../../notices/notice.ts';
import type { Duty, PromiseActivities, Step } from '../../workflows/contract.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fromNow, policy, registration, seed } from '../support/registrations.ts';
import { tcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { unwitnessed } from '../support/witness.ts';
import { FROM, memoryChannel } from '../temporal/rig.ts';

const HOUR_MS = 3_600_000;
let database: TestDatabase;
let customers = 0;

beforeAll(async () => {
  database = await testDatabase();
  await seed(database.pool, [policy({ kind: 'far', buffer: { fixed: 'PT1S' }, lead: 'PT1S', factLag: 'PT1H' })]);
});
afterAll(() => database.drop());

/** A promise that owes its customer a risk notice. */
async function atRisk(customer = `C-${(customers += 1)}`, dueMs = HOUR_MS): Promise<{ promiseId: string; duty: Duty }> {
  const wish = { kind: 'far', promised: { precision: 'instant', at: fromNow(dueMs) }, customer } as const;
  const { promise } = await createRegistrar(database.pool).register(await registration(database.pool, wish));
  const late = { kind: 'estimated', factKey: 'late', occurredAt: fromNow(0), at: fromNow(2 * HOUR_MS) } as const;
  await recordFact(database.pool, promise.id, late);
  const { duties } = await activities().port.advance({ promiseId: promise.id });
  const [duty] = duties;
  if (!duty) throw new Error('No notice is owed.');
  return { promiseId: promise.id, duty };
}

function activities(workerName = 'first', pool = database.pool, witness: Witness = unwitnessed) {
  const channel = memoryChannel();
  const error = vi.fn();
  const port = createPromiseActivities({ pool, channels: [channel], from: FROM, workerName, witness, log: { error } });
  return { channel, port, error };
}

/** A database that a test can spoil. */
async function throughProxy(): Promise<{ readonly pool: Pool; readonly proxy: TcpProxy }> {
  const url = new URL(database.url);
  const proxy = await tcpProxy({ host: url.hostname, port: Number(url.port) });
  url.port = String(proxy.port);
  return { proxy, pool: createPool({ url: url.href, max: 2, name: 'kept test' }) };
}

const perform = (port: PromiseActivities, promiseId: string, duty: Duty, attempt = 1): Promise<Step> =>
  new MockActivityEnvironment({ attempt }, { logger: new DefaultLogger('ERROR') }).run(port.perform, {
    promiseId,
    dutyId: duty.id,
  });

/** The failure with which a try ends. */
async function failure(attempt: Promise<unknown>): Promise<ApplicationFailure> {
  const error: unknown = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApplicationFailure)) throw new Error(`Not a failure for a history: ${String(error)}`);
  return error;
}

const stateOf = async (promiseId: string): Promise<readonly string[]> =>
  (await noticesOf(database.pool, promiseId)).map(({ state }) => state);

const answered = (outcome: Exclude<HandOver['outcome'], 'accepted'>) => (): HandOver => ({ outcome, code: 'ESOME' });

describe('perform', () => {
  it('sends the notice, records it, and answers what comes next', async () => {
    const { promiseId, duty } = await atRisk();
    const { port, channel } = activities();
    const step = await perform(port, promiseId, duty);
    expect(step.duties).toEqual([]);
    expect(step.closed).toBeNull();
    expect(channel.sent).toHaveLength(1);
    const [notice] = await noticesOf(database.pool, promiseId);
    expect(notice).toMatchObject({ reason: 'risk', state: 'sent', messageId: channel.sent[0]?.messageId });
    expect(channel.sent[0]?.messageId).toMatch(/^<[0-9a-f-]{36}@books\.example>$/);
  });

  it('sends one mail for all that is due for the same customer, and tells every promise', async () => {
    const one = await atRisk('C-same');
    const other = await atRisk('C-same');
    const { port, channel } = activities();
    await perform(port, one.promiseId, one.duty);
    expect(channel.sent).toHaveLength(1);
    expect(channel.sent[0]?.headers['Kept-Notices']).toContain(other.promiseId);
    expect(await stateOf(other.promiseId)).toEqual(['sent']);
    expect((await perform(port, other.promiseId, other.duty)).duties).toEqual([]);
    expect(channel.sent).toHaveLength(1);
  });

  it('gives the claim back when the channel did not take it, and writes a new text at the next try', async () => {
    const { promiseId, duty } = await atRisk();
    const { port, channel } = activities();
    const ids: string[] = [];
    channel.answer((message) => {
      ids.push(message.messageId);
      return ids.length === 1 ? { outcome: 'not_accepted', code: 'ECONNREFUSED' } : { outcome: 'accepted' };
    });
    const refused = await failure(perform(port, promiseId, duty));
    expect(refused).toMatchObject({ type: 'NOT_ACCEPTED', nonRetryable: false, nextRetryDelay: 1_000 });
    expect(await stateOf(promiseId)).toEqual(['owed']);
    await perform(port, promiseId, duty, 2);
    expect(await stateOf(promiseId)).toEqual(['sent']);
    expect(new Set(ids).size).toBe(2);
  });

  it('ends the notice when the channel refuses it for good, and does not try the same words again', async () => {
    const { promiseId, duty } = await atRisk();
    const { port, channel } = activities();
    channel.answer(answered('refused'));
    const step = await perform(port, promiseId, duty);
    expect(step.duties).toEqual([]);
    expect(await stateOf(promiseId)).toEqual(['failed']);
    expect((await port.advance({ promiseId })).duties).toEqual([]);
  });

  it('keeps the claim when the channel may have it, and comes back just after the claim has run out', async () => {
    const { promiseId, duty } = await atRisk();
    const { port, channel } = activities();
    channel.answer(answered('unknown'));
    const { type, nextRetryDelay } = await failure(perform(port, promiseId, duty));
    expect(type).toBe('HAND_OVER_UNKNOWN');
    expect(nextRetryDelay).toBeGreaterThan(25_000);
    expect(nextRetryDelay).toBeLessThanOrEqual(30_500);
    expect(await stateOf(promiseId)).toEqual(['claimed']);
  });

  it('takes over a claim that has run out with the same text under the same id', async () => {
    const { promiseId, duty } = await atRisk();
    const first = activities('first');
    first.channel.answer(answered('unknown'));
    await failure(perform(first.port, promiseId, duty));
    const frozen = await database.pool.query<{ content: object }>(
      'select content from dispatches where claimed_by = $1 and state = $2',
      ['first', 'claimed'],
    );
    await database.pool.query(
      `update dispatches set claim_until = clock_timestamp() where id = (select dispatch_id from duties where id = $1)`,
      [duty.id],
    );
    const second = activities('second');
    await perform(second.port, promiseId, duty);
    expect(frozen.rows).toContainEqual({ content: second.channel.sent[0] });
    expect(await stateOf(promiseId)).toEqual(['sent']);
  });

  it('hands the same text over at once when a later try fails, since an earlier one may have succeeded', async () => {
    const { promiseId, duty } = await atRisk();
    const { port, channel } = activities();
    const ids: string[] = [];
    channel.answer((message) => {
      const tries = ids.push(message.messageId);
      if (tries === 3) return { outcome: 'accepted' };
      return { outcome: tries === 1 ? 'unknown' : 'not_accepted', code: 'ETIMEDOUT' };
    });
    await failure(perform(port, promiseId, duty));
    await database.pool.query(
      `update dispatches set claim_until = clock_timestamp() where id = (select dispatch_id from duties where id = $1)`,
      [duty.id],
    );
    expect(await failure(perform(port, promiseId, duty, 2))).toMatchObject({ type: 'NOT_ACCEPTED' });
    expect(await stateOf(promiseId)).toEqual(['claimed']);
    await perform(port, promiseId, duty, 3);
    expect(await stateOf(promiseId)).toEqual(['sent']);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
  });

  it('says that it lives while a hand-over lasts', async () => {
    const { promiseId, duty } = await atRisk();
    const { port, channel } = activities();
    const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
    const beaten = new Promise<HandOver>((resolve) => {
      environment.on('heartbeat', () => resolve({ outcome: 'accepted' }));
    });
    channel.answer(() => beaten);
    const step: Step = await environment.run(port.perform, { promiseId, dutyId: duty.id });
    expect(step.duties).toEqual([]);
  });

  it('waits for whoever hands it over: soon at first, then less often', async () => {
    const { promiseId, duty } = await atRisk();
    const first = activities('first');
    let letGo = (): void => {};
    const held = new Promise<HandOver>((resolve) => void (letGo = () => resolve({ outcome: 'accepted' })));
    const reached = new Promise<void>((resolve) => first.channel.answer(() => (resolve(), held)));
    const sending = perform(first.port, promiseId, duty);
    await reached;
    const second = activities('second');
    expect(await failure(perform(second.port, promiseId, duty))).toMatchObject({
      type: 'NOTICE_LATER',
      nextRetryDelay: 1_000,
    });
    expect(await failure(perform(second.port, promiseId, duty, 3))).toMatchObject({ nextRetryDelay: 4_000 });
    const { nextRetryDelay } = await failure(perform(second.port, promiseId, duty, 30));
    expect(nextRetryDelay).toBeLessThanOrEqual(30_000);
    letGo();
    await sending;
    expect((await perform(second.port, promiseId, duty)).duties).toEqual([]);
    expect(second.channel.sent).toEqual([]);
  });

  it('sends nothing once the reason is gone', async () => {
    const { promiseId, duty } = await atRisk();
    await recordFact(database.pool, promiseId, { kind: 'fulfilled', factKey: 'f', occurredAt: fromNow(0) });
    const { port, channel } = activities();
    expect(await perform(port, promiseId, duty)).toEqual({ duties: [], wakeAt: null, closed: 'kept' });
    expect(channel.sent).toEqual([]);
    expect(await stateOf(promiseId)).toEqual(['dropped']);
  });

  it('records what was sent, also when the promise was fulfilled while it was on its way', async () => {
    const { promiseId, duty } = await atRisk();
    const { port, channel } = activities();
    channel.answer(async () => {
      await recordFact(database.pool, promiseId, { kind: 'fulfilled', factKey: 'f', occurredAt: fromNow(0) });
      return { outcome: 'accepted' };
    });
    expect((await perform(port, promiseId, duty)).closed).toBe('kept');
    expect(await stateOf(promiseId)).toEqual(['sent']);
    expect((await timelineOf(database.pool, promiseId)).map(({ fact }) => fact.kind)).toContain('notice_sent');
  });

  it('sends no warning that came to be too late while the database took its time over the claim', async () => {
    const { promiseId, duty } = await atRisk(undefined, 2_000);
    const { pool, proxy } = await throughProxy();
    const { port, channel } = activities('slow', pool);
    proxy.trap('commit\0', 'sent', () => proxy.hold(2_000));
    await failure(perform(port, promiseId, duty));
    expect(channel.sent).toEqual([]);
    expect(await stateOf(promiseId)).toEqual(['owed']);
    await pool.end();
    await proxy.shut();
  });

  it('records what was sent, also when the database was away for a moment just then', async () => {
    const { promiseId, duty } = await atRisk();
    const { pool, proxy } = await throughProxy();
    const { port, channel } = activities('cut off', pool);
    channel.answer(async () => {
      await proxy.shut();
      setTimeout(() => void proxy.open(), 300);
      return { outcome: 'accepted' };
    });
    await perform(port, promiseId, duty);
    expect(await stateOf(promiseId)).toEqual(['sent']);
    expect(channel.sent).toHaveLength(1);
    await pool.end();
    await proxy.shut();
  });
});

describe('advance', () => {
  /** A worker whose last hand-over was quick, and a promise that owes a notice. */
  async function quick(witness?: Witness) {
    const first = await atRisk();
    const worker = activities('first', database.pool, witness);
    await perform(worker.port, first.promiseId, first.duty);
    return { ...worker, ...(await atRisk()) };
  }

  it('hands over what is owed where the last hand-over was quick, and leaves it to perform before that', async () => {
    const { port, channel, promiseId, duty } = await quick();
    expect((await activities().port.advance({ promiseId })).duties).toEqual([duty]);
    expect((await port.advance({ promiseId })).duties).toEqual([]);
    expect([channel.sent.length, await stateOf(promiseId)]).toEqual([2, ['sent']]);
  });

  it('leaves it to perform again once a hand-over has failed', async () => {
    const { port, channel, promiseId, duty } = await quick();
    channel.answer(answered('not_accepted'));
    expect((await port.advance({ promiseId })).duties).toEqual([duty]);
    expect(await stateOf(promiseId)).toEqual(['owed']);
    channel.answer(() => ({ outcome: 'accepted' }));
    expect((await port.advance({ promiseId })).duties).toEqual([duty]);
    expect(channel.sent).toHaveLength(1);
    await perform(port, promiseId, duty);
    expect(await stateOf(promiseId)).toEqual(['sent']);
  });

  it('leaves it to perform again once the engine could not be told of a mail', async () => {
    const tell = vi.fn<Witness['tell']>().mockResolvedValueOnce('told').mockResolvedValueOnce('not_told');
    const { port, channel, promiseId, duty } = await quick({ tell });
    for (let look = 0; look < 2; look += 1) expect((await port.advance({ promiseId })).duties).toEqual([duty]);
    expect([tell.mock.calls.length, channel.sent.length]).toEqual([2, 1]);
  });

  it('tries nothing more while a hand-over hangs', async () => {
    const { port, channel, promiseId: hanging } = await quick();
    const { promiseId, duty } = await atRisk();
    let end = (): void => {};
    const asked = new Promise<void>((isAsked) => {
      channel.answer(() => {
        isAsked();
        return new Promise((resolve) => (end = () => resolve({ outcome: 'accepted' })));
      });
    });
    const hung = port.advance({ promiseId: hanging });
    await asked;
    // Begun before: it is over when this is.
    await new Promise((resolve) => setTimeout(resolve, QUICK_MS));
    expect((await port.advance({ promiseId })).duties).toEqual([duty]);
    end();
    expect((await hung).duties).toEqual([]);
    expect(await stateOf(hanging)).toEqual(['sent']);
  });

  it('leaves a text that may have left to its claim', async () => {
    const { port, channel, promiseId, duty } = await quick();
    channel.answer(answered('unknown'));
    for (let look = 0; look < 2; look += 1) expect((await port.advance({ promiseId })).duties).toEqual([duty]);
    expect((await failure(perform(port, promiseId, duty))).type).toBe('NOTICE_LATER');
    expect(await stateOf(promiseId)).toEqual(['claimed']);
  });
});

describe('what reaches a history', () => {
  it('is a code when the database is not there, and no line in the log for each promise', async () => {
    const nobody = createPool({ url: 'postgres://kept:secret@127.0.0.1:1/kept', max: 1, name: 'kept test' });
    const { port, error } = activities('lost', nobody);
    const { type, message } = await failure(port.advance({ promiseId: '01a20611-7b16-77ce-aa85-949730dd75db' }));
    expect({ type, message }).toEqual({ type: 'DATABASE_DOWN', message: 'PostgreSQL is not there.' });
    expect(error).not.toHaveBeenCalled();
    await nobody.end();
  });

  it("is none of a driver's words; they go to the log", async () => {
    const { port, error } = activities();
    const { type, message } = await failure(port.advance({ promiseId: 'Mari Tamm' }));
    expect(type).toBe('UNEXPECTED');
    expect(message).not.toContain('Mari');
    expect(error).toHaveBeenCalledOnce();
  });

  it("is none of a channel's words but its code", async () => {
    const { promiseId, duty } = await atRisk();
    const { port, channel } = activities();
    channel.answer(() => Promise.reject(new Error('550 mari@customers.example is unknown here')));
    const { type, message } = await failure(perform(port, promiseId, duty));
    expect(type).toBe('UNEXPECTED');
    expect(message).not.toContain('mari');
  });

  it('is "unknown" for an id that the database does not hold', async () => {
    const { port } = activities();
    expect(await port.advance({ promiseId: '01a20611-7b16-77ce-aa85-949730dd75db' })).toMatchObject({
      closed: 'unknown',
    });
  });
});

describe('a mail that may not leave', () => {
  const refusing = (answer: 'restored' | 'not_told'): Witness => ({ tell: () => Promise.resolve(answer) });

  it.each([
    ['not_told', 'NOT_TOLD'],
    ['restored', 'MAILS_HELD'],
  ] as const)('since the engine answers %s is given back, and written anew next time', async (answer, type) => {
    const { promiseId, duty } = await atRisk();
    const { port, channel } = activities('first', database.pool, refusing(answer));
    expect((await failure(perform(port, promiseId, duty))).type).toBe(type);
    expect([channel.sent, await stateOf(promiseId)]).toEqual([[], ['owed']]);
    const next = activities();
    await perform(next.port, promiseId, duty);
    expect(next.channel.sent).toHaveLength(1);
  });

  it('but may have left before stays as it is: only the same text may follow', async () => {
    const { promiseId, duty } = await atRisk();
    const first = activities();
    first.channel.answer(answered('unknown'));
    await failure(perform(first.port, promiseId, duty));
    await database.pool.query(`update dispatches set claim_until = now() where state = 'claimed'`);
    const { port } = activities('second', database.pool, refusing('not_told'));
    expect((await failure(perform(port, promiseId, duty))).type).toBe('NOT_TOLD');
    expect(await stateOf(promiseId)).toEqual(['claimed']);
  });

  it('while mails are held is tried again later, at no cost of history', async () => {
    const { promiseId, duty } = await atRisk();
    await holdMails(database.pool);
    const { type, nextRetryDelay } = await failure(perform(activities().port, promiseId, duty));
    await releaseMails(database.pool);
    expect([type, nextRetryDelay]).toEqual(['MAILS_HELD', 2_000]);
    expect(await stateOf(promiseId)).toEqual(['owed']);
  });
});
