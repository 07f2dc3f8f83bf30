import type { Words } from '../../words/en.ts';
import { Fault, controlProps, idOf } from './form.tsx';

interface SearchProps {
  readonly words: Words;
  readonly q?: string;
  readonly fault?: string | undefined;
  readonly focus?: boolean;
}

/** Finds a customer by whatever they name. It is posted: what stands in an address ends up in logs. */
export function Search({ words: { find: says }, q = '', fault, focus = false }: SearchProps) {
  return (
    <form class="search" method="post" action="/find" role="search" aria-label={says.title} autocomplete="off">
      <div>
        <label for={idOf('q')}>{says.q}</label>
        <input
          type="search"
          {...controlProps({ name: 'q', fault })}
          value={q}
          {...(focus ? { autofocus: true } : {})}
        />
        <Fault name="q" fault={fault} />
      </div>
      <button type="submit">{says.submit}</button>
    </form>
  );
}
