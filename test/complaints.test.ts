import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { savePolicies } from '../db/policies.ts';
import { inTransaction } from '../db/pool.ts';
import { settle } from '../db/settle.ts';
import { instant } from '../domain/promise/instant.ts';
import { DAY, HOUR, itemsOf, pointersOf, registered, soon, type Json } from './api/testing.ts';
import { asking, daily, FRIDAY, later, POLICIES, quiet, waits, type Asking } from './support/complaints.ts';
import { testDatabase, type TestDatabase } from './support/database.ts';
import { policy, seed } from './support/registrations.ts';

// What users of other systems complain about, each shown not to be true of Kept: through the HTTP API on a real
// PostgreSQL. What is about the engine stands in complaints.engine.test.ts; what is proved at length elsewhere is shown
// here by a few examples.

let database: TestDatabase;
let asks: Asking;
beforeAll(async () => {
  database = await testDatabase();
  await seed(database.pool, POLICIES);
  asks = await asking(database.pool);
});
afterAll(() => database.drop());

describe('2: the pause is lost when the target changes', () => {
  const [pause, resume, retarget] = [
    { ...waits, occurredAt: '2026-01-19T08:00:00Z' },
    { kind: 'resumed', occurredAt: '2026-01-19T10:00:00Z' },
    { kind: 'repromised', promised: { within: 'PT20H', calendar: 'office' }, agreedByCustomer: true },
  ];
  const made = { kind: 'reply', madeAt: FRIDAY, promised: { within: 'PT8H', calendar: 'office' } };

  it.each([
    ['before the pause', '2026-01-19T07:30:00Z'],
    ['within it', '2026-01-19T09:00:00Z'],
    ['after it', '2026-01-19T10:30:00Z'],
  ])('counts it the same for a target that changes %s, in whatever order the news arrive', async (_, occurredAt) => {
    const facts = [pause, resume, { ...retarget, occurredAt }];
    const ends = new Set<unknown>();
    for (const order of [facts, facts.toReversed(), [facts[2], facts[0], facts[1]]]) {
      const id = await registered(asks.call, made);
      for (const fact of order) if (fact) await asks.tell(id, fact);
      ends.add((await asks.read(id))['promisedAt']);
    }
    // 20 working hours from Friday 15:00, and the two hours waited without their half hour of lunch.
    expect([...ends]).toEqual(['2026-01-21T12:30:00.000Z']);
  });

  it('leaves the same working time while it stands', async () => {
    const id = await registered(asks.call, made);
    await asks.tell(id, pause);
    const { promisedAt, clock } = await asks.tell(id, { ...retarget, occurredAt: '2026-01-19T09:00:00Z' });
    // Two hours of Friday and one of Monday are gone.
    expect([promisedAt, clock]).toMatchObject([null, { withinMs: 20 * HOUR, leftMs: 17 * HOUR }]);
  });
});

describe('3: pauses counted in nights, weekends and holidays', () => {
  it.each([
    ['a night', '2026-01-19T15:00:00Z', '2026-01-20T07:00:00Z'],
    ['a week-end', '2026-01-16T15:00:00Z', '2026-01-19T07:00:00Z'],
    ['lunch', '2026-01-19T10:30:00Z', '2026-01-19T11:00:00Z'],
    // Tuesday, 24 February is a holiday in Estonia.
    ['a holiday', '2026-02-23T15:00:00Z', '2026-02-25T07:00:00Z'],
  ])('costs nothing: %s', async (_, from, to) => {
    const madeAt = later(from, -HOUR);
    const id = await registered(asks.call, {
      kind: 'reply',
      madeAt,
      promised: { within: 'PT20H', calendar: 'office' },
    });
    const { promisedAt } = await asks.read(id);
    expect((await asks.tell(id, { ...waits, occurredAt: from }))['promisedAt']).toBeNull();
    expect((await asks.tell(id, { kind: 'resumed', occurredAt: to }))['promisedAt']).toBe(promisedAt);
  });

  it('costs the working time inside it', async () => {
    const id = await registered(asks.call, {
      kind: 'reply',
      madeAt: FRIDAY,
      promised: { within: 'PT4H', calendar: 'office' },
    });
    expect((await asks.read(id))['promisedAt']).toBe('2026-01-19T09:00:00.000Z');
    const [occurredAt, until] = ['2026-01-16T14:00:00Z', '2026-01-19T08:00:00Z'];
    expect((await asks.tell(id, { ...waits, occurredAt, until }))['promisedAt']).toBe('2026-01-19T11:30:00.000Z');
  });
});

