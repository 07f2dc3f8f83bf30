import { instant, msOf, type Instant } from '../promise/instant.ts';
import type { Calendar } from './calendar.ts';
import { earliestWith, latestWith, workedBefore, workingYear, workingYearAt } from './working-years.ts';

/** Longer spans are a mistake, and would have us compute the holidays of every year in them. */
const MAX_YEARS = 100;

/**
 * The earliest instant by which `ms` of working time have passed since `at`: when it is used up at closing time, that is
 * closing time and not the next opening. Without any (`ms` 0) it is `at`, open or not; a negative `ms` subtracts.
 * @throws RangeError when `ms` is no whole number, or the next 100 years have less working time
 * @example
 * // office: Monday to Friday 09:00-12:30 and 13:00-17:00 in Tallinn
 * addWorking('2026-03-27T13:00:00.000Z', 4 * HOUR, office) //=> '2026-03-30T08:00:00.000Z' (Friday from 15:00 two hours, Monday two, now on summer time)
 * addWorking('2026-03-27T13:00:00.000Z', 2 * HOUR, office) //=> '2026-03-27T15:00:00.000Z' (Friday 17:00)
 */
export function addWorking(at: Instant, ms: number, calendar: Calendar): Instant {
  if (!Number.isSafeInteger(ms)) throw new RangeError(`Working time is whole milliseconds, not ${ms}.`);
  if (ms < 0) return subtractWorking(at, -ms, calendar);
  if (ms === 0) return at;
  let year = workingYearAt(calendar, msOf(at));
  let left = ms + workedBefore(year, msOf(at));
  const last = year.year + MAX_YEARS;
  while (left > year.totalMs && year.year < last) {
    left -= year.totalMs;
    year = workingYear(calendar, year.year + 1);
  }
  if (left > year.totalMs) throw tooLittle(ms, calendar, `after ${at}`);
  return instant(earliestWith(year, left));
}

/**
 * The latest instant since which `ms` of working time have passed at `at`: when it is used up at opening time, that is
 * opening time and not the closing before. Without any (`ms` 0) it is `at`, open or not; a negative `ms` adds.
 * @throws RangeError when `ms` is no whole number, or the 100 years before have less working time
 * @example subtractWorking('2026-03-30T08:00:00.000Z', 4 * HOUR, office) //=> '2026-03-27T13:00:00.000Z' (Monday from 11:00, to Friday 15:00)
 */
export function subtractWorking(at: Instant, ms: number, calendar: Calendar): Instant {
  if (!Number.isSafeInteger(ms)) throw new RangeError(`Working time is whole milliseconds, not ${ms}.`);
  if (ms < 0) return addWorking(at, -ms, calendar);
  if (ms === 0) return at;
  let year = workingYearAt(calendar, msOf(at));
  let left = workedBefore(year, msOf(at)) - ms;
  const last = year.year - MAX_YEARS;
  while (left < 0 && year.year > last) {
    year = workingYear(calendar, year.year - 1);
    left += year.totalMs;
  }
  if (left < 0) throw tooLittle(ms, calendar, `before ${at}`);
  return instant(latestWith(year, left));
}

/**
 * Milliseconds of working time from `from` up to `to`; negative when `to` is earlier. So for every `ms`
 * `workingBetween(at, addWorking(at, ms, calendar), calendar) === ms`, and likewise back.
 * @throws RangeError when they are more than 100 years apart
 * @example workingBetween('2026-03-27T10:00:00.000Z', '2026-03-27T11:30:00.000Z', office) //=> 3_600_000 (12:00 to 13:30 with lunch at 12:30)
 */
export function workingBetween(from: Instant, to: Instant, calendar: Calendar): number {
  if (to < from) return 0 - workingBetween(to, from, calendar);
  const [first, last] = [workingYearAt(calendar, msOf(from)), workingYearAt(calendar, msOf(to))];
  if (last.year - first.year > MAX_YEARS)
    throw new RangeError(`${from} and ${to} are more than ${MAX_YEARS} years apart.`);
  let ms = workedBefore(last, msOf(to)) - workedBefore(first, msOf(from));
  for (let year = first.year; year < last.year; year += 1) ms += workingYear(calendar, year).totalMs;
  return ms;
}

const tooLittle = (ms: number, { id }: Calendar, when: string): RangeError =>
  new RangeError(`Calendar ${id} has less than ${ms / 3_600_000} h of working time in the ${MAX_YEARS} years ${when}.`);
