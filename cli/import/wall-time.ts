import { atWall } from '../../domain/calendar/zones.ts';
import type { Instant, Zone } from '../../domain/promise/instant.ts';
import type { Rejected } from './mapping.ts';

const FORM = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d))?$/;

/**
 * A local clock time without a zone (`2017-11-24 06:49:43`) as the instant at which the clock of `zone` showed it. What
 * the clock showed twice is read as the first time: a fact of the past names no promise that could be cut short.
 */
export function readWallTime(text: string, zone: Zone, column: string): Instant | Rejected {
  const [, day, time] = FORM.exec(text) ?? [];
  const wall = day && time ? wallMs(day, time) : null;
  return wall === null ? unreadable(text, column, 'YYYY-MM-DD HH:MM:SS') : atWall(wall, zone, 'earlier');
}

/** The day of a local time: `2017-12-05 00:00:00` is `2017-12-05`. */
export function readDay(text: string, column: string): string | Rejected {
  const [, day] = FORM.exec(text) ?? [];
  return day && wallMs(day, '00:00:00') !== null ? day : unreadable(text, column, 'YYYY-MM-DD');
}

function wallMs(day: string, time: string): number | null {
  const ms = Date.parse(`${day}T${time}Z`);
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(`${day}T${time}`) ? ms : null;
}

const unreadable = (text: string, column: string, form: string): Rejected => ({
  code: text === '' ? 'MISSING_TIME' : 'UNREADABLE_TIME',
  message: text === '' ? `${column} is empty.` : `${column} is not ${form}: ${JSON.stringify(text.slice(0, 40))}.`,
});