describe('4: only one working interval a day', () => {
  it('has several a day, with lunch and a break between them', async () => {
    await asks.calendar('desk', daily('08:00-10:00', '10:15-12:00', '13:00-15:00', '20:00-22:00'));
    const promised = (hours: number): Json => ({ within: `PT${hours * 60}M`, calendar: 'desk' });
    const eight = '2026-01-19T06:00:00.000Z';
    expect(await asks.due(eight, promised(2))).toBe('2026-01-19T08:00:00.000Z');
    expect(await asks.due(eight, promised(3))).toBe('2026-01-19T09:15:00.000Z');
    expect(await asks.due(eight, promised(4))).toBe('2026-01-19T11:15:00.000Z');
    expect(await asks.due(eight, promised(7))).toBe('2026-01-19T19:15:00.000Z');
    expect(await asks.due(eight, promised(8))).toBe('2026-01-20T06:15:00.000Z');
  });
});

// Against a look at each minute: test/domain/calendar/working-time.oracle.test.ts.
describe('5: a minute lost at midnight on 24x7 clocks; a weekday missing breaks the schedule', () => {
  it('counts every minute of every midnight', async () => {
    await asks.calendar('always', daily('00:00-24:00'), { zone: 'UTC' });
    for (const [minutes, expected] of [
      [1, '2026-01-18T23:59:00.000Z'],
      [2, '2026-01-19T00:00:00.000Z'],
      [3, '2026-01-19T00:01:00.000Z'],
      [24 * 60, '2026-01-19T23:58:00.000Z'],
      [7 * 24 * 60, '2026-01-25T23:58:00.000Z'],
      [365 * 24 * 60, '2027-01-18T23:58:00.000Z'],
    ] as const)
      expect(await asks.due('2026-01-18T23:58:00Z', { within: `PT${minutes}M`, calendar: 'always' })).toBe(expected);
  });

  it('goes from one weekday to the next there is, and from one end of the week to the other', async () => {
    await asks.calendar('odd', { mon: ['09:00-12:00'], thu: ['22:00-24:00'] }, { zone: 'UTC' });
    const madeAt = '2026-01-19T11:00:00Z';
    expect(await asks.due(madeAt, { within: 'PT2H', calendar: 'odd' })).toBe('2026-01-22T23:00:00.000Z');
    expect(await asks.due(madeAt, { within: 'PT3H', calendar: 'odd' })).toBe('2026-01-23T00:00:00.000Z');
    expect(await asks.due(madeAt, { within: 'PT4H', calendar: 'odd' })).toBe('2026-01-26T10:00:00.000Z');
  });
});

