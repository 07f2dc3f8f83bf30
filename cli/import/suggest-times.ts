import type { WallMs } from '../../domain/calendar/zones.ts';
import { isFault } from './cells.ts';
import { isNoValue } from './suggest-words.ts';
import { timeFormat, type TimeFormat } from './time-format.ts';

/** How the times of a column seem to be written. */
export interface TimesGuess {
  /** Of those that read nearly everything; the second, if any, takes day and month the other way round. */
  readonly formats: readonly [string, ...string[]];
  /** Where no time of day is written, or always midnight: the format that reads days. */
  readonly dayFormat: string | null;
  /** What stands there instead of a time and says that none is known: a usual word such as `N/A`, or one that repeats. */
  readonly words: readonly string[];
  /** By row; null where there is no time. */
  readonly walls: readonly (WallMs | null)[];
  /** How many texts are no time after all, and no such word. */
  readonly unreadable: number;
}

const DAYS = [
  ...['d.M.yyyy', 'd.M.yy', 'd/M/yyyy', 'd/M/yy', 'M/d/yyyy', 'M/d/yy', 'd-M-yyyy', 'd-M-yy', 'M-d-yyyy', 'M-d-yy'],
  ...['yyyy/M/d', 'yyyy.M.d', 'yyyyMMdd', 'd-MMM-yyyy', 'd-MMM-yy', 'd MMM yyyy', 'd MMM yy', 'd. MMM yyyy'],
  ...['d MMMM yyyy', 'MMM d, yyyy', 'MMMM d, yyyy'],
];
const TIMES_OF_DAY = [
  '',
  ' H:mm',
  ' H:mm:ss',
  ' H:mm:ss.SSS',
  ', H:mm',
  ', H:mm:ss',
  ' h:mm a',
  ' h:mm:ss a',
  ', h:mm:ss a',
];

/** With one digit or two: the first rows may all be of a month with two. */
const CANDIDATES: readonly (readonly [string, TimeFormat])[] = [
  'iso',
  'unix',
  'unixms',
  ...DAYS.flatMap((day) => TIMES_OF_DAY.map((time) => `${day}${time}`)),
].flatMap((name) => {
  const format = timeFormat(name);
  return 'problem' in format ? [] : [[name, format] as const];
});

/** A column may hold slips of the pen, or a second format. Many a number, however, reads as a time. */
const ENOUGH = 0.5;
const ENOUGH_NUMBERS = 0.8;
/** A first look, before the whole column is read by a format. */
const GLANCE = 30;
/** With more different texts without any digit the column is no column of times. */
const MAX_WORDS = 8;
/** What stands there once or twice in place of a time is a slip, and must not be taken for "not known". */
const REPEATED = 3;
const DAY_MS = 86_400_000;
/** Numbers are times only if they lie in these years: every number of an order could be one otherwise. */
const NUMBER_FROM = Date.UTC(2000, 0);
const NUMBER_TO = Date.UTC(2040, 0);

/** Null: the column holds no times. */
export function guessTimes(values: readonly string[]): TimesGuess | null {
  const filled = values.filter((value) => value !== '');
  const written = filled.filter((value) => /\d/.test(value));
  const others = filled.filter((value) => !/\d/.test(value));
  if (written.length === 0 || new Set(others).size > MAX_WORDS) return null;
  const words = wordsOf(others);
  const fitting = CANDIDATES.filter(([name, format]) => reads(name, shareOf(name, format, written.slice(0, GLANCE))))
    .map(([name, format]) => ({ name, format, share: shareOf(name, format, written) }))
    .filter(({ name, share }) => reads(name, share))
    .sort((a, b) => b.share - a.share);
  const [best] = fitting;
  if (!best) return null;
  const walls = values.map((value) => wallOf(best.format, value));
  const other = fitting.filter(
    ({ name, share }) => swapped(name) === best.name && name !== best.name && share === best.share,
  );
  return {
    formats: [best.name, ...other.map(({ name }) => name)],
    dayFormat: dayFormatOf(best.name, written, walls),
    words,
    walls,
    unreadable: values.filter((value, row) => value !== '' && walls[row] === null && !words.includes(value)).length,
  };
}

/** Usual words for "not known", and those that repeat. */
const wordsOf = (others: readonly string[]): readonly string[] =>
  [...new Set(others)].filter((word) => isNoValue(word) || others.filter((other) => other === word).length >= REPEATED);

const isOfNumbers = (name: string): boolean => /^(unix|unixms|yyyyMMdd)$/.test(name);

const reads = (name: string, share: number): boolean => share >= (isOfNumbers(name) ? ENOUGH_NUMBERS : ENOUGH);

/** How much of the texts a format reads. */
function shareOf(name: string, format: TimeFormat, values: readonly string[]): number {
  const numbers = isOfNumbers(name);
  const good = values.filter((value) => {
    const wall = wallOf(format, value);
    return wall !== null && (!numbers || (wall >= NUMBER_FROM && wall < NUMBER_TO));
  });
  return good.length / values.length;
}

function wallOf(format: TimeFormat, value: string): WallMs | null {
  const read = value === '' ? null : format.read(value);
  return read === null || isFault(read) ? null : read.wall;
}

/** The same format with day and month the other way round. */
export const swapped = (format: string): string =>
  format.replace(/^(d|M)([/-])(d|M)/, (_, first: string, sign: string, second: string) => second + sign + first);

function dayFormatOf(format: string, written: readonly string[], walls: readonly (WallMs | null)[]): string | null {
  if (walls.some((wall) => wall !== null && wall % DAY_MS !== 0)) return null;
  const [, date = '', tail = ''] = /^(\S+)(.*)$/.exec(written[0] ?? '') ?? [];
  if (format !== 'iso') return /[Hh]/.test(format) ? withTail(format.split(' ')[0] ?? '', written, tail) : format;
  if (written.every((value) => /^\d{4}-\d\d-\d\d$/.test(value))) return 'yyyy-MM-dd';
  return withTail('yyyy-MM-dd', written, tail || date.slice('yyyy-MM-dd'.length));
}

/** Midnight, written out the same way everywhere. */
const withTail = (date: string, written: readonly string[], tail: string): string | null =>
  tail !== '' && written.every((value) => value.endsWith(tail)) ? `${date}'${tail}'` : null;
