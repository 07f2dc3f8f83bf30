import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { addNote } from '../../db/notes.ts';
import { getPromise } from '../../db/promises.ts';
import type { NoteForm } from '../../web/shapes.ts';
import { wordsFor } from '../../words/languages.ts';
import type { ApiDeps } from '../deps.ts';
import { MAX } from '../fields.ts';
import { onlyOwnForms, readForm } from '../forms.ts';
import { onlyOwnNames } from '../page-response.ts';
import { rememberPerson } from '../remembered-person.ts';
import { noteText, unknownPerson } from './notes.ts';
import { promisePath } from './promise-path.ts';

/** What was typed; the people to choose from come when the page is made. */
export type TypedNote = Omit<NoteForm, 'people'>;

/**
 * The form for a note on the page of a promise, which `answer` shows: again, with what was typed, where something is wrong
 * with it. Under `kept up` only.
 */
export function mountNotePages(
  app: OpenAPIHono,
  deps: ApiDeps,
  answer: (id: string, c: Context, form: TypedNote) => Promise<Response>,
): void {
  app.post('/promises/:id/notes', onlyOwnNames(deps), onlyOwnForms(deps), async (c) => {
    const id = c.req.param('id') ?? '';
    const form = await readForm(c);
    const typed = { text: form.value('text'), by: form.value('by') };
    const path = promisePath.safeParse({ id });
    if (!path.success || !(await getPromise(deps.pool, path.data.id))) return answer(id, c, { ...typed, faults: {} });
    const faults = await faultsOf(typed, deps);
    if (Object.keys(faults).length > 0) return answer(path.data.id, c, { ...typed, faults });
    await addNote(deps.pool, { promiseId: path.data.id, ...typed });
    rememberPerson(c, typed.by);
    return c.redirect(`/promises/${path.data.id}#notes-title`, 303);
  });
}

async function faultsOf({ text, by }: Omit<TypedNote, 'faults'>, deps: ApiDeps): Promise<TypedNote['faults']> {
  const says = wordsFor('en').find.noteForm;
  const nobody = by === '' || (await unknownPerson('/by', by, deps)) !== null;
  return {
    ...(text === ''
      ? { text: says.missing }
      : noteText.safeParse(text).success
        ? {}
        : { text: says.tooLong(MAX.note) }),
    ...(nobody ? { by: says.nobody } : {}),
  };
}
