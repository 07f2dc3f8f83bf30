import { lag, pokesWaiting } from '../db/engine.ts';
import { holdOf } from '../db/hold.ts';
import type { EngineState } from '../web/shapes.ts';
import type { ApiDeps } from './deps.ts';

/** Whether the engine is there and keeps up, and whether mails are held back. */
export async function engineState({ pool, engineUp }: Pick<ApiDeps, 'pool' | 'engineUp'>): Promise<EngineState> {
  const [{ due, lagMs }, backlog, hold, up] = await Promise.all([
    lag(pool),
    pokesWaiting(pool),
    holdOf(pool),
    engineUp(),
  ]);
  return { up, hold: hold.reason, due, lagMs, backlog };
}
