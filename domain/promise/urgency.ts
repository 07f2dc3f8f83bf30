import type { Precision } from './words.ts';

/** Before all others. */
export const MOST_URGENT = 1;

/**
 * How urgent what is due for a promise is, 1 before all others: somebody waits by the phone for a call, and what is promised
 * to the minute must not wait behind a herd of days.
 */
export function urgencyOf(kind: string, precision: Precision): number {
  if (kind === 'callback') return MOST_URGENT;
  return { instant: 2, window: 3, day: 4 }[precision];
}
