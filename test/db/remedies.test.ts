import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { remediesOf } from '../../db/remedies.ts';
import { createRegistrar } from '../../db/register.ts';
import { advance, recordFact } from '../../db/settle.ts';
import { getPromise, noticesOf, timelineOf } from '../../db/promises.ts';
import type { OutsideFact } from '../../domain/promise/facts.ts';
import { alertLines, listAlerts } from '../../db/alerts.ts';
import { alertsOf } from '../support/alerts.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { deliver } from '../support/deliver.ts';
import { fromNow, policy, registration, seed, type RegistrationWish } from '../support/registrations.ts';

const HOUR = 3_600_000;
let database: TestDatabase;

beforeEach(async () => {
  database = await testDatabase();
  await seed(database.pool, [
    policy({ ...BASE, kind: 'delivery', remedies: TABLE }),
    policy({ ...BASE, kind: 'plain' }),
    policy({ ...BASE, kind: 'capped', remedies: { ...TABLE, month: '12.00' } }),
    policy({ ...BASE, kind: 'limited', remedies: { ...TABLE, limit: '4.00' } }),
  ]);
});
afterEach(() => database.drop());

const BASE = { buffer: { fixed: 'PT1H' }, lead: 'PT2H', factLag: 'PT0S', estimateFresh: 'P2D', quiet: 'none' };
const TABLE = {
  currency: 'EUR',
  rows: [
    { late: 'PT0S', value: '0', options: [{ voucher: '5.00' }] },
    { late: 'PT12H', value: '20.00', options: [{ refund: '12.5%' }, { voucher: '15%' }] },
  ],
  secondBreak: [{ refund: '30%' }],
};

type Wish = Partial<RegistrationWish> & { readonly dueMs?: number; readonly value?: string };

async function register({ dueMs = -HOUR, value = '49.90', ...wish }: Wish = {}): Promise<string> {
  const made = await registration(database.pool, {
    kind: 'delivery',
    promised: { precision: 'instant', at: fromNow(dueMs) },
    madeAt: fromNow(-96 * HOUR),
    ...wish,
  });
  await createRegistrar(database.pool).register({ ...made, value: { amount: value, currency: 'EUR' } });
  return made.id;
}

let counter = 0;
const fact = (kind: 'fulfilled' | 'estimated' | 'withdrawn', more: object = {}): OutsideFact =>
  ({ kind, factKey: `f-${counter++}`, occurredAt: fromNow(0), ...more }) as OutsideFact;
const settle = (id: string) => advance(database.pool, id);
const owed = async (id: string) =>
  (await noticesOf(database.pool, id)).filter(({ state }) => state === 'owed').map(({ reason }) => reason);
const granted = async (id: string) =>
  (await remediesOf(database.pool, id)).map(({ state, reason, options }) => [
    state,
    reason,
    ...options.map(({ kind, amount }) => `${kind} ${amount}`),
  ]);
const facts = async (id: string, kind: string) =>
  (await timelineOf(database.pool, id)).filter((item) => item.fact.kind === kind);

