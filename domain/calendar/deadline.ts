import { earlier, later, plusMs, type Instant, type Zone } from '../promise/instant.ts';
import { stands, type Plan, type Promised } from '../promise/plan.ts';
import { dayOf, plusDays, startOfDay } from './zones.ts';

/** When a promise is due: of an instant the last moment in time, of a day or window the first that is too late. */
export function deadlineOf(promised: Promised): Instant {
  switch (promised.precision) {
    case 'instant':
      return promised.at;
    case 'day':
      return startOfDay(plusDays(promised.day, 1), promised.zone);
    case 'window':
      return promised.to;
  }
}

/** What the lead is counted to; the deadline itself where the time was told after the day or window had begun. */
export function leadToOf(promised: Promised, promisedAt: Instant, since: Instant | null, zone: Zone): Instant {
  if (promised.precision === 'instant') return promisedAt;
  const start = promised.precision === 'day' ? startOfDay(promised.day, zone) : promised.from;
  return since === null || start > since ? start : promisedAt;
}

/**
 * The local day, in the promise's own zone, on which a promise falls due: the promised day; of an instant or the end of a
 * window the day that it lies in or, at midnight, closes. While its clock stands, the day it would be had it gone on.
 * @example dueDay({ precision: 'instant', day: null, promisedAt: '2026-11-27T22:00:00.000Z', zone: 'Europe/Tallinn', … }) //=> '2026-11-27' (midnight)
 */
export function dueDay(plan: Pick<Plan, 'day' | 'promisedAt' | 'zone'> & Partial<Pick<Plan, 'clock'>>): string {
  const { day, promisedAt, zone, clock } = plan;
  return day ?? dayOf(plusMs(stands(plan) ? (clock?.wouldEndAt ?? promisedAt) : promisedAt, -1), zone);
}

/** Not before the time was told, where that is known, and not after the deadline. */
export function withinPromise(at: Instant, since: Instant | null, promisedAt: Instant): Instant {
  const last = earlier(at, promisedAt);
  return since === null ? last : later(last, earlier(since, promisedAt));
}
