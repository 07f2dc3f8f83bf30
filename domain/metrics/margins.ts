import type { Measures } from './measures.ts';
import { percentiles } from './percentiles.ts';

/** How many fulfilled promises came how much earlier than promised; negative is late. */
export interface MarginHistogram {
  /** The width of a bin: a length that people count in, a minute to 500 days. */
  readonly binMs: number;
  /** One after the other without a gap; `fromMs` is inside, `toMs` is not. One of them begins at 0, the promised time. */
  readonly bins: readonly { readonly fromMs: number; readonly toMs: number; readonly n: number }[];
  /** The promised time, always 0. */
  readonly promiseAtMs: 0;
  /** The internal target: the median buffer of those that have one; null where none has. */
  readonly targetMs: number | null;
  /** Later than the first bin. */
  readonly below: number;
  /** Earlier than the last bin. */
  readonly above: number;
}

/**
 * The margins in at most 60 bins, so wide that 98 of 100 promises and the promised time itself lie in them; of a few that
 * lie far out, only what is within three spreads (p90 - p10) of the middle eight tenths. Null where nothing was fulfilled.
 */
export function marginHistogram({
  marginMs,
  bufferMs,
}: Pick<Measures, 'marginMs' | 'bufferMs'>): MarginHistogram | null {
  const margins = known(marginMs);
  if (margins.length === 0) return null;
  const [p1 = 0, p10 = 0, p90 = 0, p99 = 0] = percentiles(margins, [0.01, 0.1, 0.9, 0.99]).map((value) => value ?? 0);
  // Else one of a hundred that came years early would leave all others in one bar.
  const reach = p90 > p10 ? 3 * (p90 - p10) : Infinity;
  const [least, most] = [Math.max(p1, p10 - reach), Math.min(p99, p90 + reach)];
  // Of what is known by the day only, a bin of hours would be empty beside one of a day.
  const byDay = margins.filter(isWholeDays).length >= margins.length * BY_DAY;
  const steps = byDay ? STEPS.filter((step) => step >= DAY) : STEPS;
  const binMs = steps.find((step) => binsBetween(least, most, step) <= MAX_BINS) ?? wholeDays(least, most);
  const first = Math.min(0, Math.floor(least / binMs));
  const counts = Array.from({ length: binsBetween(least, most, binMs) }, () => 0);
  let [below, above] = [0, 0];
  for (const margin of margins) {
    const bin = Math.floor(margin / binMs) - first;
    if (bin < 0) below += 1;
    else if (bin >= counts.length) above += 1;
    else counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const bins = counts.map((n, bin) => ({ fromMs: (first + bin) * binMs, toMs: (first + bin + 1) * binMs, n }));
  return { binMs, bins, promiseAtMs: 0, targetMs: percentiles(known(bufferMs), [0.5])[0] ?? null, below, above };
}

const known = (column: Float64Array): Float64Array => column.filter((value) => !Number.isNaN(value));

/** The share of margins of whole days from which on they are shown by the day. */
const BY_DAY = 0.9;

/** A day on which clocks are changed lasts an hour more or less. */
function isWholeDays(margin: number): boolean {
  const rest = Math.abs(margin - Math.round(margin / DAY) * DAY);
  return rest === 0 || (rest === HOUR && Math.abs(margin) > DAY / 2);
}

/** With the bin that begins at 0. */
const binsBetween = (least: number, most: number, step: number): number =>
  Math.max(0, Math.floor(most / step)) - Math.min(0, Math.floor(least / step)) + 1;

/** For margins of centuries. */
const wholeDays = (least: number, most: number): number =>
  Math.ceil((Math.max(0, most) - Math.min(0, least)) / (MAX_BINS - 2) / DAY) * DAY;

const MAX_BINS = 60;
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
/** None is more than three times as long as the one before, so that bins are not few either. */
const STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((days) => days * DAY),
];
