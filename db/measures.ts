import type { Codes, Measures } from '../domain/metrics/measures.ts';
import type { Grouping, WordKeptFilter } from '../domain/metrics/word-kept.ts';
import { instant } from '../domain/promise/instant.ts';
import { LABELS, type FigureColumn, type Label } from './measured.ts';
import { packedCount, unpack } from './packed.ts';

/** The promises of one day, or some of them, a packed column per figure; null: none of them has it. */
export type PackedDay = {
  readonly [C in Label | Exclude<FigureColumn, 'outcome'>]: Buffer | null;
} & { readonly outcome: Buffer; readonly week: string; readonly month: string };

/** What a reading says beside the promises. */
export interface ReadingHead {
  /** Milliseconds since 1970. */
  readonly asOf: number;
  /** Texts by their numbers. */
  readonly labels: Readonly<Record<string, string>>;
  readonly goals: Readonly<Record<string, number>>;
}

/** Which groupings need which labels; those of the day need none. */
export const labelsOf = (filter: WordKeptFilter, bys: readonly Grouping[]): readonly Label[] =>
  LABELS.filter((label) => label === 'kind' || bys.includes(label) || filterOf(filter, label) !== undefined);

const filterOf = (filter: WordKeptFilter, label: Label): string | undefined =>
  label === 'region' || label === 'product' ? undefined : filter[label];

/** The columns of all days one after the other, of the promises that the filter chooses. */
export function measuresOf(
  days: readonly PackedDay[],
  head: ReadingHead,
  filter: WordKeptFilter,
  bys: readonly Grouping[],
): Measures {
  const sizes = days.map((day) => packedCount(day.outcome));
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const texts = new Map(Object.entries(head.labels).map(([id, label]) => [Number(id), label]));
  const read = <A extends Float64Array | Int32Array | Int16Array>(
    column: Label | FigureColumn,
    into: A,
    none: number,
  ): A => {
    let at = 0;
    for (const [index, day] of days.entries()) {
      const size = sizes[index] ?? 0;
      const bytes = day[column];
      if (bytes) unpack(bytes, size, into, at, none);
      else into.fill(none, at, at + size);
      at += size;
    }
    return into;
  };
  const ids = new Map(labelsOf(filter, bys).map((label) => [label, read(label, new Int32Array(all), NO_LABEL)]));
  const chosen = choose(ids, texts, filter, all);
  const n = chosen?.length ?? all;
  const figure = (column: FigureColumn): Float64Array =>
    pick(read(column, new Float64Array(all), NaN), chosen, new Float64Array(n));
  const codesBy = (by: Grouping): Codes => {
    if (by === 'week' || by === 'month') return pickCodes(codesOfDays(days, sizes, by, all), chosen);
    return pickCodes(codesOf(ids.get(by) ?? new Int32Array(all), texts), chosen);
  };
  return {
    asOf: instant(head.asOf),
    n,
    outcomes: pick(read('outcome', new Int16Array(all), 0), chosen, new Int16Array(n)),
    marginMs: figure('margin_ms'),
    promisedLengthMs: figure('promised_length_ms'),
    bufferMs: figure('buffer_ms'),
    noticeLeadMs: figure('notice_lead_ms'),
    recoveryTimeMs: figure('recovery_time_ms'),
    codes: { ...Object.fromEntries(bys.map((by) => [by, codesBy(by)])), kind: codesBy('kind') },
    goals: new Map(Object.entries(head.goals)),
  };
}

/** Numbers of labels begin at 1. */
const NO_LABEL = 0;

/** The places of those that the filter chooses; null: all. */
function choose(
  ids: ReadonlyMap<Label, Int32Array>,
  texts: ReadonlyMap<number, string>,
  filter: WordKeptFilter,
  all: number,
): Int32Array | null {
  const idOf = (text: string): number => [...texts].find(([, label]) => label === text)?.[0] ?? -1;
  const wanted = [...ids].flatMap(([label, column]) => {
    const text = filterOf(filter, label);
    return text === undefined ? [] : [{ column, id: idOf(text) }];
  });
  if (wanted.length === 0) return null;
  const chosen = new Int32Array(all);
  let n = 0;
  for (let i = 0; i < all; i += 1) {
    if (!wanted.every(({ column, id }) => column[i] === id)) continue;
    chosen[n] = i;
    n += 1;
  }
  return chosen.subarray(0, n);
}

function pick<A extends Float64Array | Int32Array | Int16Array>(from: A, chosen: Int32Array | null, into: A): A {
  if (chosen === null) return from;
  for (let i = 0; i < chosen.length; i += 1) into[i] = from[chosen[i] ?? 0] ?? 0;
  return into;
}

const pickCodes = ({ places, keys }: Codes, chosen: Int32Array | null): Codes => ({
  places: pick(places, chosen, new Int32Array(chosen?.length ?? 0)),
  keys,
});

/** Numbers of labels are scattered among those of other columns; places are not. */
function codesOf(ids: Int32Array, texts: ReadonlyMap<number, string>): Codes {
  const keys: (string | null)[] = [];
  const placeOf = new Int32Array(ids.reduce((most, id) => Math.max(most, id), 0) + 1).fill(-1);
  const places = new Int32Array(ids.length);
  for (let i = 0; i < ids.length; i += 1) {
    const id = ids[i] ?? NO_LABEL;
    if (placeOf[id] === -1) placeOf[id] = keys.push(texts.get(id) ?? null) - 1;
    places[i] = placeOf[id] ?? 0;
  }
  return { places, keys };
}

function codesOfDays(days: readonly PackedDay[], sizes: readonly number[], by: 'week' | 'month', all: number): Codes {
  const places = new Int32Array(all);
  const placeOf = new Map<string, number>();
  let at = 0;
  for (const [index, day] of days.entries()) {
    const place = placeOf.get(day[by]) ?? placeOf.size;
    placeOf.set(day[by], place);
    const size = sizes[index] ?? 0;
    places.fill(place, at, at + size);
    at += size;
  }
  return { places, keys: [...placeOf.keys()] };
}
