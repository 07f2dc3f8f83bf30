import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { board } from '../../db/board.ts';
import { claimNotice } from '../../db/claims.ts';
import { recordSent } from '../../db/dispatches.ts';
import { createRegistrar } from '../../db/register.ts';
import { getPromise, noticesOf, timelineOf } from '../../db/promises.ts';
import { wordKept } from '../../db/report.ts';
import { rebuildRollup, refreshRollup } from '../../db/rollup.ts';
import { advance, recordFact } from '../../db/settle.ts';
import type { PromiseRow } from '../../db/shapes.ts';
import type { WordKeptQuery } from '../../domain/metrics/word-kept.ts';
import type { OutsideFact } from '../../domain/promise/facts.ts';
import { msBetween, type Instant } from '../../domain/promise/instant.ts';
import { alertsOf } from '../support/alerts.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fromNow, policy, registration, seed } from '../support/registrations.ts';
import { messageFrom } from '../support/deliver.ts';

const HOUR = 3_600_000;
let database: TestDatabase;

const warns = { buffer: { fixed: 'PT1H' }, lead: 'PT2H', whenUnknown: 'warn', factLag: 'PT0S' };
beforeAll(async () => {
  database = await testDatabase();
  await seed(database.pool, [
    policy({ kind: 'delivery', ...warns }),
    policy({ kind: 'repair', ...warns }),
    policy({ kind: 'reply', ...warns, notices: { promised: true } }),
  ]);
});
afterAll(() => database.drop());

const read = async (id: string): Promise<PromiseRow> => {
  const row = await getPromise(database.pool, id);
  if (!row) throw new Error(`No promise ${id}.`);
  return row;
};
const tell = (id: string, kind: string, occurredAt: Instant, more: object = {}) =>
  recordFact(database.pool, id, { kind, factKey: `${kind} ${occurredAt}`, occurredAt, ...more } as OutsideFact);
const contacted = (id: string, occurredAt: Instant) =>
  tell(id, 'contacted', occurredAt, { channel: 'phone', about: 'status' });

/** A promise whose last call has passed without news. */
async function unsure(kind = 'repair'): Promise<string> {
  const promised = { precision: 'instant', at: fromNow(HOUR) } as const;
  const made = await registration(database.pool, { kind, promised, madeAt: fromNow(-24 * HOUR), partner: 'dpd' });
  await createRegistrar(database.pool).register(made);
  return made.id;
}

/**
 * Hands over the notice that is owed. `aged`: as if that had been 23 hours ago, and had named the time in an hour, so that
 * the last call of that time has passed, too. Answers what it said about the next news.
 */
async function handOver(promiseId: string, { aged = false } = {}): Promise<Instant | null> {
  const { pool } = database;
  const dutyId = (await advance(pool, promiseId)).duties[0]?.id;
  if (!dutyId) throw new Error('Nothing is owed.');
  let nextNewsAt: Instant | null = null;
  const claim = await claimNotice(pool, {
    ...{ promiseId, dutyId, workerName: 'w', claimMs: 30_000, channel: 'email' as const },
    compose: ({ dispatchId, members }) => {
      nextNewsAt = members.find((member) => member.promiseId === promiseId)?.nextNewsAt ?? null;
      return messageFrom(dispatchId);
    },
  });
  if (claim.kind !== 'send') throw new Error(`Nothing to send: ${claim.kind}.`);
  const { dispatchId } = claim;
  if (aged) {
    const hours = nextNewsAt === null ? [] : [fromNow(HOUR)];
    await pool.query(`update dispatches set claimed_at = claimed_at - interval '23 hours' where id = $1`, [dispatchId]);
    for (const at of hours)
      await pool.query(
        `update duties set told = told || jsonb_build_object('nextNewsAt', $2::text) where dispatch_id = $1`,
        [dispatchId, at],
      );
  }
  await recordSent(pool, { promiseId, dispatchId, workerName: 'w' });
  return nextNewsAt;
}

