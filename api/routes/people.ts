import { z } from '@hono/zod-openapi';
import { newestCalendar } from '../../db/calendars.ts';
import { addAbsence, everybody, membersOf, removeAbsence, type StaffMember } from '../../db/duty.ts';
import { handOverAll, openCounts } from '../../db/hand-over.ts';
import { HOTLINE, putPerson } from '../../db/people.ts';
import { ABSENCE, type Absence } from '../../domain/calendar/absences.ts';
import { isOnDuty } from '../../domain/calendar/duty.ts';
import { WEEKDAYS } from '../../domain/calendar/week.ts';
import type { Instant } from '../../domain/promise/instant.ts';
import type { ApiDeps } from '../deps.ts';
import { answer, endpoint, NO_CONTENT } from '../endpoint.ts';
import { instantField, MAX, text } from '../fields.ts';
import { problem, type Fault } from '../problem.ts';
import { personField, unknownPeople } from './hand-over.ts';
import { noteText } from './notes.ts';

const personId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_.-]{0,62}$/i)
  .refine((id) => id !== HOTLINE)
  .openapi({ example: 'kati' });
const personPath = z.object({ id: personId });

const absenceShape = z
  .union([
    z.strictObject({ from: z.string(), to: z.string() }).openapi({ title: 'once' }),
    z.strictObject({ every: z.enum(WEEKDAYS), from: z.string(), to: z.string() }).openapi({ title: 'weekly' }),
  ])
  .openapi('Absence', {
    description:
      'Days (2026-12-24), wall times (2026-12-24T12:00) of the zone of their calendar, else of the company, or instants ' +
      'with an offset; every week two times of a day (12:00). `to` is when they are back. No reason is asked or stored.',
    example: { every: 'fri', from: '12:00', to: '17:00' },
  });

/** As the domain reads it. */
const absence = z.unknown().transform((value, context): Absence => {
  const faults: Fault[] = [];
  const read = ABSENCE.read(value, (pointer, message) => void faults.push({ pointer, message }));
  if (read) return read;
  for (const { pointer, message } of faults)
    context.addIssue({ code: 'custom', message, path: pointer.split('/').slice(1) });
  return z.NEVER;
});

const MOST_ABSENCES = 400;
const MOST_CALLS = 1_000;
const other = personId.nullable();
const contact = {
  name: text(MAX.personName),
  email: z.email('Must be an e-mail address such as kati@books.example.').max(MAX.email).nullable(),
  phone: text(MAX.phone).nullable(),
};
const duty = {
  lead: other,
  manager: other,
  hours: text(MAX.name).nullable().openapi({ description: 'Id of a calendar; null: always on duty.' }),
  deputy: other,
  team: text(MAX.name).nullable(),
  parallel: z.int().min(1).max(MOST_CALLS).openapi({ description: 'Calls they take at once.' }),
  partner: text(MAX.label).nullable().openapi({ description: 'The partner whose own people they belong to.' }),
};

const personFields = z
  .strictObject({
    id: personId.optional().openapi({ description: 'As in the address.' }),
    name: contact.name,
    email: contact.email.default(null),
    phone: contact.phone.default(null),
    lead: duty.lead.default(null),
    manager: duty.manager.default(null),
    hours: duty.hours.default(null),
    deputy: duty.deputy.default(null),
    team: duty.team.default(null),
    parallel: duty.parallel.default(1),
    partner: duty.partner.default(null),
    absences: z
      .array(absence)
      .max(MOST_ABSENCES)
      .optional()
      .openapi({ description: 'Left out, those known stay.', type: 'array', items: { type: 'object' } }),
  })
  .openapi('Person', { description: 'One of the staff, as people.yaml says it.' });

const personView = z
  .strictObject({
    id: personId,
    ...contact,
    ...duty,
    absences: z.array(
      z.strictObject({ id: z.uuid(), every: z.enum(WEEKDAYS).optional(), from: z.string(), to: z.string() }),
    ),
    onDuty: z.boolean().openapi({ description: 'Inside their hours and not away: now, or at the time asked for.' }),
    openPromises: z.int(),
  })
  .openapi('PersonNow');

