import { tzOffset } from '@date-fns/tz';
import { instant, msOf, type Instant, type Zone } from '../promise/instant.ts';

/** A wall-clock reading in some zone, as milliseconds since 1970-01-01T00:00 of that wall clock. */
export type WallMs = number;

/** Which of two instants a repeated autumn wall time means. Our own targets: earlier. Promised to a customer: later. */
export type Repeated = 'earlier' | 'later';

const DAY_MS = 86_400_000;

/** True for a zone this machine's time zone data knows, by its IANA name or as `UTC`. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    // Not by tzOffset: it reads an offset out of any text, and answers for names such as `constructor`.
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** True for a day that exists, as `YYYY-MM-DD`, in the years 0001 to 9999. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || text < '0001') return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** The wall clock of `zone` at an instant. */
export function wallOf(at: Instant, zone: Zone): WallMs {
  return msOf(at) + offsetMs(zone, msOf(at));
}

/**
 * The instant at which the clock of `zone` shows `wall`. A repeated wall time is read as `repeated` says; a skipped one
 * is the first instant after the gap.
 * @example atWall(Date.UTC(2026, 2, 29, 3, 30), 'Europe/Tallinn', 'earlier') //=> '2026-03-29T01:00:00.000Z' (03:00 to 04:00 is skipped)
 */
export function atWall(wall: WallMs, zone: Zone, repeated: Repeated): Instant {
  const before = offsetMs(zone, wall - DAY_MS);
  const after = offsetMs(zone, wall + DAY_MS);
  const readings = [wall - before, wall - after].filter((ms) => ms + offsetMs(zone, ms) === wall);
  if (readings.length === 0)
    return instant(transitionBetween(zone, wall - Math.max(before, after), wall - Math.min(before, after)));
  return instant(repeated === 'earlier' ? Math.min(...readings) : Math.max(...readings));
}

/** The local day (`YYYY-MM-DD`) of `zone` at an instant. */
export const dayOf = (at: Instant, zone: Zone): string => new Date(wallOf(at, zone)).toISOString().slice(0, 10);

/** The first instant of a local day; where midnight is repeated, its first. */
export const startOfDay = (day: string, zone: Zone): Instant => atWall(Date.parse(`${day}T00:00:00Z`), zone, 'earlier');

/** The local day `days` after `day`; calendar arithmetic, no zone needed. */
export const plusDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** Offsets at the first instants of UTC days, by zone: reading one from the zone data costs a hundred times more. */
const dayOffsets = new Map<Zone, Map<number, number>>();
const MAX_KNOWN_DAYS = 50_000;

/** A day that begins and ends with the same offset has it throughout: no zone has ever moved there and back in a day. */
function offsetMs(zone: Zone, ms: number): number {
  const day = Math.floor(ms / DAY_MS);
  const known = dayOffsets.get(zone) ?? new Map<number, number>();
  if (known.size === 0 || known.size > MAX_KNOWN_DAYS) {
    known.clear();
    dayOffsets.set(zone, known);
  }
  const at = (each: number): number => {
    const offset = known.get(each) ?? readOffsetMs(zone, each * DAY_MS);
    known.set(each, offset);
    return offset;
  };
  const first = at(day);
  return first === at(day + 1) ? first : readOffsetMs(zone, ms);
}

function readOffsetMs(zone: Zone, ms: number): number {
  return Math.round(tzOffset(zone, new Date(ms)) * 60_000);
}

/** The first millisecond after `low` and not after `high` at which the offset is no longer that of `low`. */
function transitionBetween(zone: Zone, low: number, high: number): number {
  const offset = offsetMs(zone, low);
  let [from, to] = [low, high];
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2);
    if (offsetMs(zone, middle) === offset) from = middle;
    else to = middle;
  }
  return to;
}
