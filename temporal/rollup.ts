import type { Pool } from '../db/pool.ts';
import { refreshRollup } from '../db/rollup.ts';
import { startLoop, type Log, type Loop } from './loop.ts';

export interface RollupOptions {
  readonly pool: Pool;
  readonly log: Log;
  /** Whether this process is the one that rolls up. */
  leads(): boolean;
}

const EVERY_MS = 2_000;
const DAYS_A_TURN = 200;
/** A day of very many promises must not keep the database busy: after a turn it rests for this many times as long. */
const REST = 9;

/** Rolls up the days whose closed promises have changed. Reports are exact without it, and fast with it. */
export function startRollup({ pool, log, leads }: RollupOptions): Loop {
  let restUntilMs = 0;
  return startLoop({
    name: 'The roll-up of reports',
    log,
    minMs: EVERY_MS,
    maxMs: EVERY_MS,
    turn: async () => {
      const startedMs = performance.now();
      if (!leads() || startedMs < restUntilMs) return 'none';
      const { days } = await refreshRollup(pool, DAYS_A_TURN);
      const endedMs = performance.now();
      restUntilMs = endedMs + REST * (endedMs - startedMs);
      return days > 0 ? 'some' : 'none';
    },
  });
}
