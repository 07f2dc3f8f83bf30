import { shortageAt, type Shortage } from '../promise/capacity.ts';
import { earlier, IDLE, instant, later, msOf, plusMs, type Instant } from '../promise/instant.ts';
import { stands, type Plan, type Undertaking } from '../promise/plan.ts';
import type { Policy } from '../policy/policy.ts';
import type { Book } from './book.ts';
import { durationMs, plusDuration } from './durations.ts';
import { planOf, type PlanRequest } from './plan.ts';
import { dayOf, plusDays, startOfDay } from './zones.ts';

/** What a promise is refused for; `no_capacity`: too many others are to be warned when its customer would be. */
export const REFUSAL_REASONS = ['too_tight', 'too_long', 'no_capacity'] as const;

/** Why a promise is refused, and the nearest promised time that could be held instead; null: none by moving the time alone. */
export interface Refusal {
  readonly reason: (typeof REFUSAL_REASONS)[number];
  readonly couldBe: Instant | null;
}

type Made = PlanRequest & { readonly madeAt: Instant };

/** Whether the policy refuses a promise: longer than its longest, or without room where it says `tooTight: refuse`. */
export function refusalOf(request: Made, plan: Plan, policy: Policy, book: Book): Refusal | null {
  const isFlagged = policy.tooTight === 'flag';
  const latest = latestOf(request.madeAt, policy, plan);
  if (latest !== null && plan.promisedAt > latest) {
    const first = isFlagged ? null : earliestHeld(request, plan, policy, book);
    // More time never leaves less room: what is not before the earliest that has some has it, too.
    return { reason: 'too_long', couldBe: isFlagged || (first !== null && first <= latest) ? latest : null };
  }
  if (isFlagged || hasRoom(plan)) return null;
  const couldBe = earliestHeld(request, plan, policy, book);
  return { reason: 'too_tight', couldBe: couldBe !== null && couldBe <= (latest ?? IDLE) ? couldBe : null };
}

/**
 * Whether a promise to the minute is refused because the engine will be behind at its last call. Days and windows are not:
 * they stand behind those who are waiting already.
 */
export function capacityRefusal(
  request: Made,
  plan: Plan,
  policy: Policy,
  book: Book,
  shortages: readonly Shortage[],
): Refusal | null {
  const shortage = plan.precision === 'instant' ? shortageAt(shortages, plan.lastCallAt) : null;
  return shortage && { reason: 'no_capacity', couldBe: firstAfter(request, shortage, policy, book, shortages) };
}

/** The first whole minute from which on a last call falls behind every shortage that it meets. */
function firstAfter(
  request: Made,
  { until }: Shortage,
  policy: Policy,
  book: Book,
  shortages: readonly Shortage[],
): Instant | null {
  const { zone } = planOf(request, policy, book);
  const leadTo = plusDuration(until, policy.lead, zone);
  const spreadMs = durationMs(policy.spread, leadTo, zone) * request.place;
  const at = instant(Math.ceil((msOf(leadTo) + spreadMs) / MINUTE_MS) * MINUTE_MS);
  const plan = planOf({ ...request, promised: { precision: 'instant', at } }, policy, book);
  const latest = latestOf(request.madeAt, policy, plan);
  if (latest !== null && at > latest) return null;
  const next = shortageAt(shortages, plan.lastCallAt);
  return next && next.until > until ? firstAfter(request, next, policy, book, shortages) : next ? null : at;
}

/** The latest promised time that the policy allows, of a day the end of the last whole one; null: none that can be written. */
function latestOf(madeAt: Instant, { longest }: Policy, { day, zone }: Plan): Instant | null {
  try {
    const latest = plusDuration(madeAt, longest, zone);
    return day === null ? latest : startOfDay(dayOf(latest, zone), zone);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const hasRoom = ({ flags }: Plan): boolean => !flags.includes('no_buffer') && !flags.includes('too_tight');

/** A minute before anything longer than the longest duration there is. */
const MAX_STEPS = 2 ** 26;

/**
 * The earliest promised time of the same precision that leaves room for the policy's buffer and is not shorter than its
 * shortest: the first whole minute, or the first day. Found by halving: more time never leaves less room.
 */
function earliestHeld(request: Made, plan: Plan, policy: Policy, book: Book): Instant | null {
  const planAt = (steps: number): Plan | null => {
    try {
      return planOf({ ...request, promised: moved(request, plan, steps) }, policy, book);
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  };
  const isHeld = (steps: number): boolean => {
    const made = planAt(steps);
    return made !== null && !stands(made) && hasRoom(made);
  };
  let high = 1;
  while (!isHeld(high)) if ((high *= 2) > MAX_STEPS) return null;
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isHeld(middle)) high = middle;
    else low = middle;
  }
  return planAt(high)?.promisedAt ?? null;
}

const MINUTE_MS = 60_000;

/** What is promised, so many minutes or days after it was made. */
function moved({ promised, madeAt }: Made, plan: Plan, steps: number): Undertaking {
  if ('within' in promised) return { ...promised, within: `PT${steps}M` };
  const at = instant((Math.floor(msOf(madeAt) / MINUTE_MS) + steps) * MINUTE_MS);
  switch (promised.precision) {
    case 'instant':
      return { precision: 'instant', at };
    case 'day':
      return { ...promised, day: plusDays(dayOf(madeAt, plan.zone), steps - 1) };
    case 'window': {
      const from = plusMs(at, msOf(promised.from) - msOf(promised.to));
      return { precision: 'window', from: earlier(later(from, madeAt), at), to: at };
    }
  }
}