describe('6: "failed" the moment it is created; off by one day at midnight', () => {
  it('takes no time without a zone', async () => {
    for (const at of ['2031-11-27T15:00:00', '2031-11-27 15:00', '2031-11-27']) {
      const { status, body } = await asks.plan({ promised: { at } });
      expect([status, pointersOf(body)]).toEqual([422, ['/promised/at']]);
    }
  });

  it('has a promise for today open until the day is over where the customer is', async () => {
    for (const zone of ['Pacific/Kiritimati', 'Europe/Tallinn', 'Pacific/Pago_Pago']) {
      const today = new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(Date.now() + 60_000);
      const id = await registered(asks.call, { kind: 'delivery', promised: { day: today, zone } });
      expect((await asks.read(id))['phase']).toBe('open');
    }
  });

  it.each([
    ['Pacific/Kiritimati', '2026-05-06T10:00:00.000Z'],
    ['Europe/Tallinn', '2026-05-06T21:00:00.000Z'],
    ['America/Los_Angeles', '2026-05-07T07:00:00.000Z'],
  ])('is kept up to the last millisecond of the day in %s, and broken at midnight', async (zone, midnight) => {
    const made = { kind: 'delivery', madeAt: '2026-05-01T12:00:00Z', promised: { day: '2026-05-06', zone } };
    const [inTime, late] = [await registered(asks.call, made), await registered(asks.call, made)];
    expect((await asks.read(inTime))['promisedAt']).toBe(midnight);
    expect(await asks.tell(inTime, { kind: 'fulfilled', occurredAt: later(midnight, -1) })).toMatchObject({
      phase: 'kept',
    });
    expect(await asks.tell(late, { kind: 'fulfilled', occurredAt: midnight })).toMatchObject({ phase: 'broken' });
  });
});

// Every zone of IANA, both changes of ten years: npm run test:long; a sample of them in test/domain/calendar.
describe('7: one hour off at a DST change', () => {
  it.each([
    ['spring', '2026-03-28T10:00:00.000Z', '2026-03-29T09:00:00.000Z', '2026-03-29T10:00:00.000Z'],
    ['autumn', '2026-10-24T09:00:00.000Z', '2026-10-25T10:00:00.000Z', '2026-10-25T09:00:00.000Z'],
  ])('in %s a day ends at the same time of the clock, and 24 hours are 24 hours', async (_, noon, nextNoon, in24) => {
    expect(await asks.due(noon, { within: 'P1D' })).toBe(nextNoon);
    expect(await asks.due(noon, { within: 'PT24H' })).toBe(in24);
  });

  it('counts the night that has an hour less and the one that has an hour more', async () => {
    await asks.calendar('night', daily('00:00-06:00'));
    const promised = (hours: number): Json => ({ within: `PT${hours}H`, calendar: 'night' });
    // Midnight to six in Tallinn: five hours in spring, seven in autumn.
    expect(await asks.due('2026-03-28T22:00:00Z', promised(5))).toBe('2026-03-29T03:00:00.000Z');
    expect(await asks.due('2026-03-28T22:00:00Z', promised(6))).toBe('2026-03-29T22:00:00.000Z');
    expect(await asks.due('2026-10-24T21:00:00Z', promised(7))).toBe('2026-10-25T04:00:00.000Z');
  });

  it.each([
    ['Europe/Tallinn', '2026-03-29', '2026-03-29T21:00:00.000Z'],
    ['Europe/Tallinn', '2026-10-25', '2026-10-25T22:00:00.000Z'],
    // Half an hour back, and midnight itself skipped.
    ['Australia/Lord_Howe', '2026-04-05', '2026-04-05T13:30:00.000Z'],
    ['Africa/Cairo', '2026-04-23', '2026-04-23T22:00:00.000Z'],
  ])('ends the day of %s on %s where it ends', async (zone, day, end) => {
    const { body } = await asks.plan({ kind: 'delivery', madeAt: '2026-03-01T00:00:00Z', promised: { day, zone } });
    expect(body['promisedAt']).toBe(end);
  });
});

