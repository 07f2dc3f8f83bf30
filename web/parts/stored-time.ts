import { offsetMsAt } from '../../domain/calendar/offsets.ts';
import { instant, msOf, plusMs, type Instant } from '../../domain/promise/instant.ts';
import type { Offset } from '../../domain/promise/plan.ts';
import type { Words } from '../../words/en.ts';
import { hasSeconds, offsetText, shortDayText } from '../../words/format.ts';

/** Times as the clock of a plan's zone was known when it was planned: zone data that has changed since changes no page. */
export interface StoredTime {
  /** The day as well, and the year where it is not that of `now`. */
  readonly full: (at: Instant) => string;
  readonly day: (at: Instant) => string;
  /** The local day, `YYYY-MM-DD`, on which it is. */
  readonly dayOf: (at: Instant) => string;
}

/** `together`: what stands side by side; all show seconds where one of them does. */
export function storedTime(
  { clock }: Words,
  offsets: readonly Offset[],
  now: Instant,
  together: readonly (Instant | null)[],
): StoredTime {
  const wall = (at: Instant): string => plusMs(at, offsetMsAt(offsets, at));
  const seconds = together.some((at) => at !== null && hasSeconds(at));
  const year = wall(now).slice(0, 4);
  const dayOf = (at: Instant): string => wall(at).slice(0, 10);
  const day = (at: Instant): string => shortDayText(clock, dayOf(at), year);
  const full = (at: Instant): string => {
    const time = clock.dateTime(day(at), wall(at).slice(11, seconds ? 19 : 16));
    return isRepeated(offsets, at) ? clock.inZone(time, offsetText(offsetMsAt(offsets, at))) : time;
  };
  return { full, day, dayOf };
}

const LONGEST_SHIFT_MS = 3 * 3_600_000;

/** Whether the clock on the wall showed this time twice, an autumn's change being near. */
function isRepeated(offsets: readonly Offset[], at: Instant): boolean {
  const wall = msOf(at) + offsetMsAt(offsets, at);
  return offsets.some(({ minutes }) => {
    const other = instant(wall - minutes * 60_000);
    const isNear = Math.abs(msOf(other) - msOf(at)) <= LONGEST_SHIFT_MS;
    return other !== at && isNear && msOf(other) + offsetMsAt(offsets, other) === wall;
  });
}
