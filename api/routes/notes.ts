import { z } from '@hono/zod-openapi';
import { addNote, notesOf, type Note } from '../../db/notes.ts';
import { HOTLINE } from '../../db/people.ts';
import { getPromise } from '../../db/promises.ts';
import type { ApiDeps } from '../deps.ts';
import { answer, endpoint } from '../endpoint.ts';
import { instantAnswer, MAX, text } from '../fields.ts';
import { problem, type Fault } from '../problem.ts';
import { promisePath } from './promise-path.ts';

/** The text of a note. */
export const noteText = text(MAX.note);

/** A note in answers about one promise. */
export const noteView = z
  .strictObject({
    id: z.uuid(),
    at: instantAnswer,
    by: z.string().openapi({ description: 'Id of the person who wrote it.' }),
    text: z.string(),
  })
  .openapi('Note');

const writeNote = endpoint({
  scope: 'admin',
  owner: 'promise',
  method: 'post',
  path: '/v1/promises/{id}/notes',
  name: 'addNote',
  summary: 'Write a note about a promise',
  description:
    'For the staff, in their own words. Notes are erased with the customer; no fact, notice, log or history holds them.',
  params: promisePath,
  body: z
    .strictObject({ text: noteText, by: text(MAX.name).openapi({ description: 'Id of the person who writes it.' }) })
    .openapi('NewNote'),
  answers: { 201: { description: 'Written.', schema: z.strictObject({ id: z.uuid() }).openapi('NoteWritten') } },
  problems: ['INVALID_BODY', 'PROMISE_UNKNOWN'],
  handle: async ({ params, body }, deps) => {
    const fault = await unknownPerson('/by', body.by, deps);
    if (fault) return problem('INVALID_BODY', { errors: [fault] });
    if (!(await getPromise(deps.pool, params.id))) return problem('PROMISE_UNKNOWN');
    return answer(201, { id: await addNote(deps.pool, { promiseId: params.id, ...body }) });
  },
});

const readNotes = endpoint({
  scope: 'admin',
  owner: 'promise',
  method: 'get',
  path: '/v1/promises/{id}/notes',
  name: 'getNotes',
  summary: 'The notes about a promise, oldest first',
  params: promisePath,
  answers: {
    200: { description: 'At most 1,000.', schema: z.strictObject({ items: z.array(noteView) }).openapi('Notes') },
  },
  problems: ['PROMISE_UNKNOWN'],
  handle: async ({ params }, { pool }) => {
    const [promise, notes] = await Promise.all([getPromise(pool, params.id), notesOf(pool, params.id)]);
    return promise ? answer(200, { items: notes.map(noteOf) }) : problem('PROMISE_UNKNOWN');
  },
});

/** What is said of a note beside its promise. */
export const noteOf = ({ id, at, by, text: words }: Note): z.input<typeof noteView> => ({ id, at, by, text: words });

/** What is wrong where somebody is named who is not of the staff. */
export async function unknownPerson(
  pointer: string,
  id: string,
  { reference }: Pick<ApiDeps, 'reference'>,
): Promise<Fault | null> {
  // A form may bring what PostgreSQL cannot be asked for.
  const isId = text(MAX.name).safeParse(id).success && id !== HOTLINE;
  const isKnown = isId && (await reference.staff(id)).has(id);
  return isKnown ? null : { pointer, message: 'Nobody in people.yaml has this id.' };
}

export const noteRoutes = [writeNote, readNotes];
