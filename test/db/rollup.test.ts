import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inTransaction, type Pool } from '../../db/pool.ts';
import { createRegistrar } from '../../db/register.ts';
import { wordKept } from '../../db/report.ts';
import { rebuildRollup, refreshRollup } from '../../db/rollup.ts';
import { settle } from '../../db/settle.ts';
import { startOfDay } from '../../domain/calendar/zones.ts';
import type { WordKeptGroup } from '../../domain/metrics/word-kept.ts';
import { plusMs } from '../../domain/promise/instant.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { policy, registration, seed } from '../support/registrations.ts';

const ZONE = 'Europe/Tallinn';
const HOUR = 3_600_000;

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await testDatabase();
  pool = database.pool;
  await seed(pool, [policy({ kind: 'delivery', buffer: { fixed: 'PT1H' } })]);
});
beforeEach(async () => {
  await pool.query('truncate promises, rollup, rollup_due, rollup_labels restart identity cascade');
});
afterAll(() => database.drop());

/** A promise for a day, open. */
async function promise(day: string, partner: string | null = 'dpd'): Promise<string> {
  const wish = { kind: 'delivery', promised: { precision: 'day', day, zone: ZONE }, partner } as const;
  const made = await registration(pool, { ...wish, madeAt: plusMs(startOfDay(day, ZONE), -24 * HOUR) });
  await createRegistrar(pool).register(made);
  return made.id;
}

/** Kept at noon of its day. */
async function fulfil(id: string, day: string): Promise<void> {
  const occurredAt = plusMs(startOfDay(day, ZONE), 12 * HOUR);
  await inTransaction(pool, (tx) => settle(tx, [{ id, facts: [{ kind: 'fulfilled', factKey: 'done', occurredAt }] }]));
}

const kept = async (day: string, partner?: string): Promise<void> => fulfil(await promise(day, partner), day);

const all = async (by: 'kind' | 'partner' | 'source' = 'kind'): Promise<readonly WordKeptGroup[]> =>
  (await wordKept(pool, { by })).groups;

async function days(table: 'rollup' | 'rollup_due'): Promise<readonly string[]> {
  const { rows } = await pool.query<{ day: string }>(`select distinct day::text as day from ${table} order by day`);
  return rows.map(({ day }) => day);
}