const viewOf = (member: StaffMember, at: Instant, openPromises: number): z.input<typeof personView> => {
  const { duty: times, absences, ...fields } = member;
  return { ...fields, absences: [...absences], onDuty: isOnDuty(times, at), openPromises };
};

const listPeople = endpoint({
  scope: 'admin',
  owner: 'company',
  method: 'get',
  path: '/v1/people',
  name: 'listPeople',
  summary: 'The staff, by id',
  answers: {
    200: {
      description: 'Everybody but the hotline.',
      schema: z.strictObject({ items: z.array(personView) }).openapi('People'),
    },
  },
  problems: [],
  handle: async (_, { pool, now }) => {
    const people = await everybody(pool);
    const open = await openCounts(
      pool,
      people.map(({ id }) => id),
    );
    return answer(200, { items: people.map((each) => viewOf(each, now(), open.get(each.id) ?? 0)) });
  },
});

/** Somebody as a route answers; null where nobody of this id is known. */
async function personAt(id: string, at: Instant, { pool }: ApiDeps): Promise<z.input<typeof personView> | null> {
  const [members, open] = await Promise.all([membersOf(pool, [id]), openCounts(pool, [id])]);
  const found = members.get(id);
  return found ? viewOf(found, at, open.get(id) ?? 0) : null;
}

const readPerson = endpoint({
  scope: 'admin',
  owner: 'company',
  method: 'get',
  path: '/v1/people/{id}',
  name: 'getPerson',
  summary: 'One of the staff',
  params: personPath,
  unknown: 'PERSON_UNKNOWN',
  query: z.strictObject({
    at: instantField.optional().openapi({ description: 'Whether they are on duty then; left out, now.' }),
  }),
  answers: { 200: { description: 'As people.yaml or a route says, and what follows from it.', schema: personView } },
  problems: ['INVALID_QUERY', 'PERSON_UNKNOWN'],
  handle: async ({ params: { id }, search }, deps) => {
    const person = await personAt(id, search.at ?? deps.now(), deps);
    return person ? answer(200, person) : problem('PERSON_UNKNOWN');
  },
});

const savePerson = endpoint({
  scope: 'admin',
  owner: 'company',
  method: 'put',
  path: '/v1/people/{id}',
  name: 'putPerson',
  summary: 'Store one of the staff',
  description:
    'Replaces what is known of them; absences only where they are sent. Somebody whom people.yaml names, too, is written ' +
    'again from it at the next start.',
  params: personPath,
  unknown: 'PERSON_UNKNOWN',
  body: personFields,
  answers: { 200: { description: 'Stored.', schema: personView } },
  problems: ['INVALID_BODY', 'PERSON_UNKNOWN'],
  handle: async ({ params: { id }, body }, deps) => {
    const errors = await personFaults(id, body, deps);
    if (errors.length > 0) return problem('INVALID_BODY', { errors });
    const { absences, ...fields } = body;
    await putPerson(deps.pool, { ...fields, ...(absences ? { absences } : {}), id });
    deps.reference.forget();
    const person = await personAt(id, deps.now(), deps);
    return person ? answer(200, person) : problem('PERSON_UNKNOWN');
  },
});

async function personFaults(
  id: string,
  { id: named = id, lead, manager, deputy, hours }: z.output<typeof personFields>,
  deps: ApiDeps,
): Promise<readonly Fault[]> {
  const others = { '/lead': lead ?? undefined, '/manager': manager ?? undefined, '/deputy': deputy ?? undefined };
  const faults = (await unknownPeople(others, deps)).filter(({ pointer }) => others[pointer as '/lead'] !== id);
  return [
    ...faults,
    ...(named === id
      ? []
      : [{ pointer: '/id', message: `The address says ${id}. Leave it out here, or write the same.` }]),
    ...(deputy === id ? [{ pointer: '/deputy', message: 'Nobody is their own deputy.' }] : []),
    ...(hours === null || (await newestCalendar(deps.pool, hours)) ? [] : [{ pointer: '/hours', message: NO_HOURS }]),
  ];
}

const NO_HOURS = 'No calendar of this id is stored. GET /v1/calendars lists those that are.';

