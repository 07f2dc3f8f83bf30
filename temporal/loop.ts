import type { Logger } from 'pino';
import { faultFields } from '../db/fault-fields.ts';

/** What the engine side needs of a logger. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** `more`: ask again at once; `some`: soon; `none`: there was nothing to do, the pause grows. */
export type Found = 'more' | 'some' | 'none';

export interface LoopOptions {
  /** Shown in logs. */
  readonly name: string;
  readonly log: Log;
  /** Pause after a turn that found something. */
  readonly minMs: number;
  /** The pause doubles up to this while there is nothing to do. */
  readonly maxMs: number;
  /** One turn; may reject, which is logged once and tried again with growing pauses. */
  turn(stopping: AbortSignal): Promise<Found>;
}

export interface Loop {
  /** There may be something to do: the next turn comes at once. */
  nudge(): void;
  /** Waits for the turn that is running; never rejects. */
  stop(): Promise<void>;
}

const FAILED_MIN_MS = 250;
const FAILED_MAX_MS = 5_000;

/** Runs `turn` until stopped. Nothing it does ends the process. */
export function startLoop({ name, log, minMs, maxMs, turn }: LoopOptions): Loop {
  const stopping = new AbortController();
  let nudged = false;
  let wake = (): void => {};

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (nudged || stopping.signal.aborted) return resolve();
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const run = async (): Promise<void> => {
    let pauseMs = minMs;
    let failing = false;
    while (!stopping.signal.aborted) {
      nudged = false;
      try {
        const found = await turn(stopping.signal);
        pauseMs = found === 'more' ? 0 : found === 'some' ? minMs : Math.min(maxMs, Math.max(minMs, 2 * pauseMs));
        if (failing) log.info(`${name} works again.`);
        failing = false;
      } catch (error) {
        if (!failing) log.warn(faultFields(error), `${name} failed; it tries again.`);
        failing = true;
        pauseMs = Math.min(FAILED_MAX_MS, Math.max(FAILED_MIN_MS, 2 * pauseMs));
      }
      if (pauseMs > 0) await pause(failing ? withJitter(pauseMs) : pauseMs);
    }
  };

  const ended = run();
  return {
    nudge: () => {
      nudged = true;
      wake();
    },
    stop: () => {
      stopping.abort();
      wake();
      return ended;
    },
  };
}

/** Between half and all of it, so that many processes do not come back at the same moment. */
export const withJitter = (ms: number): number => ms * (0.5 + Math.random() / 2);