/** Its time has passed an hour ago. */
async function passes(id: string): Promise<void> {
  const instants = ['promisedAt', 'targetAt', 'lastCallAt', 'sendBy', 'recoveryAt'];
  const at = fromNow(-HOUR);
  const past = Object.fromEntries(instants.map((instant) => [instant, at]));
  await database.pool.query(
    `update promises set promised_at = ($2::jsonb ->> 'promisedAt')::timestamptz, target_at = ($2::jsonb ->> 'targetAt')::timestamptz, plan = plan || $2::jsonb where id = $1`,
    [id, JSON.stringify(past)],
  );
}

describe('promises to be in touch again', () => {
  it('are in no group of a report but their own, whether rolled up or not, and stand on the first page with their promise', async () => {
    const { pool } = database;
    const groups = async (query: WordKeptQuery) =>
      (await wordKept(pool, query)).groups.map(({ key, promises, kept }) => [key, promises, kept]);
    const id = await unsure();
    const at = await handOver(id);
    const [row, ...others] = (await board(pool)).rows;
    expect([row?.id, row?.nextNewsAt, others]).toEqual([id, at, []]);
    expect((await board(pool)).kinds.map(({ kind }) => kind)).toEqual(['repair']);

    await contacted(id, fromNow(0));
    await tell(id, 'fulfilled', fromNow(0));
    expect((await newestNews(id)).phase).toBe('kept');
    for (const prepare of [() => Promise.resolve(), () => refreshRollup(pool), () => rebuildRollup(pool)]) {
      await prepare();
      expect(await groups({ by: 'kind' })).toEqual([['repair', 1, 1]]);
      expect(await groups({ by: 'partner' })).toEqual([['dpd', 1, 1]]);
      expect(await groups({ by: 'source' })).toEqual([
        ['kept', 1, 1],
        ['shop', 1, 1],
      ]);
      expect(await groups({ by: 'kind', source: 'kept' })).toEqual([['reply', 1, 1]]);
    }
  });
});

const newestNews = async (id: string): Promise<PromiseRow> => read((await read(id)).children.at(-1) ?? '');

describe('the time of the next news', () => {
  it.each(['delivery', 'repair'])('that a customer was told is a promise of its own: of a %s', async (kind) => {
    const id = await unsure(kind);
    const at = await handOver(id);
    const news = await newestNews(id);
    expect(news).toMatchObject({
      ...{ kind: 'reply', source: 'kept', parent: id, promisedAt: at, phase: 'open', owner: 'kati', partner: 'dpd' },
      ...{ customerId: (await read(id)).customerId, subject: (await read(id)).subject },
    });
    // The notice told it: it is not confirmed, whatever the policy of replies says.
    expect(await noticesOf(database.pool, news.id)).toEqual([]);
    expect((await timelineOf(database.pool, id)).at(-1)?.fact).toMatchObject({ kind: 'notice_sent', nextNewsAt: at });
  });

  it('is none where a new time was told', async () => {
    const id = await unsure('delivery');
    await tell(id, 'estimated', fromNow(0), { at: fromNow(5 * HOUR) });
    expect(await handOver(id)).toBeNull();
    expect((await read(id)).children).toEqual([]);
  });

  it.each([
    ['the customer came to us', 'contacted', { channel: 'phone', about: 'status' }],
    ['we reached the customer', 'attempted', { result: 'reached' }],
    [
      'another time was told',
      'repromised',
      { promised: { precision: 'instant', at: fromNow(9 * HOUR) }, agreedByCustomer: false },
    ],
  ])('is kept when %s', async (_, kind, more) => {
    const id = await unsure();
    await handOver(id);
    const at = fromNow(1_000);
    await tell(id, kind, at, more);
    expect(await newestNews(id)).toMatchObject({ phase: 'kept', fulfilledAt: at, wakeAt: null });
  });

  it.each([
    ['a try to reach the customer failed', 'attempted', { result: 'no_answer' }],
    ['something moved', 'progressed', { checkpoint: 'packed' }],
  ])('is not kept when %s', async (_, kind, more) => {
    const id = await unsure();
    await handOver(id);
    await tell(id, kind, fromNow(1_000), more);
    expect((await newestNews(id)).phase).toBe('open');
  });

  it('is not kept by what occurred before it was told', async () => {
    const id = await unsure();
    const before = fromNow(-1_000);
    await handOver(id);
    await contacted(id, before);
    expect((await newestNews(id)).phase).toBe('open');
  });

  it('is withdrawn, for no cause, when the promise that it is about ends', async () => {
    const id = await unsure();
    await handOver(id);
    const at = fromNow(1_000);
    await tell(id, 'fulfilled', at);
    expect(await newestNews(id)).toMatchObject({ phase: 'withdrawn', withdrawnBy: 'unknown', closedAt: at });
    expect((await read(id)).phase).toBe('kept');
  });

  it('is kept by the next notice, which promises the next', async () => {
    const id = await unsure();
    await handOver(id);
    const first = await newestNews(id);
    await passes(id);
    const at = await handOver(id);
    expect(await read(first.id)).toMatchObject({ phase: 'kept' });
    expect(await newestNews(id)).toMatchObject({ phase: 'open', promisedAt: at, basis: { news: 2 } });
    expect((await read(id)).children).toHaveLength(2);
  });
});

