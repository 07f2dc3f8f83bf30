import type { Fault, Reader } from './cells.ts';
import { FIRST_YEAR, LAST_YEAR, readIso, wallOfParts, type WrittenTime } from './wall-time.ts';

/** How the times of one column are written. */
export interface TimeFormat {
  readonly read: Reader<WrittenTime>;
  /** Whether they are days without a time of day; null: each text shows it by itself. */
  readonly dateOnly: boolean | null;
}

/**
 * The format that a text names: `iso`, `unix` (seconds), `unixms`, or tokens as date-fns has them, e.g.
 * `dd.MM.yyyy HH:mm`; other characters stand for themselves, letters between apostrophes, too. One `d`, `M`, `H`, `h`
 * takes one digit or two, `yy` means 1969 to 2068, months are English. Compiled once: date-fns itself reads by the zone of
 * this machine, which skips an hour a year, and told to read by UTC takes seventy times as long.
 * @example timeFormat('d-MMM-yy') // reads 2-Jun-06
 */
export function timeFormat(format: string): TimeFormat | { readonly problem: string } {
  if (format === 'iso') return { read: readIso, dateOnly: null };
  if (format === 'unix') return { read: unixReader(1000, format), dateOnly: false };
  if (format === 'unixms') return { read: unixReader(1, format), dateOnly: false };
  const pieces = format.match(PIECE) ?? [];
  const tokens = pieces.filter((piece) => /^[a-z]/i.test(piece));
  const problem = problemOf(tokens, pieces.join('') === format);
  if (problem) return { problem };
  const pattern = new RegExp(`^${pieces.map((piece) => TOKENS[piece] ?? literal(piece)).join('')}$`, 'i');
  return { read: patternReader(pattern, tokens, format), dateOnly: !tokens.some((token) => /^[Hhms]/.test(token)) };
}

/** The reader of a format that stands in the code. @throws Error where it is none */
export function compiled(format: string): Reader<WrittenTime> {
  const read = timeFormat(format);
  if ('problem' in read) throw new Error(`${format}: ${read.problem}`);
  return read.read;
}

/** A quoted text, a run of one letter, or other characters. */
const PIECE = /'[^']*'|([a-z])\1*|[^a-z']+/gi;

const SHORT_MONTHS = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec';
const LONG_MONTHS = 'january|february|march|april|may|june|july|august|september|october|november|december';

const TOKENS: Readonly<Record<string, string>> = {
  yyyy: '(\\d{4})',
  yy: '(\\d\\d)',
  M: '(\\d{1,2})',
  MM: '(\\d\\d)',
  MMM: `(${SHORT_MONTHS})`,
  MMMM: `(${LONG_MONTHS})`,
  d: '(\\d{1,2})',
  dd: '(\\d\\d)',
  H: '(\\d{1,2})',
  HH: '(\\d\\d)',
  h: '(\\d{1,2})',
  hh: '(\\d\\d)',
  mm: '(\\d\\d)',
  ss: '(\\d\\d)',
  SSS: '(\\d{3})',
  a: '([ap])\\.?m\\.?',
};

/** What people write who come from other tools. */
const MEANT: Readonly<Record<string, string>> = {
  YYYY: 'yyyy',
  YY: 'yy',
  DD: 'dd',
  D: 'd',
  DDD: 'd',
  m: 'mm',
  s: 'ss',
  A: 'a',
  S: 'SSS',
  SS: 'SSS',
};

function problemOf(tokens: readonly string[], whole: boolean): string | null {
  if (!whole) return "An apostrophe stands alone; letters that are no tokens stand between two: 'T'.";
  const unknown = tokens.find((token) => !TOKENS[token]);
  if (unknown !== undefined) {
    const meant = MEANT[unknown];
    return meant
      ? `${unknown} is not known here; write ${meant}.`
      : `${unknown} is not known here. There are ${Object.keys(TOKENS).join(', ')}, and iso, unix, unixms by themselves.`;
  }
  const letters = tokens.map((token) => token[0] ?? '');
  const doubled = letters.find((letter, index) => letters.indexOf(letter) !== index);
  if (doubled) return `${doubled} stands twice.`;
  const missing = ['y', 'M', 'd'].filter((letter) => !letters.includes(letter));
  if (missing.length > 0) return 'A format has a year, a month and a day: dd.MM.yyyy.';
  if (letters.includes('h') !== letters.includes('a'))
    return 'h and a belong together: hh:mm a. By 24 hours it is HH:mm.';
  if (letters.includes('h') && letters.includes('H')) return 'Either H (by 24 hours) or h with a.';
  return null;
}

const literal = (piece: string): string =>
  (piece.startsWith("'") ? piece.slice(1, -1) || "'" : piece)
    .replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
    .replaceAll(/\s+/g, '\\s+');

function patternReader(pattern: RegExp, tokens: readonly string[], format: string): Reader<WrittenTime> {
  const place = (letter: string): number => tokens.findIndex((token) => token.startsWith(letter)) + 1;
  const [year, month, day, second, fraction, half] = ['y', 'M', 'd', 's', 'S', 'a'].map(place) as Places;
  const hour = place('H') || place('h');
  const minute = place('m');
  const dateOnly = hour + minute + second === 0;
  const twoDigits = tokens.includes('yy');
  const not: Fault = { code: 'UNREADABLE_TIME', message: `Not a time as ${format}.` };
  return (text) => {
    const parts = pattern.exec(text);
    if (!parts) return not;
    const number = (index: number): number => (index === 0 ? 0 : Number(parts[index]));
    const hours = half === 0 ? number(hour) : byHalf(number(hour), parts[half] ?? '');
    const wall = wallOfParts(
      twoDigits ? century(number(year)) : number(year),
      monthOf(parts[month] ?? ''),
      number(day),
      hours,
      number(minute),
      number(second),
      number(fraction),
    );
    return typeof wall === 'number' ? { wall, offsetMs: null, dateOnly } : wall;
  };
}

type Places = [number, number, number, number, number, number];

/** Two digits as POSIX reads them: 69 to 99 are of the last century. */
const century = (year: number): number => year + (year >= 69 ? 1900 : 2000);

/** 12 am is midnight, 12 pm noon; no clock shows 0 or 13 with a half of the day. */
const byHalf = (hour: number, half: string): number =>
  hour < 1 || hour > 12 ? NaN : (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);

const monthOf = (text: string): number =>
  /^\d/.test(text) ? Number(text) : SHORT_MONTHS.split('|').indexOf(text.slice(0, 3).toLowerCase()) + 1;

function unixReader(unitMs: number, name: string): Reader<WrittenTime> {
  const [first, last] = [Date.UTC(FIRST_YEAR, 0), Date.UTC(LAST_YEAR + 1, 0)];
  return (text) => {
    if (!/^-?\d{1,17}(\.\d{1,9})?$/.test(text))
      return {
        code: 'UNREADABLE_TIME',
        message: `Not a number of ${unitMs === 1 ? 'milliseconds' : 'seconds'} since 1970.`,
      };
    const ms = Math.trunc(Number(text) * unitMs);
    if (ms < first || ms >= last)
      return { code: 'TIME_OUT_OF_RANGE', message: `As ${name} not in the years ${FIRST_YEAR} to ${LAST_YEAR}.` };
    return { wall: ms, offsetMs: 0, dateOnly: false };
  };
}
