import { setTimeout as pause } from 'node:timers/promises';
import { isUnavailable } from '../db/pool.ts';

export interface Waiting {
  /** Ends the waiting: it rejects then. */
  readonly ending: AbortSignal;
  warn(line: string): void;
}

const AGAIN_MS = 500;
const UNDEFINED_TABLE = '42P01';

/**
 * Does `work` as soon as PostgreSQL answers, however long that takes, saying once that it waits.
 * @throws the work's own faults, and the reason of `ending`
 */
export async function whenDatabaseAnswers<T>(work: () => Promise<T>, { ending, warn }: Waiting): Promise<T> {
  for (let told = false; ; told = true) {
    ending.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if ((error as { code?: unknown }).code === UNDEFINED_TABLE)
        throw new Error('The database has not the tables of Kept. Run "kept migrate" once.', { cause: error });
      if (!isUnavailable(error)) throw error;
      if (!told) warn('The database cannot be reached; waiting for it.');
      await pause(AGAIN_MS, undefined, { signal: ending });
    }
  }
}
