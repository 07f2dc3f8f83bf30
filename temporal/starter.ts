import { startable, started, type Start } from '../db/engine.ts';
import type { Pool } from '../db/pool.ts';
import { PROMISE_WORKFLOW } from '../workflows/contract.ts';
import type { Engine } from './engine.ts';
import { inParallel } from './in-parallel.ts';
import { startLoop, type Log, type Loop } from './loop.ts';
import { startOptions, withoutAttributesIfRefused } from './starts.ts';

export interface StarterOptions {
  readonly pool: Pool;
  readonly engine: Engine;
  readonly log: Log;
  /** Whether this process is the one that starts. */
  leads(): boolean;
  /** How far ahead promises are put to sleep; null: however far. */
  readonly horizonMs: number | null;
}

const BATCH = 2_000;
const IN_FLIGHT = 32;
const MIN_MS = 50;
const MAX_MS = 500;

/** Puts every open promise to sleep that is not known to sleep in this engine, nearest first. */
export function startStarter({ pool, engine, log, leads, horizonMs }: StarterOptions): Loop {
  return startLoop({
    name: 'The starter',
    log,
    minMs: MIN_MS,
    maxMs: MAX_MS,
    turn: async (stopping) => {
      const epoch = engine.epoch();
      if (epoch === null || !engine.up() || !leads()) return 'none';
      const readAtMs = performance.now();
      const items = await startable(pool, epoch, horizonMs, BATCH);
      const asleep = createRecorder<Start>((batch) => started(pool, epoch, batch));
      let count = 0;
      await inParallel(items, IN_FLIGHT, async (item) => {
        if (stopping.aborted || !engine.up()) return;
        if (!(await start(engine, log, item, readAtMs))) return;
        count += 1;
        asleep.add(item);
      });
      await asleep.flushed();
      if (count === 0) return 'none';
      return items.length === BATCH ? 'more' : 'some';
    },
  });
}

async function start(engine: Engine, log: Log, item: Start, readAtMs: number): Promise<boolean> {
  try {
    await withoutAttributesIfRefused(engine, (attributes) => {
      const startDelay = Math.max(0, Math.ceil(item.delayMs - (performance.now() - readAtMs)));
      return engine.client.workflow.start(PROMISE_WORKFLOW, { ...startOptions(item, attributes), startDelay });
    });
    return true;
  } catch (error) {
    if (engine.noteFailure(error) === 'refused')
      log.error({ promiseId: item.promiseId }, 'The engine refuses to start this promise; it is tried again.');
    return false;
  }
}

interface Recorder<T> {
  add(item: T): void;
  /** Resolves when everything added is written; rejects when a write failed. */
  flushed(): Promise<void>;
}

/** A write costs the database what several starts cost the engine: so many share one, but none waits for long. */
const SHARE_ITEMS = 100;
const SHARE_MS = 250;

/** Writes what has come together: a promise counts as asleep soon after it sleeps. One write at a time. */
function createRecorder<T>(write: (items: readonly T[]) => Promise<void>): Recorder<T> {
  let waiting: T[] = [];
  let sinceMs = performance.now();
  let writing: Promise<void> = Promise.resolve();

  const flush = (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    sinceMs = performance.now();
    writing = writing.then(() => (batch.length > 0 ? write(batch) : undefined));
    // Whoever asks whether all is written hears of it; until then it is no unhandled rejection.
    writing.catch(() => {});
    return writing;
  };

  return {
    add: (item) => {
      waiting.push(item);
      if (waiting.length >= SHARE_ITEMS || performance.now() - sinceMs >= SHARE_MS) void flush();
    },
    flushed: flush,
  };
}
