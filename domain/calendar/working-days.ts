import type { Calendar } from './calendar.ts';
import { holidaysOf } from './holidays.ts';
import { perYear } from './per-year.ts';
import { WEEKDAYS, type Interval } from './week.ts';
import type { WallMs } from './zones.ts';

/** One local day of a calendar, by its wall clock. */
export interface WorkingDay {
  /** Its midnight. */
  readonly wall: WallMs;
  /** Its working time; what a holiday takes is no longer in it. */
  readonly intervals: readonly Interval[];
  /** The minute of the day from which it is a holiday; 1440: it is none. */
  readonly holidayFrom: number;
}

export const DAY_MS = 86_400_000;
export const MINUTE_MS = 60_000;
export const DAY_MINUTES = 1_440;

/** A year of days takes some tens of kilobytes. */
const MAX_YEARS = 50;

/** Every local day of a year, in order. Built once per calendar and year. */
export const workingDays = perYear(buildDays, MAX_YEARS);

function buildDays(calendar: Calendar, year: number): readonly WorkingDay[] {
  const holidays = holidaysOf(calendar.holidays, year);
  const [first, end] = [firstWall(year), firstWall(year + 1)];
  return Array.from({ length: (end - first) / DAY_MS }, (_, index) => {
    const wall = first + index * DAY_MS;
    const holidayFrom = holidays.get(new Date(wall).toISOString().slice(0, 10)) ?? DAY_MINUTES;
    return { wall, intervals: before(holidayFrom, calendar.week[weekdayOf(wall)]), holidayFrom };
  });
}

/** The wall clock of the first midnight of a year; also for the years that `Date.UTC` takes for those of a century. */
export const firstWall = (year: number): WallMs => new Date(0).setUTCFullYear(year, 0, 1);

/** 1970 began on a Thursday. */
function weekdayOf(wall: WallMs): (typeof WEEKDAYS)[number] {
  const place = (wall / DAY_MS + 3) % 7;
  return WEEKDAYS[place < 0 ? place + 7 : place] ?? 'mon';
}

function before(minute: number, intervals: readonly Interval[]): readonly Interval[] {
  if (minute === DAY_MINUTES) return intervals;
  return intervals
    .filter(({ fromMinute }) => fromMinute < minute)
    .map(({ fromMinute, toMinute }) => ({ fromMinute, toMinute: Math.min(toMinute, minute) }));
}
