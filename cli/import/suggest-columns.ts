import type { FileRow } from './mapping.ts';
import { looksOf, type Looks } from './suggest-content.ts';
import { guessTimes, type TimesGuess } from './suggest-times.ts';
import { isNoValue, meaningOf, pointsOf } from './suggest-words.ts';
import { FIELDS, TIME_FIELDS, type Field } from './yaml-mapping-spec.ts';

/** What the first rows show of a column. */
export interface Column {
  readonly name: string;
  readonly values: readonly string[];
  /** Different values, but for those that say nothing is known. */
  readonly words: readonly string[];
  /** Values that say nothing is known, e.g. `N/A`; never the empty one. */
  readonly noValues: readonly string[];
  /** Each row has a value of its own. */
  readonly unique: boolean;
  readonly times: TimesGuess | null;
  readonly looks: Looks;
}

export function columnOf(name: string, rows: readonly FileRow[]): Column {
  const values = rows.map((row) => row[name]?.trim() ?? '');
  const times = guessTimes(values);
  const all = [...new Set(values)].filter((value) => value !== '');
  const noValues = all.filter((value) => isNoValue(value) || times?.words.includes(value));
  const words = all.filter((value) => !noValues.includes(value));
  const unique = words.length === values.length && !times;
  return { name, values, words, noValues, unique, times, looks: looksOf(words) };
}

interface Candidate {
  readonly column: Column;
  readonly points: number;
}

/** In which order the fields choose their column: the surest first. */
const ORDER: readonly Field[] = [
  ...(['promisedFrom', 'promised', 'withdrawn', 'madeAt', 'fulfilled', 'target'] as const),
  ...([
    'ref',
    'kind',
    'customerEmail',
    'status',
    'customer',
    'customerName',
    'customerPhone',
    'customerLanguage',
  ] as const),
  ...(['customerZone', 'partner', 'owner', 'region', 'product', 'subject'] as const),
];

/** Which column seems to be which field, in the order of `FIELDS`. No column is taken twice. */
export function assign(columns: readonly Column[]): ReadonlyMap<Field, Column> {
  const found = new Map<Field, Column>();
  const taken = new Set<Column>();
  for (const field of ORDER) {
    const best = columns
      .filter((column) => !taken.has(column))
      .map((column) => ({ column, points: points(field, column, columns) }))
      .filter((each) => each.points > 0)
      .reduce<Candidate | null>((first, each) => (first && !isBetter(each, first) ? first : each), null);
    if (!best) continue;
    found.set(field, best.column);
    taken.add(best.column);
  }
  return inOrder(withKey(found));
}

const inOrder = (found: ReadonlyMap<Field, Column>): ReadonlyMap<Field, Column> =>
  new Map(FIELDS.flatMap((field) => [...found].filter(([each]) => each === field)));

/** People need something by which they are known again: a number, else an address; without either nobody is stored. */
function withKey(found: ReadonlyMap<Field, Column>): ReadonlyMap<Field, Column> {
  const email = found.get('customerEmail');
  if (found.has('customer')) return found;
  if (email) return new Map([...found, ['customer', email]]);
  return new Map([...found].filter(([field]) => !field.startsWith('customer')));
}

/** Of two that fit equally well, the one with less else in its name. */
const isBetter = (each: Candidate, first: Candidate): boolean =>
  each.points === first.points
    ? each.column.name.length < first.column.name.length && each.column.times === null
    : each.points > first.points;

function points(field: Field, column: Column, columns: readonly Column[]): number {
  const isTime = column.times !== null;
  const byName = pointsOf(field, column.name);
  if (field === 'promisedFrom' && filled(column) < 0.5) return 0;
  if (TIME_FIELDS.some((each) => each === field)) return isTime ? byName : 0;
  if (isTime) return 0;
  switch (field) {
    case 'ref':
      return refPoints(column, column === columns[0]);
    case 'kind':
      return column.words.every((word) => KINDS.has(word)) ? byName : 0;
    case 'customerEmail':
      return column.looks.emails >= (byName > 0 ? 0.5 : 0.8) ? 9 + byName : 0;
    // Several people share a name; under one number they would be one person.
    case 'customer':
      return column.looks.numbers >= 0.9 && column.looks.names === 0 ? byName : 0;
    case 'customerName':
      return column.looks.names >= 0.3 && column.looks.emails === 0 ? byName : 0;
    case 'status':
      return byName > 0 && repeats(column) ? byName + 4 * known(column) : 0;
    case 'partner':
    case 'owner':
    case 'region':
    case 'product':
      return repeats(column) ? byName : 0;
    default:
      return byName;
  }
}

/** Those that come with Kept, and others that are usual. */
const KINDS: ReadonlySet<string> = new Set(['delivery', 'callback', 'reply', 'repair', 'refund']);

const filled = ({ values }: Column): number => values.filter((value) => value !== '').length / values.length;

/** Few words over many rows. */
const repeats = ({ words, values }: Column): boolean =>
  words.length > 0 && words.length <= Math.max(5, values.length / 2);

/** The share of words that tell how a promise stands. */
const known = ({ words }: Column): number => words.filter((word) => meaningOf(word) !== null).length / words.length;

/** A name that speaks of references, else what looks like one and is called nothing else. Who people are is none. */
function refPoints(column: Column, isFirst: boolean): number {
  const { unique, name, values, words, looks } = column;
  if (looks.emails >= 0.3 || looks.phones >= 0.5 || looks.names >= 0.5) return 0;
  const byName = pointsOf('ref', name);
  const own = unique ? 5 : words.length > values.length / 2 ? 4 : -2;
  if (byName > 0) return Math.max(1, byName + own + (isFirst ? 1 : 0));
  const isOther = OTHERS.some((field) => pointsOf(field, name) > 0);
  return byName === 0 && unique && looks.numbers === 1 && !isOther ? 1 : 0;
}

/** Fields whose columns may well hold something of its own in each row. */
const OTHERS: readonly Field[] = FIELDS.filter(
  (field) => field !== 'ref' && !TIME_FIELDS.some((each) => each === field),
);
