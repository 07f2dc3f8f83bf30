import { randomUUID } from 'node:crypto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { planOf } from '../../domain/calendar/plan.ts';
import { termsOf } from '../../domain/calendar/terms.ts';
import type { Promised } from '../../domain/promise/plan.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import type { Fact } from '../../domain/promise/facts.ts';
import { instant, msBetween, plusMs, type Instant } from '../../domain/promise/instant.ts';
import {
  NOTICE_QUEUE,
  POKE_SIGNAL,
  PROMISE_QUEUE,
  PROMISE_WORKFLOW,
  promiseWorkflowId,
} from '../../workflows/contract.ts';
import { policy } from '../support/registrations.ts';
import { timeSkipping } from '../support/temporal.ts';
import { bundlePath } from '../temporal/bundle.ts';
import { eventually } from '../temporal/rig.ts';
import { memoryActivities, promiseInMemory, settle, type MemoryPromise } from './promises-in-memory.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const promises = new Map<string, MemoryPromise>();
let env: TestWorkflowEnvironment;
let end: () => Promise<void>;

beforeAll(async () => {
  const logging = { filter: { core: 'ERROR', other: 'ERROR' } } as const;
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging } });
  const path = await timeSkipping();
  env = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } });
  const activities = memoryActivities(promises, now);
  const shared = { connection: env.nativeConnection, activities: { ...activities } };
  const workers = [
    await Worker.create({ ...shared, taskQueue: PROMISE_QUEUE, workflowBundle: { codePath: await bundlePath() } }),
    await Worker.create({ ...shared, taskQueue: NOTICE_QUEUE }),
  ];
  const runs = workers.map((worker) => worker.run());
  end = async () => {
    for (const worker of workers) worker.shutdown();
    await Promise.all(runs);
    await env.teardown();
  };
});
afterAll(() => end());

const now = async (): Promise<Instant> => instant(await env.currentTimeMs());

const reply = policy({
  kind: 'reply',
  buffer: { fixed: 'P1D' },
  lead: 'P2D',
  factLag: 'PT2H',
  whenUnknown: 'warn',
  estimateFresh: 'P2D',
  nextNews: 'P1D',
});
const delivery: Policy = { ...reply, kind: 'delivery', whenUnknown: 'silent', lead: 'PT12H' };

/** A promise made now for in five days, asleep in the engine. */
async function promised(rules = reply, promisedIn = 5 * DAY): Promise<Story> {
  const madeAt = await now();
  const wish: Promised = { precision: 'instant', at: plusMs(madeAt, promisedIn) };
  const request = { promised: wish, madeAt, target: null, customerZone: 'UTC', companyZone: 'UTC', place: 0 };
  const promise = promiseInMemory(termsOf(planOf(request, rules), rules));
  const id = randomUUID();
  promises.set(id, promise);
  const { wakeAt } = settle(promise, madeAt);
  const options = {
    workflowId: promiseWorkflowId(id),
    taskQueue: PROMISE_QUEUE,
    args: [{ promiseId: id }],
    workflowIdConflictPolicy: 'USE_EXISTING',
  } as const;
  const startDelay = wakeAt ? msBetween(madeAt, wakeAt) : 0;
  await env.client.workflow.start(PROMISE_WORKFLOW, { ...options, startDelay });
  const poke = () => env.client.workflow.signalWithStart(PROMISE_WORKFLOW, { ...options, signal: POKE_SIGNAL });
  return {
    promise,
    tell: async (fact) => {
      promise.facts.push({ ...fact, factKey: randomUUID(), occurredAt: await now() } as Fact);
      await poke();
    },
    outcome: () => env.client.workflow.getHandle(promiseWorkflowId(id)).result(),
    told: () => storyOf(promise),
  };
}

interface Story {
  readonly promise: MemoryPromise;
  tell(fact: Pick<Fact, 'kind'> & Record<string, unknown>): Promise<void>;
  outcome(): Promise<unknown>;
  /** What Kept did, and after how many hours: `48 h: risk`. */
  told(): readonly string[];
}

function storyOf({ terms, facts }: MemoryPromise): readonly string[] {
  const hours = (at: Instant): string => `${Math.round(msBetween(terms.plan.madeAt ?? at, at) / HOUR)} h`;
  return facts.flatMap((fact) => {
    if (fact.kind === 'escalated') return [`${hours(fact.occurredAt)}: alert ${fact.reason}`];
    if (fact.kind === 'notice_sent') return [`${hours(fact.occurredAt)}: ${fact.reason} sent`];
    if (fact.kind === 'notice_dropped') return [`${hours(fact.occurredAt)}: ${fact.reason} dropped, ${fact.cause}`];
    return [];
  });
}

