import { later, msBetween, plusMs, type Instant } from './instant.ts';
import { isLate, stands, type Plan, type PlannedTries } from './plan.ts';

/** Tries to reach the customer so far, but for the one that succeeded. */
export interface Tried {
  readonly counted: number;
  /** The last one that counted. */
  readonly lastAt: Instant | null;
  /** The last one, whether it counted or not. */
  readonly lastTriedAt: Instant | null;
}

export const UNTRIED: Tried = { counted: 0, lastAt: null, lastTriedAt: null };

/** What is known of the tries after one more without success. */
export const afterTry = (plan: Plan, tries: PlannedTries, tried: Tried, at: Instant): Tried =>
  countsAsTry(plan, tries, tried, at)
    ? { counted: tried.counted + 1, lastAt: at, lastTriedAt: at }
    : { ...tried, lastTriedAt: at };

/**
 * Whether a try without success counts: inside the window (from when it was promised, where there is none), and not
 * sooner after the last counted one than the policy's `tries.every`.
 */
function countsAsTry(plan: Plan, { everyMs }: PlannedTries, { lastAt }: Tried, at: Instant): boolean {
  const from = plan.windowFrom ?? plan.madeAt;
  const isInside = (from === null || at >= from) && !isLate(plan, at);
  return isInside && (lastAt === null || msBetween(lastAt, at) >= everyMs);
}

/** A call that the owner is to make. */
export interface DueCall {
  /**
   * Which one of the time in force: `1` is the first that can count; `1:again` the same after a try that was too early;
   * `1:owner-2` the same for whom it was handed over to, who knows nothing of what the owner before was told.
   */
  readonly call: string;
  /** When the owner is reminded of it. */
  readonly remindAt: Instant;
}

/**
 * The next call to a customer who has not been reached: the first one is reminded of ahead of the window (of the deadline,
 * where there is none), each further one when a try counts again. Null: there is none inside the time promised.
 * `handOvers`: how often the owner has changed.
 * @example
 * // window 10:00 to 12:00, tries every 20 minutes, reminded 15 minutes before; tried in vain at 10:05
 * nextCall(plan, { counted: 1, lastAt: '…T10:05:00.000Z', lastTriedAt: '…T10:05:00.000Z' }) //=> { call: '2', remindAt: '…T10:25:00.000Z' }
 */
export function nextCall(plan: Plan, tried: Tried, handOvers = 0): DueCall | null {
  const { tries, windowFrom, madeAt, promisedAt } = plan;
  if (tries?.remindMs === undefined || stands(plan)) return null;
  const call = String(tried.counted + 1);
  const due = (which: string, remindAt: Instant): DueCall | null =>
    isLate(plan, remindAt) ? null : { call: handOvers === 0 ? which : `${which}:owner-${handOvers + 1}`, remindAt };
  if (tried.lastAt !== null) return due(call, plusMs(tried.lastAt, tries.everyMs));
  const ahead = plusMs(windowFrom ?? promisedAt, -tries.remindMs);
  const first = madeAt === null ? ahead : later(ahead, madeAt);
  // Tried when already reminded, and too early to count: the window itself is the next chance.
  const { lastTriedAt } = tried;
  return windowFrom !== null && lastTriedAt !== null && lastTriedAt >= first && lastTriedAt < windowFrom
    ? due(`${call}:again`, windowFrom)
    : due(call, first);
}
