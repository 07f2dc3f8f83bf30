import { instant, msBetween, type Instant, type Zone } from '../promise/instant.ts';
import type { Lasting, Pause } from '../promise/plan.ts';
import type { Calendar } from './calendar.ts';
import { durationMs } from './durations.ts';
import { whenWorked, type WorkClock } from './work-clock.ts';

/** The clock of a duration promise and what it has to count. */
export interface RunningClock {
  readonly work: WorkClock;
  readonly withinMs: number;
}

/** A duration of hours to seconds, in milliseconds; days are 24 hours. For what has no day to begin on. */
export const hoursMs = (duration: string): number => durationMs(duration, EPOCH, 'UTC');

const EPOCH = instant(0);

/**
 * The clock of a duration promise made at `from`; without a calendar its days are those of `zone`, reckoned once. Promised to
 * a customer, they end at the later of two instants with the same wall time.
 */
export function clockOf(
  { within }: Lasting,
  from: Instant,
  calendar: Calendar | null,
  pauses: readonly Pause[],
  zone: Zone,
): RunningClock {
  const withinMs = Math.round(calendar === null ? durationMs(within, from, zone, 'later') : hoursMs(within));
  return { work: { from, calendar, pauses }, withinMs };
}

/**
 * When so much of the promised running time is left; before the clock began, elapsed time before that. Null while it stands.
 */
export function whenLeft({ work, withinMs }: RunningClock, leftMs: number): Instant | null {
  const ms = withinMs - Math.round(leftMs);
  return ms >= 0 ? whenWorked(work, ms) : instant(msBetween(EPOCH, work.from) + ms);
}
