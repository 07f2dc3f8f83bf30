import { plusMs, type Instant, type Zone } from '../promise/instant.ts';
import { plusDays, startOfDay } from './zones.ts';

/** One end of a span of promised times, as somebody wrote it: an instant, or a whole day of the company. */
export type Bound = { readonly at: Instant } | { readonly day: string };

/** Which end: spans are half-open, `from` is inside and `to` is not. */
export type SpanEnd = 'from' | 'to';

/**
 * The instant a bound stands for. An instant is itself. A day is a promised day: a promise for a day is due at the first
 * instant of the next one, so the day holds what is due after its first instant, up to and including that of the next.
 * @throws RangeError for a day at the very ends of the calendar
 * @example boundAt({ day: '2026-11-27' }, 'to', 'Europe/Tallinn') //=> '2026-11-27T22:00:00.001Z' (a promise for that day, due at 22:00Z, is inside)
 */
export function boundAt(bound: Bound, end: SpanEnd, zone: Zone): Instant {
  if ('at' in bound) return bound.at;
  return plusMs(startOfDay(end === 'from' ? bound.day : plusDays(bound.day, 1), zone), 1);
}
