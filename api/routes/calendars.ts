import { z } from '@hono/zod-openapi';
import { findCalendar, newestCalendar, newestCalendars, saveCalendar } from '../../db/calendars.ts';
import type { Queryable } from '../../db/pool.ts';
import type { VersionedCalendar } from '../../domain/calendar/book.ts';
import { calendarDocument, isCalendarId, parseCalendar, type Calendar } from '../../domain/calendar/calendar.ts';
import { WEEKDAYS } from '../../domain/calendar/week.ts';
import { isRecord } from '../../domain/policy/documents.ts';
import { answer, endpoint } from '../endpoint.ts';
import { versionQuery, zoneField } from '../fields.ts';
import { problem, type Fault } from '../problem.ts';

const id = z.string().refine(isCalendarId).openapi({ example: 'office' });
const times = z
  .array(z.string())
  .readonly()
  .openapi({ example: ['09:00-12:30', '13:00-17:00'] });
const days = z.array(z.string().openapi({ format: 'date', example: '2026-05-02' })).readonly();

const holidays = z
  .strictObject({
    country: z.string().optional().openapi({
      description: 'ISO 3166 code whose public holidays count. None: only those added.',
      example: 'EE',
    }),
    region: z.string().optional().openapi({
      description: 'A part of the country with holidays of its own, or with a part of that: BY, BY-A.',
      example: 'BY',
    }),
    add: days.optional().openapi({ description: 'Further holidays.' }),
    remove: days.optional().openapi({ description: 'Days that are none here, though they are in the country.' }),
  })
  .openapi({ description: 'Days without working time.' });

/** What a calendar file says, without its name. The domain reads it: this tells what it takes. */
const fields = {
  zone: zoneField,
  week: z.strictObject(Object.fromEntries(WEEKDAYS.map((day) => [day, times.optional()]))).openapi({
    description: 'The working time of each weekday, from 00:00 to 24:00; one that is left out is closed.',
  }),
  holidays: holidays.optional(),
};

const calendarFields = z
  .strictObject({ calendar: id.optional().openapi({ description: 'As in the address.' }), ...fields })
  .openapi('Calendar', { description: 'When people work.' });

const version = z.int().openapi({ description: 'Counted from 1. What a version says never changes.' });
const calendarView = z.strictObject({ calendar: id, ...fields, version }).openapi('VersionedCalendar');

const viewOf = ({ calendar, version: number }: VersionedCalendar): z.input<typeof calendarView> => ({
  ...calendarDocument(calendar),
  version: number,
});

const calendarPath = z.object({ id });

const readCalendar = endpoint({
  scope: 'admin',
  owner: 'company',
  method: 'get',
  path: '/v1/calendars/{id}',
  name: 'getCalendar',
  summary: 'Read a calendar',
  params: calendarPath,
  unknown: 'CALENDAR_UNKNOWN',
  query: versionQuery,
  answers: { 200: { description: 'The calendar as its file says it.', schema: calendarView } },
  problems: ['INVALID_QUERY', 'CALENDAR_UNKNOWN'],
  handle: async ({ params, search }, { pool }) => {
    const stored = await storedCalendar(pool, params.id, search.version);
    return stored ? answer(200, viewOf(stored)) : problem('CALENDAR_UNKNOWN');
  },
});

async function storedCalendar(
  pool: Queryable,
  name: string,
  number: number | undefined,
): Promise<VersionedCalendar | null> {
  if (number === undefined) return newestCalendar(pool, name);
  const calendar = await findCalendar(pool, name, number);
  return calendar && { calendar, version: number };
}

const putCalendar = endpoint({
  scope: 'admin',
  owner: 'company',
  method: 'put',
  path: '/v1/calendars/{id}',
  name: 'putCalendar',
  summary: 'Store a calendar',
  description:
    'A changed calendar becomes the next version; the same one again changes nothing. Promises keep the version they were ' +
    'made under. A file of the same id in KEPT_POLICIES is written again at the next start.',
  params: calendarPath,
  unknown: 'CALENDAR_UNKNOWN',
  body: z.unknown(),
  bodyShape: calendarFields,
  answers: { 200: { description: 'Stored, as the version it says.', schema: calendarView } },
  problems: ['INVALID_BODY', 'CALENDAR_UNKNOWN'],
  handle: async ({ params, body }, { pool, reference }) => {
    const sent = readSent(params.id, body);
    if ('faults' in sent) return problem('INVALID_BODY', { errors: sent.faults });
    const stored = await saveCalendar(pool, sent.calendar);
    reference.forget();
    return answer(200, viewOf({ ...sent, version: stored }));
  },
});

function readSent(
  name: string,
  body: unknown,
): { readonly calendar: Calendar } | { readonly faults: readonly Fault[] } {
  const read = parseCalendar(isRecord(body) ? { calendar: name, ...body } : body);
  if ('faults' in read || read.calendar.id === name) return read;
  const message = `The address says ${name}. Leave it out here, or write the same.`;
  return { faults: [{ pointer: '/calendar', message }] };
}

const listOfCalendars = endpoint({
  scope: 'admin',
  owner: 'company',
  method: 'get',
  path: '/v1/calendars',
  name: 'listCalendars',
  summary: 'The calendars there are',
  answers: {
    200: {
      description: 'Each with its newest version, by id.',
      schema: z.strictObject({ items: z.array(z.strictObject({ calendar: id, version })) }).openapi('Calendars'),
    },
  },
  problems: [],
  handle: async (_, { pool }) => {
    const newest = await newestCalendars(pool);
    return answer(200, { items: newest.map((each) => ({ calendar: each.calendar.id, version: each.version })) });
  },
});

export const calendarRoutes = [listOfCalendars, readCalendar, putCalendar];