describe('a promise that breaks', () => {
  it('is made good at once and once, by a promise of its own that brings it', async () => {
    const id = await register({ ref: 'A-1' });
    await settle(id);
    await settle(id);
    expect(await granted(id)).toEqual([['granted', 'late', 'voucher 5.00']]);
    expect(await facts(id, 'remedy_granted')).toHaveLength(1);
    const [remedy] = await remediesOf(database.pool, id);
    expect(await getPromise(database.pool, remedy?.refundPromiseId ?? '')).toMatchObject({
      ...{ kind: 'refund', ref: 'A-1#refund-1', source: 'shop', parent: id, owner: 'kati', phase: 'open' },
      value: { amount: '5.00', currency: 'EUR' },
      promisedAt: expect.stringMatching(/:00\.000Z$/),
    });
    expect(await owed(id)).toEqual(['recovery']);
  });

  it('takes its row by the newest fresh estimate, of the value half a cent up', async () => {
    const id = await register({ dueMs: HOUR, value: '49.96' });
    await recordFact(database.pool, id, fact('estimated', { at: fromNow(20 * HOUR) }));
    await database.pool.query(`update promises set wake_at = null where id = $1`, [id]);
    await passed(id, 2 * HOUR);
    await settle(id);
    expect(await granted(id)).toEqual([['granted', 'late', 'refund 6.25', 'voucher 7.49']]);
  });

  it('grants the difference once where it came later than it was taken to come, and tells of it without an apology', async () => {
    const id = await register({ dueMs: -HOUR });
    await settle(id);
    await passed(id, 12 * HOUR);
    await settle(id);
    expect(await granted(id)).toEqual([['granted', 'late', 'voucher 5.00']]);
    await recordFact(database.pool, id, fact('fulfilled'));
    await recordFact(database.pool, id, fact('fulfilled'));
    expect(await granted(id)).toEqual([
      ['granted', 'late', 'voucher 5.00'],
      ['granted', 'late', 'refund 1.24', 'voucher 2.49'],
    ]);
    expect(await owed(id)).toEqual(['remedy']);
  });

  it('is made good, too, where it came late before anybody was told', async () => {
    const id = await register({ dueMs: -HOUR });
    await recordFact(database.pool, id, fact('fulfilled'));
    expect(await granted(id)).toEqual([['granted', 'late', 'voucher 5.00']]);
    expect(await owed(id)).toEqual(['remedy']);
  });

  it('is made good where we take it back, and not where the customer does', async () => {
    const [ours, theirs] = [await register({ dueMs: HOUR }), await register({ dueMs: HOUR })];
    await recordFact(database.pool, ours, fact('withdrawn', { by: 'company' }));
    await recordFact(database.pool, theirs, fact('withdrawn', { by: 'customer' }));
    expect(await granted(ours)).toEqual([['granted', 'late', 'voucher 5.00']]);
    expect(await granted(theirs)).toEqual([]);
  });

  it('gets nothing where the policy offers nothing', async () => {
    const id = await register({ kind: 'plain' });
    await settle(id);
    expect(await granted(id)).toEqual([]);
  });

  it('waits for approval above the limit: the manager is told, the customer is not', async () => {
    const id = await register({ kind: 'limited' });
    await settle(id);
    expect(await granted(id)).toEqual([['pending', 'late', 'voucher 5.00']]);
    expect(await facts(id, 'remedy_granted')).toEqual([]);
    expect((await alertsOf(database.pool, id)).filter(({ reason }) => reason === 'approval')).toMatchObject([
      { rung: 'manager', person: 'mall' },
    ]);
    const alerts = await listAlerts(database.pool, { person: 'mall', limit: 9 });
    const ids = alerts.flatMap((alert) => (alert.promiseId === id && alert.reason === 'approval' ? [alert.id] : []));
    expect(await alertLines(database.pool, ids, fromNow(0))).toMatchObject([
      { offers: [{ kind: 'voucher', amount: '5.00' }], note: null },
    ]);
    expect(await owed(id)).toEqual(['recovery']);
    expect((await deliver(database.pool, id)).remedies).toEqual([]);
  });

  it('waits for approval once the month is spent', async () => {
    const ids = [];
    for (let i = 0; i < 3; i += 1) ids.push(await register({ kind: 'capped' }));
    for (const id of ids) await settle(id);
    const states = await Promise.all(ids.map(async (id) => (await granted(id))[0]?.[0]));
    expect(states).toEqual(['granted', 'granted', 'pending']);
  });

  it('is not broken again by its refund, whose manager hears of it', async () => {
    const id = await register({});
    await settle(id);
    const [remedy] = await remediesOf(database.pool, id);
    const refund = remedy?.refundPromiseId ?? '';
    await passed(refund, 7 * 24 * HOUR);
    await settle(refund);
    expect(await granted(refund)).toEqual([]);
    expect(await getPromise(database.pool, refund)).toMatchObject({
      flags: expect.not.arrayContaining(['second_break']),
      children: [],
    });
    expect((await alertsOf(database.pool, refund)).map(({ rung }) => rung)).toContain('manager');
    expect((await deliver(database.pool, refund)).brings).toMatchObject({ kind: 'voucher', amount: '5.00' });
  });
});

