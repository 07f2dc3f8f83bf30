import { atWall, dayOf, plusDays, startOfDay, type Repeated, type WallMs } from '../../domain/calendar/zones.ts';
import { instant, type Instant, type Zone } from '../../domain/promise/instant.ts';
import { isFault, type Fault, type Reader } from './cells.ts';

/** A time as somebody wrote it. */
export interface WrittenTime {
  /** What the clock showed; of a day its midnight. */
  readonly wall: WallMs;
  /** How far that clock was ahead of UTC, where the text says so. */
  readonly offsetMs: number | null;
  /** A whole day: no time of day is written. */
  readonly dateOnly: boolean;
}

const FORM =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)? ?([Zz]|[+-](?:0\d|1[0-5])(?::?[0-5]\d)?)?)?$/;

/**
 * ISO 8601 as files have it: a day, or a time with `T` or a space, with or without seconds, fractions and an offset.
 * @example readIso('2017-11-24 06:49:43') //=> { wall: Date.UTC(2017, 10, 24, 6, 49, 43), offsetMs: null, dateOnly: false }
 */
export function readIso(text: string): WrittenTime | Fault {
  const parts = FORM.exec(text);
  if (!parts) return NOT_ISO;
  const [, year, month, day, hour, minute, second = '0', fraction = '', offset] = parts;
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3));
  const wall = wallOfParts(
    Number(year),
    Number(month),
    Number(day),
    Number(hour ?? 0),
    Number(minute ?? 0),
    Number(second),
    ms,
  );
  if (isFault(wall)) return wall;
  return { wall, offsetMs: offset === undefined ? null : offsetOf(offset), dateOnly: hour === undefined };
}

/** What a clock showed, or why no clock ever did. Years outside 1900 to 2200 are slips of the pen or "never". */
export function wallOfParts(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  ms: number,
): WallMs | Fault {
  if (year < FIRST_YEAR || year > LAST_YEAR) return OUT_OF_RANGE;
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return NO_SUCH_DAY;
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return NO_SUCH_TIME;
  return Date.UTC(year, month - 1, day, hour, minute, second, ms);
}

/**
 * The instant a written time means. By the clock of `zone` where no offset is written: of what it showed twice the one
 * that `repeated` says, of what it never showed the first instant after the gap. A day is its first instant.
 */
export const instantOf = ({ wall, offsetMs }: WrittenTime, zone: Zone, repeated: Repeated): Instant =>
  offsetMs === null ? atWall(wall, zone, repeated) : instant(wall - offsetMs);

/** The local day (`YYYY-MM-DD`) of `zone` that a written time lies in. */
export const dayOfWritten = (time: WrittenTime, zone: Zone): string =>
  time.offsetMs === null
    ? new Date(time.wall).toISOString().slice(0, 10)
    : dayOf(instantOf(time, zone, 'earlier'), zone);

/** The first instant after a local day. */
export const endOfDay = (day: string, zone: Zone): Instant => startOfDay(plusDays(day, 1), zone);

/** Reads instants. `days`: whether a day without a time of day is one, too: its first instant. */
export const instantReader =
  (read: Reader<WrittenTime>, zone: Zone, repeated: Repeated, days: 'begin' | 'refused' = 'refused'): Reader<Instant> =>
  (text) => {
    const time = read(text);
    if (isFault(time)) return time;
    return time.dateOnly && days === 'refused' ? NO_TIME_OF_DAY : instantOf(time, zone, repeated);
  };

/** Reads days; of a time, the day that it lies in. */
export const dayReader =
  (read: Reader<WrittenTime>, zone: Zone): Reader<string> =>
  (text) => {
    const time = read(text);
    return isFault(time) ? time : dayOfWritten(time, zone);
  };

/** The years in which a time is believed. */
export const FIRST_YEAR = 1900;
export const LAST_YEAR = 2200;

const unreadable = (message: string): Fault => ({ code: 'UNREADABLE_TIME', message });
const NOT_ISO = unreadable(
  'Not a time as YYYY-MM-DD, or YYYY-MM-DD HH:MM:SS with or without an offset such as +02:00.',
);
const NO_SUCH_DAY = unreadable('This day does not exist.');
const NO_SUCH_TIME = unreadable('This time of day does not exist.');
const NO_TIME_OF_DAY = unreadable('A day without a time of day, but the exact time is needed.');
const OUT_OF_RANGE: Fault = {
  code: 'TIME_OUT_OF_RANGE',
  message: `Not in the years ${FIRST_YEAR} to ${LAST_YEAR}. Leave the cell empty where no time is known.`,
};

const daysOf = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** `+02:00`, `+0200`, `+02` and `Z` in milliseconds. */
function offsetOf(text: string): number {
  if (text === 'Z' || text === 'z') return 0;
  const sign = text.startsWith('-') ? -1 : 1;
  return sign * (Number(text.slice(1, 3)) * 60 + Number(text.slice(3).replace(':', '') || 0)) * 60_000;
}
