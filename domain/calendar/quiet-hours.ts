import { IDLE, instant, msOf, type Instant, type Zone } from '../promise/instant.ts';
import type { Policy } from '../policy/policy.ts';
import { CHANNELS, type Channel } from '../promise/words.ts';
import { spanAt } from './transitions.ts';
import { DAY_MS, MINUTE_MS } from './working-days.ts';
import { wallMsOf } from './zones.ts';

/**
 * When a customer is left in peace: wall times `HH:MM` of a zone, half-open; they may go past midnight. What the clock
 * shows decides: a repeated hour is quiet, or not, both times; a bound that is skipped takes effect after the gap.
 * @example { from: '21:00', to: '09:00', zone: 'Europe/Tallinn' }
 */
export interface Quiet {
  readonly from: string;
  /** Other than `from`; the whole day cannot be quiet. */
  readonly to: string;
  readonly zone: Zone;
}

/** True while the customer is to be left in peace. Never at `IDLE`. */
export const isQuiet = (at: Instant, quiet: Quiet): boolean => at !== IDLE && quietFor(msOf(at), quiet) !== null;

/**
 * The first instant at or after `at` that is not quiet; for `IDLE` that is `IDLE`.
 * @example firstPermitted('2026-03-28T20:00:00.000Z', { from: '21:00', to: '09:00', zone: 'Europe/Tallinn' }) //=> '2026-03-29T06:00:00.000Z' (09:00, by then on summer time)
 */
export function firstPermitted(at: Instant, quiet: Quiet): Instant {
  if (at === IDLE) return IDLE;
  let ms = msOf(at);
  for (let past = quietFor(ms, quiet); past !== null; past = quietFor(ms, quiet)) {
    const end = ms + lengthOf(quiet) - past;
    const change = spanAt(quiet.zone, end).fromMs;
    // A change of the clock on the way may end the quiet early or bring more of it: look again from there.
    ms = change > ms ? change : end;
  }
  return instant(ms);
}

/**
 * The last whole minute at or before `at` that is not quiet; for `IDLE` that is `IDLE`.
 * @example lastPermitted('2026-03-29T05:00:00.000Z', { from: '21:00', to: '09:00', zone: 'Europe/Tallinn' }) //=> '2026-03-28T18:59:00.000Z' (08:00 is quiet; 20:59 the evening before, still on winter time)
 */
export function lastPermitted(at: Instant, quiet: Quiet): Instant {
  if (at === IDLE) return IDLE;
  let ms = Math.floor(msOf(at) / MINUTE_MS) * MINUTE_MS;
  for (let past = quietFor(ms, quiet); past !== null; past = quietFor(ms, quiet)) {
    const start = Math.max(ms - past, spanAt(quiet.zone, ms).fromMs);
    ms = start - MINUTE_MS;
  }
  return instant(ms);
}

/**
 * When a notice goes that is owed now: at the first instant that is not quiet, unless that is after `lastCallAt` (null or
 * `IDLE`: no limit). Then null: now, by a channel that is never quiet, since from now to the last call all is quiet.
 * Where now is not quiet it is now, also after the last call. Who asks ahead of time has `lastPermitted`.
 * @example
 * const night = { from: '21:00', to: '09:00', zone: 'Europe/Tallinn' }
 * noticeTime('2026-03-02T20:00:00.000Z', '2026-03-03T12:00:00.000Z', night) //=> '2026-03-03T07:00:00.000Z' (09:00)
 * noticeTime('2026-03-02T20:00:00.000Z', '2026-03-03T06:00:00.000Z', night) //=> null (the last call is at 08:00)
 */
export function noticeTime(now: Instant, lastCallAt: Instant | null, quiet: Quiet): Instant | null {
  const first = firstPermitted(now, quiet);
  return first === now || first <= (lastCallAt ?? IDLE) ? first : null;
}

/** For how long the clock on the wall says that it is quiet, in milliseconds; null when it does not. */
function quietFor(ms: number, quiet: Quiet): number | null {
  const past = ofDay(wallMsOf(ms, quiet.zone) - wallTimeMs(quiet.from));
  return past < lengthOf(quiet) ? past : null;
}

const lengthOf = ({ from, to }: Quiet): number => ofDay(wallTimeMs(to) - wallTimeMs(from));

const wallTimeMs = (time: string): number => (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * MINUTE_MS;

/** A wall time without its day, as milliseconds since midnight. */
const ofDay = (wall: number): number => ((wall % DAY_MS) + DAY_MS) % DAY_MS;

/** The quiet hours of a customer, as far as they hold for every channel that there is; null: some channel is never quiet. */
export function quietOf({ quiet }: Pick<Policy, 'quiet'>, zone: Zone): Quiet | null {
  const isQuietOn = (channel: Channel): boolean => quiet?.channels.includes(channel) === true;
  return quiet && CHANNELS.every(isQuietOn) ? { from: quiet.from, to: quiet.to, zone } : null;
}
