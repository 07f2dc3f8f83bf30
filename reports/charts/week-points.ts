import type { WordKeptGroup } from '../../domain/metrics/word-kept.ts';
import { dueOf, FEW } from './picture.ts';

/** One week on the axis; one without promises due has no rate. */
export interface WeekPoint {
  /** The Monday it begins with, `YYYY-MM-DD`. */
  readonly monday: string;
  readonly due: number;
  readonly kept: number;
  readonly rate: number | null;
}

/** Twenty years: more would be narrower than a line. */
export const MOST_WEEKS = 1_044;

/** Weeks that are taken together where there are too many to follow one by one. */
export const QUARTER_WEEKS = 13;

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

/**
 * The weeks from the first to the last in which promises were due, none left out between. Where they lie further apart
 * than `MOST_WEEKS`, those in which most promises were due.
 */
export function weekPoints(groups: readonly WordKeptGroup[]): readonly WeekPoint[] {
  const known = groups
    .flatMap((group) => (group.key !== null && dueOf(group) > 0 ? [{ ms: mondayMs(group.key), group }] : []))
    .toSorted((a, b) => a.ms - b.ms);
  const shown = fullest(known);
  const [first, last] = [shown[0]?.ms, shown.at(-1)?.ms];
  if (first === undefined || last === undefined) return [];
  const byMs = new Map(shown.map(({ ms, group }) => [ms, group]));
  return Array.from({ length: (last - first) / WEEK_MS + 1 }, (_, index) => {
    const ms = first + index * WEEK_MS;
    const group = byMs.get(ms);
    const monday = new Date(ms).toISOString().slice(0, 10);
    return group
      ? { monday, due: dueOf(group), kept: group.kept, rate: group.keptRate }
      : { monday, due: 0, kept: 0, rate: null };
  });
}

interface Week {
  readonly ms: number;
  readonly group: WordKeptGroup;
}

/** Of the spans that are not too long the one with most promises; of equal ones the newest. */
function fullest(weeks: readonly Week[]): readonly Week[] {
  let best = { from: 0, to: 0, due: 0 };
  let [from, due] = [0, 0];
  for (const [to, week] of weeks.entries()) {
    due += dueOf(week.group);
    for (let oldest = weeks[from]; oldest && week.ms - oldest.ms >= MOST_WEEKS * WEEK_MS; oldest = weeks[from]) {
      due -= dueOf(oldest.group);
      from += 1;
    }
    if (due >= best.due) best = { from, to: to + 1, due };
  }
  return weeks.slice(best.from, best.to);
}

/** How many weeks with promises due are not among the points. */
export const weeksLeftOut = (groups: readonly WordKeptGroup[], points: readonly WeekPoint[]): number =>
  groups.filter((group) => group.key !== null && dueOf(group) > 0).length - points.filter(({ due }) => due > 0).length;

/**
 * The Monday of an ISO 8601 week: week 1 is the one with 4 January in it.
 * @example new Date(mondayMs('2013-W07')).toISOString() //=> '2013-02-11T00:00:00.000Z'
 */
export function mondayMs(week: string): number {
  const [year = '', number = ''] = week.split('-W');
  const fourth = Date.parse(`${year}-01-04T00:00:00Z`);
  const weekday = (new Date(fourth).getUTCDay() + 6) % 7;
  return fourth - weekday * DAY_MS + (Number(number) - 1) * WEEK_MS;
}

/** A place on the axis that is named: with its day while weeks are few, else by its month, else by its year. */
export interface WeekTick {
  readonly index: number;
  readonly day: number | null;
  /** 0 to 11; null where only the year is said. */
  readonly month: number | null;
  readonly year: number;
  /** Whether the year is said: at the first tick, and at the first of each year. */
  readonly saysYear: boolean;
}

const MONTH_STEPS = [1, 2, 3, 6, 12, 24, 60, 120] as const;

/** At most `most` ticks, evenly chosen: each week, each month, each quarter, each year. */
export function weekTicks(points: readonly WeekPoint[], most: number): readonly WeekTick[] {
  if (points.length <= QUARTER_WEEKS) {
    const every = Math.ceil(points.length / most);
    return said(
      [...points.keys()].filter((index) => index % every === 0),
      points,
      'day',
    );
  }
  const begins = points.flatMap(({ monday }, index) => {
    const before = points[index - 1]?.monday;
    return index === 0 || before?.slice(0, 7) !== monday.slice(0, 7) ? [{ index, months: monthsOf(monday) }] : [];
  });
  // The month in which the axis begins is seldom whole: naming it would crowd the next.
  const whole = begins.length > 2 ? begins.slice(1) : begins;
  for (const step of MONTH_STEPS) {
    const chosen = whole.filter(({ months }) => months % step === 0);
    if (chosen.length <= most && chosen.length > 0)
      return said(
        chosen.map(({ index }) => index),
        points,
        step < 12 ? 'month' : 'year',
      );
  }
  return said([0], points, 'month');
}

/** Months since year 0. */
const monthsOf = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;

function said(
  indexes: readonly number[],
  points: readonly WeekPoint[],
  finest: 'day' | 'month' | 'year',
): readonly WeekTick[] {
  let yearBefore = 0;
  return indexes.map((index) => {
    const monday = points[index]?.monday ?? '';
    const year = Number(monday.slice(0, 4));
    const saysYear = year !== yearBefore;
    yearBefore = year;
    return {
      index,
      day: finest === 'day' ? Number(monday.slice(8, 10)) : null,
      month: finest === 'year' ? null : Number(monday.slice(5, 7)) - 1,
      year,
      saysYear,
    };
  });
}

/**
 * Of each week the rate of the quarter of a year that ends with it. Null where that is not whole yet, or where so few
 * promises were due in it that one more or less would show.
 */
export function quarterRates(points: readonly WeekPoint[]): readonly (number | null)[] {
  let [due, kept] = [0, 0];
  return points.map((point, index) => {
    const gone = points[index - QUARTER_WEEKS];
    due += point.due - (gone?.due ?? 0);
    kept += point.kept - (gone?.kept ?? 0);
    return due < FEW || index < QUARTER_WEEKS - 1 ? null : kept / due;
  });
}