describe('8: the wrong event stops or restarts the clock', () => {
  const news: readonly Json[] = [
    { kind: 'estimated', at: soon(30 * DAY) },
    { kind: 'progressed', checkpoint: 'packed' },
    waits,
    { kind: 'resumed' },
    { kind: 'repromised', promised: { at: soon(40 * DAY) }, agreedByCustomer: true },
    { kind: 'attempted', result: 'no_answer' },
    { kind: 'fulfilled' },
    { kind: 'withdrawn', by: 'company' },
  ];

  it.each([
    ['kept', { kind: 'fulfilled' }],
    ['broken', { kind: 'withdrawn', by: 'company' }],
    ['withdrawn', { kind: 'withdrawn', by: 'customer' }],
  ])('is %s for good, whatever is told afterwards', async (phase, end) => {
    const id = await registered(asks.call, { kind: 'delivery', madeAt: soon(-2 * HOUR) });
    const ended = await asks.tell(id, { ...end, occurredAt: soon(-HOUR) });
    expect(ended['phase']).toBe(phase);
    for (const fact of news) expect(await asks.tell(id, fact)).toEqual(ended);
  });

  it('a thank-you opens nothing, and stops no clock that runs', async () => {
    const id = await registered(asks.call, { kind: 'reply', promised: { within: 'PT10H' } });
    const thanks = { kind: 'contacted', channel: 'email', about: 'other' };
    const open = await asks.read(id);
    expect(await asks.tell(id, thanks)).toEqual({ ...open, contacts: 1 });
    const closed = await asks.tell(id, { kind: 'fulfilled' });
    expect(await asks.tell(id, thanks)).toEqual({ ...closed, contacts: 2 });
  });

  it.each(['partner', 'us'])(
    'waiting for %s stops no clock: only waiting for the customer does',
    async (waitingFor) => {
      const id = await registered(asks.call, { kind: 'reply', promised: { within: 'PT10H' } });
      const { promisedAt } = await asks.read(id);
      expect(await asks.tell(id, { kind: 'paused', waitingFor })).toMatchObject({ phase: 'open', promisedAt });
    },
  );
});

describe('9: missing deadline treated as instant breach', () => {
  it('a clock that stands since a year ago has no deadline: open, not overdue, and in no rate', async () => {
    const source = 'standing';
    const madeAt = soon(-365 * DAY);
    const id = await registered(asks.call, { source, kind: 'reply', madeAt, promised: { within: 'PT1H' } });
    await asks.tell(id, { ...waits, occurredAt: later(madeAt, HOUR / 2) });
    expect(await asks.read(id)).toMatchObject({
      phase: 'paused',
      promisedAt: null,
      wakeAt: null,
      clock: { leftMs: HOUR / 2 },
    });
    // It was overdue for the moment before the pause was told: what was owed then has lost its reason.
    const notices = await asks.noticesOf(id);
    expect(notices.filter((notice) => notice['state'] !== 'dropped')).toEqual([]);
    const overdue = await asks.call('GET', `/v1/promises?source=${source}&phase=overdue`);
    expect(itemsOf(overdue.body)).toEqual([]);
    const { body } = await asks.call('GET', `/v1/reports/word-kept?source=${source}`);
    expect(body['groups']).toMatchObject([
      { promises: 1, open: 1, overdue: 0, keptRate: null, keptRateFirst: null, marginMs: { p50: null } },
    ]);
  });
});

describe('10: a policy or calendar change not applied, or applied to the past', () => {
  it('is a fact on each open promise, and nothing on a closed one; until then each keeps its own versions', async () => {
    const { pool } = database;
    const kind = 'changing';
    await asks.calendar('round', daily('00:00-24:00'));
    await savePolicies(pool, [policy({ kind, ...quiet, buffer: { working: 'PT1H', calendar: 'round' } })]);
    const made = { kind, promised: { at: soon(100 * DAY) } };
    const [open, closed] = [await registered(asks.call, made), await registered(asks.call, made)];
    await asks.tell(closed, { kind: 'fulfilled' });
    const before = [await asks.read(open), await asks.read(closed)];
    await savePolicies(pool, [policy({ kind, ...quiet, buffer: { working: 'PT2H', calendar: 'round' } })]);
    expect([await asks.read(open), await asks.read(closed)]).toEqual(before);

    const applied = { kind: 'policy_applied', version: 2, calendars: { round: 1 } } as const;
    const fact = { ...applied, factKey: 'policy:2', occurredAt: instant(Date.now()) };
    await inTransaction(pool, (tx) =>
      settle(
        tx,
        [open, closed].map((id) => ({ id, facts: [fact] })),
      ),
    );
    expect(await asks.read(open)).toMatchObject({
      policyVersion: 2,
      promisedAt: before[0]?.['promisedAt'],
      targetAt: later(before[0]?.['targetAt'], -HOUR),
      revision: 1,
    });
    expect(await asks.read(closed)).toEqual(before[1]);
    const { body } = await asks.call('GET', `/v1/promises/${open}/timeline`);
    expect(itemsOf(body)).toContainEqual(expect.objectContaining(applied));
  });

  it('says beforehand by which versions it would plan', async () => {
    const { body } = await asks.plan({
      kind: 'reply',
      madeAt: FRIDAY,
      promised: { within: 'PT4H', calendar: 'office' },
    });
    expect(body).toMatchObject({ policyVersion: 1, calendarVersion: 1 });
  });
});

