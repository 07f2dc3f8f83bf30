import { isRecord, sayUnknown, type Say } from '../policy/documents.ts';
import type { Form } from '../policy/forms.ts';
import { instant, type Instant, type Zone } from '../promise/instant.ts';
import { DAY_MS, MINUTE_MS } from './working-days.ts';
import { WEEKDAYS } from './week.ts';
import { atWall, atWallMs, isDay, wallOf } from './zones.ts';

/** A day of the week as files write it. */
export type Weekday = (typeof WEEKDAYS)[number];

/**
 * When one of the staff is away: once, or every week. Half-open: `to` is when they are back. Why is neither asked nor
 * stored. Days (`2026-12-24`: its first instant) and wall times (`2026-12-24T12:00`) are those of the person's zone; an
 * instant with an offset is kept as the UTC one.
 */
export type Absence =
  | { readonly from: string; readonly to: string }
  | {
      readonly every: Weekday;
      /** Wall time `HH:MM` of that day. */
      readonly from: string;
      /** Wall time of the same day, up to `24:00`. */
      readonly to: string;
    };

/** Half-open. */
export interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

/**
 * The occurrence of an absence in which an instant lies; null where it lies in none. A bound in the repeated autumn hour
 * means its first, one in the skipped spring hour the end of that, as with the intervals of a calendar.
 * @example
 * absentAround({ every: 'fri', from: '12:00', to: '17:00' }, '2026-11-27T13:00:00.000Z', 'Europe/Tallinn')
 * //=> { from: '2026-11-27T10:00:00.000Z', to: '2026-11-27T15:00:00.000Z' }
 */
export function absentAround(absence: Absence, at: Instant, zone: Zone): Span | null {
  const holds = ({ from, to }: Span): boolean => from <= at && at < to;
  if (!('every' in absence)) {
    const once = onceOf(absence, zone);
    return holds(once) ? once : null;
  }
  const today = wallDayOf(at, zone);
  // Where midnight is put back, the last hour of a day comes again when the next one has begun.
  const days = [today - DAY_MS, today, today + DAY_MS].filter((day) => weekdayOf(day) === absence.every);
  return days.map((day) => onDay(absence, day, zone)).find(holds) ?? null;
}

/** The occurrences of an absence that reach into the time from `from` up to `to`; bounds are read as in `absentAround`. */
export function absencesWithin(absence: Absence, from: Instant, to: Instant, zone: Zone): readonly Span[] {
  const reaches = (span: Span): boolean => span.from < to && from < span.to;
  if (!('every' in absence)) return [onceOf(absence, zone)].filter(reaches);
  const [first, last] = [wallDayOf(from, zone) - DAY_MS, wallDayOf(to, zone) + DAY_MS];
  const days = Array.from({ length: (last - first) / DAY_MS + 1 }, (_, index) => first + index * DAY_MS);
  return days
    .filter((day) => weekdayOf(day) === absence.every)
    .map((day) => onDay(absence, day, zone))
    .filter(reaches);
}

const onceOf = (absence: { readonly from: string; readonly to: string }, zone: Zone): Span => ({
  from: boundAt(absence.from, zone),
  to: boundAt(absence.to, zone),
});

const onDay = (absence: { readonly from: string; readonly to: string }, day: number, zone: Zone): Span => ({
  from: atWall(day + minuteOf(absence.from) * MINUTE_MS, zone, 'earlier'),
  to: atWall(day + minuteOf(absence.to) * MINUTE_MS, zone, 'earlier'),
});

const wallDayOf = (at: Instant, zone: Zone): number => Math.floor(wallOf(at, zone) / DAY_MS) * DAY_MS;

/** 1970 began on a Thursday. */
const weekdayOf = (wallDay: number): Weekday => WEEKDAYS[(((wallDay / DAY_MS + 3) % 7) + 7) % 7] ?? 'mon';

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** As far as times go, with a year left on either side: of who never comes back, the end may be written as 9999-12-31. */
function boundAt(text: string, zone: Zone): Instant {
  if (text.endsWith('Z')) return text as Instant;
  const ms = atWallMs(Date.parse(`${text.length === 10 ? `${text}T00:00` : text}Z`), zone, 'earlier');
  return instant(Math.min(Math.max(ms, FIRST_MS), AFTER_LAST_MS));
}

