import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveKey } from '../db/keys.ts';
import { savePolicies } from '../db/policies.ts';
import { inTransaction } from '../db/pool.ts';
import { settle } from '../db/settle.ts';
import { planOf } from '../domain/calendar/plan.ts';
import type { Clock, Pause } from '../domain/promise/plan.ts';
import { instant, plusMs, type Instant } from '../domain/promise/instant.ts';
import {
  caller,
  DAY,
  HOUR,
  itemsOf,
  pointersOf,
  promiseOf,
  registered,
  soon,
  type Answer,
  type Call,
  type Json,
} from './api/testing.ts';
import { OFFICE } from './domain/support/calendars.ts';
import { policy } from './support/registrations.ts';
import { devServer, type DevServer } from './support/temporal.ts';
import { eventually, rig, workflowOf, type Rig } from './temporal/rig.ts';

// What users of other systems complain about, each shown not to be true of Kept: through the HTTP API, on a real
// PostgreSQL and a real engine. What is proved at length elsewhere is shown here by a few examples.

const quiet = { buffer: { fixed: 'PT1H' }, lead: 'PT1H', whenUnknown: 'silent', factLag: 'PT1H' };
const POLICIES = [
  policy({ kind: 'reply', ...quiet }),
  policy({ kind: 'delivery', ...quiet, goal: '90%' }),
  policy({ kind: 'warned', ...quiet, whenUnknown: 'warn' }),
  policy({ kind: 'callback', ...quiet }),
];

let folder: string;
let server: DevServer;
let kept: Rig;
let call: Call;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kept-complaints-'));
  server = await devServer({ folder });
  kept = await rig(POLICIES, server);
  const key = `kept_${randomBytes(32).toString('base64url')}`;
  await saveKey(kept.database.pool, 'admin', createHash('sha256').update(key).digest());
  call = caller(kept.database.pool, key);
  const day = ['09:00-12:30', '13:00-17:00'];
  await calendar('office', { mon: day, tue: day, wed: day, thu: day, fri: day }, { holidays: { country: 'EE' } });
  await kept.startWorker();
});
afterAll(async () => {
  await kept.stop();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function calendar(id: string, week: Json, more: Json = {}): Promise<void> {
  const { status, body } = await call('PUT', `/v1/calendars/${id}`, { zone: 'Europe/Tallinn', week, ...more });
  expect(status, JSON.stringify(body)).toBe(200);
}

/** Every day of the week. */
const daily = (...times: readonly string[]): Json =>
  Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, times]));

const plan = (changes: Json): Promise<Answer> => call('POST', '/v1/promises:plan', promiseOf(changes));
/** When a promise made at `madeAt` would be due. */
const due = async (madeAt: string, promised: Json): Promise<unknown> =>
  (await plan({ kind: 'reply', madeAt, promised })).body['promisedAt'];
const read = async (id: string): Promise<Json> => (await call('GET', `/v1/promises/${id}`)).body;
const later = (at: unknown, ms: number): string => new Date(Date.parse(String(at)) + ms).toISOString();

let keys = 0;
async function tell(id: string, fact: Json): Promise<Json> {
  const path = `/v1/promises/${id}/facts`;
  const { status, body } = await call('POST', path, { factKey: `f-${(keys += 1)}`, occurredAt: soon(-1000), ...fact });
  expect(status, JSON.stringify(body)).toBe(202);
  return body['promise'] as Json;
}

/** Asleep in the engine. */
const armed = (id: string): Promise<unknown> =>
  eventually(async () => {
    const { rows } = await kept.database.pool.query<{ armed: boolean }>(
      `select armed_at is not null and engine_epoch = (select epoch from engine) as armed from promises where id = $1`,
      [id],
    );
    return rows[0]?.armed === true;
  });

/** Friday of a January in Tallinn, at 15:00. */
const FRIDAY = '2026-01-16T13:00:00.000Z';
const waits = { kind: 'paused', waitingFor: 'customer' } as const;

