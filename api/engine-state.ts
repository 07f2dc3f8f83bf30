import { lag, pokesWaiting } from '../db/engine.ts';
import type { EngineState } from '../web/shapes.ts';
import type { ApiDeps } from './deps.ts';

/** Whether the engine is there and keeps up. */
export async function engineState({ pool, engineUp }: Pick<ApiDeps, 'pool' | 'engineUp'>): Promise<EngineState> {
  const [{ due, lagMs }, backlog, up] = await Promise.all([lag(pool), pokesWaiting(pool), engineUp()]);
  return { up, due, lagMs, backlog };
}
