import type { Precision } from './words.ts';

/**
 * How urgent what is due for a promise is, 1 before all others: what is promised to the minute must not wait behind a herd
 * of days.
 */
export function urgencyOf(kind: string, precision: Precision): number {
  if (kind === 'callback' || precision === 'instant') return 1;
  return precision === 'window' ? 2 : 4;
}
