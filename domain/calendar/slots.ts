import { instant, msBetween, msOf, plusMs, type Instant, type Zone } from '../promise/instant.ts';
import type { Duration } from '../policy/policy.ts';
import { absencesWithin, type Span } from './absences.ts';
import type { Duty } from './duty.ts';
import { hoursMs } from './running-clock.ts';
import { workingBetween } from './working-time.ts';
import { atWall, plusDays, startOfDay, wallOf, type WallMs } from './zones.ts';

/** A stretch of time in which customers can be called, half-open. */
export interface Slot {
  /** Its kind and its start, e.g. `callback@2026-11-27T08:00:00.000Z`. */
  readonly id: string;
  readonly from: Instant;
  readonly to: Instant;
}

/** @example slotId('callback', at) //=> 'callback@2026-11-27T08:00:00.000Z' */
export const slotId = (kind: string, from: Instant): string => `${kind}@${from}`;

const FORM = /^([a-z][a-z0-9-]{0,62})@(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)$/;

/** When the slot of an id begins; null for what is no slot of this kind. Whether there is such a slot is not known here. */
export function slotStart(id: string, kind: string): Instant | null {
  const [, named, start = ''] = FORM.exec(id) ?? [];
  const ms = Date.parse(start);
  return named === kind && !Number.isNaN(ms) && new Date(ms).toISOString() === start ? (start as Instant) : null;
}

/**
 * The slots of a kind on a local day. On the wall clock they begin at midnight and follow one another; each is exactly as
 * long as it says, so that where a clock change or the end of the day leaves less room there is none. In the repeated
 * autumn hour there are slots in both its passes, in the skipped spring hour there are none.
 * @example slotsOfDay('callback', 'PT12H', '2026-03-29', 'Europe/Tallinn').length //=> 1 (from noon; before it are only 11 hours)
 */
export function slotsOfDay(kind: string, length: Duration, day: string, zone: Zone): readonly Slot[] {
  const lengthMs = hoursMs(length);
  const end = startOfDay(plusDays(day, 1), zone);
  const starts = startsOf(day, lengthMs, { from: startOfDay(day, zone), to: end }, zone);
  return starts.flatMap((from, index) => {
    const to = plusMs(from, lengthMs);
    return to <= (starts[index + 1] ?? end) ? [{ id: slotId(kind, from), from, to }] : [];
  });
}

const DAY_MS = 86_400_000;

/** On which instants of a day the wall clock shows a whole number of lengths since midnight. */
function startsOf(day: string, lengthMs: number, { from, to }: Span, zone: Zone): readonly Instant[] {
  const midnight: WallMs = Date.parse(`${day}T00:00:00Z`);
  const walls = Array.from({ length: Math.ceil(DAY_MS / lengthMs) }, (_, index) => midnight + index * lengthMs);
  if (msBetween(from, to) === DAY_MS && wallOf(from, zone) === midnight)
    return walls.map((wall) => plusMs(from, wall - midnight));
  const readings = walls.flatMap((wall) =>
    [atWall(wall, zone, 'earlier'), atWall(wall, zone, 'later')].filter((at) => wallOf(at, zone) === wall),
  );
  return [...new Set(readings)].filter((at) => from <= at && at < to).toSorted();
}

/** One of the staff, as far as calls are concerned. */
export interface Caller {
  readonly id: string;
  readonly duty: Duty;
  /** Calls they take at once. */
  readonly parallel: number;
}

/** A slot with those who take its calls. */
export interface StaffedSlot<C extends Caller = Caller> extends Slot {
  readonly callers: readonly C[];
  /** How many calls there is room for. */
  readonly capacity: number;
}

/** Who is on duty for the whole of each slot: inside their hours and never away. In the order of the slots, all within some days. */
export function staffed<C extends Caller>(slots: readonly Slot[], callers: readonly C[]): readonly StaffedSlot<C>[] {
  const [first, last] = [slots[0], slots.at(-1)];
  if (!first || !last) return [];
  const known = callers.map((caller) => ({ caller, away: awayWithin(caller.duty, first.from, last.to) }));
  return slots.map((slot) => {
    const there = known.filter(({ caller, away }) => isThroughout(caller.duty, away, slot)).map(({ caller }) => caller);
    return { ...slot, callers: there, capacity: there.reduce((sum, { parallel }) => sum + parallel, 0) };
  });
}

const awayWithin = ({ zone, absences }: Duty, from: Instant, to: Instant): readonly Span[] =>
  absences.flatMap((absence) => absencesWithin(absence, from, to, zone));

const isThroughout = ({ hours }: Duty, away: readonly Span[], { from, to }: Span): boolean =>
  !away.some((span) => span.from < to && from < span.to) &&
  (hours === null || workingBetween(from, to, hours) === msBetween(from, to));

/** A callback that is still to be made. */
export interface OpenCall {
  readonly id: string;
  /** From when it may be made; null: from now on. */
  readonly from: Instant | null;
  /** By when it must be made; one that is over is made when there is room. */
  readonly to: Instant;
}

/**
 * The callbacks of a day that nobody on duty has a free parallel call for, in the order of their ends. Each takes one place in one
 * slot of its window, the most urgent ones first; what is late already takes what is left. `slots`: of that day, with those
 * on duty now known.
 */
export function overflowOf(calls: readonly OpenCall[], slots: readonly StaffedSlot[], now: Instant): readonly string[] {
  const left = slots
    .filter(({ to }) => to > now)
    .map((slot) => ({ from: slot.from, to: slot.to, free: slot.capacity }));
  const isLate = ({ to }: OpenCall): boolean => to <= now;
  const inOrder = calls.toSorted(
    (a, b) => Number(isLate(a)) - Number(isLate(b)) || msOf(a.to) - msOf(b.to) || (a.id < b.id ? -1 : 1),
  );
  return inOrder.flatMap((call) => {
    const until = isLate(call) ? LAST : call.to;
    const place = left.find((slot) => slot.free > 0 && slot.from < until && slot.to > (call.from ?? now));
    if (!place) return [call.id];
    place.free -= 1;
    return [];
  });
}

const LAST = instant(Date.parse('9999-12-31T00:00:00Z'));
