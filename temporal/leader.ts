import { createOnlyOne } from '../db/lock.ts';
import type { Pool } from '../db/pool.ts';
import { startLoop, type Log } from './loop.ts';

/** Of all worker processes on one database, one starts and sweeps. */
export interface Leader {
  leads(): boolean;
  /** The next process may lead. */
  stop(): Promise<void>;
}

const LOCK = 'kept starter and sweep';
const EVERY_MS = 1_000;

export function standForLeader(pool: Pool, log: Log): Leader {
  const only = createOnlyOne(pool, LOCK);
  const loop = startLoop({
    name: 'The watch over the lead',
    log,
    minMs: EVERY_MS,
    maxMs: EVERY_MS,
    turn: async () => {
      const before = only.held();
      const now = await only.tend();
      if (now !== before)
        log.info(now ? 'This process starts and sweeps.' : 'This process no longer starts and sweeps.');
      return 'some';
    },
  });
  return {
    leads: () => only.held(),
    stop: async () => {
      await loop.stop();
      await only.release();
    },
  };
}