// The year itself is lived in test/stories/rungs.test.ts.
describe('1: a paused workflow polled each minute until its history was full', () => {
  it('adds fewer than 20 events for a year, and nothing polls: it is looked at again when the pause is over', async () => {
    const id = await registered(call, { kind: 'reply', promised: { within: 'PT10H' } });
    await armed(id);
    const until = soon(365 * DAY);
    const { wakeAt } = await tell(id, { ...waits, until });
    expect(String(wakeAt) > until).toBe(true);
    await tell(id, { kind: 'resumed' });
    await tell(id, { kind: 'fulfilled', occurredAt: soon(0) });
    expect(await workflowOf(kept, id).result()).toBe('kept');
    const { events } = await workflowOf(kept, id).fetchHistory();
    expect(events?.length).toBeLessThan(20);
  });
});

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
      const id = await registered(call, made);
      for (const fact of order) if (fact) await tell(id, fact);
      ends.add((await read(id))['promisedAt']);
    }
    // 20 working hours from Friday 15:00, and the two hours waited without their half hour of lunch.
    expect([...ends]).toEqual(['2026-01-21T12:30:00.000Z']);
  });

  it('leaves the same working time while it stands', async () => {
    const id = await registered(call, made);
    await tell(id, pause);
    const { promisedAt, clock } = await tell(id, { ...retarget, occurredAt: '2026-01-19T09:00:00Z' });
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
    const id = await registered(call, { kind: 'reply', madeAt, promised: { within: 'PT20H', calendar: 'office' } });
    const { promisedAt } = await read(id);
    expect((await tell(id, { ...waits, occurredAt: from }))['promisedAt']).toBeNull();
    expect((await tell(id, { kind: 'resumed', occurredAt: to }))['promisedAt']).toBe(promisedAt);
  });

  it('costs the working time inside it', async () => {
    const id = await registered(call, {
      kind: 'reply',
      madeAt: FRIDAY,
      promised: { within: 'PT4H', calendar: 'office' },
    });
    expect((await read(id))['promisedAt']).toBe('2026-01-19T09:00:00.000Z');
    const [occurredAt, until] = ['2026-01-16T14:00:00Z', '2026-01-19T08:00:00Z'];
    expect((await tell(id, { ...waits, occurredAt, until }))['promisedAt']).toBe('2026-01-19T11:30:00.000Z');
  });
});

describe('4: only one working interval a day', () => {
  it('has several a day, with lunch and a break between them', async () => {
    await calendar('desk', daily('08:00-10:00', '10:15-12:00', '13:00-15:00', '20:00-22:00'));
    const promised = (hours: number): Json => ({ within: `PT${hours * 60}M`, calendar: 'desk' });
    const eight = '2026-01-19T06:00:00.000Z';
    expect(await due(eight, promised(2))).toBe('2026-01-19T08:00:00.000Z');
    expect(await due(eight, promised(3))).toBe('2026-01-19T09:15:00.000Z');
    expect(await due(eight, promised(4))).toBe('2026-01-19T11:15:00.000Z');
    expect(await due(eight, promised(7))).toBe('2026-01-19T19:15:00.000Z');
    expect(await due(eight, promised(8))).toBe('2026-01-20T06:15:00.000Z');
  });
});

// Against a look at each minute: test/domain/calendar/working-time.oracle.test.ts.
describe('5: a minute lost at midnight on 24x7 clocks; a weekday missing breaks the schedule', () => {
  it('counts every minute of every midnight', async () => {
    await calendar('always', daily('00:00-24:00'), { zone: 'UTC' });
    for (const [minutes, expected] of [
      [1, '2026-01-18T23:59:00.000Z'],
      [2, '2026-01-19T00:00:00.000Z'],
      [3, '2026-01-19T00:01:00.000Z'],
      [24 * 60, '2026-01-19T23:58:00.000Z'],
      [7 * 24 * 60, '2026-01-25T23:58:00.000Z'],
      [365 * 24 * 60, '2027-01-18T23:58:00.000Z'],
    ] as const)
      expect(await due('2026-01-18T23:58:00Z', { within: `PT${minutes}M`, calendar: 'always' })).toBe(expected);
  });

  it('goes from one weekday to the next there is, and from one end of the week to the other', async () => {
    await calendar('odd', { mon: ['09:00-12:00'], thu: ['22:00-24:00'] }, { zone: 'UTC' });
    const madeAt = '2026-01-19T11:00:00Z';
    expect(await due(madeAt, { within: 'PT2H', calendar: 'odd' })).toBe('2026-01-22T23:00:00.000Z');
    expect(await due(madeAt, { within: 'PT3H', calendar: 'odd' })).toBe('2026-01-23T00:00:00.000Z');
    expect(await due(madeAt, { within: 'PT4H', calendar: 'odd' })).toBe('2026-01-26T10:00:00.000Z');
  });
});

