import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrationsFolder } from '../../db/migrate.ts';
import { savePolicies } from '../../db/policies.ts';
import { inTransaction } from '../../db/pool.ts';
import { getPromise, timelineOf } from '../../db/promises.ts';
import { wordKept } from '../../db/report.ts';
import { refreshRollup } from '../../db/rollup.ts';
import { settle } from '../../db/settle.ts';
import type { PromiseRow } from '../../db/shapes.ts';
import { GROUPINGS, type Grouping, type WordKept, type WordKeptFilter } from '../../domain/metrics/word-kept.ts';
import type { Fact } from '../../domain/promise/facts.ts';
import { msOf } from '../../domain/promise/instant.ts';
import { stands, type Plan } from '../../domain/promise/plan.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { policy } from '../support/registrations.ts';
import { recount, type Told } from './recount.ts';
import { at } from './noon.ts';
import { GOALS, tell, tellStories } from './stories.ts';

let database: TestDatabase;
let ids: readonly string[] = [];

beforeAll(async () => {
  database = await testDatabase();
  ids = await tellStories(database.pool);
});
afterAll(() => database.drop());

/** What was told, and what Kept registered because of it. */
async function rowsOf(): Promise<readonly PromiseRow[]> {
  const told = await Promise.all(ids.map(rowOf));
  return [...told, ...(await Promise.all(told.flatMap(({ children }) => children.map(rowOf))))];
}

async function rowOf(id: string): Promise<PromiseRow> {
  const row = await getPromise(database.pool, id);
  if (!row) throw new Error(`No promise ${id}.`);
  return row;
}

/** The local day that a promise closes, in its own zone. */
const dueOn = ({ day, zone, promisedAt, clock }: Plan): Temporal.PlainDate =>
  day === null
    ? Temporal.Instant.fromEpochMilliseconds(msOf(clock?.wouldEndAt ?? promisedAt) - 1)
        .toZonedDateTimeISO(zone)
        .toPlainDate()
    : Temporal.PlainDate.from(day);

function keyOf(row: PromiseRow, by: Grouping): string | null {
  if (by !== 'week' && by !== 'month') return row[by];
  const due = dueOn(row.plan);
  if (by === 'month') return due.toString().slice(0, 7);
  return `${due.yearOfWeek}-W${String(due.weekOfYear).padStart(2, '0')}`;
}

/** The groups as they are counted from the facts of the rows that are chosen. */
async function recounted(report: WordKept, isChosen: (row: PromiseRow) => boolean = () => true): Promise<unknown> {
  const promises = await Promise.all(
    (await rowsOf()).filter(isChosen).map(async (row) => {
      const facts = (await timelineOf(database.pool, row.id)).map((item) => item.fact);
      const { plan, history, basis } = row;
      return {
        key: keyOf(row, report.by),
        kind: row.kind,
        promised: basis.promised,
        plan,
        history,
        goal: GOALS[row.kind] ?? null,
        facts,
      } satisfies Told;
    }),
  );
  const named = promises.flatMap((promise) => (promise.key === null ? [] : [promise.key]));
  const keys = [...[...new Set(named)].sort(), ...(named.length < promises.length ? [null] : [])];
  return keys.map((key) => {
    const group = promises.filter((promise) => promise.key === key);
    return { key, ...recount(group, report.generatedAt) };
  });
}

/** Neither nothing nor all. */
const isBetween = (share: number | null): boolean => share !== null && share > 0 && share < 1;

const read = (by: Grouping, filter: WordKeptFilter = {}): Promise<WordKept> =>
  wordKept(database.pool, { by, ...filter });

const dueDays = async (): Promise<number> => {
  const { rows } = await database.pool.query<{ n: number }>('select count(distinct day)::int as n from rollup_due');
  return rows[0]?.n ?? 0;
};

describe.each([
  ['before anything is rolled up', () => Promise.resolve(), 'due'],
  ['while some days are rolled up and some are due', () => refreshRollup(database.pool, 3), 'due'],
  ['after all days are rolled up', () => refreshRollup(database.pool), 'rolled up'],
  ['after late facts have changed closed promises', () => changeClosed(), 'due'],
  ['after these are rolled up, too', () => refreshRollup(database.pool), 'rolled up'],
] as const)('the report word-kept, %s', (_, prepare, state) => {
  beforeAll(async () => {
    await prepare();
    if ((await dueDays()) > 0 !== (state === 'due')) throw new Error(`Not all days are ${state}.`);
  });

  it.each(GROUPINGS)('equals a recount from facts, by %s', async (by) => {
    const report = await read(by);
    expect(report.by).toBe(by);
    expect(report.groups).toEqual(await recounted(report));
  });

  it('counts only what all filters choose', async () => {
    const filter = { kind: 'delivery', owner: 'kati', partner: 'dpd', source: 'shop' } as const;
    const report = await read('week', filter);
    const expected = await recounted(report, (row) =>
      (['kind', 'owner', 'partner', 'source'] as const).every((label) => row[label] === filter[label]),
    );
    expect(report.groups.length).toBeGreaterThan(0);
    expect(report.groups).toEqual(expected);
  });

  it('takes a promised time at an instant of `from` and leaves out one at `to`', async () => {
    const [from, to] = [at(2), at(4)];
    const report = await read('kind', { from: { at: from }, to: { at: to } });
    const rows = await rowsOf();
    expect(rows.some((row) => row.promisedAt === from)).toBe(true);
    expect(rows.some((row) => row.promisedAt === to)).toBe(true);
    expect(report.groups).toEqual(await recounted(report, (row) => row.promisedAt >= from && row.promisedAt < to));
  });

  it('takes what falls due on the days of `from` and `to` and between them, each in its own zone', async () => {
    const [from, to] = [at(1).slice(0, 10), at(3).slice(0, 10)];
    const report = await read('kind', { from: { day: from }, to: { day: to } });
    const isInside = ({ plan }: PromiseRow): boolean => {
      const day = dueOn(plan).toString();
      return day >= from && day <= to;
    };
    expect((await rowsOf()).some((row) => isInside(row) !== (row.promisedAt >= at(1) && row.promisedAt < at(4)))).toBe(
      true,
    );
    expect(report.groups).toEqual(await recounted(report, isInside));
  });
});

