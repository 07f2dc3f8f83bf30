import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { temporal } from '@temporalio/proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noticesOf } from '../../db/promises.ts';
import { recordFact } from '../../db/settle.ts';
import type { OutsideFact } from '../../domain/promise/facts.ts';
import { QUICK_MS } from '../../domain/promise/sending.ts';
import { policy, fromNow, type RegistrationWish } from '../support/registrations.ts';
import { eventually, rig, workflowOf, type Rig } from './rig.ts';

type History = temporal.api.history.v1.IHistory;
const { EventType } = temporal.api.enums.v1;

const silent = { whenUnknown: 'silent', lead: 'PT1S', factLag: 'PT1H', sendGuard: 'PT0S' };
const warns = { whenUnknown: 'warn', lead: 'PT1H', buffer: { fixed: 'PT0S' }, sendGuard: 'PT0S' };
const POLICIES = [
  policy({ kind: 'far', buffer: { fixed: 'PT1S' }, ...silent }),
  policy({ kind: 'slips', buffer: { fixed: 'PT58S' }, ...silent }),
  policy({ kind: 'warned', ...warns, factLag: 'PT1H' }),
  policy({ kind: 'broken', ...warns, factLag: 'PT0S' }),
];

/** The lives of the budget; each answers with its promise's id when the workflow has ended. */
const LIVES = {
  'kept, no notice': {
    events: 7,
    live: async (kept: Rig) => {
      const id = await asleep(kept, 'far', 60_000);
      return fulfil(kept, id);
    },
  },
  'woken at its target for an alert, then kept': {
    events: 12,
    live: async (kept: Rig) => {
      const id = await asleep(kept, 'slips', 60_000);
      await timed(kept, id, 1);
      return fulfil(kept, id);
    },
  },
  'warned at its instant, then kept': {
    events: 18,
    live: async (kept: Rig) => {
      const id = await asleep(kept, 'warned', 15_000);
      await told(kept, id, 1);
      return fulfil(kept, id);
    },
  },
  'warned after an estimate, then kept': {
    events: 19,
    live: async (kept: Rig) => {
      const id = await asleep(kept, 'far', 60_000);
      await tell(kept, id, { kind: 'estimated', factKey: 'e', occurredAt: fromNow(0), at: fromNow(90_000) });
      await told(kept, id, 1);
      return fulfil(kept, id);
    },
  },
  'warned, broken, recovered, fulfilled late': {
    events: 29,
    live: async (kept: Rig) => {
      const id = await asleep(kept, 'broken', 15_000);
      await told(kept, id, 2);
      return fulfil(kept, id);
    },
  },
  'three benign estimates, then kept': {
    events: 7,
    live: async (kept: Rig) => {
      const id = await asleep(kept, 'far', 60_000);
      for (const factKey of ['a', 'b', 'c'])
        await tell(kept, id, { kind: 'estimated', factKey, occurredAt: fromNow(0), at: fromNow(10_000) });
      return fulfil(kept, id);
    },
  },
  'paused and resumed, then kept': {
    events: 7,
    live: async (kept: Rig) => {
      const id = await asleepFor(kept, 'far', 'PT60S');
      await tell(kept, id, { kind: 'paused', waitingFor: 'customer', factKey: 'p', occurredAt: fromNow(0) });
      await tell(kept, id, { kind: 'resumed', factKey: 'r', occurredAt: fromNow(0) });
      return fulfil(kept, id);
    },
  },
  // Woken when it would have been due, it finds the end of the pause a year ahead; that it lasts a year costs nothing.
  'a pause of a year': {
    events: 19,
    live: async (kept: Rig) => {
      const id = await asleepFor(kept, 'far', 'PT15S');
      const until = fromNow(365 * 24 * 3_600_000);
      await tell(kept, id, { kind: 'paused', waitingFor: 'customer', factKey: 'p', occurredAt: fromNow(0), until });
      await timed(kept, id, 1);
      await tell(kept, id, { kind: 'resumed', factKey: 'r', occurredAt: fromNow(0) });
      await timed(kept, id, 2);
      return fulfil(kept, id);
    },
  },
  'agreed anew, then kept': {
    events: 7,
    live: async (kept: Rig) => {
      const id = await asleep(kept, 'far', 60_000);
      const promised = { precision: 'instant', at: fromNow(90_000) } as const;
      const head = { kind: 'repromised', factKey: 'r', occurredAt: fromNow(0) } as const;
      await tell(kept, id, { ...head, promised, agreedByCustomer: true });
      return fulfil(kept, id);
    },
  },
} as const;

describe('the event budget', () => {
  let kept: Rig;
  const lives = new Map<string, Promise<History>>();

  beforeAll(async () => {
    kept = await rig(POLICIES);
    // Too slow for `advance` to hand over by itself.
    kept.channel.answer(async () => {
      await sleep(QUICK_MS + 100);
      return { outcome: 'accepted' };
    });
    await kept.startWorker();
    for (const [name, { live }] of Object.entries(LIVES))
      lives.set(
        name,
        live(kept).then((id) => historyOf(kept, id)),
      );
    for (const life of lives.values()) life.catch(() => {});
  });
  afterAll(() => kept.stop());

  it.each(Object.entries(LIVES))('%s', async (name, { events }) => {
    const history = (await lives.get(name)) ?? {};
    expect(typesOf(history), typesOf(history).join(' ')).toHaveLength(events);
    recordOnce(name, history);
  });

  it('holds one notice for each reason and none where nothing was owed', async () => {
    await Promise.all(lives.values());
    const { rows } = await kept.database.pool.query<{ id: string; kind: string }>(
      'select id, kind from promises where parent is null',
    );
    const reasons = await Promise.all(
      rows.map(async ({ id, kind }) => [
        kind,
        ...(await noticesOf(kept.database.pool, id)).map((n) => `${n.reason} ${n.state}`),
      ]),
    );
    expect(reasons.map((row) => row.join(', ')).sort()).toEqual([
      'broken, risk sent, recovery sent',
      'far',
      'far',
      'far',
      'far',
      'far',
      'far, risk sent',
      'slips',
      'warned, risk sent',
    ]);
  });
});

