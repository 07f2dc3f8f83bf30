import { parseCalendar, type Calendar } from '../../../domain/calendar/calendar.ts';
import { WEEKDAYS } from '../../../domain/calendar/week.ts';

/** What a calendar file says, without its name. */
export interface CalendarDocument {
  readonly zone: string;
  readonly week: Readonly<Partial<Record<(typeof WEEKDAYS)[number], readonly string[]>>>;
  readonly holidays?: Readonly<Record<string, unknown>>;
}

export function calendar(document: CalendarDocument): Calendar {
  const parsed = parseCalendar({ calendar: 'office', ...document });
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults));
  return parsed.calendar;
}

/** What is wrong with a calendar document: place and message of each fault. */
export function faultsOf(document: unknown): readonly (readonly [string, string])[] {
  const read = parseCalendar(document);
  return 'faults' in read ? read.faults.map(({ pointer, message }) => [pointer, message] as const) : [];
}

/** A week with the same times on every day. */
export const daily = (...times: readonly string[]): CalendarDocument['week'] =>
  Object.fromEntries(WEEKDAYS.map((day) => [day, times]));

const DAY = ['09:00-12:30', '13:00-17:00'];

/** Two intervals a day, a short Friday, no week-end, the holidays of Estonia. */
export const OFFICE = calendar({
  zone: 'Europe/Tallinn',
  week: { mon: DAY, tue: DAY, wed: DAY, thu: DAY, fri: ['09:00-12:30', '13:00-16:00'], sat: [], sun: [] },
  holidays: { country: 'EE' },
});

export const roundTheClock = (zone: string): Calendar => calendar({ zone, week: daily('00:00-24:00') });

/** The same office once it opens longer, as the second version of its calendar. */
export const LONGER_OFFICE = calendar({
  zone: 'Europe/Tallinn',
  week: { mon: ['08:00-18:00'], tue: DAY, wed: ['08:00-18:00'], thu: DAY, fri: DAY, sat: ['10:00-12:00'], sun: [] },
  holidays: { country: 'EE' },
});
