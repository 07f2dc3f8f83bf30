import { sweepAlerts } from '../db/alert-sweep.ts';
import { lookAtCapacity } from '../db/capacity.ts';
import { forgetSeconds, giveBackDropped } from '../db/caps.ts';
import { emptyVoidDigests } from '../db/digests.ts';
import { doubtOwed, lag, sweepDue, type Sweep } from '../db/engine.ts';
import { forgetOld, tidyOutbox } from '../db/keep.ts';
import { sweepHandOvers } from '../db/hand-over-sweep.ts';
import { faultFields } from '../db/fault-fields.ts';
import type { Pool } from '../db/pool.ts';
import { needsRelief } from '../domain/promise/decisions.ts';
import { startLoop, type Log, type Loop } from './loop.ts';

export interface SweepOptions {
  readonly pool: Pool;
  readonly log: Log;
  /** Whether this process is the one that sweeps. */
  leads(): boolean;
}

const EVERY_MS = 5_000;
/** What is due for longer has been missed by its workflow, not merely delayed. */
const USUAL: Sweep = { graceMs: 15_000, limit: 200, poke: 'all' };
/** Too many are due at once: what owes nothing wakes by itself. */
const RELIEF: Sweep = { graceMs: 0, limit: 500, poke: 'owing' };
/** A notice that is tried again and again has a workflow; once a minute we make sure. */
const DOUBT_MS = 60_000;
/** What is kept for five minutes is to be gone in the sixth. */
const FORGET_MS = 20_000;
const BATCH = 200;
/** How often we look whether the engine can wake what lies ahead. */
const LOOK_MS = 20_000;

/** The net below: settles and pokes whatever should have woken and did not, also while the engine is down. */
export function startSweep({ pool, log, leads }: SweepOptions): Loop {
  let [doubtedMs, forgotMs] = [performance.now(), performance.now()];
  let lookedMs = -Infinity;
  return startLoop({
    name: 'The due sweep',
    log,
    minMs: EVERY_MS,
    maxMs: EVERY_MS,
    turn: async () => {
      if (!leads()) return 'none';
      const sweep = needsRelief(await lag(pool)) ? RELIEF : USUAL;
      const { found, failed } = await sweepDue(pool, sweep);
      if (found > 0) log.info({ found }, 'The due sweep found promises that nobody had looked at.');
      for (const { id, error } of failed)
        log.error({ promiseId: id, ...faultFields(error) }, 'A promise cannot be settled; it is tried again.');
      const swept = await sweepHandOvers(pool);
      if (swept.handedOver > 0) log.info({ handedOver: swept.handedOver }, 'Promises went to somebody else.');
      for (const { id, error } of swept.failed)
        log.error({ promiseId: id, ...faultFields(error) }, 'A promise cannot be handed over; it is tried again.');
      const alerts = await sweepAlerts(pool, BATCH);
      await giveBackDropped(pool);
      if (performance.now() - lookedMs >= LOOK_MS) {
        lookedMs = performance.now();
        await lookAtCapacity(pool);
      }
      if (performance.now() - doubtedMs >= DOUBT_MS) {
        doubtedMs = performance.now();
        await doubtOwed(pool, DOUBT_MS, BATCH);
      }
      if (performance.now() - forgotMs >= FORGET_MS) {
        forgotMs = performance.now();
        await forgetSeconds(pool);
        await emptyVoidDigests(pool);
        await forgetOld(pool);
        await tidyOutbox(pool);
      }
      return (found === sweep.limit && failed.length === 0) || alerts === BATCH ? 'more' : 'none';
    },
  });
}
