import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sweepAlerts } from '../../db/alert-sweep.ts';
import { acknowledgeAlert, openAlerts } from '../../db/alerts.ts';
import { savePeople } from '../../db/people.ts';
import { databaseNow } from '../../db/pool.ts';
import { createRegistrar } from '../../db/register.ts';
import { recordFact } from '../../db/settle.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fromNow, policy, registration, seed, STAFF } from '../support/registrations.ts';

const HOUR = 3_600_000;
let database: TestDatabase;

const kind = (name: string, escalation: object) =>
  policy({ kind: name, buffer: { fixed: 'PT2H' }, lead: 'PT1M', factLag: 'PT0S', escalation });

beforeAll(async () => {
  database = await testDatabase();
  await seed(database.pool, [
    kind('repeats', { repeat: 'PT4H', times: 2 }),
    kind('once', { repeat: 'none' }),
    kind('up', { repeat: 'PT4H', times: 0 }),
  ]);
});
afterAll(() => database.drop());

async function slipping(name: string, owner = 'kati'): Promise<string> {
  const wish = { kind: name, promised: { precision: 'instant', at: fromNow(10 * HOUR) }, owner } as const;
  const { promise } = await createRegistrar(database.pool).register(await registration(database.pool, wish));
  await tell(promise.id, { kind: 'estimated', at: fromNow(9 * HOUR) });
  return promise.id;
}

const tell = (id: string, fact: object) =>
  recordFact(database.pool, id, { factKey: randomUUID(), occurredAt: fromNow(0), ...fact } as never);

/** As if each mail had left and the pause after it had passed. */
async function later(): Promise<void> {
  await database.pool.query(
    `update staff_alerts set waiting_since = null, due_at = case when due_at is not null then clock_timestamp() end`,
  );
  while ((await sweepAlerts(database.pool, 100)) === 100);
}

interface Told {
  readonly person: string | null;
  readonly reason: string;
  readonly times: number;
  readonly waits: boolean;
}
async function toldOf(promiseId: string): Promise<readonly string[]> {
  const { rows } = await database.pool.query<Told>(
    `select person, reason, times, waiting_since is not null as waits from staff_alerts where promise_id = $1 order by at, id`,
    [promiseId],
  );
  return rows.map(({ person, reason, times, waits }) => `${person} ${reason} ${times}${waits ? ' waits' : ''}`);
}

describe('an alert that nobody acknowledges', () => {
  it('goes again twice, then to the lead, twice again, then to the manager, and stops there', async () => {
    const id = await slipping('repeats');
    const owner = 'kati slip';
    const lead = 'jaan unacknowledged';
    const manager = 'mall unacknowledged';
    expect(await toldOf(id)).toEqual([`${owner} 1 waits`]);
    const seen: (readonly string[])[] = [];
    for (let turn = 0; turn < 10; turn += 1) {
      await later();
      seen.push(await toldOf(id));
    }
    expect(seen).toEqual([
      [`${owner} 2 waits`],
      [`${owner} 3 waits`],
      [`${owner} 3`, `${lead} 1 waits`],
      [`${owner} 3`, `${lead} 2 waits`],
      [`${owner} 3`, `${lead} 3 waits`],
      [`${owner} 3`, `${lead} 3`, `${manager} 1 waits`],
      [`${owner} 3`, `${lead} 3`, `${manager} 2 waits`],
      [`${owner} 3`, `${lead} 3`, `${manager} 3 waits`],
      [`${owner} 3`, `${lead} 3`, `${manager} 3`],
      [`${owner} 3`, `${lead} 3`, `${manager} 3`],
    ]);
    const { rows } = await database.pool.query('select 1 from outbox where promise_id = $1', [id]);
    expect(rows).toEqual([]);
  });

  it('goes once, where the policy repeats nothing', async () => {
    const id = await slipping('once');
    await later();
    expect(await toldOf(id)).toEqual(['kati slip 1']);
  });

  it('goes up at once where it is not to be repeated, past a rung on which nobody stands', async () => {
    await savePeople(database.pool, {
      ...STAFF,
      people: STAFF.people.map((person) =>
        person.id === 'kati' ? { ...person, lead: null, manager: 'mall' } : person,
      ),
    });
    const id = await slipping('up');
    await later();
    expect(await toldOf(id)).toEqual(['kati slip 1', 'mall unacknowledged 1 waits']);
    await savePeople(database.pool, STAFF);
  });

  it('is not moved by several sweeps at once more often than by one', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => slipping('repeats')));
    await database.pool.query('update staff_alerts set due_at = clock_timestamp() where promise_id = any ($1)', [ids]);
    await Promise.all(Array.from({ length: 4 }, () => sweepAlerts(database.pool, 100)));
    const { rows } = await database.pool.query(
      'select times, count(*)::int as n from staff_alerts where promise_id = any ($1) group by times',
      [ids],
    );
    expect(rows).toEqual([{ times: 2, n: 20 }]);
  });
});

