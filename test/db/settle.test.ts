import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegistrar } from '../../db/register.ts';
import { advance, recordFact } from '../../db/settle.ts';
import { getPromise, noticesOf, timelineOf } from '../../db/promises.ts';
import { inTransaction } from '../../db/pool.ts';
import { doubtOwed, startable, started, sweepDue, takePokes } from '../../db/engine.ts';
import type { OutsideFact } from '../../domain/promise/facts.ts';
import { IDLE, type Instant } from '../../domain/promise/instant.ts';
import { alertsOf } from '../support/alerts.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fromNow, policy, registration, seed, type RegistrationWish } from '../support/registrations.ts';

const HOUR = 3_600_000;
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  await seed(database.pool, [
    policy({ kind: 'delivery', buffer: { fixed: 'PT1H' }, lead: 'PT2H', factLag: 'PT0S' }),
    policy({ kind: 'careful', buffer: { fixed: 'PT1H' }, lead: 'PT2H', whenUnknown: 'warn', factLag: 'PT0S' }),
  ]);
});
afterAll(() => database.drop());

async function register(wish: Partial<RegistrationWish> & { dueMs?: number } = {}): Promise<string> {
  const { dueMs = 24 * HOUR, ...rest } = wish;
  const made = await registration(database.pool, {
    kind: 'delivery',
    promised: { precision: 'instant', at: fromNow(dueMs) },
    madeAt: fromNow(-24 * HOUR),
    ...rest,
  });
  await createRegistrar(database.pool).register(made);
  return made.id;
}

let counter = 0;
const fact = (kind: 'fulfilled' | 'estimated', more: object = {}): OutsideFact =>
  ({ kind, factKey: `f-${counter++}`, occurredAt: fromNow(0), ...more }) as OutsideFact;
const poked = async (id: string): Promise<number> =>
  (await database.pool.query('select 1 from outbox where promise_id = $1 and claimed_at is null', [id])).rows.length;
const arm = (id: string, at: Instant) => started(database.pool, 1, [{ promiseId: id, sleepsUntil: at }]);
const armAsPlanned = async (id: string) => arm(id, (await getPromise(database.pool, id))?.wakeAt ?? IDLE);

describe('settling', () => {
  it('closes a promise that was fulfilled in time and pokes its sleeping workflow', async () => {
    const id = await register();
    await armAsPlanned(id);
    const { result } = await recordFact(database.pool, id, fact('fulfilled'));
    expect(result).toBe('applied');
    expect(await getPromise(database.pool, id)).toMatchObject({ phase: 'kept', wakeAt: null, armedAt: null });
    expect(await poked(id)).toBe(1);
  });

  it('sends no poke for a promise that closes before any workflow knew it', async () => {
    const id = await register();
    await recordFact(database.pool, id, fact('fulfilled'));
    expect(await poked(id)).toBe(0);
  });

  it('sends no poke for news that changes nothing the workflow must do', async () => {
    const id = await register();
    await armAsPlanned(id);
    await recordFact(database.pool, id, fact('estimated', { at: fromNow(3 * HOUR) }));
    expect((await getPromise(database.pool, id))?.estimatedAt).not.toBeNull();
    expect(await poked(id)).toBe(0);
  });

  it('owes one risk notice, alerts owner and lead, and pokes, when news say it will be late', async () => {
    const id = await register();
    await recordFact(database.pool, id, fact('estimated', { at: fromNow(30 * HOUR) }));
    expect(await noticesOf(database.pool, id)).toMatchObject([{ reason: 'risk', state: 'owed', revision: 1 }]);
    expect((await alertsOf(database.pool, id)).map((a) => [a.reason, a.rung, a.person])).toEqual([
      ['at_risk', 'lead', 'jaan'],
      ['at_risk', 'owner', 'kati'],
    ]);
    expect((await getPromise(database.pool, id))?.phase).toBe('at_risk');
    expect(await poked(id)).toBe(1);
  });

  it('drops the risk notice when it improves again before the notice left', async () => {
    const id = await register();
    await recordFact(database.pool, id, fact('estimated', { at: fromNow(30 * HOUR) }));
    await recordFact(database.pool, id, fact('estimated', { at: fromNow(2 * HOUR), occurredAt: fromNow(1) }));
    expect(await noticesOf(database.pool, id)).toMatchObject([{ reason: 'risk', state: 'dropped' }]);
    expect((await timelineOf(database.pool, id)).map((item) => item.fact.kind)).toContain('notice_dropped');
  });

  it('knows a fact told twice, and refuses another content under its key', async () => {
    const id = await register();
    const news = fact('estimated', { at: fromNow(HOUR) });
    expect((await recordFact(database.pool, id, news)).result).toBe('applied');
    expect((await recordFact(database.pool, id, news)).result).toBe('known');
    expect((await recordFact(database.pool, id, { ...news, occurredAt: fromNow(-HOUR) })).result).toBe('clash');
  });

  it('says unknown for a promise that is not there', async () => {
    const nowhere = '01890000-0000-7000-8000-000000000000';
    expect((await recordFact(database.pool, nowhere, fact('fulfilled'))).result).toBe('unknown');
    expect((await advance(database.pool, nowhere)).closed).toBe('unknown');
  });

  it('lets two writers on one promise finish without deadlock and loses nothing', async () => {
    const id = await register();
    const facts = Array.from({ length: 40 }, (_, at) => fact('estimated', { at: fromNow(at * 60_000) }));
    const results = await Promise.all(facts.map((one) => recordFact(database.pool, id, one)));
    expect(results.every((one) => one.result === 'applied')).toBe(true);
    expect(await timelineOf(database.pool, id)).toHaveLength(41);
    expect((await getPromise(database.pool, id))?.version).toBe(41);
  });
});

