import { instant, msOf, type Instant } from '../domain/promise/instant.ts';
import type { ReportBound, WordKeptFilter } from '../domain/metrics/word-kept.ts';

/** Which promises a report looks at, in the terms of the roll-up. */
export interface Span {
  /** The first day and the one after the last; null: no end. */
  readonly dayFrom: string | null;
  readonly dayTo: string | null;
  /** promisedAt, for bounds that are instants. */
  readonly atFrom: Instant | null;
  readonly atTo: Instant | null;
  /** Days of which an instant takes a part only, so that their promises are looked at one by one. */
  readonly edges: readonly string[];
}

const DAY_MS = 86_400_000;
/** No local time has ever been further from UTC; Manila and Juneau once came close. */
const OFFSET_MS = 16 * 3_600_000;

/**
 * A promise that is due at an instant falls due on a local day of some zone: one of three or four. Days that cannot be on
 * the other side of the instant are taken whole.
 */
export function spanOf({ from, to }: Pick<WordKeptFilter, 'from' | 'to'>): Span {
  const [atFrom, atTo] = [instantOf(from), instantOf(to)];
  const daysFrom = atFrom === null ? null : daysAround(atFrom);
  const daysTo = atTo === null ? null : daysAround(atTo);
  return {
    dayFrom: from && 'day' in from ? from.day : (daysFrom?.[0] ?? null),
    dayTo: to && 'day' in to ? dayAfter(to.day) : daysTo === null ? null : dayAfter(daysTo.at(-1) ?? ''),
    atFrom,
    atTo,
    edges: [...new Set([...(daysFrom ?? []), ...(daysTo ?? [])])],
  };
}

const instantOf = (bound: ReportBound | undefined): Instant | null => (bound && 'at' in bound ? bound.at : null);

/** Every day that ends, somewhere, not before the instant, and begins, somewhere, not after it. */
function daysAround(at: Instant): readonly string[] {
  const first = Math.floor((msOf(at) - OFFSET_MS) / DAY_MS) - 1;
  const last = Math.floor((msOf(at) + OFFSET_MS) / DAY_MS);
  return Array.from({ length: last - first + 1 }, (_, n) => dayOf((first + n) * DAY_MS)).filter((day) => day !== null);
}

const dayAfter = (day: string): string | null => dayOf(Date.parse(`${day}T00:00:00Z`) + DAY_MS);

/** Null beyond the ends of the calendar, where nothing can be promised. */
function dayOf(ms: number): string | null {
  try {
    return instant(ms).slice(0, 10);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