describe('6: "failed" the moment it is created; off by one day at midnight', () => {
  it('takes no time without a zone', async () => {
    for (const at of ['2031-11-27T15:00:00', '2031-11-27 15:00', '2031-11-27']) {
      const { status, body } = await plan({ promised: { at } });
      expect([status, pointersOf(body)]).toEqual([422, ['/promised/at']]);
    }
  });

  it('has a promise for today open until the day is over where the customer is', async () => {
    for (const zone of ['Pacific/Kiritimati', 'Europe/Tallinn', 'Pacific/Pago_Pago']) {
      const today = new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(Date.now() + 60_000);
      const id = await registered(call, { kind: 'delivery', promised: { day: today, zone } });
      expect((await read(id))['phase']).toBe('open');
    }
  });

  it.each([
    ['Pacific/Kiritimati', '2026-05-06T10:00:00.000Z'],
    ['Europe/Tallinn', '2026-05-06T21:00:00.000Z'],
    ['America/Los_Angeles', '2026-05-07T07:00:00.000Z'],
  ])('is kept up to the last millisecond of the day in %s, and broken at midnight', async (zone, midnight) => {
    const made = { kind: 'delivery', madeAt: '2026-05-01T12:00:00Z', promised: { day: '2026-05-06', zone } };
    const [inTime, late] = [await registered(call, made), await registered(call, made)];
    expect((await read(inTime))['promisedAt']).toBe(midnight);
    expect(await tell(inTime, { kind: 'fulfilled', occurredAt: later(midnight, -1) })).toMatchObject({ phase: 'kept' });
    expect(await tell(late, { kind: 'fulfilled', occurredAt: midnight })).toMatchObject({ phase: 'broken' });
  });
});

// Every zone of IANA, both changes of ten years: npm run test:long; a sample of them in test/domain/calendar.
describe('7: one hour off at a DST change', () => {
  it.each([
    ['spring', '2026-03-28T10:00:00.000Z', '2026-03-29T09:00:00.000Z', '2026-03-29T10:00:00.000Z'],
    ['autumn', '2026-10-24T09:00:00.000Z', '2026-10-25T10:00:00.000Z', '2026-10-25T09:00:00.000Z'],
  ])('in %s a day ends at the same time of the clock, and 24 hours are 24 hours', async (_, noon, nextNoon, in24) => {
    expect(await due(noon, { within: 'P1D' })).toBe(nextNoon);
    expect(await due(noon, { within: 'PT24H' })).toBe(in24);
  });

  it('counts the night that has an hour less and the one that has an hour more', async () => {
    await calendar('night', daily('00:00-06:00'));
    const promised = (hours: number): Json => ({ within: `PT${hours}H`, calendar: 'night' });
    // Midnight to six in Tallinn: five hours in spring, seven in autumn.
    expect(await due('2026-03-28T22:00:00Z', promised(5))).toBe('2026-03-29T03:00:00.000Z');
    expect(await due('2026-03-28T22:00:00Z', promised(6))).toBe('2026-03-29T22:00:00.000Z');
    expect(await due('2026-10-24T21:00:00Z', promised(7))).toBe('2026-10-25T04:00:00.000Z');
  });

  it.each([
    ['Europe/Tallinn', '2026-03-29', '2026-03-29T21:00:00.000Z'],
    ['Europe/Tallinn', '2026-10-25', '2026-10-25T22:00:00.000Z'],
    // Half an hour back, and midnight itself skipped.
    ['Australia/Lord_Howe', '2026-04-05', '2026-04-05T13:30:00.000Z'],
    ['Africa/Cairo', '2026-04-23', '2026-04-23T22:00:00.000Z'],
  ])('ends the day of %s on %s where it ends', async (zone, day, end) => {
    const { body } = await plan({ kind: 'delivery', madeAt: '2026-03-01T00:00:00Z', promised: { day, zone } });
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
    const id = await registered(call, { kind: 'delivery', madeAt: soon(-2 * HOUR) });
    const ended = await tell(id, { ...end, occurredAt: soon(-HOUR) });
    expect(ended['phase']).toBe(phase);
    for (const fact of news) expect(await tell(id, fact)).toEqual(ended);
  });

  it('a thank-you opens nothing, and stops no clock that runs', async () => {
    const id = await registered(call, { kind: 'reply', promised: { within: 'PT10H' } });
    const thanks = { kind: 'contacted', channel: 'email', about: 'other' };
    const open = await read(id);
    expect(await tell(id, thanks)).toEqual(open);
    const closed = await tell(id, { kind: 'fulfilled' });
    expect(await tell(id, thanks)).toEqual(closed);
  });

  it.each(['partner', 'us'])(
    'waiting for %s stops no clock: only waiting for the customer does',
    async (waitingFor) => {
      const id = await registered(call, { kind: 'reply', promised: { within: 'PT10H' } });
      const { promisedAt } = await read(id);
      expect(await tell(id, { kind: 'paused', waitingFor })).toMatchObject({ phase: 'open', promisedAt });
    },
  );
});