describe('advancing', () => {
  it('alerts the owner once the target has passed, leaves the customer in peace, and arms the next instant', async () => {
    const id = await register({ dueMs: HOUR / 2 });
    const step = await advance(database.pool, id);
    expect(step).toMatchObject({ duties: [], closed: null });
    expect((await alertsOf(database.pool, id)).map((a) => [a.reason, a.person])).toEqual([['slip', 'kati']]);
    expect((await getPromise(database.pool, id))?.armedAt).toBe(step.wakeAt);
    expect((await advance(database.pool, id)).wakeAt).toBe(step.wakeAt);
    expect(await alertsOf(database.pool, id)).toHaveLength(1);
  });

  it('warns at the last call where nothing is known and the policy says so', async () => {
    const id = await register({ kind: 'careful', dueMs: HOUR / 2 });
    expect((await advance(database.pool, id)).duties).toMatchObject([{ reason: 'risk' }]);
  });

  it('owes the recovery after the deadline, alerts owner and manager, and waits for a poke only', async () => {
    const id = await register({ dueMs: -1000 });
    const step = await advance(database.pool, id);
    expect(step.duties).toMatchObject([{ reason: 'recovery' }]);
    expect(step.wakeAt).toBeNull();
    const promise = await getPromise(database.pool, id);
    expect(promise).toMatchObject({ phase: 'overdue', armedAt: IDLE });
    expect((await alertsOf(database.pool, id)).map((a) => [a.rung, a.person])).toEqual([
      ['manager', 'mall'],
      ['owner', 'kati'],
    ]);
  });

  it('writes nothing where nothing has changed since the last look, and mends what somebody else changed', async () => {
    const id = await register();
    await advance(database.pool, id);
    const row = async (): Promise<{ readonly version: number; readonly wakes: string }> => {
      const { rows } = await database.pool.query<{ version: number; wakes: string }>(
        'select version, wake_at::text as wakes from promises where id = $1',
        [id],
      );
      return rows[0] ?? { version: 0, wakes: '' };
    };
    const before = await row();
    await advance(database.pool, id);
    expect(await row()).toEqual(before);
    await database.pool.query(`update promises set wake_at = wake_at + interval '1 hour' where id = $1`, [id]);
    await advance(database.pool, id);
    expect(await row()).toEqual({ ...before, version: before.version + 1 });
  });

  it('names the hotline where the owner is not known', async () => {
    const id = await register({ dueMs: -1000, owner: 'nobody' });
    await advance(database.pool, id);
    expect((await alertsOf(database.pool, id)).map((a) => a.person)).toEqual(['hotline', 'hotline']);
  });
});

describe('the due sweep', () => {
  it('settles and pokes what nobody looked at', async () => {
    const id = await register({ dueMs: -60_000 });
    await database.pool.query(`update promises set wake_at = clock_timestamp() - interval '20 seconds' where id = $1`, [
      id,
    ]);
    expect((await sweepDue(database.pool, { graceMs: 15_000, limit: 100, poke: 'all' })).found).toBeGreaterThanOrEqual(
      1,
    );
    expect((await getPromise(database.pool, id))?.wakeAt).toBeNull();
    expect(await poked(id)).toBe(1);
    const taken = await takePokes(database.pool, 100);
    expect(taken.filter((poke) => poke.promiseId === id)).toHaveLength(1);
  });

  it('in relief takes the most urgent first, and pokes only what owes a notice', async () => {
    await database.pool.query('update promises set wake_at = null where wake_at < clock_timestamp()');
    const day = await register({ promised: { precision: 'day', day: '2026-01-05', zone: 'UTC' } });
    const slipping = await register({ dueMs: HOUR / 2 });
    const dueFor = (id: string, seconds: number): Promise<unknown> =>
      database.pool.query(
        `update promises set wake_at = t.at, armed_at = t.at
         from (select clock_timestamp() - $2 * interval '1 second' as at) t where id = $1`,
        [id, seconds],
      );
    // As if it had been registered before it was due.
    await database.pool.query('delete from duties where promise_id = $1', [day]);
    await database.pool.query('delete from outbox');
    await dueFor(day, 100);
    await dueFor(slipping, 10);
    const relief = { graceMs: 0, limit: 1, poke: 'owing' } as const;
    expect((await sweepDue(database.pool, relief)).found).toBe(1);
    expect((await getPromise(database.pool, day))?.wakeAt).toBe((await getPromise(database.pool, day))?.armedAt);
    expect((await alertsOf(database.pool, slipping)).map(({ reason }) => reason)).toEqual(['slip']);
    expect(await poked(slipping)).toBe(0);
    await sweepDue(database.pool, relief);
    expect(await noticesOf(database.pool, day)).toMatchObject([{ reason: 'recovery', state: 'owed' }]);
    expect(await poked(day)).toBe(1);
  });
});

