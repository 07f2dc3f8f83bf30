import type { HandOver } from '../../domain/promise/hand-over.ts';
import type { Instant } from '../../domain/promise/instant.ts';
import type { Words } from '../../words/en.ts';
import type { HandOverForm } from '../people-shapes.ts';
import { Faults, Field, PersonSelect, controlProps } from './form.tsx';

interface FormProps {
  readonly words: Words;
  readonly form: HandOverForm;
  /** Where it is sent. */
  readonly action: string;
  readonly title: string;
  /** Says what handing everything over does, where it is everything. */
  readonly hint?: string;
  /** What stands for nobody, and what that means. */
  readonly nobody: { readonly text: string; readonly hint?: string };
}

/** Who gets it, what they should know, and who says so. */
export function HandOverTo({ words, form, action, title, hint, nobody }: FormProps) {
  const { form: says } = words.people;
  const { faults, people } = form;
  const to = { name: 'to', hint: nobody.hint, fault: faults.to };
  const note = { name: 'note', fault: faults.note };
  const by = { name: 'handed-by', fault: faults.by };
  return (
    <section aria-labelledby="hand-over-title" class="card wide">
      <h2 id="hand-over-title">{title}</h2>
      {hint === undefined ? null : <p class="sub">{hint}</p>}
      <form class="form" method="post" action={action}>
        <Faults
          title={says.faults}
          faults={[
            ['to', faults.to],
            ['note', faults.note],
            ['handed-by', faults.by],
          ]}
        />
        <Field {...to} label={says.to}>
          <PersonSelect people={people} chosen={form.to} nobody={nobody.text} field={to} />
        </Field>
        <Field {...note} label={says.note}>
          <textarea rows={2} {...controlProps(note)}>
            {form.note}
          </textarea>
        </Field>
        <Field {...by} label={says.by}>
          <PersonSelect people={people} chosen={form.by} nobody={words.page.none} field={by} />
        </Field>
        <p class="act">
          <button type="submit">{says.submit}</button>
        </p>
      </form>
    </section>
  );
}

interface UntakenProps {
  readonly words: Words;
  readonly promiseId: string;
  readonly handOver: HandOver | null;
  /** A name by an id. */
  readonly nameOf: (id: string) => string;
  readonly time: (at: Instant) => string;
}

/** That the new owner has not acknowledged it, with a button to do so; nothing where there is nothing to acknowledge. */
export function Untaken({ words, promiseId, handOver, nameOf, time }: UntakenProps) {
  if (handOver === null || handOver.acknowledgedAt !== null || handOver.dueAt === null) return null;
  const { from, to, dueAt } = handOver;
  const { waiting, acknowledge } = words.people;
  return (
    <form class="untaken" method="post" action={`/promises/${promiseId}/acknowledge`}>
      <p>{waiting(from === null ? null : nameOf(from), nameOf(to), time(dueAt))}</p>
      <input type="hidden" name="by" value={to} />
      <button type="submit">{acknowledge}</button>
    </form>
  );
}

/** One of the staff, by name, as a link to their page. */
export const PersonLink = ({ id, name }: { readonly id: string; readonly name: string }) => (
  <a href={`/people/${encodeURIComponent(id)}`}>{name}</a>
);
