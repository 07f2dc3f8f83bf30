import Holidays from 'date-holidays';
import type { HolidayRules } from './holiday-rules.ts';

/**
 * The holidays of a year: local day (`YYYY-MM-DD`) to the minute of the day from which there is no working time. It is
 * 0 for all but the few public holidays that begin at noon or later. A country's count from 1970 to 2100, since nobody
 * knows feasts of the moon much longer ahead; added ones in every year.
 * Source: date-holidays, public holidays only, with their substitutes; the moon's are computed, not proclaimed.
 * @example holidaysOf({ country: 'EE', region: null, add: [], remove: ['2026-12-26'] }, 2026).get('2026-02-24') //=> 0
 */
export function holidaysOf(rules: HolidayRules, year: number): ReadonlyMap<string, number> {
  const inYear = ([day]: HolidayFrom): boolean => day.startsWith(`${paddedYear(year)}-`);
  const public_ = [...publicHolidays(rules, year - 1), ...publicHolidays(rules, year)].filter(inYear);
  const days = new Map<string, number>();
  for (const [day, from] of public_) days.set(day, Math.min(from, days.get(day) ?? from));
  for (const day of rules.remove) days.delete(day);
  for (const day of rules.add) if (inYear([day, 0])) days.set(day, 0);
  return days;
}

/** The codes of all countries whose holidays are known. */
export const countries = (): readonly string[] => Object.keys(new Holidays().getCountries());

/** The regions of a country, as `HolidayRules` names them; none where the whole country keeps the same days. */
export function regionsOf(country: string): readonly string[] {
  const known = new Holidays();
  // The types promise a list; countries and states without parts have none.
  const states = Object.keys((known.getStates(country) as Record<string, string> | undefined) ?? {});
  return states.flatMap((state) => {
    const parts = Object.keys((known.getRegions(country, state) as Record<string, string> | undefined) ?? {});
    return [state, ...parts.map((part) => `${state}-${part}`)];
  });
}

/** A year as a day writes it. */
export const paddedYear = (year: number): string => String(year).padStart(4, '0');

/** A day, and the minute of it from which it is a holiday. */
type HolidayFrom = readonly [day: string, fromMinute: number];

const FIRST_YEAR = 1970;
const LAST_YEAR = 2100;
const DAY_MS = 86_400_000;

interface Source {
  readonly holidays: Holidays;
  readonly years: Map<number, readonly HolidayFrom[]>;
}
/** By country and region: computing a year takes milliseconds, the first one up to a hundred. */
const sources = new Map<string, Source>();

/** The public holidays that begin in a year; the last of them may reach into the next. */
function publicHolidays({ country, region }: HolidayRules, year: number): readonly HolidayFrom[] {
  if (country === null || year < FIRST_YEAR || year > LAST_YEAR) return [];
  const key = `${country} ${region ?? ''}`;
  const source = sources.get(key) ?? { holidays: open(country, region), years: new Map() };
  sources.set(key, source);
  const known = source.years.get(year);
  if (known) return known;
  const days = source.holidays.getHolidays(year).flatMap(daysOf);
  source.years.set(year, days);
  return days;
}

function open(country: string, region: string | null): Holidays {
  const [state = '', part = ''] = region?.split('-') ?? [];
  // In UTC every day has 24 hours: neither the machine's zone nor a change of the clock then bends a holiday's length.
  return new Holidays(country, state, part, { types: ['public'], timezone: 'UTC' });
}

/** `date` is the first local day and the time at which the holiday begins: midnight wherever it lasts a day or more. */
function daysOf({ date, start, end }: { date: string; start: Date; end: Date }): HolidayFrom[] {
  const first = Date.parse(`${date.slice(0, 10)}T00:00:00Z`);
  const from = Number(date.slice(11, 13)) * 60 + Number(date.slice(14, 16));
  // Some last 90 hours: three days, and an afternoon before the first that `date` does not tell.
  const length = Math.max(1, Math.floor((end.getTime() - start.getTime()) / DAY_MS));
  return Array.from({ length }, (_, index) => [new Date(first + index * DAY_MS).toISOString().slice(0, 10), from]);
}
