import { mailsDue } from '../db/digests.ts';
import type { Pool } from '../db/pool.ts';
import { MOST_URGENT } from '../domain/promise/urgency.ts';
import {
  DIGEST_WORKFLOW,
  digestWorkflowId,
  PROMISE_QUEUE,
  URGENT_SIGNAL,
  type DigestInput,
} from '../workflows/contract.ts';
import type { WorkflowStartOptions } from '@temporalio/client';
import type { Engine } from './engine.ts';
import { inParallel } from './in-parallel.ts';
import { startLoop, type Log, type Loop } from './loop.ts';

export interface DigestStarterOptions {
  readonly pool: Pool;
  readonly engine: Engine;
  readonly log: Log;
  /** Whether this process is the one that looks for people with alerts. */
  leads(): boolean;
}

const IN_FLIGHT = 32;
/** To look who waits for a mail costs the more the more alerts wait: it may take a tenth of the time, where that is soon enough. */
const [SOONEST_MS, PAUSES, LATEST_MS] = [500, 9, 2_000] as const;
/** Whoever looks so little after a mail is due is soon enough. */
const NEAR_MS = 2_000;
/** A mail that is due for longer has no workflow any more, or one that cannot send; it is told again, ever less often. */
const GRACE_MS = 15_000;
const MOST_MS = 600_000;

/** What this process knows of a person's workflow. */
interface Asked {
  /** When it looks by itself, on this process's own clock. */
  readonly atMs: number;
  readonly runId: string;
  /** How long to wait before it is told again. */
  readonly pauseMs: number;
}

type Due = Awaited<ReturnType<typeof mailsDue>>[number];

/**
 * Sees to it that everybody for whom alerts wait has a workflow that looks when their mail is due. A plain start, delayed
 * by what is left of the window; only where it would look too late it is signalled, since a signal ends the delay. What is
 * remembered here saves calls: a process that knows nothing starts everybody anew, which changes nothing.
 */
export function startDigests({ pool, engine, log, leads }: DigestStarterOptions): Loop {
  const asked = new Map<string, Asked>();
  let epoch: number | null = null;
  let againMs = 0;
  return startLoop({
    name: 'The starter of mails to staff',
    log,
    minMs: SOONEST_MS,
    maxMs: SOONEST_MS,
    turn: async (stopping) => {
      const beganMs = performance.now();
      if (engine.epoch() === null || !engine.up() || !leads() || beganMs < againMs) return 'none';
      if (engine.epoch() !== epoch) asked.clear();
      epoch = engine.epoch();
      const due = await mailsDue(pool);
      const readAtMs = performance.now();
      againMs = readAtMs + Math.min(PAUSES * (readAtMs - beganMs), LATEST_MS);
      const waiting = new Set(due.map(({ personId }) => personId));
      for (const personId of asked.keys()) if (!waiting.has(personId)) asked.delete(personId);
      await inParallel(due, IN_FLIGHT, async (person) => {
        if (stopping.aborted || !engine.up()) return;
        const next = await ask(engine, log, person, asked.get(person.personId), readAtMs);
        if (next) asked.set(person.personId, next);
      });
      return due.length > 0 ? 'some' : 'none';
    },
  });
}

/** What is known afterwards; null: nothing new. */
async function ask(
  engine: Engine,
  log: Log,
  { personId, delayMs }: Due,
  known: Asked | undefined,
  readAtMs: number,
): Promise<Asked | null> {
  const nowMs = performance.now();
  const dueMs = readAtMs + delayMs;
  const asleep = known !== undefined && known.atMs > nowMs;
  // Whoever looks a moment later than due is not worth an event.
  if (asleep && known.atMs <= Math.max(dueMs, nowMs) + NEAR_MS) return null;
  const isLate = asleep || (known !== undefined && dueMs < nowMs - GRACE_MS);
  try {
    const options = startOptions(personId);
    if (isLate) {
      const { signaledRunId: runId } = await engine.call(() =>
        engine.client.workflow.signalWithStart(DIGEST_WORKFLOW, { ...options, signal: URGENT_SIGNAL }),
      );
      const pauseMs = asleep ? GRACE_MS : Math.min(2 * known.pauseMs, MOST_MS);
      return { atMs: nowMs + pauseMs, runId, pauseMs };
    }
    const startDelay = Math.max(0, Math.ceil(dueMs - nowMs));
    const { firstExecutionRunId: runId } = await engine.call(() =>
      engine.client.workflow.start(DIGEST_WORKFLOW, { ...options, startDelay }),
    );
    // Still the run that looked before: it is about to end, and the next turn starts the next one.
    return known?.runId === runId ? null : { atMs: dueMs, runId, pauseMs: GRACE_MS };
  } catch (error) {
    if (engine.noteFailure(error) === 'refused')
      log.error({ personId }, 'The engine refuses to start the mails of one of the staff; it is tried again.');
    return null;
  }
}

const startOptions = (personId: string): WorkflowStartOptions<(input: DigestInput) => Promise<void>> => ({
  workflowId: digestWorkflowId(personId),
  taskQueue: PROMISE_QUEUE,
  args: [{ personId }],
  workflowIdConflictPolicy: 'USE_EXISTING',
  workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  // Few, and somebody waits by the phone: not behind a herd of warnings.
  priority: { priorityKey: MOST_URGENT },
});
