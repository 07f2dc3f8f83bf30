import { calendarDocument, parseCalendar, type Calendar } from '../domain/calendar/calendar.ts';
import type { VersionedCalendar } from '../domain/calendar/book.ts';
import { documentsIn, type StoredDocument } from './documents.ts';
import { KeptError } from './fault-fields.ts';
import type { Queryable } from './pool.ts';

/** Stores calendars, each as `saveCalendar` does. */
export async function saveCalendars(q: Queryable, calendars: readonly Calendar[]): Promise<void> {
  // In the order of their ids, so that two who save several of them inside transactions cannot wait for each other.
  const inOrder = calendars.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  for (const calendar of inOrder) await saveCalendar(q, calendar);
}

/** Stores a calendar; a changed one becomes the next version. Answers the version that it is stored as. */
export const saveCalendar = (q: Queryable, calendar: Calendar): Promise<number> =>
  CALENDARS.save(q, calendar.id, calendarDocument(calendar));

const CALENDARS = documentsIn('calendars', 'id');

const versioned = (row: StoredDocument): VersionedCalendar => ({ calendar: readCalendar(row), version: row.version });

/** The calendar that new promises are counted by; null where there is none of this id. */
export async function newestCalendar(q: Queryable, id: string): Promise<VersionedCalendar | null> {
  const row = await CALENDARS.newest(q, id);
  return row && versioned(row);
}

/** The newest version of every calendar, by id. */
export const newestCalendars = async (q: Queryable): Promise<readonly VersionedCalendar[]> =>
  (await CALENDARS.newestOfAll(q)).map(versioned);

/** One version of a calendar; null where it was never stored. Each is read once per process. */
export async function findCalendar(q: Queryable, id: string, version: number): Promise<Calendar | null> {
  const before = known.get(nameOf(id, version));
  if (before) return before.calendar;
  const row = await CALENDARS.find(q, id, version);
  return row && readCalendar(row);
}

/**
 * The calendar that a promise is counted by: always the same object for the same version, since the domain keeps beside
 * it what it has worked out.
 * @throws when the version is not there: promises name only what was stored
 */
export async function calendarOf(q: Queryable, id: string, version: number): Promise<Calendar> {
  const calendar = await findCalendar(q, id, version);
  if (!calendar) throw new KeptError(`Calendar ${nameOf(id, version)} is not stored.`);
  return calendar;
}

interface Known {
  readonly calendar: Calendar;
  /** As stored: two databases of one process may give the same version to different calendars. */
  readonly document: string;
}

/** A version never changes; the one known longest goes when there are too many. */
const known = new Map<string, Known>();
const MAX_KNOWN = 1_000;

const nameOf = (id: string, version: number): string => `${id}@${version}`;

/** A stored calendar, always the same object for the same document. @throws where this Kept cannot read what another one stored, say for a zone that the machine no longer knows */
export function readCalendar({ id, version, document }: StoredDocument): Calendar {
  const name = nameOf(id, version);
  const text = JSON.stringify(document);
  const before = known.get(name);
  if (before?.document === text) return before.calendar;
  const parsed = parseCalendar(document);
  if ('faults' in parsed)
    throw new KeptError(`Calendar ${name} cannot be read any more: ${parsed.faults.map((f) => f.pointer).join(', ')}.`);
  const [oldest] = known.keys();
  if (oldest !== undefined && known.size >= MAX_KNOWN) known.delete(oldest);
  known.set(name, { calendar: parsed.calendar, document: text });
  return parsed.calendar;
}
