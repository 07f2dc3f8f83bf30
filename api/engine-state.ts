import { lag, pokesWaiting } from '../db/engine.ts';
import type { ApiDeps } from './deps.ts';

/** Whether the engine is there and keeps up. */
export interface EngineState {
  readonly up: boolean;
  /** Promises whose time to look has come, and how long the oldest of them has waited. */
  readonly due: number;
  readonly lagMs: number;
  /** Pokes on their way to the engine. */
  readonly backlog: number;
}

export async function engineState({ pool, engineUp }: Pick<ApiDeps, 'pool' | 'engineUp'>): Promise<EngineState> {
  const [{ due, lagMs }, { count: backlog }, up] = await Promise.all([lag(pool), pokesWaiting(pool), engineUp()]);
  return { up, due, lagMs, backlog };
}
