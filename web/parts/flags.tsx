import type { Flag } from '../../domain/promise/words.ts';
import type { Words } from '../../words/en.ts';

/** What to look at again on a promise, and why; nothing where nothing is. */
export function Flags({ words, flags }: { readonly words: Words; readonly flags: readonly Flag[] }) {
  if (flags.length === 0) return null;
  const { spoken, names } = words;
  return (
    <section class="flags" aria-labelledby="flags-title">
      <h2 id="flags-title">{spoken.flags}</h2>
      <ul>
        {flags.map((flag) => (
          <li>
            <strong>{names.flag[flag]}</strong>: {spoken.flagMeans[flag]}
          </li>
        ))}
      </ul>
    </section>
  );
}
