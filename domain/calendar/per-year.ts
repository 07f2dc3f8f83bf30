import type { Calendar } from './calendar.ts';

/**
 * `build`, which remembers what it built for each calendar and year. Calendars count by identity, being immutable, and
 * are not kept alive by it. A calendar that has `maxYears` years begins anew.
 */
export function perYear<T>(
  build: (calendar: Calendar, year: number) => T,
  maxYears: number,
): (calendar: Calendar, year: number) => T {
  const known = new WeakMap<Calendar, Map<number, T>>();
  return (calendar, year) => {
    const years = known.get(calendar) ?? new Map<number, T>();
    const built = years.get(year);
    if (built !== undefined) return built;
    if (years.size >= maxYears) years.clear();
    const fresh = build(calendar, year);
    known.set(calendar, years.set(year, fresh));
    return fresh;
  };
}