describe('9: missing deadline treated as instant breach', () => {
  it('a clock that stands since a year ago has no deadline: open, not overdue, and in no rate', async () => {
    const source = 'standing';
    const madeAt = soon(-365 * DAY);
    const id = await registered(call, { source, kind: 'reply', madeAt, promised: { within: 'PT1H' } });
    await tell(id, { ...waits, occurredAt: later(madeAt, HOUR / 2) });
    expect(await read(id)).toMatchObject({
      phase: 'paused',
      promisedAt: null,
      wakeAt: null,
      clock: { leftMs: HOUR / 2 },
    });
    // It was overdue for the moment before the pause was told: what was owed then has lost its reason.
    const notices = itemsOf((await call('GET', `/v1/promises/${id}/notices`)).body);
    expect(notices.filter((notice) => notice['state'] !== 'dropped')).toEqual([]);
    const overdue = await call('GET', `/v1/promises?source=${source}&phase=overdue`);
    expect(itemsOf(overdue.body)).toEqual([]);
    const { body } = await call('GET', `/v1/reports/word-kept?source=${source}`);
    expect(body['groups']).toMatchObject([
      { promises: 1, open: 1, overdue: 0, keptRate: null, keptRateFirst: null, marginMs: { p50: null } },
    ]);
  });
});

describe('10: a policy or calendar change not applied, or applied to the past', () => {
  it('is a fact on each open promise, and nothing on a closed one; until then each keeps its own versions', async () => {
    const { pool } = kept.database;
    const kind = 'changing';
    await calendar('round', daily('00:00-24:00'));
    await savePolicies(pool, [policy({ kind, ...quiet, buffer: { working: 'PT1H', calendar: 'round' } })]);
    const made = { kind, promised: { at: soon(100 * DAY) } };
    const [open, closed] = [await registered(call, made), await registered(call, made)];
    await tell(closed, { kind: 'fulfilled' });
    const before = [await read(open), await read(closed)];
    await savePolicies(pool, [policy({ kind, ...quiet, buffer: { working: 'PT2H', calendar: 'round' } })]);
    expect([await read(open), await read(closed)]).toEqual(before);

    const applied = { kind: 'policy_applied', version: 2, calendars: { round: 1 } } as const;
    const fact = { ...applied, factKey: 'policy:2', occurredAt: instant(Date.now()) };
    await inTransaction(pool, (tx) =>
      settle(
        tx,
        [open, closed].map((id) => ({ id, facts: [fact] })),
      ),
    );
    expect(await read(open)).toMatchObject({
      policyVersion: 2,
      promisedAt: before[0]?.['promisedAt'],
      targetAt: later(before[0]?.['targetAt'], -HOUR),
      revision: 1,
    });
    expect(await read(closed)).toEqual(before[1]);
    const { body } = await call('GET', `/v1/promises/${open}/timeline`);
    expect(itemsOf(body)).toContainEqual(expect.objectContaining(applied));
  });

  it('says beforehand by which versions it would plan', async () => {
    const { body } = await plan({ kind: 'reply', madeAt: FRIDAY, promised: { within: 'PT4H', calendar: 'office' } });
    expect(body).toMatchObject({ policyVersion: 1, calendarVersion: 1 });
  });
});

