import { msBetween, msOf, plusMs, type Instant } from './instant.ts';

/**
 * Whether the engine can wake everybody who is to be warned ahead. It wakes so many promises a second, those of higher
 * urgency first; a herd that comes together waits in line. Capacity is short where somebody of the line would be warned only
 * after a quarter of their lead had gone by. Pure: `db/capacity.ts` counts, and keeps what was found.
 */

/** Promises that the engine is to wake within `WAKES_MS`. */
export interface Wakes {
  /** Where these milliseconds begin. */
  readonly at: Instant;
  /** As `urgencyOf` says: 1 before all others. */
  readonly urgency: number;
  readonly count: number;
  /** The shortest lead of those whose customers are to be warned then; null: nobody is. */
  readonly leadMs: number | null;
  /** One of them. */
  readonly promiseId: string;
}

/** Within so many milliseconds wake-ups count as evenly spread. */
export const WAKES_MS = 10_000;

/** How long the engine needs for a line, and has until somebody of it is warned too late, in milliseconds. */
export interface Load {
  readonly neededMs: number;
  readonly haveMs: number;
}

/** A line that takes too long. */
export interface Line extends Load {
  readonly from: Instant;
  /** When the engine is through with it. */
  readonly until: Instant;
  /** How many it wakes in it. */
  readonly count: number;
  readonly promiseId: string;
}

/** The share of its lead by which a warning may be late for want of capacity. */
const LEAD_SHARE = 0.25;

/**
 * The fullest line ahead, and those that take too long: at most one for the same time, of the most urgent promises that are
 * in it. Where nobody is to be warned nothing is needed.
 */
export function linesAhead(
  wakes: readonly Wakes[],
  wakesPerSecond: number,
): { readonly fullest: Load; readonly short: readonly Line[] } {
  const inOrder = wakes.toSorted((a, b) => msOf(a.at) - msOf(b.at) || a.urgency - b.urgency);
  const urgencies = [...new Set(inOrder.map(({ urgency }) => urgency))].sort((a, b) => a - b);
  const lines = urgencies.flatMap((urgency) => linesOf(inOrder, urgency, wakesPerSecond));
  const short: Line[] = [];
  for (const line of lines)
    if (line.neededMs > line.haveMs && !short.some((other) => meet(other, line))) short.push(line);
  const { neededMs, haveMs } = lines.reduce<Load>((a, b) => (fullness(b) > fullness(a) ? b : a), NOTHING);
  return { fullest: { neededMs, haveMs }, short };
}

const NOTHING: Load = { neededMs: 0, haveMs: 0 };

const fullness = ({ neededMs, haveMs }: Load): number => (haveMs === 0 ? 0 : neededMs / haveMs);

/** The lines in which promises of one urgency stand, behind whoever is as urgent or more. */
function linesOf(inOrder: readonly Wakes[], urgency: number, wakesPerSecond: number): readonly Line[] {
  const lines: Line[] = [];
  for (const { at, urgency: own, count, leadMs, promiseId } of inOrder) {
    if (own > urgency) continue;
    const last = lines.at(-1);
    const isBehind = last !== undefined && at < last.until;
    const line = isBehind ? last : { from: at, until: at, count: 0, promiseId, ...NOTHING };
    const waiting = line.count + count;
    const neededMs = (waiting * 1_000) / wakesPerSecond;
    const judged = leadMs === null || own !== urgency ? NOTHING : { neededMs, haveMs: roomOf(line.from, at, leadMs) };
    lines.splice(isBehind ? -1 : lines.length, 1, {
      ...line,
      ...(fullness(judged) > fullness(line)
        ? { ...judged, promiseId: line.haveMs === 0 ? promiseId : line.promiseId }
        : {}),
      count: waiting,
      until: plusMs(line.from, Math.ceil(neededMs)),
    });
  }
  return lines;
}

const roomOf = (from: Instant, at: Instant, leadMs: number): number =>
  msBetween(from, at) + WAKES_MS + Math.max(0, leadMs) * LEAD_SHARE;

const meet = (a: Pick<Line, 'from' | 'until'>, b: Pick<Line, 'from' | 'until'>): boolean =>
  a.from < b.until && b.from < a.until;

/** A line that takes too long, as it is remembered from look to look. */
export interface Shortage extends Line {
  /** When it was first found. */
  readonly since: Instant;
  /** Whether it counts: staff are told, and no further promise to the minute is taken for its time. */
  readonly told: boolean;
}

/** So long a look may wait for the end of a herd that is just being handed over; what begins sooner than that cannot wait for the next. */
const WHOLE_MS = 600_000;
const SOON_MS = 20_000;

/**
 * What is to be remembered of the lines that take too long. One that meets a remembered one is the same, whatever has become
 * of it. It counts once it grows no more, so that no herd is cut in two that an order system hands over in one go; at the
 * latest after ten minutes, or 20 s before its first warning.
 */
export function shortagesAt(
  remembered: readonly Shortage[],
  short: readonly Line[],
  now: Instant,
): readonly Shortage[] {
  return short.map((line) => {
    const known = remembered.find((each) => meet(each, line));
    const since = known?.since ?? now;
    const isWhole = known !== undefined && line.count <= known.count;
    const isTime = plusMs(since, WHOLE_MS) <= now || line.from <= plusMs(now, SOON_MS);
    return {
      ...line,
      promiseId: known?.promiseId ?? line.promiseId,
      since,
      told: known?.told === true || isWhole || isTime,
    };
  });
}

/** The shortage that whoever is to be warned at an instant would make worse; null: there is none. */
export const shortageAt = (shortages: readonly Shortage[], at: Instant): Shortage | null =>
  shortages.find(({ told, from, until }) => told && from <= at && at < until) ?? null;