describe('when nobody has anything to say by then', () => {
  it('the customer is put off three times at most, then somebody must be in touch', async () => {
    const id = await unsure();
    await handOver(id, { aged: true });
    for (const news of [1, 2]) {
      const promise = await newestNews(id);
      expect(promise.basis.news).toBe(news);
      await handOver(promise.id, { aged: true });
      expect((await noticesOf(database.pool, promise.id)).map(({ reason }) => reason)).toEqual(['progress']);
      expect((await read(promise.id)).phase).toBe('kept');
    }
    const last = await newestNews(id);
    expect(last).toMatchObject({ parent: id, basis: { news: 3 } });
    expect((await advance(database.pool, last.id)).duties).toEqual([]);
    expect((await read(id)).children).toHaveLength(3);
  });

  it('the promise itself names no further time, until a person was in touch', async () => {
    for (const wasInTouch of [false, true]) {
      const id = await unsure();
      await handOver(id, { aged: true });
      for (let n = 0; n < 2; n += 1) await handOver((await newestNews(id)).id, { aged: true });
      if (wasInTouch) await contacted(id, fromNow(0));
      await passes(id);
      const at = await handOver(id);
      expect(at === null).toBe(!wasInTouch);
      if (wasInTouch) expect((await newestNews(id)).basis.news).toBe(1);
      else expect((await read(id)).children).toHaveLength(3);
    }
  });

  it('its end alerts the manager, and writes nothing to the customer', async () => {
    const id = await unsure();
    await handOver(id);
    const { id: news } = await newestNews(id);
    await passes(news);
    const step = await advance(database.pool, news);
    expect([step.duties, (await read(news)).phase]).toEqual([[], 'overdue']);
    expect((await alertsOf(database.pool, news)).map(({ reason, rung }) => `${reason} ${rung}`)).toContain(
      'broken manager',
    );
    expect(await noticesOf(database.pool, news)).toEqual([]);
    await contacted(id, fromNow(0));
    expect((await read(news)).phase).toBe('broken');
  });

  it('leaves no promise behind about one that ended while the notice was on its way', async () => {
    const id = await unsure();
    const [duty] = (await advance(database.pool, id)).duties;
    const claim = await claimNotice(database.pool, {
      ...{ promiseId: id, dutyId: duty?.id ?? '', workerName: 'w', claimMs: 30_000, channel: 'email' as const },
      compose: ({ dispatchId }) => {
        return messageFrom(dispatchId);
      },
    });
    await tell(id, 'fulfilled', fromNow(0));
    if (claim.kind === 'send')
      await recordSent(database.pool, { promiseId: id, dispatchId: claim.dispatchId, workerName: 'w' });
    expect((await noticesOf(database.pool, id)).map(({ state }) => state)).toEqual(['sent']);
    expect((await read(id)).children).toEqual([]);
  });
});

it('is told as far ahead as the policy of the promise says', async () => {
  const at = await handOver(await unsure());
  const aheadMs = at === null ? 0 : msBetween(fromNow(0), at);
  expect(Math.round(aheadMs / HOUR)).toBe(24);
});