describe('11: recalculation so slow that the manual says "do it at night"', () => {
  it('looks at the intervals there are, never at the minutes: two years with 50 pauses', () => {
    let looks = 0;
    /** Counts every look into the calendar, however deep. */
    const watched = <T extends object>(value: T): T =>
      new Proxy(value, {
        get: (target, name) => {
          looks += 1;
          const member: unknown = Reflect.get(target, name);
          return typeof member === 'object' && member !== null && !(member instanceof Map || member instanceof Set)
            ? watched(member)
            : typeof member === 'function'
              ? (member.bind(target) as unknown)
              : member;
        },
      });
    const madeAt = '2026-01-16T13:00:00.000Z' as Instant;
    const pauses: readonly Pause[] = Array.from({ length: 50 }, (_, n) => {
      const from = plusMs(madeAt, n * 14 * DAY);
      return { from, to: plusMs(from, DAY) };
    });
    const clock: Clock = {
      promised: { precision: 'instant', within: 'PT4500H', calendar: 'office' },
      madeAt,
      target: null,
      customerZone: null,
      companyZone: 'UTC',
      place: 0,
      policyVersion: 1,
      calendars: { office: 1 },
      toldAt: null,
      pauses,
    };
    const [reply] = POLICIES;
    if (!reply) throw new Error('There is no policy.');
    const book = { policyVersion: 1, calendar: () => ({ calendar: watched(OFFICE), version: 1 }) };
    const { promisedAt } = planOf(clock, reply, book);
    expect(promisedAt > plusMs(madeAt, 2 * 365 * DAY)).toBe(true);
    const minutes = (Date.parse(promisedAt) - Date.parse(madeAt)) / 60_000;
    expect(looks).toBeGreaterThan(0);
    expect(looks).toBeLessThan(minutes / 50);
  });

  it('pokes only those that must wake earlier', async () => {
    const { pool } = kept.database;
    const kind = 'poked';
    await savePolicies(pool, [policy({ kind, ...quiet, buffer: { fixed: 'PT2H' } })]);
    const at = soon(90 * DAY);
    const moving = await Promise.all([1, 2, 3].map(() => registered(call, { kind, promised: { at } })));
    const target = { at: soon(89 * DAY) };
    const still = await Promise.all([1, 2, 3].map(() => registered(call, { kind, promised: { at }, target })));
    for (const id of [...moving, ...still]) await armed(id);
    await savePolicies(pool, [policy({ kind, ...quiet, buffer: { fixed: 'PT9H' } })]);
    const fact = { kind: 'policy_applied', version: 2, calendars: {}, factKey: 'policy:2' } as const;
    const poked = await inTransaction(pool, async (tx) => {
      const occurredAt = instant(Date.now());
      await settle(
        tx,
        [...moving, ...still].map((id) => ({ id, facts: [{ ...fact, occurredAt }] })),
      );
      // Inside the transaction no relay has taken them yet.
      const { rows } = await tx.query<{ id: string }>('select promise_id as id from outbox');
      return rows.map(({ id }) => id);
    });
    expect(poked.filter((id) => [...moving, ...still].includes(id)).sort()).toEqual([...moving].sort());
  });
});

// A notice that outlives its truth is dropped as expired: test/stories/days.test.ts.
describe('13: a backlog of stale mails sent when mail comes back', () => {
  it('sends what is true then: not what is no longer so, and of the rest what is newest, once', async () => {
    const refusals: unknown[] = [];
    kept.channel.answer((message) => {
      refusals.push(message);
      return { outcome: 'not_accepted', code: 'ECONNREFUSED' };
    });
    const warn = async (name: string): Promise<string> => {
      const customer = { ref: name, email: `${name}@customers.example` };
      const id = await registered(call, { kind: 'delivery', customer });
      await tell(id, { kind: 'estimated', occurredAt: soon(-5000), at: soon(7 * DAY) });
      return id;
    };
    const [late, done] = [await warn('late'), await warn('done')];
    await eventually(async () => refusals.length >= 2);
    const newest = soon(9 * DAY);
    await tell(late, { kind: 'estimated', at: newest });
    await tell(done, { kind: 'fulfilled' });
    kept.channel.answer(() => ({ outcome: 'accepted' }));

    const noticesOf = async (id: string): Promise<readonly Json[]> =>
      itemsOf((await call('GET', `/v1/promises/${id}/notices`)).body);
    await eventually(async () => (await noticesOf(late)).some((notice) => notice['state'] === 'sent'));
    await eventually(async () => (await noticesOf(done)).every((notice) => notice['state'] === 'dropped'));
    const [notice, ...others] = await noticesOf(late);
    expect([notice, others]).toMatchObject([{ reason: 'risk', told: { at: later(newest, HOUR) } }, []]);
    expect(String(notice?.['notValidAfter']) < String((await read(late))['promisedAt'])).toBe(true);
    const to = kept.channel.sent.map((message) => message.to);
    expect(to.filter((address) => address.startsWith('late@') || address.startsWith('done@'))).toEqual([
      'late@customers.example',
    ]);
  });
});

