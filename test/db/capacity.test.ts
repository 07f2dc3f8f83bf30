import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { acknowledgeAlert, alertLines, listAlerts } from '../../db/alerts.ts';
import { capacityOf, lookAtCapacity } from '../../db/capacity.ts';
import { waitingPeople } from '../../db/digests.ts';
import { savePeople } from '../../db/people.ts';
import { createRegistrar } from '../../db/register.ts';
import { beginReplay } from '../../db/replays.ts';
import { recordFact } from '../../db/settle.ts';
import type { Undertaking } from '../../domain/promise/plan.ts';
import { companySays } from '../support/company.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fromNow, policy, registration, seed, STAFF } from '../support/registrations.ts';

const [HOUR, DAY] = [3_600_000, 24 * 3_600_000];
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  const rules = { buffer: { fixed: 'PT1H' }, lead: 'PT1M', factLag: 'PT0S' };
  await seed(database.pool, [
    policy({ kind: 'reply', ...rules, whenUnknown: 'warn' }),
    policy({ kind: 'delivery', ...rules, whenUnknown: 'silent' }),
  ]);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.pool.query('truncate promises, facts, duties, outbox, staff_alerts cascade');
  await database.pool.query(`update capacity set shortages = '[]', needed_ms = 0, have_ms = 0`);
  await savePeople(database.pool, STAFF);
  await companySays(database.pool, { capacity: { wakesPerSecond: 1 } });
});

const atOnce: Undertaking = { precision: 'instant', at: fromNow(5 * HOUR) };

/** So many promises with one deadline: 25 s of last calls at one a second are as many as their minute of lead bears. */
async function herd(count: number, { kind = 'reply', promised = atOnce } = {}): Promise<readonly string[]> {
  const { register } = createRegistrar(database.pool);
  const wishes = Array.from({ length: count }, () =>
    registration(database.pool, { kind, promised, madeAt: fromNow(-2 * DAY), owner: 'kati' }),
  );
  const made = await Promise.all((await Promise.all(wishes)).map(register));
  return made.map(({ promise }) => promise.id);
}

/** Twice: what grows no more counts. */
async function look(): Promise<void> {
  await lookAtCapacity(database.pool);
  await lookAtCapacity(database.pool);
}

const alerts = async () =>
  (await listAlerts(database.pool, { limit: 100 })).filter(({ reason }) => reason === 'capacity');
const open = async () =>
  (await listAlerts(database.pool, { limit: 100, open: true })).filter(({ reason }) => reason === 'capacity');

describe('herds ahead', () => {
  it('are in time as long as the engine is quick enough', async () => {
    await herd(20);
    await look();
    expect(await capacityOf(database.pool)).toEqual({ neededMs: 20_000, haveMs: 25_000, shortages: [] });
    expect(await alerts()).toEqual([]);
  });

  it('are too many, said at the second look: the first one may have come while they were handed over', async () => {
    const ids = await herd(30);
    await lookAtCapacity(database.pool);
    expect((await capacityOf(database.pool)).shortages).toEqual([]);
    await lookAtCapacity(database.pool);
    const { shortages } = await capacityOf(database.pool);
    expect(shortages).toMatchObject([{ count: 30, neededMs: 30_000, haveMs: 25_000 }]);
    expect(ids).toContain(shortages[0]?.promiseId);
  });

  it.each([
    ['of whom nobody is warned without news', { kind: 'delivery' }],
    ['of tomorrow', { promised: { precision: 'instant', at: fromNow(26 * HOUR) } as const }],
  ])('are none %s', async (_, wish) => {
    await herd(30, wish);
    await look();
    expect(await capacityOf(database.pool)).toEqual({ neededMs: 0, haveMs: 0, shortages: [] });
  });

  it('are none of a history that is played in seconds', async () => {
    const ids = await herd(30);
    await database.pool.query(`update promises set source = 'olist' where id = any ($1)`, [ids]);
    await beginReplay(database.pool, { source: 'another', originAt: fromNow(0), dayMs: 2_000 });
    await look();
    expect((await capacityOf(database.pool)).shortages).toHaveLength(1);
    await database.pool.query(`update replays set source = 'olist'`);
    await look();
    expect((await capacityOf(database.pool)).shortages).toEqual([]);
    await database.pool.query('truncate replays');
  });

  it('are seen beyond an alert that comes first', async () => {
    // The target is an hour before the deadline: its alert comes first, and wakes them, too.
    const ids = await herd(30);
    const { rows } = await database.pool.query<{ first: boolean }>(
      'select bool_and(wake_at < last_call_at) as first from promises where id = any ($1)',
      [ids],
    );
    expect(rows).toEqual([{ first: true }]);
    await look();
    expect((await capacityOf(database.pool)).shortages).toHaveLength(1);
  });

  it('are in time again once some of it are fulfilled', async () => {
    const ids = await herd(30);
    await look();
    for (const id of ids.slice(0, 10))
      await recordFact(database.pool, id, { kind: 'fulfilled', factKey: 'f', occurredAt: fromNow(0) });
    await lookAtCapacity(database.pool);
    expect((await capacityOf(database.pool)).shortages).toEqual([]);
    expect(await open()).toEqual([]);
  });
});

describe('managers are told', () => {
  it('once, however often somebody looks, and at once: urgently', async () => {
    await herd(30);
    for (let n = 0; n < 4; n += 1) await look();
    expect(await alerts()).toMatchObject([{ person: 'mall', rung: 'manager', reason: 'capacity', dueAt: null }]);
    const [waiting] = await waitingPeople(database.pool, null);
    expect(waiting?.urgentFrom).toBe(waiting?.since);
  });

  it('how many, from when, and how long the engine needs', async () => {
    await herd(30);
    await look();
    const [alert] = await alerts();
    const [line] = await alertLines(database.pool, [alert?.id ?? ''], fromNow(0));
    expect(line).toMatchObject({ group: 'capacity', shortage: { count: 30, neededMs: 30_000, haveMs: 25_000 } });
  });

  it('no more once it is over, and again when it comes again', async () => {
    await herd(30);
    await look();
    await companySays(database.pool, { capacity: { wakesPerSecond: 2 } });
    await look();
    expect(await open()).toEqual([]);
    await companySays(database.pool, { capacity: { wakesPerSecond: 1 } });
    await look();
    expect([(await alerts()).length, (await open()).length]).toEqual([2, 1]);
  });

  it('of each of two herds that are apart', async () => {
    await herd(30);
    await herd(30, { promised: { precision: 'instant', at: fromNow(7 * HOUR) } });
    await look();
    expect(await open()).toHaveLength(2);
  });

  it('also where the promise that stands for the herd ends; not after they have acknowledged it', async () => {
    await herd(40);
    await look();
    const [alert] = await open();
    await recordFact(database.pool, alert?.promiseId ?? '', {
      kind: 'fulfilled',
      factKey: 'f',
      occurredAt: fromNow(0),
    });
    await look();
    expect(await open()).toHaveLength(1);
    await acknowledgeAlert(database.pool, alert?.id ?? '', 'mall');
    await look();
    expect([(await alerts()).length, (await open()).length]).toEqual([1, 0]);
  });

  it('where nobody is a manager, customer care is', async () => {
    await savePeople(database.pool, { ...STAFF, people: STAFF.people.map((person) => ({ ...person, manager: null })) });
    await herd(30);
    await look();
    expect(await alerts()).toMatchObject([{ person: 'hotline' }]);
  });
});
