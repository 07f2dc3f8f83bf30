import { msBetween, plusMs, type Instant, type Zone } from '../promise/instant.ts';
import type { BufferRule, Duration } from '../policy/policy.ts';
import { SHARE } from '../policy/shares.ts';
import type { Book } from './book.ts';
import { durationMs, minusDuration } from './durations.ts';
import { hoursMs, whenLeft, type RunningClock } from './running-clock.ts';
import { addWorking, subtractWorking } from './working-time.ts';

/** A point in time with the policy field that put it there. */
export interface Placed {
  readonly at: Instant;
  readonly because: string;
  readonly field: string;
  readonly value: string;
}

/** What a buffer is taken from. */
export interface Room {
  /** When what is promised was told. */
  readonly since: Instant;
  readonly promisedAt: Instant;
  readonly zone: Zone;
  /** Of a duration promise: its buffer is counted in its own running time, pauses left out. */
  readonly clock: RunningClock | null;
}

/**
 * Where our own target lies by a buffer rule, though there may be no room for it: then it is not after `since`. A fixed
 * buffer ends at the promised time, a share is one of the time promised, working time is that of its calendar.
 * To add a rule: a variant of `BufferRule`, its reading in `domain/policy/buffer-rule.ts`, a line here and in `bufferAfter`.
 */
export function targetBy(rule: BufferRule, room: Room, book: Book): Placed {
  if ('working' in rule) {
    const at = subtractWorking(
      room.promisedAt,
      Math.round(hoursMs(rule.working)),
      book.calendar(rule.calendar).calendar,
    );
    return { at, because: 'buffer_working', field: 'buffer.working', value: `${rule.working} of ${rule.calendar}` };
  }
  if ('fixed' in rule)
    return {
      at: before(room, lasts(room, rule.fixed)),
      because: 'buffer_fixed',
      field: 'buffer.fixed',
      value: rule.fixed,
    };
  const { bufferMs, bound } = shareOf(rule, lengthMs(room), (duration) => lasts(room, duration));
  const value = bound === 'share' ? String(SHARE.write(rule.share)) : (rule[bound] ?? '');
  return { at: before(room, bufferMs), because: `buffer_${bound}`, field: `buffer.${bound}`, value };
}

/** The time to be told for an estimate: the estimate and the policy's buffer after it. `madeAt` null: not known. */
export function bufferAfter(
  rule: BufferRule,
  estimate: Instant,
  madeAt: Instant | null,
  zone: Zone,
  book: Book,
): Instant {
  if ('working' in rule)
    return addWorking(estimate, Math.round(hoursMs(rule.working)), book.calendar(rule.calendar).calendar);
  // Told to a customer, a repeated wall time is the later one.
  const lastsAfter = (duration: Duration): number => durationMs(duration, estimate, zone, 'later');
  if ('fixed' in rule) return plusMs(estimate, lastsAfter(rule.fixed));
  const promisedMs = madeAt === null ? 0 : msBetween(madeAt, estimate);
  return plusMs(estimate, shareOf(rule, promisedMs, lastsAfter).bufferMs);
}

type ShareRule = Extract<BufferRule, { share: number }>;

/** A share of the time promised, at least `min` and at most `max`; `bound`: which of the three decided. */
function shareOf(
  { share, min, max }: ShareRule,
  promisedMs: number,
  lastsMs: (duration: Duration) => number,
): { readonly bufferMs: number; readonly bound: 'share' | 'min' | 'max' } {
  const wanted = Math.round(Math.max(0, promisedMs) * share);
  const [floor, ceiling] = [min === null ? 0 : lastsMs(min), max === null ? Infinity : lastsMs(max)];
  if (wanted > ceiling || floor > ceiling) return { bufferMs: ceiling, bound: 'max' };
  return wanted < floor ? { bufferMs: floor, bound: 'min' } : { bufferMs: wanted, bound: 'share' };
}

const lengthMs = ({ since, promisedAt, clock }: Room): number => clock?.withinMs ?? msBetween(since, promisedAt);

/** How long a duration before the promised time lasts; on a running clock an hour is an hour of it. */
const lasts = ({ promisedAt, zone, clock }: Room, duration: Duration): number =>
  clock ? hoursMs(duration) : msBetween(minusDuration(promisedAt, duration, zone), promisedAt);

const before = ({ promisedAt, clock }: Room, ms: number): Instant =>
  (clock && whenLeft(clock, ms)) ?? plusMs(promisedAt, -Math.round(ms));
