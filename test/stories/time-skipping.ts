import { randomUUID } from 'node:crypto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import type { Policy } from '../../domain/policy/policy.ts';
import type { Fact } from '../../domain/promise/facts.ts';
import { instant, msBetween, type Instant } from '../../domain/promise/instant.ts';
import type { Undertaking } from '../../domain/promise/plan.ts';
import {
  NOTICE_QUEUE,
  POKE_SIGNAL,
  PROMISE_QUEUE,
  PROMISE_WORKFLOW,
  promiseWorkflowId,
} from '../../workflows/contract.ts';
import { timeSkipping } from '../support/temporal.ts';
import { bundlePath } from '../temporal/bundle.ts';
import { eventually } from '../temporal/rig.ts';
import { memoryActivities, promiseInMemory, settle, type MemoryPromise, type Staffing } from './promises-in-memory.ts';

const HOUR = 3_600_000;

/** The real workflow on a server whose time is skipped, over promises in memory. One per test file: its time is global. */
export interface SkippedTime {
  readonly env: TestWorkflowEnvironment;
  now(): Promise<Instant>;
  /** A promise made now, asleep in the engine. The first policy is in force; the others are its later versions. */
  promise(promised: Undertaking, ...policies: readonly [Policy, ...Policy[]]): Promise<Story>;
  /** The same, with the partner it names and everybody who may hear of it. */
  staffed(promised: Undertaking, policy: Policy, staffing: Staffing): Promise<Story>;
  stop(): Promise<void>;
}

export interface Story {
  readonly promise: MemoryPromise;
  tell(fact: Pick<Fact, 'kind'> & Record<string, unknown>): Promise<void>;
  /** Waits for the end; time may be skipped up to when the workflow would have looked by itself. */
  outcome(): Promise<unknown>;
  /** Waits for the end while no time passes. */
  ended(): Promise<void>;
  /** What Kept did, and after how many hours: `48 h: risk`. */
  told(): readonly string[];
  /** How many events the history of the newest run has. */
  events(): Promise<number>;
  /** Timers that have begun, fired and been cancelled in the newest run. */
  timers(): Promise<{ readonly started: number; readonly fired: number; readonly cancelled: number }>;
}

export async function skippedTime(): Promise<SkippedTime> {
  const logging = { filter: { core: 'ERROR', other: 'ERROR' } } as const;
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging } });
  const path = await timeSkipping();
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  const promises = new Map<string, MemoryPromise>();
  const begun = async (promise: MemoryPromise): Promise<void> => {
    const id = randomUUID();
    promises.set(id, promise);
    await env.client.workflow.start(PROMISE_WORKFLOW, optionsOf(id));
  };
  const now = async (): Promise<Instant> => instant(await env.currentTimeMs());
  const shared = { connection: env.nativeConnection, activities: { ...memoryActivities(promises, now, begun) } };
  const workers = [
    await Worker.create({ ...shared, taskQueue: PROMISE_QUEUE, workflowBundle: { codePath: await bundlePath() } }),
    await Worker.create({ ...shared, taskQueue: NOTICE_QUEUE }),
  ];
  const runs = workers.map((worker) => worker.run());
  const made = async (promised: Undertaking, policies: readonly [Policy, ...Policy[]], staffing?: Staffing) => {
    const promise = promiseInMemory(promised, await now(), policies, staffing);
    const id = randomUUID();
    promises.set(id, promise);
    return begin(env, now, id, promise);
  };
  return {
    env,
    now,
    promise: (promised, ...policies) => made(promised, policies),
    staffed: (promised, policy, staffing) => made(promised, [policy], staffing),
    stop: async () => {
      for (const worker of workers) worker.shutdown();
      await Promise.all(runs);
      await env.teardown();
    },
  };
}

const optionsOf = (id: string) =>
  ({
    workflowId: promiseWorkflowId(id),
    taskQueue: PROMISE_QUEUE,
    args: [{ promiseId: id }],
    workflowIdConflictPolicy: 'USE_EXISTING',
  }) as const;

/** Puts a promise to sleep until it owes something, as the starter does. */
async function begin(
  env: TestWorkflowEnvironment,
  now: () => Promise<Instant>,
  id: string,
  promise: MemoryPromise,
): Promise<Story> {
  const { wakeAt, duties } = settle(promise, promise.madeAt);
  const options = optionsOf(id);
  const startDelay = wakeAt && duties.length === 0 ? msBetween(promise.madeAt, wakeAt) : 0;
  await env.client.workflow.start(PROMISE_WORKFLOW, { ...options, startDelay });
  const handle = () => env.client.workflow.getHandle(promiseWorkflowId(id));
  const eventsNamed = async (): Promise<readonly string[]> => {
    const { events } = await handle().fetchHistory();
    return (events ?? []).map((event) => Object.keys(event).find((key) => key.endsWith('EventAttributes')) ?? '');
  };
  return {
    promise,
    tell: async (fact) => {
      promise.facts.push({ ...fact, factKey: randomUUID(), occurredAt: await now() } as Fact);
      await env.client.workflow.signalWithStart(PROMISE_WORKFLOW, { ...options, signal: POKE_SIGNAL });
    },
    outcome: () => handle().result(),
    ended: async () => void (await eventually(async () => (await handle().describe()).status.name === 'COMPLETED')),
    told: () => storyOf(promise),
    events: async () => (await eventsNamed()).length,
    timers: async () => {
      const names = await eventsNamed();
      const count = (kind: string): number => names.filter((name) => name === `timer${kind}EventAttributes`).length;
      return { started: count('Started'), fired: count('Fired'), cancelled: count('Canceled') };
    },
  };
}

function storyOf({ madeAt, facts }: MemoryPromise): readonly string[] {
  const hours = (at: Instant): string => `${Math.round(msBetween(madeAt, at) / HOUR)} h`;
  return facts.flatMap((fact) => {
    if (fact.kind === 'escalated') {
      const of = fact.checkpoint === undefined ? '' : ` ${fact.checkpoint}`;
      return [`${hours(fact.occurredAt)}: alert ${fact.reason}${of}`];
    }
    if (fact.kind === 'notice_sent') return [`${hours(fact.occurredAt)}: ${fact.reason} sent`];
    if (fact.kind === 'notice_dropped') return [`${hours(fact.occurredAt)}: ${fact.reason} dropped, ${fact.cause}`];
    return [];
  });
}
