import type { Measures } from './measures.ts';

/** How many fulfilled promises came how much earlier than promised; negative is late. */
export interface MarginHistogram {
  /** The width of a bin: 1, 2, 5, 10 … minutes, hours or days. */
  readonly binMs: number;
  /** One after the other without a gap; `fromMs` is inside, `toMs` is not. One of them begins at 0, the promised time. */
  readonly bins: readonly { readonly fromMs: number; readonly toMs: number; readonly n: number }[];
  /** The promised time, always 0. */
  readonly promiseAtMs: 0;
  /** The internal target: the median buffer of those that have one; null where none has. */
  readonly targetMs: number | null;
  /** Later than the first bin: at most about 1 of 100. */
  readonly below: number;
  /** Earlier than the last bin: at most about 1 of 100. */
  readonly above: number;
}

/** Null where nothing was fulfilled. */
export function marginHistogram(_measures: Pick<Measures, 'marginMs' | 'bufferMs'>): MarginHistogram | null {
  throw new Error('Not written yet.');
}
