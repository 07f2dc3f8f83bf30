import type { Calendar } from './calendar.ts';
import { perYear } from './per-year.ts';
import { firstWall, MINUTE_MS, workingDays } from './working-days.ts';
import { atWallMs } from './zones.ts';

/** The working time of one local year, ready for looking up. All in milliseconds. */
export interface WorkingYear {
  readonly year: number;
  readonly startMs: number;
  /** Where the next year starts. */
  readonly endMs: number;
  /** When each interval begins, since 1970. */
  readonly begins: Float64Array;
  /** The working time of the year before each interval, and last that of the whole year. */
  readonly before: Float64Array;
  readonly totalMs: number;
}

/** The working year in which an instant lies. Built once per calendar and year. */
export function workingYearAt(calendar: Calendar, ms: number): WorkingYear {
  const year = workingYear(calendar, new Date(ms).getUTCFullYear());
  if (ms < year.startMs) return workingYear(calendar, year.year - 1);
  return ms < year.endMs ? year : workingYear(calendar, year.year + 1);
}

/** So many years are kept for one calendar: some megabytes at most. */
const MAX_YEARS = 300;

/** The working time of a local year. Built once per calendar and year. */
export const workingYear = perYear(buildYear, MAX_YEARS);

/** Working time in the year before an instant of it. */
export function workedBefore({ begins, before }: WorkingYear, ms: number): number {
  const index = lastNotAbove(begins, ms);
  if (index < 0) return 0;
  return Math.min(at(before, index) + ms - at(begins, index), at(before, index + 1));
}

/** The earliest instant of the year before which so much of its working time lies; `ms` in (0, total]. */
export function earliestWith({ begins, before }: WorkingYear, ms: number): number {
  // The last sum below `ms` is that of the interval in which it falls; of a skipped interval it equals the next one's.
  const index = lastNotAbove(before, ms - 1);
  return at(begins, index) + ms - at(before, index);
}

/** The latest instant of the year before which no more of its working time lies; `ms` in [0, total). */
export function latestWith({ begins, before }: WorkingYear, ms: number): number {
  const index = lastNotAbove(before, ms);
  return at(begins, index) + ms - at(before, index);
}

/**
 * A bound in the repeated hour means its first, one in the skipped hour the end of that: as on a clock that is never put
 * back but stands still until it is right again. So intervals keep their order, and last as long as their bounds are apart.
 */
function buildYear(calendar: Calendar, year: number): WorkingYear {
  const begins: number[] = [];
  const before = [0];
  let totalMs = 0;
  const instantOf = (wall: number): number => atWallMs(wall, calendar.zone, 'earlier');
  for (const { wall, intervals } of workingDays(calendar, year))
    for (const { fromMinute, toMinute } of intervals) {
      const from = instantOf(wall + fromMinute * MINUTE_MS);
      totalMs += instantOf(wall + toMinute * MINUTE_MS) - from;
      begins.push(from);
      before.push(totalMs);
    }
  return {
    year,
    startMs: instantOf(firstWall(year)),
    endMs: instantOf(firstWall(year + 1)),
    begins: Float64Array.from(begins),
    before: Float64Array.from(before),
    totalMs,
  };
}

/** The place of the last number that is not above `limit` in a sorted list; -1 when all are. */
function lastNotAbove(sorted: Float64Array, limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(sorted, middle) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const at = (numbers: Float64Array, index: number): number => numbers[index] ?? 0;
