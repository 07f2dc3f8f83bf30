import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { isRefusedRow, reachableCustomers, storedPromises, tellFacts } from '../../db/import.ts';
import { insertPromises, type InsertOptions, type NewPromise } from '../../db/insert-promises.ts';
import { NO_CALENDARS } from '../../domain/calendar/book.ts';
import { planOf } from '../../domain/calendar/plan.ts';
import { termsOf } from '../../domain/calendar/terms.ts';
import type { OutsideFact } from '../../domain/promise/facts.ts';
import { instant, plusMs } from '../../domain/promise/instant.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fromNow, policy, registration, seed } from '../support/registrations.ts';

const DELIVERY = policy({ kind: 'delivery', buffer: { fixed: 'P1D' } });
const PROMISED = { precision: 'day', day: '2026-01-05', zone: 'Europe/Tallinn' } as const;
const DONE_AT = instant(Date.UTC(2026, 0, 4));
const DONE: OutsideFact = { kind: 'fulfilled', factKey: 'done', occurredAt: DONE_AT };

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  await seed(database.pool, [DELIVERY]);
});
beforeEach(() =>
  database.pool.query('truncate promises, facts, duties, outbox, staff_alerts, customers, rollup_due cascade'),
);
afterAll(() => database.drop());

async function history(ref: string, facts: readonly OutsideFact[] = []): Promise<NewPromise> {
  const wish = await registration(database.pool, { kind: 'delivery', promised: PROMISED, ref, madeAt: instant(0) });
  const plan = planOf(
    {
      promised: PROMISED,
      madeAt: null,
      target: null,
      customerZone: null,
      companyZone: 'UTC',
      place: 0,
    },
    DELIVERY,
    { ...NO_CALENDARS, policyVersion: wish.policyVersion },
  );
  const registered = { kind: 'registered', factKey: 'registered', occurredAt: instant(0) } as const;
  return { ...wish, customer: null, terms: termsOf(plan, DELIVERY, { history: true }), facts: [registered, ...facts] };
}
const insert = (promises: readonly NewPromise[], customers: InsertOptions['customers'] = 'known') =>
  insertPromises(database.pool, promises, { now: fromNow(0), customers });
const due = async (): Promise<readonly unknown[]> =>
  (await database.pool.query<{ day: string }>('select day::text from rollup_due')).rows.map(({ day }) => day);
const stored = async (ref: string) => (await storedPromises(database.pool, 'shop', [ref]))[0];

it('stores a promise of nobody, made nobody knows when, with all its facts', async () => {
  const promise = await history('a1', [DONE]);
  expect(await insert([promise])).toEqual(new Set([promise.id]));
  expect(await stored('a1')).toMatchObject({ id: promise.id, history: true, ended: true, bodyHash: promise.bodyHash });
  expect(new Set((await stored('a1'))?.facts)).toEqual(new Set(promise.facts));
});

it('leaves out what is there, with its facts', async () => {
  const first = await history('a1');
  await insert([first]);
  expect(await insert([await history('a1', [DONE])])).toEqual(new Set());
  expect((await stored('a1'))?.facts).toEqual(first.facts);
});

it('has the days of closed promises rolled up, each once, and of no others', async () => {
  await insert([await history('a1', [DONE]), await history('a2', [DONE]), await history('a3')]);
  expect(await due()).toEqual(['2026-01-05']);
});

it('tells history what happened since: it closes, its day is rolled up, and nobody hears of it', async () => {
  const promise = await history('a1');
  await insert([promise]);
  const late = { ...DONE, occurredAt: plusMs(DONE_AT, 90 * 86_400_000) };
  expect(await tellFacts(database.pool, [{ id: promise.id, facts: [late] }])).toEqual({
    clashes: new Map([[promise.id, []]]),
    woken: new Set(),
  });
  expect(await stored('a1')).toMatchObject({ ended: true, history: true });
  expect(await due()).toEqual(['2026-01-05']);
  for (const table of ['duties', 'outbox', 'staff_alerts'])
    expect((await database.pool.query(`select from ${table}`)).rowCount).toBe(0);
});