describe('the roll-up', () => {
  it('takes up a day when a promise that fell due on it closes', async () => {
    const open = await promise('2026-03-02');
    expect(await refreshRollup(pool)).toEqual({ days: 0, promises: 0 });
    await fulfil(open, '2026-03-02');
    expect(await days('rollup_due')).toEqual(['2026-03-02']);
    expect(await refreshRollup(pool)).toEqual({ days: 1, promises: 1 });
    expect(await days('rollup')).toEqual(['2026-03-02']);
    expect(await days('rollup_due')).toEqual([]);
  });

  it('does no more days than it is asked for, the earliest first, and the others later', async () => {
    for (const day of ['2026-03-04', '2026-03-02', '2026-03-03']) await kept(day);
    expect(await refreshRollup(pool, 2)).toEqual({ days: 2, promises: 2 });
    expect(await days('rollup_due')).toEqual(['2026-03-04']);
    expect((await all())[0]?.kept).toBe(3);
    expect((await refreshRollup(pool, 2)).days).toBe(1);
  });

  it('does many days, a few in each transaction', async () => {
    const many = Array.from({ length: 13 }, (_, n) => `2026-04-${String(n + 10)}`);
    for (const day of many) await kept(day);
    expect(await refreshRollup(pool)).toEqual({ days: 13, promises: 13 });
    expect(await days('rollup')).toEqual(many);
  });

  it('leaves a day due whose change was not committed yet when it was rolled up', async () => {
    await kept('2026-03-02');
    const late = await promise('2026-03-02');
    const client = await pool.connect();
    try {
      await client.query('begin');
      const occurredAt = plusMs(startOfDay('2026-03-02', ZONE), HOUR);
      const changes = [{ id: late, facts: [{ kind: 'fulfilled', factKey: 'done', occurredAt } as const] }];
      await settle(client as unknown as Parameters<typeof settle>[0], changes);
      expect(await refreshRollup(pool)).toEqual({ days: 1, promises: 1 });
      expect((await all())[0]).toMatchObject({ promises: 2, kept: 1 });
      await client.query('commit');
    } finally {
      client.release();
    }
    expect(await days('rollup_due')).toEqual(['2026-03-02']);
    expect((await all())[0]).toMatchObject({ promises: 2, kept: 2 });
    expect(await refreshRollup(pool)).toEqual({ days: 1, promises: 2 });
  });

  it('is made by several at once as by one', async () => {
    for (const day of ['2026-03-02', '2026-03-03', '2026-03-04']) await kept(day);
    const done = await Promise.all([refreshRollup(pool), rebuildRollup(pool), refreshRollup(pool)]);
    expect(done.every((part) => part.days <= 3)).toBe(true);
    expect(await days('rollup')).toHaveLength(3);
    expect((await all())[0]?.kept).toBe(3);
  });

  it('knows labels that come later, before and after they are rolled up', async () => {
    await kept('2026-03-02', 'dpd');
    await refreshRollup(pool);
    await kept('2026-03-03', 'omniva');
    const keys = async () => (await all('partner')).map(({ key, promises }) => [key, promises]);
    const expected = [
      ['dpd', 1],
      ['omniva', 1],
    ];
    expect(await keys()).toEqual(expected);
    await refreshRollup(pool);
    expect(await keys()).toEqual(expected);
  });

  it('gives a label one number, however often its days are rolled up', async () => {
    await kept('2026-03-02');
    for (let n = 0; n < 3; n += 1) await rebuildRollup(pool);
    await kept('2026-03-03', 'omniva');
    await refreshRollup(pool);
    const { rows } = await pool.query<{ most: number; n: number }>(
      'select max(id) as most, count(*)::int as n from rollup_labels',
    );
    expect(rows[0]?.most).toBe(rows[0]?.n);
  });
});

describe('the roll-up made anew', () => {
  it('mends what was spoiled', async () => {
    await kept('2026-03-02');
    await kept('2026-03-03');
    await refreshRollup(pool);
    await pool.query(`update rollup set n = 17 where day = '2026-03-02'`);
    await expect(all()).rejects.toThrow('kept report --rebuild');
    await pool.query(`update rollup set outcome = '\\x00', margin_ms = null where day = '2026-03-03'`);
    await expect(all()).rejects.toThrow('kept report --rebuild');
    expect(await rebuildRollup(pool)).toEqual({ days: 2, promises: 2 });
    const { rows } = await pool.query<{ n: number }>('select n from rollup');
    expect(rows).toEqual([{ n: 1 }, { n: 1 }]);
    expect((await all())[0]).toMatchObject({ kept: 2, marginMs: { p50: 12 * HOUR } });
  });

  it.each([
    ['fewer promises than it says', `n = 2`],
    ['a number that is no outcome', `outcome = packed(array[6])`],
    ['an outcome below nothing', `outcome = packed(array[-16])`],
    ['a label that nobody knows', `source = packed(array[999])`],
  ])('is asked for where a day has %s', async (_, spoiled) => {
    await kept('2026-03-02');
    await refreshRollup(pool);
    await pool.query(`update rollup set ${spoiled}`);
    await expect(all('source')).rejects.toThrow('kept report --rebuild');
    await rebuildRollup(pool);
    expect((await all('source'))[0]).toMatchObject({ promises: 1, kept: 1 });
  });

  it('drops days on which nothing fell due, and takes up those it lacks', async () => {
    await kept('2026-03-02');
    await refreshRollup(pool);
    await pool.query(`update rollup set day = '2025-01-01'`);
    await rebuildRollup(pool);
    expect(await days('rollup')).toEqual(['2026-03-02']);
    expect((await all())[0]?.promises).toBe(1);
  });

  it('has nothing to do where nothing is closed', async () => {
    await promise('2026-03-02');
    expect(await rebuildRollup(pool)).toEqual({ days: 0, promises: 0 });
  });
});
