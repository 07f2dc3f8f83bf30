import { NEXT } from '../db/register-slot.ts';
import type { Refusal } from '../domain/calendar/earliest.ts';
import { atWall, isDay } from '../domain/calendar/zones.ts';
import { plusDuration } from '../domain/calendar/durations.ts';
import { instant, msOf, type Instant, type Zone } from '../domain/promise/instant.ts';
import { NEXT_CALL, WITHIN_HOURS, type TypedPromise } from '../web/spoken-shapes.ts';
import type { TimedBody } from './routes/promise-body.ts';

/** Why what was chosen is no time. */
export type WhenFault = 'whenMissing' | 'dayMissing' | 'dayWrong' | 'timeWrong' | 'past';

export type SpokenWhen =
  { readonly promised: TimedBody['promised'] | { readonly slot: typeof NEXT } } | { readonly fault: WhenFault };

const WITHIN: ReadonlySet<string> = new Set(WITHIN_HOURS.map((hours) => `PT${hours}H`));

/**
 * The time that the form means: the first call that is free, a length from now, to the next five minutes as people say it, or a day in the company's
 * zone, with a time or as a whole. Of a time that the clock shows twice the customer was told the later one.
 */
export function spokenWhen(typed: Pick<TypedPromise, 'when' | 'day' | 'time'>, now: Instant, zone: Zone): SpokenWhen {
  const { when } = typed;
  if (when === NEXT_CALL) return { promised: { slot: NEXT } };
  if (WITHIN.has(when)) return { promised: { at: toFiveMinutes(plusDuration(now, when, zone)) } };
  const day = when === 'day' ? typed.day : when;
  if (day === '') return { fault: when === 'day' ? 'dayMissing' : 'whenMissing' };
  if (!isDay(day)) return { fault: when === 'day' ? 'dayWrong' : 'whenMissing' };
  if (typed.time === '') return { promised: { day, zone } };
  const time = /^([01]?\d|2[0-3])[:.]([0-5]\d)$/.exec(typed.time);
  if (!time) return { fault: 'timeWrong' };
  const [, hours = '', minutes = ''] = time;
  const at = atWall(Date.parse(`${day}T${hours.padStart(2, '0')}:${minutes}:00Z`), zone, 'later');
  return at > now ? { promised: { at } } : { fault: 'past' };
}

/** What could be held, with room for the one who reads it and says it: a time from which on, or until which. */
export function offeredTime(couldBe: Instant, reason: Refusal['reason']): Instant {
  const ms = msOf(couldBe);
  return instant(
    reason === 'too_long'
      ? Math.floor(ms / QUARTER_MS) * QUARTER_MS
      : Math.ceil((ms + READING_MS) / QUARTER_MS) * QUARTER_MS,
  );
}

const toFiveMinutes = (at: Instant): Instant => instant(Math.ceil(msOf(at) / FIVE_MINUTES_MS) * FIVE_MINUTES_MS);

const FIVE_MINUTES_MS = 300_000;
const QUARTER_MS = 900_000;
/** What could be held from now on can be held a little later only. */
const READING_MS = 600_000;
