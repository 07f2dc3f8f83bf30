import type { Groups } from './grouping.ts';
import type { Measures } from './measures.ts';
import { percentiles } from './percentiles.ts';
import type { WordKeptGroup } from './word-kept.ts';

/** The figures that are percentiles. */
export type Spreads = Pick<
  WordKeptGroup,
  'promisedLengthMs' | 'actualLengthMs' | 'marginMs' | 'bufferUse' | 'noticeLeadMs' | 'recoveryTimeMs'
>;

const MEDIAN_TO_LONG = [0.5, 0.9];

/** The percentiles of each group. */
export function spreadsOf(measures: Measures, groups: Groups): readonly Spreads[] {
  const scratch = new Float64Array(measures.n);
  const of = (column: Float64Array, shares: readonly number[]) => percentilesOf(column, groups, shares, scratch);
  const margin = of(measures.marginMs, [0.05, 0.1, 0.5, 0.9]);
  const promised = of(measures.promisedLengthMs, MEDIAN_TO_LONG);
  const lead = of(measures.noticeLeadMs, [0.1, 0.5]);
  const recovery = of(measures.recoveryTimeMs, MEDIAN_TO_LONG);
  const derived = new Float64Array(measures.n);
  const actual = of(actualLengths(measures, derived), MEDIAN_TO_LONG);
  const use = of(bufferUses(measures, derived), MEDIAN_TO_LONG);
  return groups.keys.map((_, group) => ({
    promisedLengthMs: p50And90(promised[group]),
    actualLengthMs: p50And90(actual[group]),
    marginMs: {
      p5: margin[group]?.[0] ?? null,
      p10: margin[group]?.[1] ?? null,
      p50: margin[group]?.[2] ?? null,
      p90: margin[group]?.[3] ?? null,
    },
    bufferUse: p50And90(use[group]),
    noticeLeadMs: { p10: lead[group]?.[0] ?? null, p50: lead[group]?.[1] ?? null },
    recoveryTimeMs: p50And90(recovery[group]),
  }));
}

const p50And90 = (values: readonly (number | null)[] | undefined): { p50: number | null; p90: number | null } => ({
  p50: values?.[0] ?? null,
  p90: values?.[1] ?? null,
});

/** fulfilledAt - madeAt = (promisedAt - madeAt) - (promisedAt - fulfilledAt). */
function actualLengths({ promisedLengthMs, marginMs }: Measures, into: Float64Array): Float64Array {
  if (promisedLengthMs.length === 0) return promisedLengthMs;
  for (let i = 0; i < into.length; i += 1) into[i] = (promisedLengthMs[i] ?? NaN) - (marginMs[i] ?? NaN);
  return into;
}

/** (fulfilledAt - targetAt) / (promisedAt - targetAt), at least 0 and at most 1. */
function bufferUses({ bufferMs, marginMs }: Measures, into: Float64Array): Float64Array {
  if (bufferMs.length === 0) return bufferMs;
  for (let i = 0; i < into.length; i += 1) {
    const buffer = bufferMs[i] ?? NaN;
    const use = (buffer - (marginMs[i] ?? NaN)) / buffer;
    into[i] = use < 0 ? 0 : use > 1 ? 1 : use;
  }
  return into;
}

/** Of each group the percentiles of a column over the promises that have it. `scratch` is written over. */
function percentilesOf(
  column: Float64Array,
  { keys, of, sizes }: Groups,
  shares: readonly number[],
  scratch: Float64Array,
): readonly (readonly (number | null)[])[] {
  const starts = startsOf(sizes);
  const ends = starts.slice();
  for (let i = 0; i < column.length; i += 1) {
    const value = column[i] ?? NaN;
    if (Number.isNaN(value)) continue;
    const group = of[i] ?? 0;
    const end = ends[group] ?? 0;
    scratch[end] = value;
    ends[group] = end + 1;
  }
  return keys.map((_, group) => percentiles(scratch.subarray(starts[group], ends[group]), shares));
}

function startsOf(sizes: Int32Array): Int32Array {
  const starts = new Int32Array(sizes.length);
  for (let group = 1; group < sizes.length; group += 1)
    starts[group] = (starts[group - 1] ?? 0) + (sizes[group - 1] ?? 0);
  return starts;
}
