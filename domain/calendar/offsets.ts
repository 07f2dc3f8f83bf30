import { instant, msOf, type Instant, type Zone } from '../promise/instant.ts';
import type { Offset } from '../promise/plan.ts';
import { spanAt } from './transitions.ts';

const MINUTE_MS = 60_000;
/** Promises last days; of one that lasts longer than this, the last stretch of so long. */
const MOST_MS = 20 * 365 * 86_400_000;

/** What the clock of a zone is from `from` to `to`, as known now: kept with a plan, since rules of zones change. */
export function offsetsOver(zone: Zone, from: Instant, to: Instant): readonly Offset[] {
  const offsets: Offset[] = [];
  const last = Math.max(msOf(from), msOf(to));
  const first = Math.max(msOf(from), last - MOST_MS);
  let span = spanAt(zone, last);
  while (span.fromMs > first) {
    const before = spanAt(zone, span.fromMs - 1);
    // The tables have seams at which nothing changes.
    if (before.offsetMs !== span.offsetMs)
      offsets.unshift({ from: instant(span.fromMs), minutes: span.offsetMs / MINUTE_MS });
    span = { fromMs: before.fromMs, offsetMs: before.offsetMs };
  }
  return [{ from: null, minutes: span.offsetMs / MINUTE_MS }, ...offsets];
}

/** How far the clock on the wall is ahead of UTC, in milliseconds. */
export function offsetMsAt(offsets: readonly Offset[], at: Instant): number {
  const last = offsets.findLast(({ from }) => from === null || from <= at);
  return (last?.minutes ?? 0) * MINUTE_MS;
}
