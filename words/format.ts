import { dayOf, wallOf } from '../domain/calendar/zones.ts';
import { instant, msOf, type Instant, type Zone } from '../domain/promise/instant.ts';
import type { Offer } from '../domain/promise/facts.ts';
import { heldOf } from '../domain/promise/remedies.ts';
import type { RemedyState } from '../domain/promise/words.ts';
import type { ClockWords, Words } from './en.ts';

/** What was promised or told, as far as its time goes. `day` and `from` only where the precision is that of a day or window. */
export interface When {
  readonly at: Instant;
  readonly day: string | null;
  readonly from: Instant | null;
  readonly zone: Zone;
}

/**
 * A promised or told time as the end of a sentence, as exact as it was promised.
 * @example deadlineText(en.clock, { at, day: null, from: null, zone }) //=> 'by Fri 27 Nov 2026, 15:00 (Europe/Tallinn)'
 */
export function deadlineText(clock: ClockWords, when: When): string {
  if (when.day !== null) return clock.on(dayText(clock, when.day));
  if (when.from === null) return clock.by(timeText(clock, when.at, when.zone));
  return clock.inZone(windowText(clock, when.from, when.at, when.zone), zoneText(when.at, when.zone));
}

/** The same time by itself, as after a colon. */
export function whenText(clock: ClockWords, when: When, seconds = false): string {
  if (when.day !== null) return dayText(clock, when.day);
  if (when.from === null) return timeText(clock, when.at, when.zone, seconds);
  return clock.inZone(rangeText(clock, when.from, when.at, when.zone, seconds), zoneText(when.at, when.zone));
}

/** An instant on the wall clock of `zone`, which is named; in the repeated autumn hour with its offset. */
export const timeText = (clock: ClockWords, at: Instant, zone: Zone, seconds = false): string =>
  clock.inZone(clock.dateTime(dateText(clock, at, zone), clockText(at, zone, seconds)), zoneText(at, zone));

/** A local day, `YYYY-MM-DD`, with its weekday. */
export const dayText = (clock: ClockWords, day: string): string => dateOf(clock, new Date(`${day}T00:00:00Z`));

/** The same, with the year only where it is not `year`. */
export function shortDayText(clock: ClockWords, day: string, year: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  return day.startsWith(year) ? shortDateOf(clock, date) : dateOf(clock, date);
}

/** The local day of an instant, with its weekday. */
export const dateText = (clock: ClockWords, at: Instant, zone: Zone): string =>
  dateOf(clock, new Date(wallOf(at, zone)));

/** Hours and minutes on the wall clock of `zone`; seconds where they are not zero, or `seconds` asks for them; never fractions. */
export function clockText(at: Instant, zone: Zone, seconds = false): string {
  const text = new Date(wallOf(at, zone)).toISOString().slice(11, 19);
  return seconds || hasSeconds(at) ? text : text.slice(0, 5);
}

/** True where a time does not read as a whole minute. */
export const hasSeconds = (at: Instant): boolean => Math.floor(msOf(at) / 1000) % 60 !== 0;

/**
 * For pages, where space is short and `now` is known: the clock time alone on the same day, else with its date, the year
 * only where it is another one. `seconds` for times beside others that show theirs.
 */
export function shortTimeText(clock: ClockWords, at: Instant, zone: Zone, now: Instant, seconds = false): string {
  const [wall, wallNow] = [new Date(wallOf(at, zone)), new Date(wallOf(now, zone))];
  const time = clockText(at, zone, seconds);
  if (wall.toISOString().slice(0, 10) === wallNow.toISOString().slice(0, 10)) return time;
  const sameYear = wall.getUTCFullYear() === wallNow.getUTCFullYear();
  return clock.dateTime(sameYear ? shortDateOf(clock, wall) : dateOf(clock, wall), time);
}

/** The same for a promise's time of any precision. */
export function shortWhenText(clock: ClockWords, when: When, now: Instant, seconds = false): string {
  if (when.day !== null) return dayText(clock, when.day);
  const end = shortTimeText(clock, when.at, when.zone, now, seconds);
  if (when.from === null) return end;
  const sameDay = dateText(clock, when.from, when.zone) === dateText(clock, when.at, when.zone);
  const start = shortTimeText(clock, when.from, when.zone, now, seconds);
  return clock.range(start, sameDay ? clockText(when.at, when.zone, seconds) : end);
}

/** A deadline that ends a whole day, as that day: the last one before it. */
export const dayBeforeText = (clock: ClockWords, deadline: Instant, zone: Zone): string =>
  dayText(clock, dayOf(instant(msOf(deadline) - 1), zone));

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/**
 * A length of time in its two largest units, rounded down; the sign is not shown.
 * @example lengthText(en.clock, 7_500_000) //=> '2 h 5 min'
 */