describe('an alert is told of no more', () => {
  const alertIds = async (promiseId: string): Promise<readonly string[]> =>
    (
      await database.pool.query<{ id: string }>('select id from staff_alerts where promise_id = $1 order by at, id', [
        promiseId,
      ])
    ).rows.map(({ id }) => id);

  it('once it was acknowledged, on any rung to which it went', async () => {
    const id = await slipping('up');
    await later();
    const [, above = ''] = await alertIds(id);
    const acknowledged = await acknowledgeAlert(database.pool, above, 'jaan');
    expect(acknowledged).toMatchObject({ acknowledgedBy: 'jaan', dueAt: null });
    expect(await acknowledgeAlert(database.pool, above, 'mall')).toEqual(acknowledged);
    await later();
    expect(await toldOf(id)).toEqual(['kati slip 1', 'jaan unacknowledged 1']);
    const { rows } = await database.pool.query(
      'select count(*)::int as n from staff_alerts where promise_id = $1 and acknowledged_at is null',
      [id],
    );
    expect(rows).toEqual([{ n: 0 }]);
  });

  it('once its promise has ended, and again when it has not ended after all', async () => {
    const id = await slipping('repeats');
    await tell(id, { kind: 'fulfilled' });
    await later();
    expect(await toldOf(id)).toEqual(['kati slip 1']);
    await tell(id, { kind: 'fulfilment_reversed' });
    const { rows } = await database.pool.query('select ended_at from staff_alerts where promise_id = $1', [id]);
    expect(rows).toEqual([{ ended_at: null }]);
  });

  it('while it has lost its reason: what gets it back goes on where it was', async () => {
    const id = await slipping('repeats');
    await tell(id, { kind: 'estimated', at: fromNow(HOUR) });
    await later();
    expect(await toldOf(id)).toEqual(['kati slip 1']);
    await tell(id, { kind: 'estimated', at: fromNow(9 * HOUR) });
    await later();
    expect(await toldOf(id)).toEqual(['kati slip 2 waits']);
  });

  it('by a mail, where nobody can be written to', async () => {
    const id = await slipping('once', 'nobody');
    await database.pool.query(`update staff_alerts set person = 'nobody' where promise_id = $1`, [id]);
    await sweepAlerts(database.pool, 100);
    expect(await toldOf(id)).toEqual(['nobody slip 1']);
  });
});

it('whoever is away has a deputy on duty who is told instead', async () => {
  const people = STAFF.people.map((person) =>
    person.id === 'jaan' ? { ...person, deputy: 'mall', absences: [{ from: '2000-01-01', to: '2100-01-01' }] } : person,
  );
  await savePeople(database.pool, { ...STAFF, people });
  const id = await slipping('once');
  await tell(id, { kind: 'estimated', at: fromNow(20 * HOUR) });
  expect([...(await toldOf(id))].sort()).toEqual(['kati at_risk 1 waits', 'kati slip 1 waits', 'mall at_risk 1 waits']);
  await savePeople(database.pool, STAFF);
});

describe('goes to who is there today, not to who was when it was given', () => {
  afterEach(() => savePeople(database.pool, STAFF));
  /** Jaan stays away; Mari comes. What is said of one of them goes for today. */
  const today = (changes: Readonly<Record<string, object | null>>) =>
    savePeople(database.pool, {
      ...STAFF,
      people: [...STAFF.people, { ...STAFF.people[1], id: 'mari', name: 'Mari Mets' }].flatMap((person) => {
        const change = changes[person.id];
        return change === null ? [] : [{ ...person, ...change } as (typeof STAFF.people)[number]];
      }),
    });
  /** Kati was silent, and Jaan, her lead, was told as often as `name` says. */
  async function withLead(name: string, turns: number): Promise<string> {
    const id = await slipping(name);
    for (let turn = 0; turn < turns; turn += 1) await later();
    expect((await toldOf(id))[1]).toMatch(/^jaan unacknowledged/);
    return id;
  }

  it('another lead is told as often as the one before, and only then the manager', async () => {
    const id = await withLead('repeats', 5);
    await today({ kati: { lead: 'mari' } });
    const seen: (string | undefined)[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      await later();
      seen.push((await toldOf(id)).at(-1));
    }
    const mari = 'mari unacknowledged';
    expect(seen).toEqual([`${mari} 1 waits`, `${mari} 2 waits`, `${mari} 3 waits`, 'mall unacknowledged 1 waits']);
  });

  it('who stands in for a lead that is away is told in their place, no more often than them', async () => {
    const id = await withLead('repeats', 4);
    await today({ jaan: { deputy: 'mari', absences: [{ from: '2000-01-01', to: '2100-01-01' }] } });
    await later();
    expect((await toldOf(id)).at(-1)).toBe('mari unacknowledged 3 waits');
    await later();
    expect((await toldOf(id)).at(-1)).toBe('mall unacknowledged 1 waits');
  });

  it('where nobody is lead any more, the manager is told at once', async () => {
    const id = await withLead('repeats', 4);
    await today({ kati: { lead: null, manager: 'mall' } });
    await later();
    expect((await toldOf(id)).at(-1)).toBe('mall unacknowledged 1 waits');
  });

  it('who leaves is waited for no longer, also where the policy repeats nothing', async () => {
    const id = await slipping('once');
    await tell(id, { kind: 'estimated', at: fromNow(20 * HOUR) });
    await today({ jaan: null, kati: { lead: 'mari' } });
    await sweepAlerts(database.pool, 100);
    expect((await toldOf(id)).filter((line) => line.includes('at_risk')).toSorted()).toEqual([
      'kati at_risk 1 waits',
      'mari at_risk 1 waits',
    ]);
  });

  it('is never given to who was silent, though they stand in for the next one', async () => {
    await today({ jaan: { deputy: 'kati', absences: [{ from: '2000-01-01', to: '2100-01-01' }] } });
    const id = await slipping('up');
    await later();
    expect(await toldOf(id)).toEqual(['kati slip 1', 'mall unacknowledged 1 waits']);
  });
});

it('counts for each of the staff what is open', async () => {
  await database.pool.query('truncate staff_alerts cascade');
  await slipping('once');
  await slipping('once');
  const over = await slipping('once');
  await slipping('once', 'jaan');
  await tell(over, { kind: 'fulfilled' });
  expect(await openAlerts(database.pool, await databaseNow(database.pool))).toEqual([
    { personId: 'kati', person: 'Kati Kask', count: 2 },
    { personId: 'jaan', person: 'Jaan Tamm', count: 1 },
  ]);
});