describe('the due sweep over what cannot be settled', () => {
  it('names it, and settles all the others', async () => {
    const broken = await register({ dueMs: -60_000 });
    const other = await register({ dueMs: -60_000 });
    const long = `clock_timestamp() - interval '1 hour'`;
    await database.pool.query(`update promises set wake_at = ${long} where id = any ($1)`, [[broken, other]]);
    await database.pool.query(`update promises set plan = plan || '{"promisedAt": "soon"}' where id = $1`, [broken]);
    const { failed } = await sweepDue(database.pool, { graceMs: 15_000, limit: 100, poke: 'all' });
    expect(failed.map(({ id }) => id)).toEqual([broken]);
    expect((await getPromise(database.pool, other))?.wakeAt).toBeNull();
    await database.pool.query(`update promises set wake_at = null where id = $1`, [broken]);
  });

  it('lets the starter ask again for promises whose notice has long been owed, and only for those', async () => {
    const stuck = await register({ dueMs: -60_000 });
    await advance(database.pool, stuck);
    const calm = await register();
    await armAsPlanned(calm);
    await database.pool.query('update promises set engine_epoch = 1 where id = $1', [stuck]);
    const asked = async (): Promise<string[]> =>
      (await startable(database.pool, 1, null, 100)).map((one) => one.promiseId);
    expect(await asked()).not.toContain(stuck);
    await database.pool.query(
      `update duties set not_before = clock_timestamp() - interval '2 minutes' where promise_id = $1`,
      [stuck],
    );
    await database.pool.query('delete from outbox where promise_id = $1', [stuck]);
    // Whoever settles it just then is not waited for, and waits for nobody: the next look takes it.
    await inTransaction(database.pool, async (tx) => {
      await tx.query('select from promises where id = $1 for update', [stuck]);
      expect(await doubtOwed(database.pool, 60_000, 100)).toBe(0);
    });
    expect(await doubtOwed(database.pool, 60_000, 100)).toBe(1);
    expect(await asked()).toContain(stuck);
    expect(await asked()).not.toContain(calm);
  });
});

describe('history', () => {
  it('takes facts as ever, and owes nothing to anybody', async () => {
    const id = await register({ dueMs: -60_000 });
    await database.pool.query('update promises set history = true, wake_at = null where id = $1', [id]);
    await database.pool.query('delete from duties where promise_id = $1', [id]);
    await database.pool.query('delete from outbox where promise_id = $1', [id]);
    await recordFact(database.pool, id, { ...fact('estimated'), at: fromNow(HOUR) } as OutsideFact);
    expect((await advance(database.pool, id)).duties).toEqual([]);
    expect(await getPromise(database.pool, id)).toMatchObject({ phase: 'overdue', wakeAt: null, armedAt: null });
    await recordFact(database.pool, id, fact('fulfilled'));
    expect(await getPromise(database.pool, id)).toMatchObject({ phase: 'broken', wakeAt: null, armedAt: null });
    expect([await poked(id), await noticesOf(database.pool, id), await alertsOf(database.pool, id)]).toEqual([
      0,
      [],
      [],
    ]);
    expect((await startable(database.pool, 1, null, 1000)).map((one) => one.promiseId)).not.toContain(id);
  });
});

describe('the roll-up', () => {
  const days = async (): Promise<string[]> =>
    (await database.pool.query<{ day: string }>('delete from rollup_due returning day::text')).rows.map(
      (row) => row.day,
    );

  it('is told the day of what has closed, and of whatever changes about it later', async () => {
    const promised = { precision: 'day', day: '2030-03-04', zone: 'Pacific/Kiritimati' } as const;
    const id = await register({ promised });
    await recordFact(database.pool, id, { ...fact('estimated'), at: fromNow(HOUR) } as OutsideFact);
    await days();
    await recordFact(database.pool, id, fact('fulfilled'));
    expect(await days()).toEqual(['2030-03-04']);
    await recordFact(database.pool, id, { ...fact('fulfilled'), occurredAt: fromNow(-HOUR) });
    expect(await days()).toEqual(['2030-03-04']);
  });

  it('is told nothing of what stays open', async () => {
    const id = await register();
    await days();
    await recordFact(database.pool, id, { ...fact('estimated'), at: fromNow(HOUR) } as OutsideFact);
    expect(await days()).toEqual([]);
  });
});

describe('the starter', () => {
  it('pokes where the promise moved earlier between its read and its start', async () => {
    const id = await register();
    await arm(id, fromNow(48 * HOUR));
    expect(await poked(id)).toBe(1);
  });
});
