import { afterAll, beforeAll, expect, it } from 'vitest';
import { claimNotice } from '../../db/claims.ts';
import type { ComposeMember } from '../../db/compose-request.ts';
import { createRegistrar } from '../../db/register.ts';
import { advance } from '../../db/settle.ts';
import { sweepDue } from '../../db/engine.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fromNow, policy, registration, seed } from '../support/registrations.ts';
import { messageFrom } from '../support/deliver.ts';

const HOUR = 3_600_000;
/** How many break at once, and how many of them the month pays for. */
interface Herd {
  readonly kind: string;
  readonly breaks: number;
  readonly paid: number;
}
const ALL: Herd = { kind: 'delivery', breaks: 1_000, paid: 100 };
const BATCHED: Herd = { kind: 'parcel', breaks: 300, paid: 30 };

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  const table = { currency: 'EUR', rows: [{ options: [{ voucher: '5.00' }] }] };
  const base = { buffer: { fixed: 'PT1H' }, factLag: 'PT0S', quiet: 'none' };
  await seed(
    database.pool,
    [ALL, BATCHED].map(({ kind, paid }) => policy({ ...base, kind, remedies: { ...table, month: `${paid * 5}.00` } })),
  );
});
afterAll(() => database.drop());

async function broken({ kind, breaks }: Herd): Promise<readonly string[]> {
  const registrar = createRegistrar(database.pool);
  const promised = { precision: 'instant', at: fromNow(-HOUR) } as const;
  const made = await registration(database.pool, { kind, promised, madeAt: fromNow(-48 * HOUR), owner: null });
  const ids = Array.from({ length: breaks }, (_, at) => `${made.id.slice(0, -4)}${at.toString(16).padStart(4, '0')}`);
  await Promise.all(
    ids.map((id, at) =>
      registrar.register({ ...made, id, ref: `${kind}-${at}`, customer: { ...made.customer, ref: `${kind}-C-${at}` } }),
    ),
  );
  return ids;
}

/** As many at a time as there are connections. */
async function each(ids: readonly string[], work: (id: string) => Promise<unknown>): Promise<void> {
  const waiting = [...ids];
  const lane = async (): Promise<void> => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) await work(id);
  };
  await Promise.all(Array.from({ length: 8 }, lane));
}
const advanceAll = (ids: readonly string[]): Promise<void> => each(ids, (id) => advance(database.pool, id));

async function expectExactly(ids: readonly string[], { breaks, paid }: Herd): Promise<void> {
  const counted = async (sql: string) =>
    (await database.pool.query<{ key: string; n: number }>(sql, [ids])).rows.map(({ key, n }) => [key, n]);
  expect(
    await counted(
      'select state as key, count(*)::int as n from remedies where promise_id = any ($1) group by 1 order by 1',
    ),
  ).toEqual([
    ['granted', paid],
    ['pending', breaks - paid],
  ]);
  const facts = `select kind as key, count(*)::int as n from facts where promise_id = any ($1) and kind = 'remedy_granted' group by 1`;
  expect(await counted(facts)).toEqual([['remedy_granted', paid]]);
  expect(
    await counted('select kind as key, count(*)::int as n from promises where parent = any ($1) group by 1'),
  ).toEqual([['refund', paid]]);
  expect(
    await counted(
      `select reason as key, count(*)::int as n from duties where promise_id = any ($1) and state = 'owed' group by 1`,
    ),
  ).toEqual([['recovery', breaks]]);
}

/** What the one notice that a promise owes is made of, as it leaves. */
async function noticeOf(promiseId: string): Promise<ComposeMember> {
  const { rows } = await database.pool.query<{ id: string }>('select id from duties where promise_id = $1', [
    promiseId,
  ]);
  let member: ComposeMember | undefined;
  await claimNotice(database.pool, {
    ...{ promiseId, dutyId: rows[0]?.id ?? '', workerName: 'test', claimMs: 60_000, channel: 'email' },
    compose: ({ members, dispatchId }) => {
      [member] = members;
      return messageFrom(dispatchId);
    },
  });
  if (!member) throw new Error('No notice left.');
  return member;
}

it('grants to a thousand that break at once exactly what the budget of the month pays for, the rest waits', async () => {
  const ids = await broken(ALL);
  await advanceAll(ids);
  await expectExactly(ids, ALL);
  // What they are told names a remedy where one was granted, and none where one waits.
  const named = new Map<number, number>();
  await each(ids, async (id) => {
    const { remedies } = await noticeOf(id);
    named.set(remedies.length, (named.get(remedies.length) ?? 0) + 1);
  });
  expect(named).toEqual(
    new Map([
      [1, ALL.paid],
      [0, ALL.breaks - ALL.paid],
    ]),
  );
}, 300_000);

it('does so in batches of the sweep, several of them at a time with single ones', async () => {
  const ids = await broken(BATCHED);
  await Promise.all([
    sweepDue(database.pool, { graceMs: 0, limit: 150, poke: 'all' }),
    sweepDue(database.pool, { graceMs: 0, limit: 150, poke: 'all' }),
    advanceAll(ids.filter((_, at) => at % 7 === 0)),
  ]);
  await advanceAll(ids);
  await expectExactly(ids, BATCHED);
}, 120_000);
