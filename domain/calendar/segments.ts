import { instant, msOf, type Instant } from '../promise/instant.ts';
import type { ClockReason } from '../promise/words.ts';
import type { Calendar } from './calendar.ts';
import type { Interval } from './week.ts';
import { DAY_MINUTES, DAY_MS, firstWall, MINUTE_MS, workingDays, type WorkingDay } from './working-days.ts';
import { atWallMs, wallMsOf, type WallMs } from './zones.ts';

/** Why the clock of a calendar runs or stands. */
export type SegmentReason = Exclude<ClockReason, 'paused'>;

/** Half-open: from `from` up to, not including, `to`. */
export interface Segment {
  readonly from: Instant;
  readonly to: Instant;
  readonly reason: SegmentReason;
}

/**
 * What the clock did from `from` up to `to`: stretches without gap or overlap, no two in a row with the same reason. The
 * open ones add up to `workingBetween`. None when `to` is not later.
 * @example
 * // office: Monday to Friday 09:00-12:30 and 13:00-17:00 in Tallinn
 * segmentsBetween('2026-02-23T10:00:00.000Z', '2026-02-25T08:00:00.000Z', office)
 * //=> open until 12:30, lunch until 13:00, open until 17:00, closed until midnight, holiday (24 February), closed until 09:00, open until 10:00
 */
export function segmentsBetween(from: Instant, to: Instant, calendar: Calendar): readonly Segment[] {
  const [first, end] = [msOf(from), msOf(to)];
  const segments: { fromMs: number; toMs: number; reason: SegmentReason }[] = [];
  for (const day of daysAround(first, end, calendar))
    for (const { fromMinute, toMinute, reason } of partsOf(day)) {
      const fromMs = Math.max(first, instantOf(calendar, day, fromMinute));
      const toMs = Math.min(end, instantOf(calendar, day, toMinute));
      const before = segments.at(-1);
      if (fromMs >= toMs) continue;
      if (before?.reason === reason) before.toMs = toMs;
      else segments.push({ fromMs, toMs, reason });
    }
  return segments.map(({ fromMs, toMs, reason }) => ({ from: instant(fromMs), to: instant(toMs), reason }));
}

/** Each local day that may hold a part of the time, in order; at the ends perhaps one too many. */
function daysAround(fromMs: number, toMs: number, calendar: Calendar): WorkingDay[] {
  const first = wallMsOf(fromMs, calendar.zone) - DAY_MS;
  const end = wallMsOf(toMs, calendar.zone) + DAY_MS;
  const days: WorkingDay[] = [];
  for (let year = yearOf(first); year <= yearOf(end); year += 1) {
    const dayOfYear = (wall: WallMs): number => Math.max(0, Math.ceil((wall - firstWall(year)) / DAY_MS));
    days.push(...workingDays(calendar, year).slice(dayOfYear(first), dayOfYear(end)));
  }
  return days;
}

const yearOf = (wall: WallMs): number => new Date(wall).getUTCFullYear();

const instantOf = (calendar: Calendar, { wall }: WorkingDay, minute: number): number =>
  atWallMs(wall + minute * MINUTE_MS, calendar.zone, 'earlier');

interface Part extends Interval {
  readonly reason: SegmentReason;
}

/** The whole day, from 0 to 1440. */
function partsOf({ intervals, holidayFrom }: WorkingDay): readonly Part[] {
  const gaps = [...intervals.map(({ fromMinute }) => fromMinute), holidayFrom].map((toMinute, index): Part => {
    const isBreak = index > 0 && index < intervals.length;
    return { fromMinute: intervals[index - 1]?.toMinute ?? 0, toMinute, reason: isBreak ? 'lunch' : 'closed' };
  });
  const open = intervals.map((interval): Part => ({ ...interval, reason: 'open' }));
  const holiday: Part = { fromMinute: holidayFrom, toMinute: DAY_MINUTES, reason: 'holiday' };
  return [...gaps, ...open, holiday].sort((a, b) => a.fromMinute - b.fromMinute);
}
