import type { Instant } from '../../domain/promise/instant.ts';
import type { Words } from '../../words/en.ts';
import type { NoteForm, PageNote } from '../shapes.ts';
import { Field, PersonSelect, controlProps } from './form.tsx';

interface NotesProps {
  readonly words: Words;
  readonly promiseId: string;
  readonly notes: readonly PageNote[];
  readonly form: NoteForm;
  readonly time: (at: Instant) => string;
}

/** What was written about a promise, and a form to write more. */
export function Notes({ words, promiseId, notes, form, time }: NotesProps) {
  const { noteForm: says, noNotes } = words.find;
  const { faults } = form;
  return (
    <section aria-labelledby="notes-title" class="card">
      <h2 id="notes-title">{says.title}</h2>
      {notes.length === 0 ? <p class="sub">{noNotes}</p> : <NoteList notes={notes} people={form.people} time={time} />}
      <form class="form" method="post" action={`/promises/${promiseId}/notes`}>
        <Field name="text" label={says.text} fault={faults.text}>
          <textarea rows={3} {...controlProps({ name: 'text', fault: faults.text })}>
            {form.text}
          </textarea>
        </Field>
        <div class="halves">
          <Field name="by" label={says.by} fault={faults.by}>
            <PersonSelect
              people={form.people}
              chosen={form.by}
              nobody={words.page.none}
              field={{ name: 'by', fault: faults.by }}
            />
          </Field>
        </div>
        <p class="act">
          <button type="submit">{says.submit}</button>
        </p>
      </form>
    </section>
  );
}

interface NoteListProps {
  readonly notes: readonly PageNote[];
  readonly people: readonly { readonly id: string; readonly name: string }[];
  readonly time: (at: Instant) => string;
}

/** Notes with who wrote them and when. */
export function NoteList({ notes, people, time }: NoteListProps) {
  const names = new Map(people.map(({ id, name }) => [id, name]));
  return (
    <ul class="notes-list">
      {notes.map(({ at, by, text }) => (
        <li>
          <span class="sub">
            <time datetime={at}>{time(at)}</time> · {names.get(by) ?? by}
          </span>
          <p>{text}</p>
        </li>
      ))}
    </ul>
  );
}
