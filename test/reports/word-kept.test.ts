import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { savePolicies } from '../../db/policies.ts';
import { inTransaction } from '../../db/pool.ts';
import { getPromise, timelineOf } from '../../db/promises.ts';
import { createRegistrar } from '../../db/register.ts';
import { wordKept } from '../../db/report.ts';
import { settle } from '../../db/settle.ts';
import type { Promised } from '../../domain/calendar/plan.ts';
import { GROUPINGS } from '../../domain/metrics/word-kept.ts';
import type { Fact } from '../../domain/promise/facts.ts';
import { instant, plusMs, type Instant } from '../../domain/promise/instant.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { policy, registration, seed, type RegistrationWish } from '../support/registrations.ts';
import { recount, type Told } from './recount.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** All stories are told relative to it; nothing lies near the moment of the test. */
const NOON = instant(Math.floor(Date.now() / DAY) * DAY - 20 * DAY + 12 * HOUR);
const at = (days: number): Instant => plusMs(NOON, Math.round(days * DAY));
const GOALS: Readonly<Record<string, number | null>> = { delivery: 0.95, callback: null, reply: 0.9 };

let database: TestDatabase;
const ids: string[] = [];

beforeAll(async () => {
  database = await testDatabase();
  await seed(database.pool, [
    policy({ kind: 'delivery', buffer: { fixed: 'P1D' }, lead: 'P1D', goal: '95%' }),
    policy({ kind: 'callback', buffer: { fixed: 'PT10M' }, lead: 'PT30M' }),
    policy({ kind: 'reply', buffer: { share: '25%' }, lead: 'PT4H', goal: '80%' }),
  ]);
  await savePolicies(database.pool, [policy({ kind: 'reply', buffer: { share: '25%' }, lead: 'PT4H', goal: '90%' })]);
  const random = seeded(7);
  for (let n = 0; n < 120; n += 1) ids.push(await tell(storyOf(n, random)));
});
afterAll(() => database.drop());

interface Story {
  readonly wish: RegistrationWish;
  readonly facts: readonly Fact[];
}

async function tell({ wish, facts }: Story): Promise<string> {
  const made = await registration(database.pool, wish);
  await createRegistrar(database.pool).register(made);
  await inTransaction(database.pool, (tx) => settle(tx, [{ id: made.id, facts }]));
  return made.id;
}

/** Every kind, precision, ending and notice, mixed by a fixed seed. */
function storyOf(n: number, random: () => number): Story {
  const kind = ['delivery', 'callback', 'reply'][n % 3] ?? 'delivery';
  const length = 1 + Math.floor(random() * 5);
  const deadline = at(length);
  const promised: Promised =
    kind === 'callback'
      ? { precision: 'window', from: plusMs(deadline, -2 * HOUR), to: deadline }
      : kind === 'reply'
        ? { precision: 'instant', at: random() < 0.2 ? at(60) : deadline }
        : { precision: 'day', day: at(length - 1).slice(0, 10), zone: n % 2 ? 'Europe/Tallinn' : 'Pacific/Kiritimati' };
  const wish = {
    kind,
    promised,
    madeAt: NOON,
    ref: `R-${n}`,
    owner: n % 5 === 0 ? null : n % 2 ? 'kati' : 'jaan',
    partner: n % 4 === 0 ? null : n % 4 === 1 ? 'dpd' : 'omniva',
    source: n % 7 === 0 ? 'phone' : 'shop',
  };
  return { wish, facts: [...noticesOf(length, random), ...endOf(length, random)] };
}

function endOf(length: number, random: () => number): Fact[] {
  const occurredAt = at(length * (0.3 + random()));
  const lot = random();
  // Fulfilled on the very deadline of an instant and of a window.
  if (lot < 0.1) return [{ kind: 'fulfilled', factKey: 'end', occurredAt: at(length) }];
  if (lot < 0.6) return [{ kind: 'fulfilled', factKey: 'end', occurredAt }];
  if (lot < 0.65) return [{ kind: 'withdrawn', by: 'customer', factKey: 'end', occurredAt }];
  if (lot < 0.7) return [{ kind: 'withdrawn', by: 'unknown', factKey: 'end', occurredAt }];
  if (lot < 0.8) return [{ kind: 'withdrawn', by: 'company', factKey: 'end', occurredAt }];
  return [];
}

function noticesOf(length: number, random: () => number): Fact[] {
  const sent = {
    kind: 'notice_sent',
    nextNewsAt: null,
    channel: 'email',
    messageId: '<a@b>',
    revision: 1,
    occasion: 0,
  } as const;
  const told = random() < 0.6 ? { at: at(length + random() * 2), day: null } : null;
  const risk: Fact = { ...sent, reason: 'risk', factKey: 'risk', occurredAt: at(length * (0.5 + random() / 2)), told };
  const recovery: Fact = {
    ...sent,
    reason: 'recovery',
    factKey: 'recovery',
    occurredAt: at(length + random()),
    told: null,
  };
  return [...(random() < 0.5 ? [risk] : []), ...(random() < 0.3 ? [recovery] : [])];
}

