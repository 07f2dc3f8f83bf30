import { earlier, plusMs, type Instant, type Zone } from '../promise/instant.ts';
import { absencesWithin, absentAround, type Absence, type Span } from './absences.ts';
import type { Calendar } from './calendar.ts';
import { segmentsBetween } from './segments.ts';
import { workingBetween } from './working-time.ts';

/** When one of the staff works. */
export interface Duty {
  /** Their hours; null: always. */
  readonly hours: Calendar | null;
  /** In which their absences are read: that of their hours, else the company's. */
  readonly zone: Zone;
  readonly absences: readonly Absence[];
}

/** Somebody of whom nothing is known but that they are there: the hotline. */
export const ALWAYS: Duty = { hours: null, zone: 'UTC', absences: [] };

/** The absence in which an instant lies, as long as it goes on without a gap; null where they are not away then. */
export function awayAround({ zone, absences }: Duty, at: Instant): Span | null {
  const around = (moment: Instant): readonly Span[] =>
    absences.map((absence) => absentAround(absence, moment, zone)).filter((span) => span !== null);
  let away = unionOf(around(at));
  // One absence may begin as another one ends; more of them in a row than this is the same as for ever.
  for (let looks = 0; away !== null && looks < MOST_IN_A_ROW; looks += 1) {
    const { from, to }: Span = away;
    const wider = unionOf([away, ...around(plusMs(from, -1)), ...around(to)]);
    if (wider === null || (wider.from === from && wider.to === to)) break;
    away = wider;
  }
  return away;
}

const MOST_IN_A_ROW = 400;

function unionOf(spans: readonly Span[]): Span | null {
  const [first] = spans;
  if (!first) return null;
  return spans.reduce(
    (all, { from, to }) => ({ from: from < all.from ? from : all.from, to: to > all.to ? to : all.to }),
    first,
  );
}

/** Whether an absence of theirs goes on at an instant; their hours do not matter. */
export const isAway = ({ zone, absences }: Duty, at: Instant): boolean =>
  absences.some((absence) => absentAround(absence, at, zone) !== null);

/**
 * Whether they are on duty at an instant: inside their hours and not away. Both are half-open: at closing time and at the
 * beginning of an absence they are not, at opening time and when an absence ends they are.
 * @example isOnDuty({ hours: office, zone: 'Europe/Tallinn', absences: [] }, '2026-11-27T14:00:00.000Z') //=> false (Friday 16:00 is closing time)
 */
export const isOnDuty = (duty: Duty, at: Instant): boolean =>
  !isAway(duty, at) && (duty.hours === null || workingBetween(at, plusMs(at, 1), duty.hours) > 0);

/**
 * When `isOnDuty` says something else of them next: the end of their duty, or its beginning. Null: not within a year.
 * @example dutyChangesAt({ hours: office, zone: 'Europe/Tallinn', absences: [] }, '2026-11-27T14:00:00.000Z') //=> '2026-11-30T07:00:00.000Z' (Monday 09:00)
 */
export function dutyChangesAt(duty: Duty, at: Instant): Instant | null {
  const isOn = isOnDuty(duty, at);
  for (let week = 0; week < WEEKS; week += 1) {
    const [from, to] = [plusMs(at, week * WEEK_MS), plusMs(at, (week + 1) * WEEK_MS)];
    const change = edgesOf(duty, from, to).find((edge) => isOnDuty(duty, edge) !== isOn);
    if (change !== undefined) return change;
  }
  return null;
}

const WEEK_MS = 7 * 86_400_000;
const WEEKS = 53;

/** Where their hours or an absence begin or end, after `from` and up to `to`, in order. */
function edgesOf({ hours, zone, absences }: Duty, from: Instant, to: Instant): readonly Instant[] {
  const spans = absences.flatMap((absence) => absencesWithin(absence, from, to, zone));
  const edges = [
    ...spans.flatMap((span) => [span.from, span.to]),
    ...(hours === null ? [] : segmentsBetween(from, to, hours).map((segment) => segment.to)),
  ];
  return edges.filter((edge) => from < edge && edge <= to).toSorted();
}

/** Whether they work at some time from `from` up to `to`, or within a year of it; absences are left out of account. */
export const worksBetween = ({ hours }: Duty, from: Instant, to: Instant): boolean =>
  from < to && (hours === null || workingBetween(from, earlier(to, plusMs(from, YEAR_MS)), hours) > 0);

const YEAR_MS = 366 * 86_400_000;
