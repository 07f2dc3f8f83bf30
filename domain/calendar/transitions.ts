import { tzOffset } from '@date-fns/tz';
import type { Zone } from '../promise/instant.ts';

/** A stretch of time in which a zone keeps one offset from UTC. */
export interface OffsetSpan {
  /**
   * The transition that began it, in milliseconds since 1970; where that lies far back, some instant since. Exact for
   * every transition within the two days before the instant that was asked for.
   */
  readonly fromMs: number;
  readonly offsetMs: number;
}

/**
 * The offset of `zone` at an instant, out of a table of its transitions that is built once: reading an offset from the
 * zone data costs a hundred times more.
 * @throws RangeError when `ms` is no time
 * @example spanAt('Europe/Tallinn', Date.parse('2026-03-29T12:00Z')) //=> { fromMs: Date.parse('2026-03-29T01:00Z'), offsetMs: 10_800_000 }
 */
export function spanAt(zone: Zone, ms: number): OffsetSpan {
  if (!(Math.abs(ms) <= MAX_MS)) throw new RangeError(`Not a time: ${ms} ms`);
  const spans = blockOf(zone, Math.floor(ms / BLOCK_MS));
  for (let index = spans.length - 1; index > 0; index -= 1) {
    const span = spans[index];
    if (span && span.fromMs <= ms) return span;
  }
  return spans[0];
}

type Spans = readonly [OffsetSpan, ...OffsetSpan[]];

/** The last a `Date` can hold. */
const MAX_MS = 8.64e15;
const DAY_MS = 86_400_000;
/** No two changes of any zone's clock from 1900 to 2100 are nearer to each other than 6.96 days (Gaza in 2040). */
const STEP_MS = 4 * DAY_MS;
/** A table is built in pieces of under three years, as they are asked for: each takes half a millisecond. */
const BLOCK_MS = 256 * STEP_MS;
/** Names come from outside, in any mixture of cases. */
const MAX_ZONES = 1_000;

const tables = new Map<Zone, Map<number, Spans>>();

function blockOf(zone: Zone, block: number): Spans {
  const known = tables.get(zone)?.get(block);
  if (known) return known;
  if (tables.size >= MAX_ZONES) tables.clear();
  const table = tables.get(zone) ?? new Map<number, Spans>();
  const spans = readSpans(zone, block * BLOCK_MS);
  tables.set(zone, table.set(block, spans));
  return spans;
}

/** From one step before the block on, so that a transition just before it is among them, too. */
function readSpans(zone: Zone, blockMs: number): Spans {
  const first = Math.max(blockMs - STEP_MS, -MAX_MS);
  const end = Math.min(blockMs + BLOCK_MS, MAX_MS);
  const spans: [OffsetSpan, ...OffsetSpan[]] = [{ fromMs: first, offsetMs: readOffsetMs(zone, first) }];
  let last = spans[0];
  for (let from = first; from < end; from += STEP_MS) {
    const to = Math.min(from + STEP_MS, end);
    if (readOffsetMs(zone, to) === last.offsetMs) continue;
    const fromMs = transitionAfter(zone, from, to);
    last = { fromMs, offsetMs: readOffsetMs(zone, fromMs) };
    spans.push(last);
  }
  return spans;
}

/** The first whole second after `low` and not after `high` at which the offset is no longer that of `low`. */
function transitionAfter(zone: Zone, low: number, high: number): number {
  const offset = readOffsetMs(zone, low);
  let [from, to] = [low, high];
  while (to - from > 1_000) {
    const middle = Math.floor((from + to) / 2_000) * 1_000;
    if (readOffsetMs(zone, middle) === offset) from = middle;
    else to = middle;
  }
  return to;
}

const readOffsetMs = (zone: Zone, ms: number): number => Math.round(tzOffset(zone, new Date(ms)) * 60_000);
