import { parse as parseIso, type Duration as Parts } from 'tinyduration';
import { show } from './documents.ts';
import type { Form } from './forms.ts';
import type { Duration } from './policy.ts';

/** The whole text: the parser alone finds a duration inside any text, and takes a sign before each part. */
const N = String.raw`\d+([.,]\d+)?`;
const PATTERN = `P(?=.)(${N}Y)?(${N}M)?(${N}W)?(${N}D)?(T(?=.)(${N}H)?(${N}M)?(${N}S)?)?`;
const DURATION_FORM = new RegExp(`^-?${PATTERN}$`);
/** Longer ones lead out of the calendar. */
const MAX_YEARS = 100;

/** How long something takes: `P1D`, `PT4H`. */
export const DURATION: Form<Duration> = {
  read: (value, say) => {
    if (typeof value !== 'string' || !DURATION_FORM.test(value))
      return say('', `Not a duration: ${show(value)}. Write ISO 8601, e.g. P1D or PT4H.`);
    const parts = parseIso(value);
    const { years = 0, months = 0, weeks = 0, days = 0 } = parts;
    if (secondsOf(parts).most > MAX_YEARS * YEAR.most) say('', `Longer than ${MAX_YEARS} years: ${value}.`);
    else if (![years, months, weeks, days].every(Number.isInteger))
      say('', `Days and longer are calendar days and come whole: ${value}.`);
    else if (parts.negative) say('', `A duration here cannot be negative: ${value}.`);
    else return value;
    return undefined;
  },
  write: (duration) => duration,
  schema: { type: 'string', pattern: `^${PATTERN}$` },
  unit: 'ISO 8601 duration',
  parts: [],
};

/** How long something takes of a calendar's working time: `PT4H`. */
export const WORKING_TIME: Form<Duration> = {
  ...DURATION,
  read: (value, say) => {
    const read = DURATION.read(value, say);
    if (read === undefined || read.startsWith('PT')) return read;
    return say('', `Working days have no one length: write hours such as PT4H, not ${read}.`);
  },
  schema: { type: 'string', pattern: `^(?=PT)${PATTERN}$` },
  unit: 'hours to seconds',
};

/** True for a duration of no time at all, e.g. `PT0S`. */
export const isNothing = (duration: Duration): boolean => secondsOf(parseIso(duration)).most === 0;

/** True where `a` lasts longer than `b` whenever they begin: a day counts 24 hours, a month 28 to 31 days. */
export const isLonger = (a: Duration, b: Duration): boolean => secondsOf(less(parseIso(a), parseIso(b))).least > 0;

/** True where `a` never lasts shorter than `b`; counted as in `isLonger`. @example isAtLeast('P2D', 'PT48H') //=> true */
export const isAtLeast = (a: Duration, b: Duration, times = 1): boolean =>
  secondsOf(less(parseIso(a), parseIso(b), times)).least >= 0;

interface Span {
  readonly least: number;
  readonly most: number;
}

const DAY = 86_400;
const MONTH: Span = { least: 28 * DAY, most: 31 * DAY };
const YEAR: Span = { least: 365 * DAY, most: 366 * DAY };
const UNITS = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds'] as const;

/** What is left of `times` × `a` after `b`, unit by unit: what both have cancels out, whatever its length. */
const less = (a: Parts, b: Parts, times = 1): Parts =>
  Object.fromEntries(UNITS.map((unit) => [unit, times * (a[unit] ?? 0) - (b[unit] ?? 0)]));

/** How many seconds it lasts, at least and at most. */
function secondsOf({ years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0 }: Parts): Span {
  const wholeMonths = years * 12 + months;
  const exact = ((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds;
  const [of, sign] = [monthsOf(Math.abs(wholeMonths)), Math.sign(wholeMonths)];
  return sign < 0
    ? { least: exact - of.most, most: exact - of.least }
    : { least: exact + of.least, most: exact + of.most };
}

function monthsOf(months: number): Span {
  const [years, rest] = [Math.floor(months / 12), months % 12];
  return { least: years * YEAR.least + rest * MONTH.least, most: years * YEAR.most + rest * MONTH.most };
}
