import { z } from 'zod';
import type { PersonData, Team } from '../db/people.ts';
import { ABSENCE, type Absence } from '../domain/calendar/absences.ts';
import { isCalendarId } from '../domain/calendar/calendar.ts';
import { KIND } from '../domain/policy/names.ts';
import type { NamedCalendar } from './calendar-files.ts';
import type { YamlFile } from './yaml-file.ts';

const text = z.string().trim().min(1).max(200);
const contact = { name: text, email: z.email().nullable().default(null), phone: text.max(40).nullable().default(null) };
const personId = z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,62}$/i, 'An id is a short name such as kati.');

const HOTLINE_MISSING =
  'Missing: every mail is sent from it. Write hotline: { name: Customer care, email: care@books.example }.';

/** As the domain reads it; what it says goes to the places inside. */
const absence = z.unknown().transform((value, context): Absence => {
  const faults: { readonly pointer: string; readonly message: string }[] = [];
  const read = ABSENCE.read(value, (pointer, message) => void faults.push({ pointer, message }));
  if (read) return read;
  for (const { pointer, message } of faults)
    context.addIssue({ code: 'custom', message, path: pointer.split('/').slice(1) });
  return z.NEVER;
});

const MOST_ABSENCES = 400;
const MOST_CALLS = 1_000;
const PARALLEL = `A whole number of calls at once from 1 to ${MOST_CALLS}.`;

const team = z.strictObject({
  id: personId,
  kinds: z.array(
    z
      .string()
      .refine(
        (kind) => KIND.read(kind, () => undefined) !== undefined,
        'A kind is a short lower-case name such as callback.',
      ),
  ),
});

/** What `people.yaml` says. */
export const peopleFile = z
  .strictObject({
    people: z.array(
      z.strictObject({
        id: personId.refine(
          (id) => id !== 'hotline',
          'hotline is the name of the contact of last resort; choose another id.',
        ),
        ...contact,
        lead: personId.nullable().default(null),
        manager: personId.nullable().default(null),
        hours: z
          .string()
          .refine(isCalendarId, 'hours is the id of a calendar such as office.')
          .nullable()
          .default(null),
        deputy: personId.nullable().default(null),
        team: personId.nullable().default(null),
        parallel: z.int(PARALLEL).min(1, PARALLEL).max(MOST_CALLS, PARALLEL).default(1),
        partner: text.nullable().default(null),
        absences: z.array(absence).max(MOST_ABSENCES).default([]),
      }),
    ),
    teams: z.array(team).default([]),
    hotline: z.strictObject(
      {
        ...contact,
        email: z.email('A hotline has an e-mail address: every mail is sent from it. Give email.'),
      },
      {
        error: ({ code, input }) => (code === 'invalid_type' && input === undefined ? HOTLINE_MISSING : undefined),
      },
    ),
  })
  .check(({ value, issues }) => {
    const ids = value.people.map(({ id }) => id);
    for (const [index, person] of value.people.entries()) {
      const say = (key: string, message: string): void =>
        void issues.push({ code: 'custom', path: ['people', index, key], message, input: value });
      if (ids.indexOf(person.id) !== index) say('id', `${person.id} stands here twice.`);
      for (const key of ['lead', 'manager', 'deputy'] as const) {
        const other = person[key];
        if (other !== null && !ids.includes(other)) say(key, `${other} is nobody's id in this file.`);
        else if (key === 'deputy' && other === person.id) say(key, `${other} cannot be their own deputy.`);
      }
      if (person.team !== null && !value.teams.some(({ id }) => id === person.team))
        say('team', `${person.team} is no team in this file.`);
    }
    const teams = value.teams.map(({ id }) => id);
    for (const [index, id] of teams.entries())
      if (teams.indexOf(id) !== index)
        issues.push({
          code: 'custom',
          path: ['teams', index, 'id'],
          message: `${id} stands here twice.`,
          input: value,
        });
  })
  .transform(({ people, hotline, teams }) => ({
    people: people satisfies readonly PersonData[],
    hotline: { id: 'hotline', ...hotline, lead: null, manager: null },
    teams: teams satisfies readonly Team[],
  }));

/** The calendars that people have their hours by, each with its place. */
export const hoursNamed = (
  { people }: { readonly people: readonly PersonData[] },
  { faultAt }: Pick<YamlFile, 'faultAt'>,
): readonly NamedCalendar[] =>
  people.flatMap(({ hours }, index) =>
    hours === null || hours === undefined
      ? []
      : [{ calendar: hours, faultAt: (message: string) => faultAt(['people', index, 'hours'], message) }],
  );