export const lengthText = (clock: ClockWords, ms: number): string => inUnits(clock, ms, UNITS);

/**
 * The same for working time, in hours and less: a day of it would be taken for one of 24 hours, or for one of work.
 * @example hoursText(en.clock, 93_600_000) //=> '26 h'
 */
export const hoursText = (clock: ClockWords, ms: number): string => inUnits(clock, ms, UNITS.slice(1));

function inUnits(clock: ClockWords, ms: number, units: readonly (typeof UNITS)[number][]): string {
  const whole = Math.max(0, Math.floor(Math.abs(ms) / 1000) * 1000);
  const first = units.findIndex(([, size]) => whole >= size);
  if (first === -1) return clock.unit.second(0);
  const parts = units.slice(first, first + 2).map(([unit, size], index) => {
    const [, larger] = units[first + index - 1] ?? ['', Infinity];
    const count = Math.floor((index === 0 ? whole : whole % larger) / size);
    return count > 0 || index === 0 ? clock.unit[unit](count) : '';
  });
  return parts.filter((part) => part !== '').join(' ');
}

/** A share as a percentage with at most one decimal; only all of it reads 100 %, only nothing 0 %. Null: a dash. */
export function shareText(share: number | null): string {
  if (share === null) return '–';
  const rounded = Math.round(share * 1000);
  const tenths = share < 1 && share > 0 ? Math.min(999, Math.max(1, rounded)) : rounded;
  return `${tenths % 10 === 0 ? tenths / 10 : (tenths / 10).toFixed(1)} %`;
}

/**
 * A whole number as the language writes it.
 * @example countText('en', 235884) //=> '235,884'
 */
export const countText = (language: string, n: number): string => new Intl.NumberFormat(language).format(n);

/** Windows within one day name it once. */
function windowText(clock: ClockWords, from: Instant, to: Instant, zone: Zone): string {
  const [dayFrom, dayTo] = [dateText(clock, from, zone), dateText(clock, to, zone)];
  if (dayFrom === dayTo) return clock.on(clock.between(dayFrom, clockText(from, zone), clockText(to, zone)));
  return clock.between('', clock.dateTime(dayFrom, clockText(from, zone)), clock.dateTime(dayTo, clockText(to, zone)));
}

function rangeText(clock: ClockWords, from: Instant, to: Instant, zone: Zone, seconds: boolean): string {
  const [dayFrom, dayTo] = [dateText(clock, from, zone), dateText(clock, to, zone)];
  const [start, end] = [clockText(from, zone, seconds), clockText(to, zone, seconds)];
  return clock.range(clock.dateTime(dayFrom, start), dayFrom === dayTo ? end : clock.dateTime(dayTo, end));
}

const dateOf = (clock: ClockWords, wall: Date): string =>
  clock.date(
    clock.weekdays[wall.getUTCDay()] ?? '',
    wall.getUTCDate(),
    clock.months[wall.getUTCMonth()] ?? '',
    wall.getUTCFullYear(),
  );

const shortDateOf = (clock: ClockWords, wall: Date): string =>
  clock.shortDate(clock.weekdays[wall.getUTCDay()] ?? '', wall.getUTCDate(), clock.months[wall.getUTCMonth()] ?? '');

const HOUR_MS = 3_600_000;

/** The zone's name; where its clock shows this time twice, also which of the two is meant. */
function zoneText(at: Instant, zone: Zone): string {
  const wall = wallOf(at, zone);
  const repeated = [-2, -1, -0.5, 0.5, 1, 2].some(
    (hours) => wallOf(instant(msOf(at) + hours * HOUR_MS), zone) === wall,
  );
  return repeated ? `${zone}, ${offsetText(wall - msOf(at))}` : zone;
}

/** @example offerText(en, { kind: 'voucher', amount: '5.00', currency: 'EUR' }) //=> 'voucher of 5.00 EUR' */
export const offerText = ({ remedies }: Words, { kind, amount, currency }: Offer): string =>
  remedies.offer[kind](remedies.money(amount, currency));

/** What a customer gets by a remedy: what holds once it is granted; before that all that may be chosen among. */
export function offersText(
  words: Words,
  { options, chosen, state }: Parameters<typeof heldOf>[0] & { readonly state: RemedyState },
): string {
  const held = heldOf({ options, chosen });
  const shown = state === 'pending' || held === null ? options : [held];
  return shown.map((offer) => offerText(words, offer)).join(words.remedies.page.or);
}

/** `UTC+3`: how far a clock is ahead of UTC. */
export function offsetText(offsetMs: number): string {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const rest = minutes % 60 === 0 ? '' : `:${String(minutes % 60).padStart(2, '0')}`;
  return `UTC${offsetMs < 0 ? '−' : '+'}${Math.floor(minutes / 60)}${rest}`;
}