const EXAMPLES = '{ from: "2026-12-24", to: "2026-12-27" } or { every: fri, from: "12:00", to: "17:00" }';

/** How an absence is written in `people.yaml` and in a request. What was written is not repeated: it is about people. */
export const ABSENCE: Form<Absence> = {
  read: (value, say) => {
    if (!isRecord(value)) return say('', `An absence is ${EXAMPLES}.`);
    const isWeekly = value['every'] !== undefined;
    sayUnknown(value, isWeekly ? ['every', 'from', 'to'] : ['from', 'to'], '', say);
    const known = Object.keys(value).every((key) => key === 'from' || key === 'to' || (isWeekly && key === 'every'));
    const read = isWeekly ? readWeekly(value, say) : readOnce(value, say);
    return known ? read : undefined;
  },
  write: (absence) => absence,
  schema: {
    oneOf: [
      {
        type: 'object',
        properties: { from: { type: 'string' }, to: { type: 'string' } },
        required: ['from', 'to'],
        additionalProperties: false,
      },
      {
        type: 'object',
        properties: { every: { enum: WEEKDAYS }, from: { type: 'string' }, to: { type: 'string' } },
        required: ['every', 'from', 'to'],
        additionalProperties: false,
      },
    ],
  },
  unit: 'absence',
  parts: [],
};

function readWeekly(value: Record<string, unknown>, say: Say): Absence | undefined {
  const every = WEEKDAYS.find((day) => day === value['every']);
  if (!every) say('/every', `every is one of ${WEEKDAYS.join(', ')}.`);
  const from = timeOf(value['from'], '/from', say);
  const to = timeOf(value['to'], '/to', say);
  if (!every || from === undefined || to === undefined) return undefined;
  if (from >= to)
    return say(
      '/to',
      `to must be later than from. Past midnight it is one absence to "24:00" and one of the next day.`,
    );
  return { every, from, to };
}

function timeOf(value: unknown, pointer: string, say: Say): string | undefined {
  if (typeof value === 'string' && /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/.test(value)) return value;
  return say(pointer, 'A wall time from "00:00" to "24:00" such as "12:00".');
}

type BoundForm = 'day' | 'wall' | 'instant';

function readOnce(value: Record<string, unknown>, say: Say): Absence | undefined {
  const from = boundOf(value['from'], '/from', say);
  const to = boundOf(value['to'], '/to', say);
  if (!from || !to) return undefined;
  if (from.form !== to.form) return say('/to', 'Write from and to in the same form: both days, or both times.');
  if (from.text >= to.text) return say('/to', 'to is when they are back: it must be later than from.');
  return { from: from.text, to: to.text };
}

function boundOf(
  value: unknown,
  pointer: string,
  say: Say,
): { readonly text: string; readonly form: BoundForm } | undefined {
  const text = typeof value === 'string' ? value : '';
  if (isDay(text)) return { text, form: 'day' };
  if (isDay(text.slice(0, 10)) && WALL.test(text)) return { text: text.slice(0, 16), form: 'wall' };
  if (isDay(text.slice(0, 10)) && WITH_OFFSET.test(text)) {
    const ms = Date.parse(text.toUpperCase());
    // A year is left on either side, as with every time that comes in.
    if (ms >= FIRST_MS && ms < AFTER_LAST_MS) return { text: instant(ms), form: 'instant' };
  }
  return say(pointer, 'A day such as 2026-12-24, or a time such as 2026-12-24T12:00 or 2026-12-24T12:00:00+02:00.');
}

const WALL = /^.{10}T([01]\d|2[0-3]):[0-5]\d(:00)?$/;
const WITH_OFFSET = /^.{10}[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
const FIRST_MS = Date.parse('0002-01-01T00:00:00Z');
const AFTER_LAST_MS = Date.parse('9999-01-01T00:00:00Z');
