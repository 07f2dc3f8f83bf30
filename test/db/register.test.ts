import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegistrar, type Registrar } from '../../db/register.ts';
import { noticesOf, timelineOf } from '../../db/promises.ts';
import type { Registration } from '../../db/shapes.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fromNow, policy, registration, seed } from '../support/registrations.ts';

const HOUR = 3_600_000;
let database: TestDatabase;
let registrar: Registrar;

beforeAll(async () => {
  database = await testDatabase();
  await seed(database.pool, [
    policy({ kind: 'delivery', buffer: { fixed: 'PT1H' }, lead: 'PT2H' }),
    policy({ kind: 'confirmed', buffer: { fixed: 'PT1H' }, notices: { promised: true } }),
  ]);
  registrar = createRegistrar(database.pool);
});
afterAll(() => database.drop());

const wish = (more: object = {}) => ({
  kind: 'delivery',
  promised: { precision: 'instant' as const, at: fromNow(24 * HOUR) },
  ...more,
});

describe('registering', () => {
  it('stores the promise, its first fact and when to wake', async () => {
    const made = await registration(database.pool, wish());
    const { result, promise } = await registrar.register(made);
    expect(result).toBe('created');
    expect(promise).toMatchObject({
      id: made.id,
      phase: 'open',
      wakeAt: made.terms.plan.targetAt,
      armedAt: null,
      revision: 1,
    });
    expect((await timelineOf(database.pool, made.id)).map((item) => item.fact.kind)).toEqual(['registered']);
  });

  it('answers the same content again with the promise it made before', async () => {
    const first = await registrar.register(await registration(database.pool, wish({ ref: 'same' })));
    const again = await registrar.register(await registration(database.pool, wish({ ref: 'same' })));
    expect(again.result).toBe('existing');
    expect(again.promise.id).toBe(first.promise.id);
  });

  it('calls other content under the same source and ref a clash, and keeps the first', async () => {
    const first = await registrar.register(await registration(database.pool, wish({ ref: 'clash', content: 'a' })));
    const other = await registrar.register(await registration(database.pool, wish({ ref: 'clash', content: 'b' })));
    expect(other.result).toBe('clash');
    expect(other.promise.id).toBe(first.promise.id);
  });

  it('makes one promise of a hundred simultaneous requests with the same ref', async () => {
    const all = await Promise.all(
      Array.from({ length: 100 }, () => registration(database.pool, wish({ ref: 'race' }))),
    );
    const answers = await Promise.all(all.map((one) => registrar.register(one)));
    expect(answers.filter((answer) => answer.result === 'created')).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.promise.id)).size).toBe(1);
  });

  it('stores a thousand different promises sent at once, each under its own customer', async () => {
    const all: Registration[] = [];
    // What each is planned by is read by ten at once: connections are not what is tried here.
    for (let at = 0; at < 1000; at += 10)
      all.push(
        ...(await Promise.all(
          Array.from({ length: 10 }, (_, place) =>
            registration(database.pool, wish({ ref: `many-${at + place}`, customer: `M-${(at + place) % 50}` })),
          ),
        )),
      );
    const answers = await Promise.all(all.map((one) => registrar.register(one)));
    expect(answers.every((answer, at) => answer.result === 'created' && answer.promise.id === all[at]?.id)).toBe(true);
    expect(answers.map((answer) => answer.promise.customerRef)).toEqual(all.map((one) => one.customer.ref));
  });

  it('owes the confirmation and its poke in the same commit', async () => {
    const made = await registration(database.pool, wish({ kind: 'confirmed' }));
    await registrar.register(made);
    expect(await noticesOf(database.pool, made.id)).toMatchObject([{ reason: 'promised', state: 'owed', revision: 1 }]);
    const { rows } = await database.pool.query('select 1 from outbox where promise_id = $1', [made.id]);
    expect(rows).toHaveLength(1);
  });

  it('keeps every field known of a customer whose promises share a flush', async () => {
    const made = await Promise.all(
      ['a', 'b'].map((ref) => registration(database.pool, wish({ ref, customer: 'shared' }))),
    );
    const [first, second] = made.map((one, at) =>
      at === 0 ? one : { ...one, customer: { ...one.customer, email: null } },
    );
    if (!first || !second) throw new Error('Two were made.');
    await Promise.all([registrar.register(first), registrar.register(second)]);
    const { rows } = await database.pool.query('select email from customers where ref = $1', ['shared']);
    expect(rows).toEqual([{ email: 'shared@customers.example' }]);
  });

  it('rejects one impossible row without failing its neighbours in the same flush', async () => {
    const good = await registration(database.pool, wish());
    const bad = { ...(await registration(database.pool, wish())), policyVersion: 99 };
    const more = await registration(database.pool, wish());
    const results = await Promise.allSettled([good, bad, more].map((one) => registrar.register(one)));
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
