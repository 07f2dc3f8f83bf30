import type { WordKeptGroup } from '../../domain/metrics/word-kept.ts';
import type { Words } from '../../words/en.ts';
import { countText, shareText } from '../../words/format.ts';
import type { Scorecard } from '../shapes.ts';
import { FactsTable } from './facts-table.tsx';

interface ScorecardProps {
  readonly words: Words;
  readonly scorecard: Scorecard;
  readonly total: WordKeptGroup;
}

/** How a partner does: against its goal, what is left of what may break, and the checkpoints that it missed. */
export function ScorecardPart({ words, scorecard: { name, slips }, total }: ScorecardProps) {
  const { scorecard: says } = words.reports;
  const count = (n: number): string => countText(words.language, n);
  const { goal, brokenAllowed, keptRate } = total;
  const notKept = total.broken + total.overdue;
  const left = (brokenAllowed ?? 0) - notKept;
  return (
    <section class="card report" aria-labelledby="scorecard-title">
      <h2 id="scorecard-title">{says.title(name)}</h2>
      <p class="reading">
        {[
          says.kept(shareText(keptRate), count(total.kept + notKept)),
          goal === null ? says.noGoal : says.goal(shareText(goal), count(brokenAllowed ?? 0), count(notKept)),
          ...(goal === null ? [] : [left < 0 ? says.over(count(-left)) : says.left(count(left))]),
        ].join(' ')}
      </p>
      {slips.length === 0 ? (
        <p>{says.noSlips}</p>
      ) : (
        <FactsTable
          columns={[says.column.checkpoint, says.column.promises]}
          rows={slips.map(({ checkpoint, promises }) => [checkpoint, count(promises)])}
          labelled
        />
      )}
    </section>
  );
}