const addTheirAbsence = endpoint({
  scope: 'admin',
  owner: 'company',
  method: 'post',
  path: '/v1/people/{id}/absences',
  name: 'addAbsence',
  summary: 'Say when somebody is away',
  description:
    'Promises whose target lies in it go to their deputy on duty, else to the team, else to the lead, when it begins; new ' +
    'ones at once. It stays when people.yaml is read again. Said twice it is one.',
  params: personPath,
  unknown: 'PERSON_UNKNOWN',
  body: absence,
  bodyShape: absenceShape,
  answers: {
    201: { description: 'Known from now on.', schema: z.strictObject({ id: z.uuid() }).openapi('AbsenceAdded') },
    200: { description: 'Known already.', schema: z.strictObject({ id: z.uuid() }).openapi('AbsenceKnown') },
  },
  problems: ['INVALID_BODY', 'PERSON_UNKNOWN'],
  handle: async ({ params: { id }, body }, { pool, reference }) => {
    if (!(await membersOf(pool, [id])).has(id)) return problem('PERSON_UNKNOWN');
    const added = await addAbsence(pool, id, body);
    reference.forget();
    return answer(added.isNew ? 201 : 200, { id: added.id });
  },
});

const removeTheirAbsence = endpoint({
  scope: 'admin',
  owner: 'company',
  method: 'delete',
  path: '/v1/people/{id}/absences/{absenceId}',
  name: 'removeAbsence',
  summary: 'Take an absence back',
  description:
    'Promises that went to others stay with them. One that a file gives is there again when it is read again.',
  params: z.object({ id: personId, absenceId: z.guid().toLowerCase().openapi({ format: 'uuid' }) }),
  unknown: 'PERSON_UNKNOWN',
  answers: { 204: { description: 'There is no such absence any more.', schema: z.null() } },
  problems: ['PERSON_UNKNOWN'],
  handle: async ({ params: { id, absenceId } }, { pool, reference }) => {
    if (!(await membersOf(pool, [id])).has(id)) return problem('PERSON_UNKNOWN');
    await removeAbsence(pool, id, absenceId);
    reference.forget();
    return answer(NO_CONTENT, null);
  },
});

const handOverEverything = endpoint({
  scope: 'admin',
  owner: 'company',
  method: 'post',
  path: '/v1/people/{id}:hand-over',
  name: 'handOverPerson',
  summary: 'Hand over every open promise of somebody',
  description:
    'For who leaves. Without `to` each goes to the last other owner of its customer if on duty, else to the team that serves ' +
    'its kind, else to the deputy or the lead; all of one customer to the same person. Where nobody is there, it stays. A ' +
    'customer who was told bad news by the old name gets one mail with the new one.',
  params: personPath,
  unknown: 'PERSON_UNKNOWN',
  body: z
    .strictObject({ to: personField.optional(), note: noteText.optional(), by: personField })
    .openapi('HandOverAll'),
  answers: {
    200: {
      description: 'How many went to whom.',
      schema: z.strictObject({ handedOver: z.int(), to: z.record(z.string(), z.int()) }).openapi('HandedOver'),
    },
  },
  problems: ['INVALID_BODY', 'PERSON_UNKNOWN'],
  handle: async ({ params: { id }, body: { to, by, note } }, deps) => {
    const errors = await unknownPeople({ '/to': to, '/by': by }, deps);
    if (errors.length > 0) return problem('INVALID_BODY', { errors });
    if (to === id) return problem('INVALID_BODY', { errors: [{ pointer: '/to', message: 'They have them already.' }] });
    // Who has left people.yaml may still have promises.
    const person = await personAt(id, deps.now(), deps);
    const open = person?.openPromises ?? (await openCounts(deps.pool, [id])).get(id) ?? 0;
    if (!person && open === 0) return problem('PERSON_UNKNOWN');
    const { handedOver, to: counts } = await handOverAll(deps.pool, id, { to: to ?? null, by, note });
    return answer(200, { handedOver, to: { ...counts } });
  },
});

export const peopleRoutes = [
  listPeople,
  readPerson,
  savePerson,
  addTheirAbsence,
  removeTheirAbsence,
  handOverEverything,
];
