import { wordKeptOf } from './groups.ts';
import type { Measures } from './measures.ts';
import type { WordKeptGroup } from './word-kept.ts';

/** Everything that was measured as one group, whose key is null; null where there is nothing. */
export function wordKeptOfAll(measures: Measures): WordKeptGroup | null {
  return wordKeptOf(measures, { places: new Int32Array(measures.n), keys: [null] })[0] ?? null;
}
