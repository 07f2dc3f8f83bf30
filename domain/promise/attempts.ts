import { msBetween, type Instant } from './instant.ts';
import { isLate, type Plan, type PlannedTries } from './plan.ts';

/** Tries to reach the customer that counted so far. */
export interface Tried {
  readonly counted: number;
  readonly lastAt: Instant | null;
}

/**
 * Whether a try without success counts: inside the window (from when it was promised, where there is none), and not
 * sooner after the last counted one than the policy's `tries.every`.
 */
export function countsAsTry(plan: Plan, { everyMs }: PlannedTries, { lastAt }: Tried, at: Instant): boolean {
  const from = plan.windowFrom ?? plan.madeAt;
  const isInside = (from === null || at >= from) && !isLate(plan, at);
  return isInside && (lastAt === null || msBetween(lastAt, at) >= everyMs);
}
