import { instant, msOf, type Instant, type Zone } from '../promise/instant.ts';
import { spanAt } from './transitions.ts';

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
  return wallMsOf(msOf(at), zone);
}

/** As `wallOf`, for an instant in milliseconds since 1970. */
export const wallMsOf = (ms: number, zone: Zone): WallMs => ms + spanAt(zone, ms).offsetMs;

/**
 * The instant at which the clock of `zone` shows `wall`. A repeated wall time is read as `repeated` says; a skipped one
 * is the first instant after the gap.
 * @example atWall(Date.UTC(2026, 2, 29, 3, 30), 'Europe/Tallinn', 'earlier') //=> '2026-03-29T01:00:00.000Z' (03:00 to 04:00 is skipped)
 */
export const atWall = (wall: WallMs, zone: Zone, repeated: Repeated): Instant =>
  instant(atWallMs(wall, zone, repeated));

/** As `atWall`, as milliseconds since 1970; also past the year 9999, where the last day ends. */
export function atWallMs(wall: WallMs, zone: Zone, repeated: Repeated): number {
  const before = spanAt(zone, wall - DAY_MS).offsetMs;
  const after = spanAt(zone, wall + DAY_MS).offsetMs;
  if (before === after) return wall - before;
  const readings = [wall - before, wall - after].filter((ms) => wallMsOf(ms, zone) === wall);
  if (readings.length === 0) return spanAt(zone, wall - Math.min(before, after)).fromMs;
  return repeated === 'earlier' ? Math.min(...readings) : Math.max(...readings);
}

/** The local day (`YYYY-MM-DD`) of `zone` at an instant. */
export const dayOf = (at: Instant, zone: Zone): string => new Date(wallOf(at, zone)).toISOString().slice(0, 10);

/** The first instant of a local day; where midnight is repeated, its first. */
export const startOfDay = (day: string, zone: Zone): Instant => atWall(Date.parse(`${day}T00:00:00Z`), zone, 'earlier');

/** The local day `days` after `day`; calendar arithmetic, no zone needed. */
export const plusDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
