import { IDLE, msOf, type Instant } from '../../domain/promise/instant.ts';
import type { BarTimes } from '../shapes.ts';

/** Where the instants of one promise lie on its bar, in per cent of its width, 0 to 100. */
export interface Scale {
  readonly at: (instant: Instant) => number;
  /** The instant up to which the bar is filled: now, or the end of a closed promise. */
  readonly reached: Instant;
}

/** Room at the right edge, so that a mark at the promised time can be seen whole. */
const MARGIN = 0.04;
/** A bar shows at most this much beyond the promise, counted in lengths of the promise: else its inside would vanish. */
const LONGEST_LATE = 0.6;

/**
 * A bar runs from the making of a promise to whatever comes last: the promise, a new time told, an estimate, now. Not for
 * one whose clock stands: nothing of it has a place in time.
 */
export function scaleOf(times: BarTimes, now: Instant): Scale {
  const { madeAt, lastCallAt, promisedAt, toldAt, estimatedAt, closedAt } = times;
  const reached = closedAt ?? now;
  // Where nobody knows when it was made, the bar begins with what comes first.
  const start = Math.min(...[madeAt ?? lastCallAt, promisedAt, reached].map(msOf));
  const promised = Math.max(msOf(promisedAt), start + 1);
  const last = Math.max(
    promised,
    msOf(reached),
    // A time that was told may stand where the promise does not.
    toldAt === IDLE ? start : msOf(toldAt),
    estimatedAt === null || closedAt !== null ? start : msOf(estimatedAt),
  );
  const longest = promised + (promised - start) * LONGEST_LATE;
  const length = (Math.min(last, longest) - start) * (1 + MARGIN);
  const at = (instant: Instant): number => {
    const share = ((msOf(instant) - start) / length) * 100;
    return Math.round(Math.min(100, Math.max(0, share)) * 100) / 100;
  };
  return { at, reached };
}