describe('14: timers silently lost after an outage', () => {
  it('puts everything to sleep again when the engine comes back empty, and what stands still wakes when it goes on', async () => {
    const far = await registered(call, { kind: 'reply', promised: { within: 'PT100H' } });
    const standing = await registered(call, { kind: 'reply', promised: { within: 'PT100H' } });
    for (const id of [far, standing]) await armed(id);
    await tell(standing, waits);
    process.kill(server.pid, 'SIGKILL');
    await server.exited;
    for (const ending of ['', '-wal', '-shm']) rmSync(server.dbFile + ending, { force: true });
    server = await devServer({ folder, port: Number(server.address.split(':')[1]) });
    const running = async (id: string): Promise<boolean> => {
      const described = await workflowOf(kept, id)
        .describe()
        .catch(() => null);
      return described?.status.name === 'RUNNING';
    };
    await eventually(() => running(far));
    await armed(far);
    await tell(standing, { kind: 'resumed' });
    await eventually(() => running(standing));
  });
});

describe('15: warnings by an hourly job', () => {
  it('wakes at the instant of the last call, by a timer that was set when the promise was made', async () => {
    const id = await registered(call, {
      kind: 'warned',
      promised: { at: soon(5 * DAY) },
      target: { at: soon(5 * DAY) },
    });
    const { wakeAt, lastCallAt } = await read(id);
    expect(wakeAt).toBe(lastCallAt);
    await armed(id);
    const { events } = await workflowOf(kept, id).fetchHistory();
    const started = events?.[0];
    const seconds = (of: { seconds?: unknown; nanos?: number | null } | null | undefined): number =>
      Number(of?.seconds) + Number(of?.nanos ?? 0) / 1e9;
    const wakes =
      seconds(started?.eventTime) + seconds(started?.workflowExecutionStartedEventAttributes?.firstWorkflowTaskBackoff);
    expect(Math.abs(wakes - Date.parse(String(lastCallAt)) / 1000)).toBeLessThan(5);
  });
});

describe('18: "how was this computed?"', () => {
  it('says of every instant why it stands there and which field of the policy says so', async () => {
    const promised = { within: 'PT6H', calendar: 'office' };
    const id = await registered(call, { kind: 'reply', madeAt: FRIDAY, promised });
    const { body } = await call('GET', `/v1/promises/${id}/explain`);
    const reasons = body['reasons'] as readonly Json[];
    const because = Object.fromEntries(reasons.map((each) => [each['instant'], [each['because'], each['field']]]));
    expect(because).toMatchObject({
      promisedAt: ['promised_working', null],
      targetAt: ['buffer_fixed', 'buffer.fixed'],
      lastCallAt: ['lead', 'lead'],
    });
  });

  it('keeps each segment of the clock, which add up to what was promised', async () => {
    const id = await registered(call, {
      kind: 'reply',
      madeAt: FRIDAY,
      promised: { within: 'PT6H', calendar: 'office' },
    });
    await tell(id, { ...waits, occurredAt: '2026-01-19T08:00:00Z', until: '2026-01-19T09:00:00Z' });
    const { rows } = await kept.database.pool.query<{
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
    const [agreed, imposed] = [await registered(call, made), await registered(call, made)];
    await tell(agreed, { ...told, agreedByCustomer: true });
    await tell(imposed, { ...told, agreedByCustomer: false });
    expect((await tell(agreed, done))['phase']).toBe('kept');
    expect((await tell(imposed, done))['phase']).toBe('broken');
    expect(await read(agreed)).toMatchObject({ firstPromisedAt: made.promised.at, promisedAt: told.promised.at });
    const { body } = await call('GET', `/v1/reports/word-kept?source=${source}`);
    expect(body['groups']).toMatchObject([{ kept: 1, broken: 1, keptRate: 0.5, keptRateFirst: 0, newTimeKeptRate: 1 }]);
  });
});
