import { afterAll, beforeAll, expect, it } from 'vitest';
import { savePartner } from '../../db/partners.ts';
import { diffPolicy } from '../../db/policy-diff.ts';
import { getPromise } from '../../db/promises.ts';
import { createRegistrar } from '../../db/register.ts';
import { applyPolicy } from '../../db/replan.ts';
import { recordFact } from '../../db/settle.ts';
import type { PromiseRow } from '../../db/shapes.ts';
import type { Partner } from '../../domain/policy/partner.ts';
import { msBetween } from '../../domain/promise/instant.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fromNow, policy, registration, seed, type RegistrationWish } from '../support/registrations.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await seed(database.pool, [
    policy({
      kind: 'delivery',
      buffer: { fixed: 'PT1H' },
      factLag: 'PT2H',
      checkpoints: [{ name: 'packed', at: '20%' }],
    }),
  ]);
});
afterAll(() => database.drop());

const partner = (id: string, more: Partial<Partner> = {}): Partner => ({
  ...{ id, name: id, goal: null, factLag: 'PT6H' },
  checkpoints: { delivery: [{ name: 'scanned', at: { share: 0.6 } }] },
  ...more,
});

async function register(wish: Partial<RegistrationWish>): Promise<string> {
  const promised = { precision: 'instant', at: fromNow(3 * DAY) } as const;
  const made = await registration(database.pool, { kind: 'delivery', promised, madeAt: fromNow(-DAY), ...wish });
  await createRegistrar(database.pool).register(made);
  return made.id;
}

async function read(id: string): Promise<PromiseRow> {
  const promise = await getPromise(database.pool, id);
  if (!promise) throw new Error(`No promise ${id}`);
  return promise;
}

const namesOf = ({ plan }: PromiseRow): readonly string[] => plan.checkpoints.map(({ name }) => name);
const lagOf = ({ plan }: PromiseRow): number => msBetween(plan.promisedAt, plan.recoveryAt);
const factsOf = async (id: string): Promise<readonly string[]> => {
  const { rows } = await database.pool.query<{ key: string }>(
    `select fact_key as key from facts where promise_id = $1 and kind = 'policy_applied' order by 1`,
    [id],
  );
  return rows.map(({ key }) => key);
};

it('changes no open promise by itself; applied, it does for its own and for nobody else’s, once', async () => {
  const { pool } = database;
  const [theirs, others, ours] = [
    await register({ partner: 'early' }),
    await register({ partner: 'other' }),
    await register({ partner: null }),
  ];
  expect(await savePartner(pool, partner('early'))).toBe(1);
  expect(namesOf(await read(theirs))).toEqual(['packed']);

  const diff = await diffPolicy(pool, 'delivery', null);
  expect(diff).toMatchObject({ changed: 1, checkpoints: { gained: 1, lost: 0 } });
  expect(diff?.instants.recoveryAt).toEqual({ earlier: 0, later: 1 });

  expect(await applyPolicy(pool, 'delivery')).toMatchObject({ applied: 1, replanned: 1, failed: [] });
  const applied = await read(theirs);
  expect([namesOf(applied), lagOf(applied), applied.plan.partnerVersion]).toEqual([['packed', 'scanned'], 6 * HOUR, 1]);
  expect(applied.plan.checkpoints[1]).toMatchObject({ partner: true, field: 'partners.early.checkpoints.delivery' });
  for (const id of [others, ours]) {
    const untouched = await read(id);
    expect([namesOf(untouched), lagOf(untouched), 'partnerVersion' in untouched.plan]).toEqual([
      ['packed'],
      2 * HOUR,
      false,
    ]);
  }
  expect(await applyPolicy(pool, 'delivery')).toMatchObject({ applied: 0 });

  await savePartner(pool, partner('early', { checkpoints: {} }));
  expect(await applyPolicy(pool, 'delivery')).toMatchObject({ applied: 1, replanned: 1 });
  expect(namesOf(await read(theirs))).toEqual(['packed']);
  expect(await factsOf(theirs)).toEqual(['policy:1:-:1', 'policy:1:-:2']);
});

it('keeps the version it was registered under, also when a fact makes the plan anew', async () => {
  const { pool } = database;
  await savePartner(pool, partner('stays'));
  const id = await register({ partner: 'stays' });
  await savePartner(pool, partner('stays', { factLag: 'PT9H', checkpoints: {} }));
  await recordFact(pool, id, {
    ...{ kind: 'repromised', factKey: 'later', occurredAt: fromNow(0), agreedByCustomer: true },
    promised: { precision: 'instant', at: fromNow(9 * DAY) },
  });
  const moved = await read(id);
  expect(moved.revision).toBe(2);
  expect([namesOf(moved), lagOf(moved), moved.plan.partnerVersion]).toEqual([['packed', 'scanned'], 6 * HOUR, 1]);
});

it('does not hold for what Kept registers because of a promise', async () => {
  const { pool } = database;
  await savePartner(pool, partner('parents'));
  const parent = await register({ partner: 'parents' });
  const child = await register({ partner: null });
  await pool.query(`update promises set partner = 'parents', parent = $2 where id = $1`, [child, parent]);
  await applyPolicy(pool, 'delivery');
  expect('partnerVersion' in (await read(child)).plan).toBe(false);
});
