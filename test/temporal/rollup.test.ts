import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startRollup } from '../../temporal/rollup.ts';
import type { Log, Loop } from '../../temporal/loop.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';

const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

let database: TestDatabase;
let loop: Loop | null = null;
beforeAll(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  await loop?.stop();
  loop = null;
});
afterAll(() => database.drop());

const due = async (): Promise<number> => {
  const { rows } = await database.pool.query<{ n: number }>('select count(*)::int as n from rollup_due');
  return rows[0]?.n ?? -1;
};
const markDay = () => database.pool.query(`insert into rollup_due (day) values ('2026-03-02')`);

describe('the roll-up loop', () => {
  it('rolls up what is due, again and again', async () => {
    await markDay();
    loop = startRollup({ pool: database.pool, log, leads: () => true });
    await vi.waitFor(async () => expect(await due()).toBe(0), 10_000);
    await markDay();
    loop.nudge();
    await vi.waitFor(async () => expect(await due()).toBe(0), 10_000);
  });

  it('leaves it to the leader', async () => {
    await markDay();
    const leads = vi.fn(() => false);
    loop = startRollup({ pool: database.pool, log, leads });
    await vi.waitFor(() => expect(leads).toHaveBeenCalled());
    await loop.stop();
    expect(await due()).toBe(1);
  });
});