describe('the notice that tells of a remedy', () => {
  it('is the apology where that goes, and says so in its fact', async () => {
    const id = await register();
    await settle(id);
    const { remedies } = await deliver(database.pool, id);
    expect(remedies).toMatchObject([{ options: [{ kind: 'voucher', amount: '5.00' }], chosen: 0, isFurther: false }]);
    expect(remedies[0]?.arrivesAt).not.toBeNull();
    const [remedy] = await remediesOf(database.pool, id);
    expect((await facts(id, 'notice_sent'))[0]?.fact).toMatchObject({ remedies: [remedy?.id] });
    await settle(id);
    expect(await owed(id)).toEqual([]);
  });

  it('is one of its own where the promise was fulfilled before the apology left', async () => {
    const id = await register();
    await settle(id);
    await recordFact(database.pool, id, fact('fulfilled'));
    expect((await noticesOf(database.pool, id)).map(({ reason, state }) => [reason, state])).toEqual([
      ['recovery', 'dropped'],
      ['remedy', 'owed'],
    ]);
    expect(await deliver(database.pool, id)).toMatchObject({ reason: 'remedy', told: null });
    expect(await owed(id)).toEqual([]);
  });

  it('goes though a later time still stands, and says that time again; without a remedy nothing goes', async () => {
    const [good, plain] = [await register({ dueMs: 2 * HOUR }), await register({ dueMs: 2 * HOUR, kind: 'plain' })];
    const later = { precision: 'instant', at: fromNow(96 * HOUR) };
    for (const id of [good, plain]) {
      await recordFact(database.pool, id, {
        ...fact('estimated'),
        kind: 'repromised',
        promised: later,
        agreedByCustomer: false,
      } as OutsideFact);
      await passed(id, 3 * HOUR);
      await settle(id);
    }
    expect(await owed(good)).toEqual(['recovery']);
    expect((await deliver(database.pool, good)).told).not.toBeNull();
    expect(await owed(plain)).toEqual([]);
  });
});

