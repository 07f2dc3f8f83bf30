import { goalsOf } from './goals.ts';
import type { Codes, Measures } from './measures.ts';
import { OUTCOMES, outcomeOf, type Outcome } from './outcome.ts';
import { percentiles } from './percentiles.ts';
import type { Grouping, WordKeptGroup } from './word-kept.ts';

/** At most this many groups, the first in the order of their keys. */
export const MAX_GROUPS = 1_000;

/**
 * The figures of the report by one grouping, in the order of the keys, none last. A million promises take some 200 ms,
 * in which nothing else runs.
 * @throws RangeError for a grouping that was not read.
 */
export function wordKeptBy(measures: Measures, by: Grouping): readonly WordKeptGroup[] {
  const codes = measures.codes[by];
  if (!codes) throw new RangeError(`These measures were not read for a report by ${by}.`);
  const groups = groupsOf(codes);
  const tallies = talliesOf(measures.outcomes, groups);
  const goals = goalsOf(measures, groups);
  const spreads = spreadsOf(measures, groups);
  return groups.keys.map((key, group) => {
    const counts = countsOf(tallies[group] ?? [], goals[group] ?? null);
    return groupOf(key, counts, spreads[group] ?? NO_SPREADS);
  });
}

/** Which group each promise is of. */
export interface Groups {
  readonly keys: readonly (string | null)[];
  /** Of each promise its group: a place in `keys`; one more than the last: none of those shown. */
  readonly of: Uint16Array;
  /** How many promises each group has; last those not shown. */
  readonly sizes: Int32Array;
}

function groupsOf({ places, keys }: Codes): Groups {
  const used = new Uint8Array(keys.length);
  for (let i = 0; i < places.length; i += 1) used[places[i] ?? 0] = 1;
  const shown = [...keys.keys()]
    .filter((place) => used[place] === 1)
    .sort((a, b) => inOrder(keys[a] ?? null, keys[b] ?? null))
    .slice(0, MAX_GROUPS);
  const groupAt = new Uint16Array(keys.length).fill(shown.length);
  for (const [group, place] of shown.entries()) groupAt[place] = group;
  const of = new Uint16Array(places.length);
  const sizes = new Int32Array(shown.length + 1);
  for (let i = 0; i < places.length; i += 1) {
    const group = groupAt[places[i] ?? 0] ?? 0;
    of[i] = group;
    sizes[group] = (sizes[group] ?? 0) + 1;
  }
  return { keys: shown.map((place) => keys[place] ?? null), of, sizes };
}

function inOrder(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** How many promises of a group had the same outcome. */
interface Tally {
  readonly outcome: Outcome;
  readonly n: number;
}

/** There are few outcomes, so promises are counted by outcome and everything else is counted from that. */
function talliesOf(outcomes: Int16Array, { of, sizes }: Groups): readonly (readonly Tally[])[] {
  const placeOf = new Int32Array(OUTCOMES).fill(-1);
  const codes: number[] = [];
  for (let i = 0; i < outcomes.length; i += 1) {
    const code = outcomes[i] ?? 0;
    if (placeOf[code] !== -1) continue;
    placeOf[code] = codes.length;
    codes.push(code);
  }
  const counts = new Int32Array(sizes.length * codes.length);
  for (let i = 0; i < outcomes.length; i += 1) {
    const cell = (of[i] ?? 0) * codes.length + (placeOf[outcomes[i] ?? 0] ?? 0);
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  const named = codes.map(outcomeOf);
  return Array.from(sizes, (_, group) =>
    named.map((outcome, place) => ({ outcome, n: counts[group * codes.length + place] ?? 0 })),
  );
}
