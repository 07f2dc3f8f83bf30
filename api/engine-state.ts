import { lag, pokesWaiting } from '../db/engine.ts';
import { holdOf } from '../db/hold.ts';
import type { EngineState } from '../web/shapes.ts';
import type { ApiDeps } from './deps.ts';

type EngineDeps = Pick<ApiDeps, 'pool' | 'engineUp' | 'reference'>;

/** Whether the engine is there, keeps up and will, and whether mails are held back. */
export async function engineState({ pool, engineUp, reference }: EngineDeps): Promise<EngineState> {
  const [{ due, lagMs }, backlog, hold, up, capacity] = await Promise.all([
    lag(pool),
    pokesWaiting(pool),
    holdOf(pool),
    engineUp(),
    // As whoever registers is told: both change at once.
    reference.capacity(),
  ]);
  return { up, hold: hold.reason, due, lagMs, backlog, capacity };
}