it('warns at the last call and asks no more when the promise is then kept', async () => {
  const story = await promised();
  await env.sleep(4 * DAY);
  await story.tell({ kind: 'fulfilled' });
  expect(await story.outcome()).toBe('kept');
  expect(story.told()).toEqual(['72 h: alert at_risk', '72 h: risk sent']);
});

it('alerts the owner at the target and leaves the customer in peace when the promise is then kept', async () => {
  const story = await promised(delivery);
  await env.sleep(4 * DAY + 12 * HOUR);
  await story.tell({ kind: 'fulfilled' });
  expect(await story.outcome()).toBe('kept');
  expect(story.told()).toEqual(['96 h: alert slip']);
});

it('warns, and makes good once the deadline and the time for late facts have passed', async () => {
  const story = await promised();
  await env.sleep(6 * DAY);
  await story.tell({ kind: 'fulfilled' });
  expect(await story.outcome()).toBe('broken');
  expect(story.told()).toEqual([
    '72 h: alert at_risk',
    '72 h: risk sent',
    '122 h: alert broken',
    '122 h: recovery sent',
  ]);
});

it('warns at once when an estimate says the time will not be held, and puts the apology off until the told time has passed', async () => {
  const story = await promised(delivery);
  await env.sleep(1 * DAY);
  await story.tell({ kind: 'estimated', at: plusMs(await now(), 5 * DAY) });
  await env.sleep(8 * DAY);
  await story.tell({ kind: 'fulfilled' });
  expect(await story.outcome()).toBe('broken');
  expect(story.told()).toEqual([
    '24 h: alert at_risk',
    '24 h: risk sent',
    '122 h: alert broken',
    '170 h: recovery sent',
  ]);
});

it('drops a warning that could not leave in time, and the deadline still acts', async () => {
  const story = await promised();
  await env.sleep(1 * DAY);
  story.promise.mailDown = true;
  await env.sleep(4 * DAY + 1 * HOUR);
  story.promise.mailDown = false;
  await env.sleep(1 * DAY);
  await story.tell({ kind: 'fulfilled' });
  expect(await story.outcome()).toBe('broken');
  expect(story.told()).toEqual([
    '72 h: alert at_risk',
    '120 h: risk dropped, expired',
    '122 h: alert broken',
    '122 h: recovery sent',
  ]);
});

it('keeps the clock and the next duty going while no mail leaves for two days', async () => {
  const story = await promised();
  await env.sleep(4 * DAY + 12 * HOUR);
  expect(story.told()).toEqual(['72 h: alert at_risk', '72 h: risk sent']);
  story.promise.mailDown = true;
  await env.sleep(2 * DAY + 0.3 * HOUR);
  expect(story.told().slice(2)).toEqual(['122 h: alert broken']);
  story.promise.mailDown = false;
  await env.sleep(1 * HOUR);
  expect(story.told().slice(3)).toEqual(['157 h: recovery sent']);
  await story.tell({ kind: 'withdrawn', by: 'customer' });
  expect(await story.outcome()).toBe('broken');
});

it('asks again when a poke arrives while advance runs', async () => {
  const story = await promised(delivery);
  let answer = (): void => {};
  const answered = new Promise<void>((resolve) => void (answer = resolve));
  story.promise.beforeAnswer = () => answered;
  await story.tell({ kind: 'progressed', checkpoint: 'packed' });
  await eventually(async () => story.promise.advances === 1);
  await story.tell({ kind: 'fulfilled' });
  answer();
  expect(await story.outcome()).toBe('kept');
  expect(story.promise.advances).toBeGreaterThanOrEqual(2);
});

it('believes no answer of a notice that is older than the one that closed the promise', async () => {
  const story = await promised();
  let answer = (): void => {};
  const answered = new Promise<void>((resolve) => void (answer = resolve));
  story.promise.afterSending = () => answered;
  await story.tell({ kind: 'estimated', at: plusMs(await now(), 6 * DAY) });
  await eventually(async () => story.told().some((line) => line.endsWith('risk sent')));
  const before = story.promise.advances;
  await story.tell({ kind: 'fulfilled' });
  await eventually(async () => story.promise.advances > before);
  answer();
  expect(await story.outcome()).toBe('kept');
});

it('ends as unknown for an id the database does not hold', async () => {
  const id = randomUUID();
  const options = { workflowId: promiseWorkflowId(id), taskQueue: PROMISE_QUEUE, args: [{ promiseId: id }] };
  expect(await env.client.workflow.execute(PROMISE_WORKFLOW, options)).toBe('unknown');
});
