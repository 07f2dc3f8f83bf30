import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRegistrar } from '../../db/register.ts';
import { advance } from '../../db/settle.ts';
import { sweepDue } from '../../db/engine.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fromNow, policy, registration, seed } from '../support/registrations.ts';

const HOUR = 3_600_000;
const BREAKS = 1_000;
const PAID = 100;
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  const remedies = { currency: 'EUR', rows: [{ options: [{ voucher: '5.00' }] }], month: `${PAID * 5}.00` };
  const base = { buffer: { fixed: 'PT1H' }, factLag: 'PT0S', quiet: 'none', remedies };
  await seed(database.pool, [policy({ kind: 'delivery', ...base }), policy({ kind: 'parcel', ...base })]);
});
afterAll(() => database.drop());

async function broken(kind: string): Promise<readonly string[]> {
  const registrar = createRegistrar(database.pool);
  const promised = { precision: 'instant', at: fromNow(-HOUR) } as const;
  const made = await registration(database.pool, { kind, promised, madeAt: fromNow(-48 * HOUR), owner: null });
  const ids = Array.from({ length: BREAKS }, (_, at) => `${made.id.slice(0, -4)}${at.toString(16).padStart(4, '0')}`);
  await Promise.all(
    ids.map((id, at) =>
      registrar.register({ ...made, id, ref: `${kind}-${at}`, customer: { ...made.customer, ref: `${kind}-C-${at}` } }),
    ),
  );
  return ids;
}

/** As many at a time as there are connections. */
async function advanceAll(ids: readonly string[]): Promise<void> {
  const waiting = [...ids];
  const lane = async (): Promise<void> => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) await advance(database.pool, id);
  };
  await Promise.all(Array.from({ length: 8 }, lane));
}

async function expectExactly(ids: readonly string[]): Promise<void> {
  const counted = async (sql: string) =>
    (await database.pool.query<{ key: string; n: number }>(sql, [ids])).rows.map(({ key, n }) => [key, n]);
  expect(
    await counted(
      'select state as key, count(*)::int as n from remedies where promise_id = any ($1) group by 1 order by 1',
    ),
  ).toEqual([
    ['granted', PAID],
    ['pending', BREAKS - PAID],
  ]);
  const facts = `select kind as key, count(*)::int as n from facts where promise_id = any ($1) and kind = 'remedy_granted' group by 1`;
  expect(await counted(facts)).toEqual([['remedy_granted', PAID]]);
  expect(
    await counted('select kind as key, count(*)::int as n from promises where parent = any ($1) group by 1'),
  ).toEqual([['refund', PAID]]);
  expect(
    await counted(
      `select reason as key, count(*)::int as n from duties where promise_id = any ($1) and state = 'owed' group by 1`,
    ),
  ).toEqual([['recovery', BREAKS]]);
}

it('grants to a thousand that break at once exactly what the budget of the month pays for, the rest waits', async () => {
  const ids = await broken('delivery');
  await advanceAll(ids);
  await expectExactly(ids);
}, 120_000);

it('does so in batches of the sweep, several of them at a time with single ones', async () => {
  const ids = await broken('parcel');
  await Promise.all([
    sweepDue(database.pool, 0, 500),
    sweepDue(database.pool, 0, 500),
    advanceAll(ids.filter((_, at) => at % 7 === 0)),
  ]);
  await advanceAll(ids);
  await expectExactly(ids);
}, 120_000);