it('names the facts that were told before with another content', async () => {
  const promise = await history('a1', [DONE]);
  await insert([promise]);
  const other = { ...DONE, occurredAt: instant(0) };
  expect((await tellFacts(database.pool, [{ id: promise.id, facts: [other] }])).clashes).toEqual(
    new Map([[promise.id, ['done']]]),
  );
});

it('wakes open history, with its customer and by its facts, once', async () => {
  const { promise, living } = await sleeping('a1');
  expect((await tellFacts(database.pool, [], [living])).woken).toEqual(new Set([promise.id]));
  expect(await stored('a1')).toMatchObject({ history: false, ended: false });
  const { rows } = await database.pool.query('select reason, email from duties, customers');
  expect(rows).toEqual([{ reason: 'recovery', email: 'mari@mail.example' }]);
  expect((await tellFacts(database.pool, [], [living])).woken).toEqual(new Set());
});

it('lets history sleep that has ended meanwhile', async () => {
  const { promise, living } = await sleeping('a1');
  await tellFacts(database.pool, [{ id: promise.id, facts: [DONE] }]);
  expect((await tellFacts(database.pool, [], [living])).woken).toEqual(new Set());
  expect(await stored('a1')).toMatchObject({ history: true, ended: true });
});

it('wakes nothing where one of its promises cannot be woken', async () => {
  const [first, second] = [await sleeping('a1'), await sleeping('a2')];
  const broken = { ...second.living, policyVersion: 99 };
  await expect(tellFacts(database.pool, [], [first.living, broken])).rejects.toThrow('foreign key');
  expect(await stored('a1')).toMatchObject({ history: true });
  expect((await database.pool.query('select from customers')).rowCount).toBe(0);
});

/** Open history that is stored, and what it is to become. */
async function sleeping(ref: string): Promise<{ promise: NewPromise; living: NewPromise }> {
  const promise = await history(ref);
  const madeAt = instant(0);
  await insert([{ ...promise, terms: { ...promise.terms, plan: { ...promise.terms.plan, madeAt } } }]);
  const request = { promised: PROMISED, madeAt, target: null, customerZone: null, companyZone: 'UTC', place: 0.5 };
  const customer = { ref: `C-${ref}`, name: null, email: 'mari@mail.example', phone: null, language: null, zone: null };
  return {
    promise,
    living: {
      ...promise,
      customer,
      terms: termsOf(planOf(request, DELIVERY, { ...NO_CALENDARS, policyVersion: 1 }), DELIVERY),
    },
  };
}

it('knows of which customers there is an address', async () => {
  const customer = { ref: 'C-1', name: null, email: 'a@mail.example', phone: '1', language: null, zone: null };
  await insert([
    { ...(await history('a1')), customer },
    { ...(await history('a2')), customer: { ...customer, ref: 'C-2', email: null } },
  ]);
  expect(await reachableCustomers(database.pool, ['C-1', 'C-2', 'C-3'])).toEqual(new Set(['C-1']));
});

it('fills in what is not known of a customer, and changes what is known only where it is newer', async () => {
  const of = async (ref: string, email: string | null, name: string | null): Promise<NewPromise> => ({
    ...(await history(ref)),
    customer: { ref: 'C-1', name, email, phone: null, language: null, zone: null },
  });
  const customer = async (): Promise<unknown> =>
    (await database.pool.query('select name, email from customers')).rows[0];
  await insert([await of('a1', 'new@mail.example', null)]);
  await insert([await of('a2', 'old@mail.example', 'Mari')], 'known');
  expect(await customer()).toEqual({ name: 'Mari', email: 'new@mail.example' });
  await insert([await of('a3', 'newest@mail.example', null)], 'given');
  expect(await customer()).toEqual({ name: 'Mari', email: 'newest@mail.example' });
});

it.each([
  ['22021', 'a text that is none', true],
  ['54000', 'too long for an index', true],
  ['23505', 'a broken constraint', true],
  ['57P01', 'the server going down', false],
  ['42P01', 'a missing table', false],
  [undefined, 'no code', false],
])('%s, %s, is the fault of a row: %s', (code, _, ofRow) => {
  expect(isRefusedRow(Object.assign(new Error('x'), { code }))).toBe(ofRow);
});
