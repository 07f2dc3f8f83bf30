import { DefaultLogger, Runtime, Worker, type LogEntry, type NativeConnection } from '@temporalio/worker';
import { faultFields } from '../db/fault-fields.ts';
import type { Pool } from '../db/pool.ts';
import { NOTICE_QUEUE, PROMISE_QUEUE, type DigestActivities, type PromiseActivities } from '../workflows/contract.ts';
import { connectWorkers, type TemporalOptions } from './connection.ts';
import { startDigests } from './digests.ts';
import { watchEngine } from './engine.ts';
import { standForLeader } from './leader.ts';
import { startLoop, type Log, type Loop } from './loop.ts';
import { workerIdentity } from './pollers.ts';
import { startRelay } from './relay.ts';
import { startRollup } from './rollup.ts';
import { startStarter } from './starter.ts';
import { startSweep } from './sweep.ts';
import { startLook, type Witness } from './witness.ts';

export interface WorkerOptions {
  readonly pool: Pool;
  readonly temporal: TemporalOptions;
  readonly activities: PromiseActivities;
  /** Absent: this worker writes to no staff. */
  readonly digests?: DigestActivities;
  /** Absent: the engine is not asked whether the database was put back. */
  readonly witness?: Pick<Witness, 'look'>;
  /** The workflow bundle, built beforehand: the same file in production and in tests. */
  readonly bundlePath: string;
  readonly log: Log;
  /** Shown in histories; default `<pid>@<host>`. */
  readonly identity?: string;
  /** Workflows kept in memory; 0 replays each history at each step. */
  readonly maxCachedWorkflows?: number;
  /** How far ahead promises are put to sleep in the engine; null, the default: however far. */
  readonly horizonMs?: number | null;
}

export interface RunningWorker {
  engineUp(): boolean;
  /** Something was written in this process that the engine should learn of at once. */
  nudge(): void;
  /** Lets what is running end, gives up the lead, closes connections; the pool stays open. */
  stop(): Promise<void>;
}

const CACHED_WORKFLOWS = 1_000;
/** How long a worker that is told to stop gives to what is on its way. */
export const WORKER_GRACE_MS = 20_000;
/** Each holds a connection of the pool or waits for one. */
const [PARALLEL_ADVANCES, PARALLEL_NOTICES] = [16, 16] as const;
/** Both hand mails over. */
export const PARALLEL_HAND_OVERS = PARALLEL_ADVANCES + PARALLEL_NOTICES;
/** Twice in the 8 s after which a worker that says nothing counts as dead. */
const BEATS = '3s';

/**
 * Everything of a worker process: workflows, activities, starter, relay, sweep, roll-up and mails to staff. Resolves at once, also while engine
 * or database are down: each part keeps trying, and nothing ends the process.
 */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { pool, temporal, log, horizonMs = null } = options;
  installRuntime(log);
  const engine = watchEngine({ pool, temporal, log });
  const leader = standForLeader(pool, log);
  const relay = startRelay({ pool, engine, log });
  const starter = startStarter({ pool, engine, log, leads: leader.leads, horizonMs });
  const sweep = startSweep({ pool, log, leads: leader.leads });
  const rollup = startRollup({ pool, log, leads: leader.leads });
  const digests = options.digests && startDigests({ pool, engine, log, leads: leader.leads });
  const look = options.witness && startLook({ witness: options.witness, log, leads: leader.leads });
  const workers = superviseWorkers(options);
  const loops = [relay, starter, sweep, rollup, ...[digests, look].filter((loop) => loop !== undefined)];
  return {
    engineUp: engine.up,
    nudge: () => {
      relay.nudge();
      starter.nudge();
    },
    stop: async () => {
      await Promise.all([...loops.map((loop) => loop.stop()), workers.stop()]);
      await leader.stop();
      await engine.stop();
    },
  };
}

/** Runs both workers; where they end without being told to (namespace gone, key refused), makes new ones. */
function superviseWorkers(options: WorkerOptions): Pick<Loop, 'stop'> {
  let running: readonly Worker[] = [];
  const loop = startLoop({
    name: 'The worker',
    log: options.log,
    minMs: 500,
    maxMs: 5_000,
    turn: async (stopping) => {
      const connection = await connectWorkers(options.temporal);
      try {
        running = await createWorkers(options, connection);
        await runAll(running, stopping);
      } finally {
        running = [];
        // Refused where a worker could not be made and another one waits for it; then the process ends it.
        await connection.close().catch(() => {});
      }
      return 'some';
    },
  });
  return {
    stop: async () => {
      const ended = loop.stop();
      shutDown(running);
      await ended;
    },
  };
}

/** Two queues, so that a provider that is slow starves no `advance`: what `advance` tries itself ends where it becomes slow. */
async function createWorkers(options: WorkerOptions, connection: NativeConnection): Promise<readonly Worker[]> {
  const { temporal, activities, bundlePath, maxCachedWorkflows = CACHED_WORKFLOWS } = options;
  const shared = {
    connection,
    namespace: temporal.namespace,
    identity: options.identity ?? workerIdentity(process.pid),
    shutdownGraceTime: WORKER_GRACE_MS,
  } as const;
  const promises = await Worker.create({
    ...shared,
    taskQueue: PROMISE_QUEUE,
    workflowBundle: { codePath: bundlePath },
    activities: { advance: activities.advance },
    enableNonLocalActivities: false,
    maxConcurrentLocalActivityExecutions: PARALLEL_ADVANCES,
    workflowTaskPollerBehavior: { type: 'autoscaling' },
    maxCachedWorkflows,
  });
  const notices = await Worker.create({
    ...shared,
    taskQueue: NOTICE_QUEUE,
    activities: { perform: activities.perform, ...options.digests },
    maxConcurrentActivityTaskExecutions: PARALLEL_NOTICES,
    maxHeartbeatThrottleInterval: BEATS,
    activityTaskPollerBehavior: { type: 'autoscaling' },
  });
  return [promises, notices];
}

/** One that fails takes the other along: half a worker is none. */
async function runAll(workers: readonly Worker[], stopping: AbortSignal): Promise<void> {
  const runs = workers.map((worker) => worker.run());
  for (const run of runs) run.catch(() => shutDown(workers));
  // Told to stop before they ran; only a worker that runs can be shut down.
  if (stopping.aborted) shutDown(workers);
  const failed = (await Promise.allSettled(runs)).find((run) => run.status === 'rejected');
  if (failed) throw failed.reason;
}

function shutDown(workers: readonly Worker[]): void {
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
}

let installed = false;

/** The SDK warns of our second worker, which is for notices only. */
const OF_COURSE = 'No workflows registered, not polling for workflow tasks';

/** Once per process: the SDK's lines go to our log, and signals are left to whoever owns the process. */
function installRuntime(log: Log): void {
  if (installed) return;
  installed = true;
  const logger = new DefaultLogger('WARN', ({ level, message, meta }: LogEntry) => {
    const fields = {
      workflowId: meta?.['workflowId'],
      activity: meta?.['activityType'],
      ...(meta?.['error'] === undefined ? {} : faultFields(meta['error'])),
    };
    if (message === OF_COURSE) log.debug(fields, message);
    else if (level === 'ERROR') log.error(fields, message);
    else log.warn(fields, message);
  });
  const logging = { filter: { core: 'WARN', other: 'ERROR' }, forward: {} } as const;
  Runtime.install({ logger, shutdownSignals: [], telemetryOptions: { logging } });
}
