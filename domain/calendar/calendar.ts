import { nearest } from '../policy/nearest.ts';
import type { Zone } from '../promise/instant.ts';
import { countries, regionsOf, type HolidayRules } from './holidays.ts';
import { isDay, isZone } from './zones.ts';

/** When people work: data of the company, versioned, immutable once used. */
export interface Calendar {
  readonly id: string;
  readonly zone: Zone;
  readonly week: Week;
  readonly holidays: HolidayRules;
}

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** The working time of each weekday: sorted, not overlapping; no interval: closed. */
export type Week = Readonly<Record<(typeof WEEKDAYS)[number], readonly Interval[]>>;

/** Half-open, in minutes of the wall clock since midnight: `fromMinute` belongs to it, `toMinute` (up to 1440) does not. */
export interface Interval {
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** What is wrong with a calendar document, and where: `pointer` is a JSON pointer into it. */
export interface CalendarFault {
  readonly pointer: string;
  readonly message: string;
}

/**
 * Reads a calendar document (YAML or JSON, already parsed). All faults are named together, and an unknown key is one.
 * A weekday that is left out is closed, as with an empty list: a misspelt one cannot get lost that way, being unknown.
 * A week without any working time is a fault.
 * @example
 * parseCalendar({ calendar: 'office', zone: 'Europe/Tallinn', week: { mon: ['09:00-12:30', '13:00-24:00'] } })
 * //=> { calendar: { id: 'office', …, week: { mon: [{ fromMinute: 540, toMinute: 750 }, { fromMinute: 780, toMinute: 1440 }], tue: [], … } } }
 */
export function parseCalendar(
  document: unknown,
): { readonly calendar: Calendar } | { readonly faults: readonly CalendarFault[] } {
  const faults: CalendarFault[] = [];
  const say: Say = (pointer, message) => void faults.push({ pointer, message });
  if (!isRecord(document)) {
    say('', 'A calendar is a mapping with calendar, zone and week.');
    return { faults };
  }
  sayUnknown(document, ['calendar', 'zone', 'week', 'holidays'], '', say);
  const calendar = {
    id: idOf(document['calendar'], say),
    zone: zoneOf(document['zone'], say),
    week: weekOf(document['week'], say),
    holidays: holidayRulesOf(document['holidays'], say),
  };
  return faults.length > 0 ? { faults } : { calendar };
}

type Say = (pointer: string, message: string) => void;

const ID_FORM = /^[a-z][a-z0-9-]{0,62}$/;
const MAX_INTERVALS = 48;
const MAX_DAYS = 1_000;

function idOf(value: unknown, say: Say): string {
  if (typeof value === 'string' && ID_FORM.test(value)) return value;
  say('/calendar', `calendar is a short lower-case name such as office, not ${show(value)}.`);
  return '';
}

function zoneOf(value: unknown, say: Say): Zone {
  if (typeof value === 'string' && isZone(value)) return value;
  const meant = typeof value === 'string' ? didYouMean(value, Intl.supportedValuesOf('timeZone')) : '';
  say('/zone', `zone is an IANA time zone such as Europe/Tallinn, not ${show(value)}.${meant}`);
  return 'UTC';
}

function weekOf(value: unknown, say: Say): Week {
  const record = isRecord(value) ? value : {};
  sayUnknown(record, WEEKDAYS, '/week', say);
  const [mon, tue, wed, thu, fri, sat, sun] = WEEKDAYS.map((day) =>
    Object.hasOwn(record, day) ? intervalsOf(record[day], `/week/${day}`, say) : [],
  );
  if (!WEEKDAYS.some((day) => day in record))
    say('/week', 'week names working time by weekday, e.g. { mon: ["09:00-12:30", "13:00-17:00"] }.');
  else if (WEEKDAYS.every((day) => Array.isArray(record[day] ?? []) && (record[day] as unknown[] | undefined ?? []).length === 0))
    say('/week', 'There is no working time in the whole week.');
  return { mon, tue, wed, thu, fri, sat, sun };
}