describe('18: "how was this computed?"', () => {
  it('says of every instant why it stands there and which field of the policy says so', async () => {
    const promised = { within: 'PT6H', calendar: 'office' };
    const id = await registered(asks.call, { kind: 'reply', madeAt: FRIDAY, promised });
    const { body } = await asks.call('GET', `/v1/promises/${id}/explain`);
    const reasons = body['reasons'] as readonly Json[];
    const because = Object.fromEntries(reasons.map((each) => [each['instant'], [each['because'], each['field']]]));
    expect(because).toMatchObject({
      promisedAt: ['promised_working', null],
      targetAt: ['buffer_fixed', 'buffer.fixed'],
      lastCallAt: ['lead', 'lead'],
    });
  });

  it('keeps each segment of the clock, which add up to what was promised', async () => {
    const id = await registered(asks.call, {
      kind: 'reply',
      madeAt: FRIDAY,
      promised: { within: 'PT6H', calendar: 'office' },
    });
    await asks.tell(id, { ...waits, occurredAt: '2026-01-19T08:00:00Z', until: '2026-01-19T09:00:00Z' });
    const { rows } = await database.pool.query<{
      segments: readonly { from: string; to: string; reason: string }[];
    }>('select segments from promises where id = $1', [id]);
    const segments = rows[0]?.segments ?? [];
    expect(segments.map(({ to, reason }) => `${reason} to ${to.slice(0, 16)}`)).toEqual([
      'open to 2026-01-16T15:00',
      'closed to 2026-01-19T07:00',
      'open to 2026-01-19T08:00',
      'paused to 2026-01-19T09:00',
      'open to 2026-01-19T10:30',
      'lunch to 2026-01-19T11:00',
      'open to 2026-01-19T12:30',
    ]);
    const open = segments.filter(({ reason }) => reason === 'open');
    expect(open.reduce((ms, { from, to }) => ms + Date.parse(to) - Date.parse(from), 0)).toBe(6 * HOUR);
  });
});

// Every figure is recounted from facts in test/reports/word-kept.test.ts.
describe('20: dates flattered by re-promising', () => {
  it('shows the rate against the first time beside the one against the last agreed, and imposed ones apart', async () => {
    const source = 'flattered';
    const madeAt = soon(-10 * DAY);
    const made = { source, kind: 'delivery', madeAt, promised: { at: later(madeAt, 5 * DAY) } };
    const told = { kind: 'repromised', promised: { at: later(madeAt, 8 * DAY) }, occurredAt: later(madeAt, 4 * DAY) };
    const done = { kind: 'fulfilled', occurredAt: later(madeAt, 7 * DAY) };
    const [agreed, imposed] = [await registered(asks.call, made), await registered(asks.call, made)];
    await asks.tell(agreed, { ...told, agreedByCustomer: true });
    await asks.tell(imposed, { ...told, agreedByCustomer: false });
    expect((await asks.tell(agreed, done))['phase']).toBe('kept');
    expect((await asks.tell(imposed, done))['phase']).toBe('broken');
    expect(await asks.read(agreed)).toMatchObject({ firstPromisedAt: made.promised.at, promisedAt: told.promised.at });
    const { body } = await asks.call('GET', `/v1/reports/word-kept?source=${source}&kind=delivery`);
    expect(body['groups']).toMatchObject([{ kept: 1, broken: 1, keptRate: 0.5, keptRateFirst: 0, newTimeKeptRate: 1 }]);
  });
});
