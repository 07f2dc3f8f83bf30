import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { forgetOld, tidyOutbox } from '../../db/keep.ts';
import { noticesOf } from '../../db/promises.ts';
import { createRegistrar } from '../../db/register.ts';
import { advance, recordFact } from '../../db/settle.ts';
import { companySays } from '../support/company.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { deliver } from '../support/deliver.ts';
import { fromNow, policy, registration, seed } from '../support/registrations.ts';

const HOUR = 3_600_000;
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  await seed(database.pool, [policy({ kind: 'delivery', buffer: { fixed: 'PT1H' }, lead: 'PT2H' })]);
});
afterAll(() => database.drop());
afterEach(() => companySays(database.pool, {}));

/** A promise whose customer is owed a warning. */
async function late(): Promise<string> {
  const promised = { precision: 'instant', at: fromNow(48 * HOUR) } as const;
  const made = await registration(database.pool, { kind: 'delivery', promised });
  await createRegistrar(database.pool).register(made);
  await recordFact(database.pool, made.id, {
    ...{ kind: 'estimated', factKey: 'e', occurredAt: fromNow(0), at: fromNow(72 * HOUR) },
  });
  return made.id;
}

const count = async (table: 'dispatches' | 'outbox'): Promise<number> => {
  const { rows } = await database.pool.query<{ count: number }>(`select count(*) as count from ${table}`);
  return rows[0]?.count ?? 0;
};

it('a text goes once it is kept no longer, and what it said stays', async () => {
  const id = await late();
  await deliver(database.pool, id);
  const before = await noticesOf(database.pool, id);
  expect(before).toMatchObject([{ state: 'sent', channel: 'email', told: { day: null } }]);
  expect([before[0]?.sentAt, before[0]?.messageId]).not.toContain(null);
  await forgetOld(database.pool);
  expect(await count('dispatches')).toBe(1);
  await companySays(database.pool, { keep: { dispatches: 'PT5M' } });
  await database.pool.query(`update dispatches set claimed_at = clock_timestamp() - interval '4 minutes'`);
  await forgetOld(database.pool);
  expect(await count('dispatches')).toBe(1);
  await database.pool.query(`update dispatches set claimed_at = clock_timestamp() - interval '6 minutes'`);
  await forgetOld(database.pool);
  expect(await count('dispatches')).toBe(0);
  expect(await noticesOf(database.pool, id)).toEqual(before);
});

it('a text that may have left is kept, however old: only it may follow', async () => {
  const id = await late();
  await companySays(database.pool, { keep: { dispatches: 'PT5M' } });
  await deliver(database.pool, id);
  await database.pool.query(
    `update dispatches set state = 'claimed', claimed_at = clock_timestamp() - interval '1 day'`,
  );
  await forgetOld(database.pool);
  expect(await count('dispatches')).toBe(1);
});

it('a poke that nobody took goes with its promise, and stays as long as that is open', async () => {
  await database.pool.query('delete from outbox');
  const [open, over] = [await late(), await late()];
  await deliver(database.pool, over);
  await recordFact(database.pool, over, { kind: 'fulfilled', factKey: 'f', occurredAt: fromNow(0) });
  await advance(database.pool, over);
  await database.pool.query(`insert into outbox (promise_id) select unnest($1::uuid[]) on conflict do nothing`, [
    [open, over],
  ]);
  await database.pool.query(`update outbox set created_at = clock_timestamp() - interval '8 days'`);
  await forgetOld(database.pool);
  const { rows } = await database.pool.query<{ id: string }>('select promise_id as id from outbox');
  expect(rows.map(({ id }) => id)).toEqual([open]);
});

it('pokes that were taken leave nothing behind', async () => {
  const dead = async (): Promise<number> => {
    // What a session counts it hands over when it is asked to.
    await database.pool.query('select pg_stat_force_next_flush()');
    const { rows } = await database.pool.query<{ dead: number }>(
      `select n_dead_tup as dead from pg_stat_user_tables where relname = 'outbox'`,
    );
    return rows[0]?.dead ?? 0;
  };
  await database.pool.query('delete from outbox');
  await expect.poll(dead).toBeGreaterThan(0);
  await expect
    .poll(async () => {
      await tidyOutbox(database.pool);
      return dead();
    })
    .toBe(0);
});
