import { Temporal } from 'temporal-polyfill';
import { addWorking, subtractWorking, workingBetween } from '../../../domain/calendar/working-time.ts';
import { instant, type Instant } from '../../../domain/promise/instant.ts';
import { calendar, daily, type CalendarDocument } from './calendars.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Weeks whose bounds lie on, before and inside the hours at which clocks change. */
export const WEEKS: readonly CalendarDocument['week'][] = [
  daily('00:00-24:00'),
  daily('00:00-01:30', '02:15-03:30', '03:45-23:30'),
  daily('00:30-02:00', '02:10-02:20', '03:00-24:00'),
  daily('01:45-03:05', '23:15-24:00'),
  daily('00:00-00:40', '01:00-02:00', '02:00-03:00', '09:00-17:00', '23:59-24:00'),
  {
    sat: ['02:30-24:00'],
    sun: ['00:00-02:30', '03:30-04:00'],
    mon: ['00:00-06:00'],
    thu: ['01:59-24:00'],
    fri: ['02:01-12:00'],
  },
];

/** The changes of a zone's clock from the start of `year` up to the start of `end`, in milliseconds. */
export function changesOf(zone: string, year: number, end: number): number[] {
  const changes: number[] = [];
  let change = Temporal.Instant.fromEpochMilliseconds(Date.UTC(year, 0, 1)).toZonedDateTimeISO(zone);
  for (;;) {
    const next = change.getTimeZoneTransition('next');
    if (!next || next.epochMilliseconds >= Date.UTC(end, 0, 1)) return changes;
    changes.push(next.epochMilliseconds);
    change = next;
  }
}

/** What three functions answer for every minute around `ms`, and what looking at each minute of the clock answers. */
export function answersAround(
  ms: number,
  zone: string,
  week: CalendarDocument['week'],
): { ours: Answers; oracle: Answers } {
  const [first, minutes] = [Math.floor(ms / MINUTE) * MINUTE - 9 * HOUR, 18 * 60];
  const worked = workedMinutes({ zone, week }, first, minutes);
  const total = worked.at(-1) ?? 0;
  const at = (minute: number): Instant => instant(first + minute * MINUTE);
  const used = Array.from({ length: total }, (_, index) => index + 1);
  const office = calendar({ zone, week });
  return {
    ours: {
      between: worked.map((_, minute) => workingBetween(at(0), at(minute), office) / MINUTE),
      add: used.map((one) => addWorking(at(0), one * MINUTE, office)),
      subtract: used.map((one) => subtractWorking(at(minutes), one * MINUTE, office)),
    },
    oracle: {
      between: worked,
      add: used.map((one) => at(worked.indexOf(one))),
      subtract: used.map((one) => at(worked.lastIndexOf(total - one))),
    },
  };
}

interface Answers {
  /** Minutes worked from the first minute up to each. */
  readonly between: readonly number[];
  /** Where each number of minutes ends, from the first minute on. */
  readonly add: readonly Instant[];
  /** Where each number of minutes begins, back from the last. */
  readonly subtract: readonly Instant[];
}

/**
 * Minutes worked before each minute and at the end. Every minute is looked at: it is worked when the clock on the wall
 * lies in an interval, as a clock that is not put back but stands still at the last minute before; and none that is paused.
 */
export function workedMinutes(
  { zone, week }: CalendarDocument,
  first: number,
  minutes: number,
  isPaused: (minute: number) => boolean = () => false,
): number[] {
  const worked = [0];
  let shown = -Infinity;
  for (let minute = 0; minute < minutes; minute += 1) {
    const zoned = Temporal.Instant.fromEpochMilliseconds(first + minute * MINUTE).toZonedDateTimeISO(zone);
    shown = Math.max(shown, zoned.epochMilliseconds + zoned.offsetNanoseconds / 1e6);
    worked.push((worked.at(-1) ?? 0) + (isWorked(shown, week) && !isPaused(minute) ? 1 : 0));
  }
  return worked;
}

function isWorked(wall: number, week: CalendarDocument['week']): boolean {
  const day = (['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const)[new Date(wall).getUTCDay()] ?? 'sun';
  const time = new Date(wall - (wall % MINUTE)).toISOString().slice(11, 16);
  return (week[day] ?? []).some((interval) => {
    const [from = '', to = ''] = interval.split('-');
    return from <= time && time < to;
  });
}
