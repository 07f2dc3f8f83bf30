import { parseCalendar, type Calendar } from '../../domain/calendar/calendar.ts';
import { addWorking } from '../../domain/calendar/working-time.ts';
import { instant, msOf, type Instant } from '../../domain/promise/instant.ts';
import { figure, median, type Bench } from './figures.ts';

const COUNT = 1_000_000;
const ROUNDS = 3;
const HOUR_MS = 3_600_000;
const FIRST_MS = Date.UTC(2024, 0, 1);
const SPAN_MS = 3 * 365 * 24 * HOUR_MS;

interface Row {
  readonly madeAt: Instant;
  readonly withinMs: number;
}

/** P9: deadlines of an office calendar with holidays, against a loop that only sorts and counts the same rows. */
export function benchCalendar(): Promise<Bench> {
  const office = officeCalendar();
  const rows = Array.from(randomRows());
  // The first use builds the tables of the zone and of the years.
  const cold = secondsOf(() => addWorking(instant(FIRST_MS), 40 * HOUR_MS, office));
  const deadlines = rows.slice(0, 1_000).map(({ madeAt, withinMs }) => addWorking(madeAt, withinMs, office));
  const ours = median(rounds(() => lastOf(rows.map(({ madeAt, withinMs }) => addWorking(madeAt, withinMs, office)))));
  const bare = median(rounds(() => sortedAndCounted(rows)));
  return Promise.resolve({
    settings:
      `${COUNT} deadlines, PT1H to PT40H in whole minutes from random instants of three years; Monday to Friday with a ` +
      `lunch break, Estonian holidays; one core, median of ${ROUNDS}; bare = the same rows sorted by instant and counted ` +
      `by day. Check: the first thousand deadlines add up to ${deadlines.reduce((sum, at) => sum + msOf(at), 0)}`,
    figures: [
      figure('deadlines a second', Math.round(COUNT / ours), '/s', { atLeast: 200_000 }),
      figure('rows a second, only sorted and counted', Math.round(COUNT / bare), '/s'),
      figure('deadlines to rows only sorted and counted', bare / ours, '×'),
      figure('the first deadline of a calendar', cold * 1_000, 'ms'),
    ],
  });
}

function officeCalendar(): Calendar {
  const day = ['09:00-12:30', '13:00-17:00'];
  const parsed = parseCalendar({
    calendar: 'office',
    zone: 'Europe/Tallinn',
    week: { mon: day, tue: day, wed: day, thu: day, fri: ['09:00-12:30', '13:00-16:00'] },
    holidays: { country: 'EE' },
  });
  if ('faults' in parsed) throw new Error(parsed.faults[0]?.message);
  return parsed.calendar;
}

/** The same in every run: a linear congruential generator (Numerical Recipes). */
function* randomRows(): Generator<Row> {
  let seed = 1;
  const next = (): number => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  for (let count = 0; count < COUNT; count += 1)
    yield {
      madeAt: instant(Math.floor(FIRST_MS + next() * SPAN_MS)),
      withinMs: (60 + Math.floor(next() * (39 * 60 + 1))) * 60_000,
    };
}

function sortedAndCounted(rows: readonly Row[]): number {
  const days = new Map<string, number>();
  for (const { madeAt } of rows.toSorted((a, b) => (a.madeAt < b.madeAt ? -1 : 1))) {
    const day = madeAt.slice(0, 10);
    days.set(day, (days.get(day) ?? 0) + 1);
  }
  return days.size;
}

const lastOf = (deadlines: readonly Instant[]): Instant | undefined => deadlines.at(-1);

const rounds = (work: () => unknown): number[] => Array.from({ length: ROUNDS }, () => secondsOf(work));

function secondsOf(work: () => unknown): number {
  const began = performance.now();
  work();
  return (performance.now() - began) / 1_000;
}
