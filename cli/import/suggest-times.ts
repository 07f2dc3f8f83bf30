import type { WallMs } from '../../domain/calendar/zones.ts';
import { isFault } from './cells.ts';
import { timeFormat, type TimeFormat } from './time-format.ts';

/** How the times of a column seem to be written. */
export interface TimesGuess {
  /** Of those that read nearly everything; the second, if any, takes day and month the other way round. */
  readonly formats: readonly [string, ...string[]];
  /** Where no time of day is written, or always midnight: the format that reads days. */
  readonly dayFormat: string | null;
  /** What stands there instead of a time, e.g. `N/A`. */
  readonly words: readonly string[];
  /** By row; null where there is no time. */
  readonly walls: readonly (WallMs | null)[];
  /** How many texts are no time after all. */
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

/** A column may hold some slips of the pen. */
const ENOUGH = 0.8;
/** A first look, before the whole column is read by a format. */
const GLANCE = 30;
/** More different texts without any digit are no words for "not known". */
const MAX_WORDS = 8;
const DAY_MS = 86_400_000;
/** Numbers are times only if they lie in these years: every number of an order could be one otherwise. */
const NUMBER_FROM = Date.UTC(2000, 0);
const NUMBER_TO = Date.UTC(2040, 0);

/** Null: the column holds no times. */
export function guessTimes(values: readonly string[]): TimesGuess | null {
  const filled = values.filter((value) => value !== '');
  const written = filled.filter((value) => /\d/.test(value));
  const words = [...new Set(filled.filter((value) => !/\d/.test(value)))];
  if (written.length === 0 || words.length > MAX_WORDS) return null;
  const fitting = CANDIDATES.filter(([name, format]) => shareOf(name, format, written.slice(0, GLANCE)) >= ENOUGH)
    .map(([name, format]) => ({ name, format, share: shareOf(name, format, written) }))
    .filter(({ share }) => share >= ENOUGH)
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
    unreadable: written.length - walls.filter((wall) => wall !== null).length,
  };
}

/** How much of the texts a format reads. */
function shareOf(name: string, format: TimeFormat, values: readonly string[]): number {
  const numbers = /^(unix|unixms|yyyyMMdd)$/.test(name);
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
