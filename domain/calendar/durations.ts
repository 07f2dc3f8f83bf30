import { TZDate } from '@date-fns/tz';
import { add } from 'date-fns/add';
import { sub } from 'date-fns/sub';
import { parse as parseIso, type Duration as Parts } from 'tinyduration';
import { instant, msBetween, msOf, type Instant, type Zone } from '../promise/instant.ts';
import type { Duration } from '../policy/policy.ts';
import { atWall, wallOf, type Repeated } from './zones.ts';

/**
 * `at` moved forward by a duration: years to days on the calendar of `zone`, at the same wall time, then hours to
 * seconds as elapsed time.
 * @example plusDuration('2026-03-28T10:00:00.000Z', 'P1D', 'Europe/Tallinn') //=> '2026-03-29T09:00:00.000Z' (noon to noon over the spring night)
 */
export const plusDuration = (at: Instant, duration: Duration, zone: Zone, repeated: Repeated = 'earlier'): Instant =>
  shift(at, duration, zone, repeated, 1);

/** `at` moved back by a duration; calendar days as in `plusDuration`. */
export const minusDuration = (at: Instant, duration: Duration, zone: Zone, repeated: Repeated = 'earlier'): Instant =>
  shift(at, duration, zone, repeated, -1);

/** How long a duration lasts when it starts at `at`, in elapsed milliseconds. */
export const durationMs = (duration: Duration, at: Instant, zone: Zone, repeated: Repeated = 'earlier'): number =>
  msBetween(at, plusDuration(at, duration, zone, repeated));

/** The parts of a duration as it was written, e.g. `{ days: 1, hours: 2 }`. @throws for what is none */
export function durationParts(duration: Duration): Readonly<Parts> {
  const known = PARTS.get(duration);
  if (known) return known;
  const parts = parseIso(duration);
  if (PARTS.size < MOST_PARTS) PARTS.set(duration, parts);
  return parts;
}

/** A plan asks for the same few durations of its policy again and again. */
const PARTS = new Map<Duration, Readonly<Parts>>();
const MOST_PARTS = 1_000;

function shift(at: Instant, duration: Duration, zone: Zone, repeated: Repeated, sign: 1 | -1): Instant {
  const parts = durationParts(duration);
  const days = calendarPart(parts);
  const moved = days ? atWall(moveWall(wallOf(at, zone), days, sign), zone, repeated) : at;
  return instant(msOf(moved) + sign * clockMs(parts));
}

const DAY_MS = 86_400_000;

/** The calendar part moves the wall clock, on which every day has 24 hours; so does a date of the zone UTC. */
function moveWall(wall: number, days: CalendarPart, sign: 1 | -1): number {
  const wholeDays = 7 * days.weeks + days.days;
  // Only months and years differ in length; a date costs a hundred times more than a product.
  if (days.years === 0 && days.months === 0 && Number.isInteger(wholeDays)) return wall + sign * wholeDays * DAY_MS;
  const local = new TZDate(wall, 'UTC');
  return (sign === 1 ? add(local, days) : sub(local, days)).getTime();
}

type CalendarPart = Required<Pick<Parts, 'years' | 'months' | 'weeks' | 'days'>>;

function calendarPart(parts: Parts): CalendarPart | null {
  const { years = 0, months = 0, weeks = 0, days = 0 } = parts;
  return years || months || weeks || days ? { years, months, weeks, days } : null;
}

function clockMs({ hours = 0, minutes = 0, seconds = 0 }: Parts): number {
  return Math.round(((hours * 60 + minutes) * 60 + seconds) * 1000);
}
