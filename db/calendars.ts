import { calendarDocument, parseCalendar, type Calendar } from '../domain/calendar/calendar.ts';
import type { VersionedCalendar } from '../domain/calendar/book.ts';
import { KeptError } from './fault-fields.ts';
import type { Queryable } from './pool.ts';

/** Stores calendars, each as `saveCalendar` does. */
export async function saveCalendars(q: Queryable, calendars: readonly Calendar[]): Promise<void> {
  // In the order of their ids, so that two who save several of them inside transactions cannot wait for each other.
  const inOrder = calendars.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  for (const calendar of inOrder) await saveCalendar(q, calendar);
}

/** More writers of one calendar at once than ever come together. */
const MAX_TRIES = 1_000;

/**
 * Stores a calendar; a changed document becomes the next version of its id, the same one changes nothing. Answers the
 * version that it is stored as. Whoever takes the same number a moment earlier makes this one try again, so that each
 * try that fails is a version saved.
 */
export async function saveCalendar(q: Queryable, calendar: Calendar): Promise<number> {
  const values = [calendar.id, JSON.stringify(calendarDocument(calendar))];
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const { rows } = await q.query<{ version: number }>({ name: 'save_calendar', text: SAVE, values });
    const row = rows[0];
    if (row) return row.version;
  }
  throw new KeptError(`Calendar ${calendar.id} was saved by others ${MAX_TRIES} times in a row.`);
}

const SAVE = `
with newest as (
  select version, document from calendars where id = $1 order by version desc limit 1
), saved as (
  insert into calendars (id, version, document)
  select $1, coalesce((select version from newest), 0) + 1, $2::jsonb
  where not exists (select from newest where document = $2::jsonb)
  on conflict do nothing
  returning version
)
select version from saved union all select version from newest where document = $2::jsonb limit 1`;

/** The calendar that new promises are counted by; null where there is none of this id. */
export async function newestCalendar(q: Queryable, id: string): Promise<VersionedCalendar | null> {
  const { rows } = await q.query<CalendarRow>({
    name: 'newest_calendar',
    text: 'select id, version, document from calendars where id = $1 order by version desc limit 1',
    values: [id],
  });
  const row = rows[0];
  return row ? { calendar: readCalendar(row), version: row.version } : null;
}

/** The newest version of every calendar, by id. */
export async function newestCalendars(q: Queryable): Promise<readonly VersionedCalendar[]> {
  const { rows } = await q.query<CalendarRow>(
    'select distinct on (id) id, version, document from calendars order by id, version desc limit 1000',
  );
  return rows.map((row) => ({ calendar: readCalendar(row), version: row.version }));
}

/** One version of a calendar; null where it was never stored. Each is read once per process. */
export async function findCalendar(q: Queryable, id: string, version: number): Promise<Calendar | null> {
  const before = known.get(nameOf(id, version));
  if (before) return before.calendar;
  const { rows } = await q.query<CalendarRow>({
    name: 'find_calendar',
    text: 'select id, version, document from calendars where id = $1 and version = $2',
    values: [id, version],
  });
  const row = rows[0];
  return row ? readCalendar(row) : null;
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

/** A row of `calendars`. */
export interface CalendarRow {
  readonly id: string;
  readonly version: number;
  readonly document: unknown;
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
export function readCalendar({ id, version, document }: CalendarRow): Calendar {
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
