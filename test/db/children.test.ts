import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registerChildren, type Child } from '../../db/children.ts';
import { inTransaction } from '../../db/pool.ts';
import { getPromise, noticesOf } from '../../db/promises.ts';
import { createRegistrar } from '../../db/register.ts';
import { instant, plusMs } from '../../domain/promise/instant.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { policy, registration, seed } from '../support/registrations.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.drop());

const NOW = instant(Date.now());
const HOUR_MS = 3_600_000;

async function parentOf(): Promise<string> {
  const { pool } = database;
  await seed(pool, [policy({ kind: 'delivery', buffer: { fixed: 'PT1H' } })]);
  const promised = { precision: 'instant', at: plusMs(NOW, 48 * HOUR_MS) } as const;
  const wish = { kind: 'delivery', promised, ref: 'A-1', customer: 'C-1', partner: 'dpd' };
  const made = { ...(await registration(pool, wish)), value: { amount: '49.90', currency: 'EUR' } };
  return (await createRegistrar(pool).register(made)).promise.id;
}

const callback = (parent: string): Child => ({
  parent,
  kind: 'callback',
  source: 'shop',
  ref: 'A-1#callback-1',
  promised: { precision: 'instant', within: 'PT4H', calendar: null },
  madeAt: NOW,
  owner: 'jaan',
  subject: null,
  confirms: true,
});
const register = (children: readonly Child[]) =>
  inTransaction(database.pool, (tx) => registerChildren(tx, children, NOW));

describe('a promise that Kept makes by itself', () => {
  it('has the customer and the labels of the one that it follows from, and both know of each other', async () => {
    const parent = await parentOf();
    const [id = ''] = await register([callback(parent)]);
    expect(await getPromise(database.pool, id)).toMatchObject({
      ...{ parent, kind: 'callback', ref: 'A-1#callback-1', customerRef: 'C-1', owner: 'jaan', partner: 'dpd' },
      ...{ subject: 'order A-1', promisedAt: plusMs(NOW, 4 * HOUR_MS), value: null, children: [] },
    });
    expect(await getPromise(database.pool, parent)).toMatchObject({
      ...{ parent: null, children: [id], value: { amount: '49.90', currency: 'EUR' } },
    });
  });

  it('is told to the customer where it was decided so, though its policy confirms nothing', async () => {
    const parent = await parentOf();
    const [told = ''] = await register([callback(parent)]);
    const [silent = ''] = await register([{ ...callback(parent), ref: 'A-1#callback-2', confirms: false }]);
    expect((await noticesOf(database.pool, told)).map(({ reason }) => reason)).toEqual(['promised']);
    expect(await noticesOf(database.pool, silent)).toEqual([]);
  });

  it('wished for again is the same one', async () => {
    const parent = await parentOf();
    expect((await register([callback(parent)])).size).toBe(1);
    expect((await register([callback(parent)])).size).toBe(0);
    expect((await getPromise(database.pool, parent))?.children).toHaveLength(1);
  });

  it('follows from nothing that is not there', async () => {
    await expect(register([callback('00000000-0000-7000-8000-000000000000')])).rejects.toThrow(/is not there/);
  });
});
