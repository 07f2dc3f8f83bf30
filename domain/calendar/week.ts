import { isRecord, sayUnknown, show, type Say } from '../policy/documents.ts';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** The working time of each weekday: sorted, not overlapping; no interval: closed. */
export type Week = Readonly<Record<(typeof WEEKDAYS)[number], readonly Interval[]>>;

/** Half-open, in minutes of the wall clock since midnight: `fromMinute` belongs to it, `toMinute` (up to 1440) does not. */
export interface Interval {
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** The `week` of a calendar document; what is wrong is said. */
export function weekOf(value: unknown, say: Say): Week {
  const named = isRecord(value) ? value : {};
  sayUnknown(named, WEEKDAYS, '/week', say);
  const read = (day: (typeof WEEKDAYS)[number]): readonly Interval[] =>
    named[day] === undefined ? [] : intervalsOf(named[day], `/week/${day}`, say);
  if (Object.values(named).every((day) => Array.isArray(day) && day.length === 0))
    say('/week', 'week has no working time. Write e.g. { mon: ["09:00-12:30", "13:00-17:00"], tue: ["09:00-17:00"] }.');
  return {
    mon: read('mon'),
    tue: read('tue'),
    wed: read('wed'),
    thu: read('thu'),
    fri: read('fri'),
    sat: read('sat'),
    sun: read('sun'),
  };
}

/** The times of each weekday as a calendar document writes them, such as `09:00-12:30`. */
export type WeekDocument = Readonly<Record<(typeof WEEKDAYS)[number], readonly string[]>>;

/** The `week` of a calendar document that `weekOf` reads as this one. */
export const weekDocument = ({ mon, tue, wed, thu, fri, sat, sun }: Week): WeekDocument => ({
  mon: mon.map(timesOf),
  tue: tue.map(timesOf),
  wed: wed.map(timesOf),
  thu: thu.map(timesOf),
  fri: fri.map(timesOf),
  sat: sat.map(timesOf),
  sun: sun.map(timesOf),
});

const timesOf = ({ fromMinute, toMinute }: Interval): string => `${timeOf(fromMinute)}-${timeOf(toMinute)}`;

function timeOf(minute: number): string {
  const [hours, minutes] = [Math.floor(minute / 60), minute % 60];
  return [hours, minutes].map((part) => String(part).padStart(2, '0')).join(':');
}

const MAX_INTERVALS = 48;

function intervalsOf(value: unknown, pointer: string, say: Say): readonly Interval[] {
  if (!Array.isArray(value) || value.length > MAX_INTERVALS) {
    say(
      pointer,
      `A day is a list of up to ${MAX_INTERVALS} times such as ["09:00-12:30", "13:00-17:00"]; [] is closed.`,
    );
    return [];
  }
  const read = value.flatMap((text: unknown, index) => {
    const interval = intervalOf(text, (message) => say(`${pointer}/${index}`, message));
    return interval ? [{ ...interval, index, text }] : [];
  });
  const sorted = read.toSorted((a, b) => a.fromMinute - b.fromMinute);
  for (const [place, { fromMinute, index, text }] of sorted.entries()) {
    const other = sorted.slice(0, place).find(({ toMinute }) => toMinute > fromMinute);
    if (other) say(`${pointer}/${index}`, `${show(text)} overlaps ${show(other.text)}.`);
  }
  return sorted.map(({ fromMinute, toMinute }) => ({ fromMinute, toMinute }));
}

/** Two times from 00:00 to 24:00. */
const INTERVAL_FORM = /^(?:[01]\d|2[0-3]|24(?=:00)):[0-5]\d-(?:[01]\d|2[0-3]|24(?=:00)):[0-5]\d$/;

function intervalOf(value: unknown, say: (message: string) => void): Interval | null {
  if (typeof value !== 'string' || !INTERVAL_FORM.test(value)) {
    say(`Not a time from 00:00 to 24:00 such as "09:00-17:00": ${show(value)}.`);
    return null;
  }
  const [from, to] = [value.slice(0, 5), value.slice(6)];
  const interval = { fromMinute: minuteOf(from), toMinute: minuteOf(to) };
  if (interval.fromMinute < interval.toMinute) return interval;
  say(`${show(value)} does not end after it begins.${pastMidnight(from, to)}`);
  return null;
}

function pastMidnight(from: string, to: string): string {
  if (from === to) return ' The whole day is "00:00-24:00".';
  const rest = to === '00:00' ? '' : `, and on the next day "00:00-${to}"`;
  return ` Past midnight it is "${from}-24:00"${rest}.`;
}

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
