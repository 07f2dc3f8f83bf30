import { earlier, IDLE, later, msBetween, plusMs, type Instant } from '../promise/instant.ts';
import type { Pause } from '../promise/plan.ts';
import type { ClockReason } from '../promise/words.ts';
import type { Calendar } from './calendar.ts';
import { segmentsBetween } from './segments.ts';
import { addWorking, workingBetween } from './working-time.ts';

/** The clock of a duration promise ("within 4 working hours of the office"): it stands while we wait for the customer. */
export interface WorkClock {
  readonly from: Instant;
  /** Null: every millisecond counts, as for a clock of 24 hours a day. */
  readonly calendar: Calendar | null;
  /** In any order. They may overlap, be empty, or begin before the clock does: what counts is when at least one is on. */
  readonly pauses: readonly Pause[];
}

/** Half-open: from `from` up to, not including, `to`. A pause stands over all that the calendar says. */
export interface ClockSegment {
  readonly from: Instant;
  readonly to: Instant;
  readonly reason: ClockReason;
}

/**
 * The earliest instant by which the clock has run for `ms`; without any (`ms` 0) its beginning, running or not. Null when
 * it stands for good before that, in a pause without end. A pause costs the working time inside it, and not more.
 * @throws RangeError when `ms` is no whole number from 0 on, or the next 100 years have less working time
 * @example
 * // office: Monday to Friday 09:00-12:30 and 13:00-17:00 in Tallinn
 * const clock = { from: '2026-03-27T13:00:00.000Z', calendar: office, pauses: [] } // Friday 15:00
 * whenWorked(clock, 4 * HOUR) //=> '2026-03-30T08:00:00.000Z' (Monday 11:00)
 * // Paused from Friday 16:00 to Monday 10:00: two working hours.
 * whenWorked({ ...clock, pauses: [{ from: '2026-03-27T14:00:00.000Z', to: '2026-03-30T07:00:00.000Z' }] }, 4 * HOUR) //=> '2026-03-30T10:30:00.000Z' (Monday 13:30, after lunch)
 */
export function whenWorked(clock: WorkClock, ms: number): Instant | null {
  if (!Number.isSafeInteger(ms) || ms < 0)
    throw new RangeError(`A clock runs for whole milliseconds from 0 on, not ${ms}.`);
  let [at, left] = [clock.from, ms];
  for (const stop of stopsOf(clock)) {
    const end = moved(at, left, clock.calendar);
    if (end <= stop.from) return end;
    if (stop.to === IDLE) return null;
    left -= worked(at, stop.from, clock.calendar);
    at = stop.to;
  }
  return moved(at, left, clock.calendar);
}

/**
 * How long the clock has run at `at`, in milliseconds; 0 before it begins. So for every `ms` that it runs at all
 * `workedBy(clock, whenWorked(clock, ms)) === ms`.
 * @throws RangeError when it runs for more than 100 years without a pause
 * @example workedBy({ from: '2026-03-27T13:00:00.000Z', calendar: office, pauses: [] }, '2026-03-28T10:00:00.000Z') //=> 7_200_000 (Friday from 15:00 to 17:00)
 */
export function workedBy(clock: WorkClock, at: Instant): number {
  const runs = stretchesOf(clock, at).filter(({ isPaused }) => !isPaused);
  return runs.reduce((ms, { from, to }) => ms + worked(from, to, clock.calendar), 0);
}

/**
 * What the clock did from its beginning up to `to`: stretches without gap or overlap, no two in a row with the same
 * reason. The open ones add up to `workedBy`. None when `to` is not later.
 * @example
 * clockSegments({ from: '2026-02-23T10:00:00.000Z', calendar: office, pauses: [{ from: '2026-02-23T13:00:00.000Z', to: null }] }, '2026-02-25T08:00:00.000Z')
 * //=> open until 12:30, lunch until 13:00, open until 15:00, paused until Wednesday 10:00
 */
export function clockSegments(clock: WorkClock, to: Instant): readonly ClockSegment[] {
  return stretchesOf(clock, to).flatMap((stretch): readonly ClockSegment[] => {
    if (stretch.isPaused) return [{ from: stretch.from, to: stretch.to, reason: 'paused' }];
    if (clock.calendar === null) return [{ from: stretch.from, to: stretch.to, reason: 'open' }];
    return segmentsBetween(stretch.from, stretch.to, clock.calendar);
  });
}

/** Half-open. */
interface Stretch {
  readonly from: Instant;
  /** `IDLE`: never. */
  readonly to: Instant;
}

/** The union of the pauses since the clock began: in order, none empty, no two that touch. */
function stopsOf({ from, pauses }: WorkClock): readonly Stretch[] {
  const clipped = pauses
    .map((pause) => ({ from: later(pause.from, from), to: pause.to ?? IDLE }))
    .filter((pause) => pause.from < pause.to)
    .sort((a, b) => msBetween(b.from, a.from));
  const stops: { from: Instant; to: Instant }[] = [];
  for (const pause of clipped) {
    const last = stops.at(-1);
    if (last && pause.from <= last.to) last.to = later(last.to, pause.to);
    else stops.push(pause);
  }
  return stops;
}

/** The life of the clock up to `end`: stretches in which the calendar rules and such in which it is paused, by turns. */
function stretchesOf(clock: WorkClock, end: Instant): readonly (Stretch & { readonly isPaused: boolean })[] {
  const stretches: (Stretch & { readonly isPaused: boolean })[] = [];
  let at = clock.from;
  for (const stop of stopsOf(clock)) {
    stretches.push({ from: at, to: stop.from, isPaused: false }, { ...stop, isPaused: true });
    at = stop.to;
  }
  stretches.push({ from: at, to: end, isPaused: false });
  return stretches.map((stretch) => ({ ...stretch, to: earlier(stretch.to, end) })).filter(({ from, to }) => from < to);
}

const moved = (at: Instant, ms: number, calendar: Calendar | null): Instant =>
  calendar === null ? plusMs(at, ms) : addWorking(at, ms, calendar);

const worked = (from: Instant, to: Instant, calendar: Calendar | null): number =>
  calendar === null ? msBetween(from, to) : workingBetween(from, to, calendar);
