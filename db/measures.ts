import type { Codes, Measures } from '../domain/metrics/measures.ts';
import { areOutcomes } from '../domain/metrics/outcome.ts';
import type { Grouping, WordKeptFilter } from '../domain/metrics/word-kept.ts';
import { instant } from '../domain/promise/instant.ts';
import { LABELS, type FigureColumn, type Label, type TextColumn } from './measured.ts';
import { damaged, packedCount, unpack } from './packed.ts';

/** The promises of one day, or some of them, a packed column per figure; null: none of them has it. */
export type PackedDay = {
  readonly [C in TextColumn | Exclude<FigureColumn, 'outcome'>]: Buffer | null;
} & { readonly n: number; readonly outcome: Buffer; readonly week: string; readonly month: string };

/** What a reading says beside the promises. */
export interface ReadingHead {
  /** Milliseconds since 1970. */
  readonly asOf: number;
  /** Texts by their numbers. */
  readonly labels: Readonly<Record<string, string>>;
  /** By kind. */
  readonly goals: Readonly<Record<string, number>>;
  readonly partnerGoals: Readonly<Record<string, number>>;
}

/** Which groupings need which labels; those of the day need none. */
export const labelsOf = (filter: WordKeptFilter, bys: readonly Grouping[]): readonly Label[] =>
  LABELS.filter((label) => label === 'kind' || bys.includes(label) || filterOf(filter, label) !== undefined);

const filterOf = (filter: WordKeptFilter, label: Label): string | undefined =>
  label === 'region' || label === 'product' ? undefined : filter[label];

/** The columns of all days one after the other, of the promises that the filter chooses. The packed bytes are used up. */
export function measuresOf(
  days: readonly PackedDay[],
  head: ReadingHead,
  filter: WordKeptFilter,
  bys: readonly Grouping[],
): Measures {
  const columns = columnsOf(days);
  const texts = new Map(Object.entries(head.labels).map(([id, label]) => [Number(id), label]));
  const ids = new Map(labelsOf(filter, bys).map((label) => [label, columns.ids(label)]));
  const chosen = choose(ids, texts, filter);
  const n = chosen?.length ?? columns.all;
  const figure = (column: Figure): Float64Array =>
    pick(columns.figure(column), chosen, (size) => new Float64Array(size));
  const picked = ({ places, keys }: Codes): Codes => ({
    places: pick(places, chosen, (size) => new Int32Array(size)),
    keys,
  });
  const codesBy = (by: Grouping): Codes => {
    if (by === 'week' || by === 'month') return picked(columns.periods(by));
    return picked(codesOf(ids.get(by) ?? new Int32Array(columns.all), texts));
  };
  const kind = codesBy('kind');
  return {
    asOf: instant(head.asOf),
    n,
    outcomes: pick(columns.outcomes(), chosen, (size) => new Int16Array(size)),
    marginMs: figure('margin_ms'),
    promisedLengthMs: figure('promised_length_ms'),
    bufferMs: figure('buffer_ms'),
    noticeLeadMs: figure('notice_lead_ms'),
    recoveryTimeMs: figure('recovery_time_ms'),
    newTimesKept: figure('new_times_kept'),
    newTimesBroken: figure('new_times_broken'),
    contacts: figure('contacts'),
    askedFirst: figure('asked_first'),
    secondBreaks: figure('second_breaks'),
    handOvers: figure('hand_overs'),
    remedies: columns.has('remedy_cents')
      ? { cents: figure('remedy_cents'), currency: picked(codesOf(columns.ids('remedy_currency'), texts)) }
      : null,
    codes: { ...Object.fromEntries(bys.map((by) => [by, by === 'kind' ? kind : codesBy(by)])), kind },
    goals: new Map(Object.entries(head.goals)),
    partnerGoals: new Map(Object.entries(head.partnerGoals)),
    partner: filter.partner ?? null,
  };
}

type Figure = Exclude<FigureColumn, 'outcome'>;

