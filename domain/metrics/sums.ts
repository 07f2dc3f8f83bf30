import { moneyText } from '../promise/remedies.ts';
import type { Groups } from './grouping.ts';
import type { Measures } from './measures.ts';
import type { WordKeptGroup } from './word-kept.ts';

/** What is added up over the promises of a group; few have any of it. */
export interface Sums extends Pick<WordKeptGroup, 'remedyCost' | 'secondBreaks' | 'handOvers'> {
  readonly newTimesKept: number;
  readonly newTimesBroken: number;
  readonly contacts: number;
  readonly askedFirst: number;
}

/** The sums of each group, by its place. */
export function sumsOf(measures: Measures, groups: Groups): (group: number) => Sums {
  const of = (column: Float64Array) => sumBy(column, groups.of, groups.keys.length);
  const newTimesKept = of(measures.newTimesKept);
  const newTimesBroken = of(measures.newTimesBroken);
  const contacts = of(measures.contacts);
  const askedFirst = of(measures.askedFirst);
  const secondBreaks = of(measures.secondBreaks);
  const handOvers = of(measures.handOvers);
  const remedyCost = costsOf(measures, groups);
  return (group) => ({
    newTimesKept: newTimesKept[group] ?? 0,
    newTimesBroken: newTimesBroken[group] ?? 0,
    contacts: contacts[group] ?? 0,
    askedFirst: askedFirst[group] ?? 0,
    secondBreaks: secondBreaks[group] ?? 0,
    handOvers: handOvers[group] ?? 0,
    remedyCost: remedyCost(group),
  });
}

/** Per place the sum of the column over what stands there. */
function sumBy(column: Float64Array, places: Int32Array | Groups['of'], count: number): Float64Array {
  const sums = new Float64Array(count);
  for (let i = 0; i < column.length; i += 1) {
    const value = column[i] ?? NaN;
    if (Number.isNaN(value)) continue;
    const place = places[i] ?? 0;
    sums[place] = (sums[place] ?? 0) + value;
  }
  return sums;
}

/** Of each group what was granted, by currency, in the order of their names. */
function costsOf({ remedies }: Measures, { keys, of }: Groups): (group: number) => Sums['remedyCost'] {
  if (remedies === null) return () => ({});
  const { cents, currency } = remedies;
  const names = currency.keys.map((key) => key ?? '');
  const cells = new Int32Array(of.length);
  for (let i = 0; i < of.length; i += 1) cells[i] = (of[i] ?? 0) * names.length + (currency.places[i] ?? 0);
  const sums = sumBy(cents, cells, keys.length * names.length);
  const byName = names.map((name, place) => ({ name, place })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return (group) =>
    Object.fromEntries(
      byName.flatMap(({ name, place }) => {
        const sum = sums[group * names.length + place] ?? 0;
        return sum === 0 ? [] : [[name, moneyText(BigInt(sum))]];
      }),
    );
}