describe('while mails leave at once', () => {
  let kept: Rig;
  beforeAll(async () => {
    kept = await rig(POLICIES);
    await kept.startWorker();
    // The first one is left to the engine.
    await told(kept, await asleep(kept, 'warned', 15_000), 1);
  });
  afterAll(() => kept.stop());

  it.each([
    ['warned at its instant, then kept', 12, 'warned', 1],
    ['warned, broken, recovered, fulfilled late', 17, 'broken', 2],
  ] as const)('a notice costs no event: %s', async (name, events, kind, notices) => {
    const id = await asleep(kept, kind, 15_000);
    await told(kept, id, notices);
    const history = await historyOf(kept, await fulfil(kept, id));
    expect(typesOf(history), typesOf(history).join(' ')).toHaveLength(events);
    recordOnce(`${name}, mails at once`, history);
  });
});

// Alone on its server: without a cache, Core gives up local activities of one workflow when another one comes.
/** Every step costs the whole history. */
const LONG_MS = 120_000;

describe('a worker without a cache', () => {
  let kept: Rig;
  beforeAll(async () => {
    kept = await rig(POLICIES);
    await kept.startWorker({ maxCachedWorkflows: 0 });
  });
  afterAll(() => kept.stop());

  it(
    'replays a life at each step and writes the same history',
    async () => {
      const { live, events } = LIVES['woken at its target for an alert, then kept'];
      const history = await historyOf(kept, await live(kept));
      expect(typesOf(history), typesOf(history).join(' ')).toHaveLength(events);
    },
    LONG_MS,
  );
});

const typesOf = (history: History): readonly string[] =>
  (history.events ?? []).map((event) => EventType[event.eventType ?? 0]?.replace('EVENT_TYPE_', '') ?? '?');

/** Registered for an instant and known to sleep in the engine. */
const asleep = (kept: Rig, kind: string, promisedInMs: number): Promise<string> =>
  asleepWith(kept, { kind, promised: { precision: 'instant', at: fromNow(promisedInMs) } });

/** The same of a duration, whose clock can stand. */
const asleepFor = (kept: Rig, kind: string, within: string): Promise<string> =>
  asleepWith(kept, { kind, promised: { precision: 'instant', within, calendar: null } });

async function asleepWith(kept: Rig, wish: RegistrationWish): Promise<string> {
  const id = await kept.register(wish);
  await eventually(async () => {
    const { rows } = await kept.database.pool.query('select 1 from promises where id = $1 and armed_at is not null', [
      id,
    ]);
    return rows.length > 0;
  });
  return id;
}

async function tell(kept: Rig, id: string, fact: OutsideFact): Promise<void> {
  const { result } = await recordFact(kept.database.pool, id, fact);
  if (result !== 'applied') throw new Error(`The fact was not applied: ${result}`);
}

async function fulfil(kept: Rig, id: string): Promise<string> {
  await tell(kept, id, { kind: 'fulfilled', factKey: 'done', occurredAt: fromNow(0) });
  await workflowOf(kept, id).result();
  return id;
}

const historyOf = (kept: Rig, id: string): Promise<History> => workflowOf(kept, id).fetchHistory();

/** Waits until the workflow has armed so many timers and has nothing more to do. */
const timed = (kept: Rig, id: string, count: number): Promise<void> =>
  quiet(kept, id, async (types) => types.filter((type) => type === 'TIMER_STARTED').length >= count);

/** Waits until so many notices have left and the workflow knows. */
const told = (kept: Rig, id: string, count: number): Promise<void> =>
  quiet(kept, id, async () => {
    const notices = await noticesOf(kept.database.pool, id);
    return notices.filter(({ state }) => state === 'sent').length >= count;
  });

async function quiet(kept: Rig, id: string, isSo: (types: readonly string[]) => Promise<boolean>): Promise<void> {
  await eventually(async () => {
    const so = await isSo(typesOf(await historyOf(kept, id)));
    const types = typesOf(await historyOf(kept, id));
    const [tasks, activities] = ['WORKFLOW_TASK', 'ACTIVITY_TASK'].map((task) => {
      const ended = types.filter((type) => type === `${task}_COMPLETED`).length;
      return types.filter((type) => type === `${task}_SCHEDULED`).length - ended;
    });
    return so && tasks === 0 && activities === 0;
  });
}

/** A case without a recorded history gets one, as a fixture for `test/workflows/replay.test.ts`; one that is there stays. */
function recordOnce(name: string, history: History): void {
  const file = new URL(`../histories/${name.replaceAll(/[^a-z]+/g, '-')}.json`, import.meta.url);
  if (!existsSync(file)) writeFileSync(file, `${historyToJSON(history)}\n`);
}