/** Reads columns of the promises of all days. */
function columnsOf(days: readonly PackedDay[]) {
  const sizes = days.map((day) => {
    const size = packedCount(day.outcome);
    if (size !== day.n) throw damaged();
    return size;
  });
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const eachDay = (work: (day: PackedDay, at: number, size: number) => void): void => {
    let at = 0;
    for (const [index, day] of days.entries()) {
      const size = sizes[index] ?? 0;
      work(day, at, size);
      at += size;
    }
  };
  const read = <A extends Float64Array | Int32Array | Int16Array>(
    column: TextColumn | FigureColumn,
    into: A,
    none: number,
  ): A => {
    eachDay((day, at, size) => {
      const bytes = day[column];
      if (bytes) unpack(bytes, size, into, at, none);
      else into.fill(none, at, at + size);
    });
    return into;
  };
  const has = (column: Figure): boolean => days.some((day) => day[column] !== null);
  return {
    all,
    has,
    ids: (label: TextColumn): Int32Array => read(label, new Int32Array(all), NO_LABEL),
    outcomes: (): Int16Array => {
      const outcomes = read('outcome', new Int16Array(all), 0);
      if (!areOutcomes(outcomes)) throw damaged();
      return outcomes;
    },
    /** Of length 0 where no promise has it. */
    figure: (column: Figure): Float64Array =>
      has(column) ? read(column, new Float64Array(all), NaN) : new Float64Array(0),
    periods: (by: 'week' | 'month'): Codes => {
      const places = new Int32Array(all);
      const placeOf = new Map<string, number>();
      eachDay((day, at, size) => {
        const place = placeOf.get(day[by]) ?? placeOf.size;
        placeOf.set(day[by], place);
        places.fill(place, at, at + size);
      });
      return { places, keys: [...placeOf.keys()] };
    },
  };
}

/** Numbers of labels begin at 1. */
const NO_LABEL = 0;

/** The places of those that the filter chooses; null: all. */
function choose(
  ids: ReadonlyMap<Label, Int32Array>,
  texts: ReadonlyMap<number, string>,
  filter: WordKeptFilter,
): Int32Array | null {
  let chosen: Int32Array | null = null;
  for (const [label, column] of ids) {
    const text = filterOf(filter, label);
    if (text === undefined) continue;
    const id = [...texts].find(([, each]) => each === text)?.[0] ?? -1;
    chosen = placesOf(id, column, chosen);
  }
  return chosen;
}

/** Where `id` stands, among those chosen before. */
function placesOf(id: number, column: Int32Array, among: Int32Array | null): Int32Array {
  const count = among?.length ?? column.length;
  const places = new Int32Array(count);
  let n = 0;
  for (let i = 0; i < count; i += 1) {
    const place = among === null ? i : (among[i] ?? 0);
    if (column[place] !== id) continue;
    places[n] = place;
    n += 1;
  }
  return places.subarray(0, n);
}

/** Those that are chosen; a column that nobody has stays empty. */
function pick<A extends Float64Array | Int32Array | Int16Array>(
  from: A,
  chosen: Int32Array | null,
  empty: (size: number) => A,
): A {
  if (chosen === null || from.length === 0) return from;
  const picked = empty(chosen.length);
  for (let i = 0; i < chosen.length; i += 1) picked[i] = from[chosen[i] ?? 0] ?? 0;
  return picked;
}

/** Numbers of labels are scattered among those of other columns; places are not. */
function codesOf(ids: Int32Array, texts: ReadonlyMap<number, string>): Codes {
  const keys: (string | null)[] = [];
  const placeOf = new Int32Array(greatest(texts.keys()) + 1).fill(-1);
  const places = new Int32Array(ids.length);
  for (let i = 0; i < ids.length; i += 1) {
    const id = ids[i] ?? NO_LABEL;
    if (placeOf[id] === -1) {
      if (id !== NO_LABEL && !texts.has(id)) throw damaged();
      placeOf[id] = keys.push(texts.get(id) ?? null) - 1;
    }
    const place = placeOf[id];
    if (place === undefined) throw damaged();
    places[i] = place;
  }
  return { places, keys };
}

function greatest(ids: Iterable<number>): number {
  let most = NO_LABEL;
  for (const id of ids) most = Math.max(most, id);
  return most;
}
