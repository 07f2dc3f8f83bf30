import { wordKeptBy } from './groups.ts';
import type { Measures } from './measures.ts';
import type { WordKeptGroup } from './word-kept.ts';

/** Everything that was measured as one group, whose key is null; null where there is nothing. */
export function wordKeptOfAll(measures: Measures): WordKeptGroup | null {
  const together = { places: new Int32Array(measures.n), keys: [null] };
  return wordKeptBy({ ...measures, codes: { kind: measures.codes.kind, month: together } }, 'month')[0] ?? null;
}