describe('the second break', () => {
  const apologised = async (customer: string, kind = 'plain', dueMs = -10 * HOUR): Promise<string> => {
    const id = await register({ kind, customer, dueMs });
    await settle(id);
    await deliver(database.pool, id);
    await database.pool.query(`update promises set recovered_at = promised_at where id = $1`, [id]);
    return id;
  };

  it('of a customer has a person call, confirmed in writing and without a second apology', async () => {
    const earlier = await apologised('C-1');
    const id = await register({ customer: 'C-1', ref: 'A-2' });
    await settle(id);
    expect(await getPromise(database.pool, id)).toMatchObject({ flags: expect.arrayContaining(['second_break']) });
    expect((await facts(id, 'broken_again'))[0]?.fact).toMatchObject({ of: 'customer', earlier });
    expect(await granted(id)).toEqual([['granted', 'second_break', 'refund 14.97']]);
    expect(await owed(id)).toEqual(['remedy']);
    const children = (await getPromise(database.pool, id))?.children ?? [];
    const kinds = await Promise.all(children.map(async (child) => await getPromise(database.pool, child)));
    const callback = kinds.find((child) => child?.kind === 'callback');
    expect(callback).toMatchObject({ ref: 'A-2#callback-1', source: 'shop', owner: 'kati', parent: id });
    expect(await owed(callback?.id ?? '')).toEqual(['promised']);
  });

  it('counts no earlier break about which the customer was written to only after this deadline', async () => {
    const other = await register({ kind: 'plain', customer: 'C-1', dueMs: -2 * HOUR });
    await settle(other);
    await deliver(database.pool, other);
    const id = await register({ customer: 'C-1', dueMs: -HOUR });
    await settle(id);
    expect(await owed(id)).toEqual(['recovery']);
    expect(await facts(id, 'broken_again')).toEqual([]);
  });

  it('counts no break that was none after all, of long ago, or of another customer', async () => {
    const kept = await apologised('C-1');
    await recordFact(database.pool, kept, { ...fact('fulfilled'), occurredAt: fromNow(-11 * HOUR) });
    const old = await apologised('C-1');
    await database.pool.query(`update promises set recovered_at = now() - interval '91 days' where id = $1`, [old]);
    await apologised('C-2');
    const id = await register({ customer: 'C-1' });
    await settle(id);
    expect(await facts(id, 'broken_again')).toEqual([]);
  });

  it('of a promise, when the later time passes, too, has a person call once and makes up the difference', async () => {
    const id = await register({ dueMs: 2 * HOUR });
    await recordFact(database.pool, id, {
      ...fact('estimated'),
      kind: 'repromised',
      promised: { precision: 'instant', at: fromNow(4 * HOUR) },
      agreedByCustomer: false,
    } as OutsideFact);
    await passed(id, 3 * HOUR);
    const first = await settle(id);
    expect(first.wakeAt).not.toBeNull();
    await deliver(database.pool, id);
    await passed(id, 3 * HOUR);
    await settle(id);
    await settle(id);
    expect((await facts(id, 'broken_again'))[0]?.fact).toMatchObject({ of: 'chain' });
    expect(await granted(id)).toEqual([
      ['granted', 'late', 'voucher 5.00'],
      ['granted', 'second_break', 'refund 9.97'],
    ]);
    expect(await owed(id)).toEqual(['remedy']);
    const children = await database.pool.query('select kind from promises where parent = $1 order by kind', [id]);
    expect(children.rows.map(({ kind }: { kind: string }) => kind)).toEqual(['callback', 'refund', 'refund']);
  });
});

/** Lets time pass for one promise: everything that has a time lies so much further back. */
async function passed(id: string, ms: number): Promise<void> {
  const { pool } = database;
  const back = (text: string): string =>
    text.replaceAll(
      /"(\d{4}-\d\d-\d\dT[\d:.]+Z)"/g,
      (_, at: string) => `"${new Date(Date.parse(at) - ms).toISOString()}"`,
    );
  const { rows } = await pool.query<{ basis: unknown; plan: unknown; steps: unknown }>(
    'select basis, plan, steps from promises where id = $1',
    [id],
  );
  const [row] = rows;
  await pool.query(
    `update promises set basis = $2, plan = $3, steps = $4, made_at = made_at - $5::interval, promised_at = promised_at - $5::interval,
       first_promised_at = first_promised_at - $5::interval, target_at = target_at - $5::interval, last_call_at = last_call_at - $5::interval,
       lead_to = lead_to - $5::interval, told_at = told_at - $5::interval where id = $1`,
    [
      id,
      back(JSON.stringify(row?.basis)),
      back(JSON.stringify(row?.plan)),
      back(JSON.stringify(row?.steps)),
      `${ms} milliseconds`,
    ],
  );
  const stored = await pool.query<{ fact_key: string; data: unknown }>(
    'select fact_key, data from facts where promise_id = $1',
    [id],
  );
  for (const each of stored.rows)
    await pool.query(
      `update facts set occurred_at = occurred_at - $3::interval, fresh_until = fresh_until - $3::interval, data = $4 where promise_id = $1 and fact_key = $2`,
      [id, each.fact_key, `${ms} milliseconds`, back(JSON.stringify(each.data))],
    );
}
