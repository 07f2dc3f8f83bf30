import type { Zone } from '../promise/instant.ts';
import { didYouMean, isRecord, sayUnknown, show, type DocumentFault, type Say } from '../policy/documents.ts';
import { holidayRulesOf, holidaysDocument, type HolidayRules, type HolidaysDocument } from './holiday-rules.ts';
import { weekDocument, weekOf, type Week, type WeekDocument } from './week.ts';
import { isZone } from './zones.ts';

/** When people work: data of the company, versioned, immutable once used. */
export interface Calendar {
  readonly id: string;
  readonly zone: Zone;
  readonly week: Week;
  readonly holidays: HolidayRules;
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
): { readonly calendar: Calendar } | { readonly faults: readonly DocumentFault[] } {
  const faults: DocumentFault[] = [];
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

/** A calendar as a file says it. */
export interface CalendarDocument {
  readonly calendar: string;
  readonly zone: Zone;
  /** Times such as `09:00-12:30`; every weekday stands here. */
  readonly week: WeekDocument;
  /** Absent where there are none. */
  readonly holidays?: HolidaysDocument;
}

/**
 * The document that `parseCalendar` reads as an equal calendar.
 * @example
 * calendarDocument(office)
 * //=> { calendar: 'office', zone: 'Europe/Tallinn', week: { mon: ['09:00-12:30', '13:00-24:00'], tue: [], … } }
 */
export function calendarDocument({ id, zone, week, holidays }: Calendar): CalendarDocument {
  const rules = holidaysDocument(holidays);
  const plain = { calendar: id, zone, week: weekDocument(week) };
  return Object.keys(rules).length > 0 ? { ...plain, holidays: rules } : plain;
}

const ID_FORM = /^[a-z][a-z0-9-]{0,62}$/;

/** Whether a calendar may be named so: lower-case letters, digits and `-`, a letter first. */
export const isCalendarId = (text: string): boolean => ID_FORM.test(text);

function idOf(value: unknown, say: Say): string {
  if (typeof value === 'string' && isCalendarId(value)) return value;
  say('/calendar', `calendar is a short lower-case name such as office, not ${show(value)}.`);
  return '';
}

function zoneOf(value: unknown, say: Say): Zone {
  if (typeof value === 'string' && isZone(value)) return value;
  const meant = typeof value === 'string' ? didYouMean(value, Intl.supportedValuesOf('timeZone')) : '';
  say('/zone', `zone is an IANA time zone such as Europe/Tallinn, not ${show(value)}.${meant}`);
  return 'UTC';
}