/** A fulfilment that was told late, and happened before what was taken for the end. */
async function changeClosed(): Promise<void> {
  const broken = (await rowsOf()).filter((row) => row.phase === 'broken' || row.phase === 'withdrawn').slice(0, 12);
  const fact: Fact = { kind: 'fulfilled', factKey: 'late', occurredAt: at(0.2) };
  await inTransaction(database.pool, (tx) =>
    settle(
      tx,
      broken.map(({ id }) => ({ id, facts: [fact] })),
    ),
  );
  const kept = (await rowsOf()).filter((row) => row.phase === 'kept' && broken.some(({ id }) => id === row.id));
  if (kept.length < 5) throw new Error('No late fact has changed anything.');
}

describe('the report word-kept', () => {
  it('shows every phase in the stories it is tested with, and history beside what is ours', async () => {
    const { groups } = await read('kind');
    for (const figure of [
      'kept',
      'broken',
      'overdue',
      'open',
      'withdrawn',
      'withdrawnByUs',
      'falseRecovery',
      'noticeMissed',
      'unreachable',
      'secondBreaks',
      'handOvers',
    ] as const)
      expect(
        groups.reduce((total, group) => total + group[figure], 0),
        figure,
      ).toBeGreaterThan(0);
    for (const figure of ['newTimeKeptRate', 'askedFirst', 'firstContactRate'] as const)
      expect(
        groups.some((group) => isBetween(group[figure])),
        figure,
      ).toBe(true);
    expect(groups.some((group) => isBetween(group.contactsPerPromise))).toBe(true);
    expect(groups.some(({ remedyCost }) => Object.keys(remedyCost).join() === 'EUR,SEK')).toBe(true);
    expect(groups.some((group) => group.keptRate !== group.keptRateFirst)).toBe(true);
    const rows = await rowsOf();
    expect(rows.some((row) => row.phase === 'paused' && row.recoveredAt !== null && stands(row.plan))).toBe(true);
    expect(rows.some((row) => row.history && row.madeAt === null && row.fulfilledAt !== null)).toBe(true);
    for (const phase of ['kept', 'broken'])
      expect(
        rows.some((row) => row.history && row.fulfilledAsDay && row.phase === phase),
        phase,
      ).toBe(true);
  });

  it('says the same of days that are rolled up and of days that are not', async () => {
    await refreshRollup(database.pool);
    const rolledUp = await read('product');
    await database.pool.query('insert into rollup_due (day) select day from rollup');
    expect((await read('product')).groups).toEqual(rolledUp.groups);
    await refreshRollup(database.pool);
  });

  it('is filled by its migration with what the facts of before say, where no pause moves what was told', async () => {
    const { pool } = database;
    const columns = async (): Promise<unknown> =>
      (
        await pool.query(`select ref, imposed, contacts, asked_first, first_contact from promises
          where segments is null order by source, ref`)
      ).rows;
    const written = await columns();
    const sql = readFileSync(join(migrationsFolder(), '0020_figures_of_the_past.sql'), 'utf8');
    await pool.query(`update promises set imposed = null, contacts = 0, asked_first = false, first_contact = null`);
    await pool.query(sql.slice(sql.indexOf('do $$'), sql.indexOf('$$;') + 3));
    expect(await columns()).toEqual(written);
  });

  it('says nothing about notices where everything is history', async () => {
    const [past] = (await read('source', { source: 'past' })).groups;
    expect(past).toMatchObject({ noticeRecall: null, falseAlarmRate: null, noticeMissed: 0, newTimeKeptRate: null });
    expect(past).toMatchObject({ contactsPerPromise: 0, askedFirst: null, firstContactRate: null });
    expect(past?.broken).toBeGreaterThan(0);
  });

  it('has no groups and no rates where nothing matches', async () => {
    const { groups, readLagMs } = await read('kind', { kind: 'repair' });
    expect(groups).toEqual([]);
    expect(readLagMs).toBeGreaterThanOrEqual(0);
  });

  it('says null, never 0 or 1, for a rate over nothing', async () => {
    const kind = 'repair';
    await savePolicies(database.pool, [policy({ kind, buffer: { fixed: 'P1D' } })]);
    const wish = { kind, promised: { precision: 'instant', at: at(300) }, source: 'empty' } as const;
    const id = await tell(database.pool, { wish, named: { region: null, product: null }, facts: [] });
    const [group] = (await read('kind', { kind })).groups;
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
    expect((await read('kind', { kind })).groups[0]).toMatchObject({ withdrawn: 1, keptRate: null });
  });
});