/** A small generator of numbers in [0, 1); the same seed gives the same numbers. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

describe('the report word-kept', () => {
  it.each(GROUPINGS)('equals a recount from facts, by %s', async (by) => {
    const report = await wordKept(database.pool, { by });
    const promises = await Promise.all(
      ids.map(async (id) => {
        const row = await getPromise(database.pool, id);
        if (!row) throw new Error(`No promise ${id}.`);
        const facts = (await timelineOf(database.pool, id)).map((item) => item.fact);
        return { key: row[by], plan: row.plan, goal: GOALS[row.kind] ?? null, facts } satisfies Told;
      }),
    );
    const named = promises.flatMap((promise) => (promise.key === null ? [] : [promise.key]));
    const keys = [...[...new Set(named)].sort(), ...(named.length < promises.length ? [null] : [])];
    const expected = keys.map((key) => ({
      key,
      ...recount(
        promises.filter((promise) => promise.key === key),
        report.generatedAt,
      ),
    }));
    expect(report.by).toBe(by);
    expect(report.groups).toEqual(expected);
  });

  it('shows every phase in the stories it is tested with', async () => {
    const { groups } = await wordKept(database.pool, { by: 'kind' });
    const sum = (
      figure: 'kept' | 'broken' | 'overdue' | 'open' | 'withdrawn' | 'withdrawnByUs' | 'falseRecovery' | 'noticeMissed',
    ) => groups.reduce((total, group) => total + group[figure], 0);
    for (const figure of [
      'kept',
      'broken',
      'overdue',
      'open',
      'withdrawn',
      'withdrawnByUs',
      'falseRecovery',
      'noticeMissed',
    ] as const)
      expect(sum(figure), figure).toBeGreaterThan(0);
    expect(groups.some((group) => group.newTimeKeptRate !== null && group.newTimeKeptRate > 0)).toBe(true);
  });

  it('counts only what the filters choose', async () => {
    const all = await wordKept(database.pool, { by: 'kind' });
    const one = await wordKept(database.pool, {
      by: 'owner',
      kind: 'delivery',
      owner: 'kati',
      partner: 'dpd',
      source: 'shop',
    });
    expect(one.groups.map((group) => group.key)).toEqual(['kati']);
    const rows = await Promise.all(ids.map((id) => getPromise(database.pool, id)));
    const chosen = rows.filter(
      (row) => row?.kind === 'delivery' && row.owner === 'kati' && row.partner === 'dpd' && row.source === 'shop',
    );
    expect(one.groups[0]?.promises).toBe(chosen.length);
    expect(chosen.length).toBeGreaterThan(0);
    expect(chosen.length).toBeLessThan(all.groups.find((group) => group.key === 'delivery')?.promises ?? 0);
  });

  it('takes a promised time at `from` and leaves out one at `to`', async () => {
    const only = { by: 'source', kind: 'callback' } as const;
    const rows = (await Promise.all(ids.map((id) => getPromise(database.pool, id)))).filter(
      (row) => row?.kind === 'callback',
    );
    const [from, to] = [at(2), at(4)];
    const inside = rows.filter((row) => row && row.promisedAt >= from && row.promisedAt < to).length;
    const { groups } = await wordKept(database.pool, { ...only, from, to });
    expect(rows.some((row) => row?.promisedAt === from)).toBe(true);
    expect(rows.some((row) => row?.promisedAt === to)).toBe(true);
    expect(groups.reduce((sum, group) => sum + group.promises, 0)).toBe(inside);
  });

  it('has no groups and no rates where nothing matches', async () => {
    const { groups, readLagMs } = await wordKept(database.pool, { by: 'kind', kind: 'repair' });
    expect(groups).toEqual([]);
    expect(readLagMs).toBeGreaterThanOrEqual(0);
  });

  it('says null, never 0 or 1, for a rate over nothing', async () => {
    const kind = 'repair';
    await savePolicies(database.pool, [policy({ kind, buffer: { fixed: 'P1D' } })]);
    const wish = { kind, promised: { precision: 'instant', at: at(300) }, source: 'empty' } as const;
    const id = await tell({ wish, facts: [] });
    const [group] = (await wordKept(database.pool, { by: 'kind', kind })).groups;
    expect(group).toMatchObject({
      promises: 1,
      open: 1,
      keptRate: null,
      keptRateFirst: null,
      earlyRate: null,
      goal: null,
      brokenAllowed: null,
      noticeRecall: null,
      falseAlarmRate: null,
      newTimeKeptRate: null,
      marginMs: { p5: null, p10: null, p50: null, p90: null },
      bufferUse: { p50: null, p90: null },
    });
    const withdrawn: Fact = { kind: 'withdrawn', by: 'unknown', factKey: 'end', occurredAt: at(1) };
    await inTransaction(database.pool, (tx) => settle(tx, [{ id, facts: [withdrawn] }]));
    expect((await wordKept(database.pool, { by: 'kind', kind })).groups[0]).toMatchObject({
      withdrawn: 1,
      keptRate: null,
    });
  });
});
