import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { savePolicies } from '../db/policies.ts';
import { inTransaction } from '../db/pool.ts';
import { settle } from '../db/settle.ts';
import { planOf } from '../domain/calendar/plan.ts';
import { instant, plusMs, type Instant } from '../domain/promise/instant.ts';
import type { Clock, Pause } from '../domain/promise/plan.ts';
import { DAY, HOUR, registered, soon } from './api/testing.ts';
import { OFFICE } from './domain/support/calendars.ts';
import { asking, later, POLICIES, quiet, waits, type Asking } from './support/complaints.ts';
import { policy } from './support/registrations.ts';
import { devServer, type DevServer } from './support/temporal.ts';
import { eventually, rig, workflowOf, type Rig } from './temporal/rig.ts';

// What users of other systems complain about their engines: the HTTP API on a real PostgreSQL and a real Temporal.

let folder: string;
let server: DevServer;
let kept: Rig;
let asks: Asking;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kept-complaints-'));
  server = await devServer({ folder });
  kept = await rig(POLICIES, server);
  asks = await asking(kept.database.pool);
  await kept.startWorker();
});
afterAll(async () => {
  await kept.stop();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Asleep in the engine. */
const armed = (id: string): Promise<unknown> =>
  eventually(async () => {
    const { rows } = await kept.database.pool.query<{ armed: boolean }>(
      `select armed_at is not null and engine_epoch = (select epoch from engine) as armed from promises where id = $1`,
      [id],
    );
    return rows[0]?.armed === true;
  });

// The year itself is lived in test/stories/rungs.test.ts.
describe('1: a paused workflow polled each minute until its history was full', () => {
  it('adds fewer than 20 events for a year, and nothing polls: it is looked at again when the pause is over', async () => {
    const id = await registered(asks.call, { kind: 'reply', promised: { within: 'PT10H' } });
    await armed(id);
    const until = soon(365 * DAY);
    const { wakeAt } = await asks.tell(id, { ...waits, until });
    expect(String(wakeAt) > until).toBe(true);
    await asks.tell(id, { kind: 'resumed' });
    await asks.tell(id, { kind: 'fulfilled', occurredAt: soon(0) });
    expect(await workflowOf(kept, id).result()).toBe('kept');
    const { events } = await workflowOf(kept, id).fetchHistory();
    expect(events?.length).toBeLessThan(20);
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
    const moving = await Promise.all([1, 2, 3].map(() => registered(asks.call, { kind, promised: { at } })));
    const target = { at: soon(89 * DAY) };
    const still = await Promise.all([1, 2, 3].map(() => registered(asks.call, { kind, promised: { at }, target })));
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
      const id = await registered(asks.call, { kind: 'delivery', customer });
      await asks.tell(id, { kind: 'estimated', occurredAt: soon(-5000), at: soon(7 * DAY) });
      return id;
    };
    const [late, done] = [await warn('late'), await warn('done')];
    await eventually(async () => refusals.length >= 2);
    const newest = soon(9 * DAY);
    await asks.tell(late, { kind: 'estimated', at: newest });
    await asks.tell(done, { kind: 'fulfilled' });
    kept.channel.answer(() => ({ outcome: 'accepted' }));

    await eventually(async () => (await asks.noticesOf(late)).some((notice) => notice['state'] === 'sent'));
    await eventually(async () => (await asks.noticesOf(done)).every((notice) => notice['state'] === 'dropped'));
    const [notice, ...others] = await asks.noticesOf(late);
    expect([notice, others]).toMatchObject([{ reason: 'risk', told: { at: later(newest, HOUR) } }, []]);
    expect(String(notice?.['notValidAfter']) < String((await asks.read(late))['promisedAt'])).toBe(true);
    const to = kept.channel.sent.map((message) => message.to);
    expect(to.filter((address) => address.startsWith('late@') || address.startsWith('done@'))).toEqual([
      'late@customers.example',
    ]);
  });
});

describe('14: timers silently lost after an outage', () => {
  it('puts everything to sleep again when the engine comes back empty, and what stands still wakes when it goes on', async () => {
    const far = await registered(asks.call, { kind: 'reply', promised: { within: 'PT100H' } });
    const standing = await registered(asks.call, { kind: 'reply', promised: { within: 'PT100H' } });
    for (const id of [far, standing]) await armed(id);
    await asks.tell(standing, waits);
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
    await asks.tell(standing, { kind: 'resumed' });
    await eventually(() => running(standing));
  });
});

describe('15: warnings by an hourly job', () => {
  it('wakes at the instant of the last call, by a timer that was set when the promise was made', async () => {
    const id = await registered(asks.call, {
      kind: 'warned',
      promised: { at: soon(5 * DAY) },
      target: { at: soon(5 * DAY) },
    });
    const { wakeAt, lastCallAt } = await asks.read(id);
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
