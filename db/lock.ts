import type pg from 'pg';
import type { Pool } from './pool.ts';

/** One of a kind among all processes on this database, by an advisory lock on a connection of its own. */
export interface OnlyOne {
  /** Whether this process is the one, as far as it knows. */
  held(): boolean;
  /** Looks after the lock: takes it where nobody has it, notices where it was lost. Rejects where PostgreSQL is not there. */
  tend(): Promise<boolean>;
  /** Lets the next one have it. */
  release(): Promise<void>;
}

/** A holder that PostgreSQL does not hear for so long is gone, in milliseconds; it is to be tended far more often. */
const SILENT_MS = 15_000;

/**
 * The lock ends with its connection, so a process that is killed gives it up; one that is cut off without a word (its
 * machine is gone, a firewall forgot the connection) after `silentMs`. It may believe for a moment that it still holds it:
 * what is done under the lock must be harmless when two do it.
 */
export function createOnlyOne(pool: Pool, name: string, silentMs = SILENT_MS): OnlyOne {
  let client: pg.PoolClient | null = null;

  const drop = (error?: Error): void => {
    client?.release(error ?? true);
    client = null;
  };

  const take = async (): Promise<void> => {
    const candidate = await pool.connect();
    // Without a listener an error of a connection that is not in the pool would end the process.
    candidate.on('error', () => void (client === candidate && drop()));
    try {
      const { rows } = await candidate.query<{ got: boolean }>(
        `select set_config('idle_session_timeout', $2, false), pg_try_advisory_lock(hashtextextended($1, 0)) as got`,
        [name, String(silentMs)],
      );
      if (rows[0]?.got) client = candidate;
      else candidate.release(true);
    } catch (error) {
      candidate.release(true);
      throw error;
    }
  };

  return {
    held: () => client !== null,
    tend: async () => {
      const holder = client;
      if (holder === null) await take();
      else await holder.query('select 1').catch(() => void (client === holder && drop()));
      return client !== null;
    },
    release: async () => {
      const holder = client;
      client = null;
      // Ending the connection frees the lock as well, but only when PostgreSQL has noticed.
      await holder?.query('select pg_advisory_unlock_all()').catch(() => {});
      holder?.release(true);
    },
  };
}
