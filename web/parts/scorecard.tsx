import type { WordKeptGroup } from '../../domain/metrics/word-kept.ts';
import type { Words } from '../../words/en.ts';
import { countText, shareText } from '../../words/format.ts';
import type { Scorecard } from '../shapes.ts';
import { FactsTable } from './facts-table.tsx';
import { Ring } from './rate.tsx';

interface ScorecardProps {
  readonly words: Words;
  readonly scorecard: Scorecard;
  readonly total: WordKeptGroup;
}

/** How a partner does: its kept rate as a picture with its numbers, against its goal, what is left of what may break, and the checkpoints that it missed. */
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
      {total.kept + notKept === 0 ? null : (
        <div class="seen">
          <div class="rate">
            <Ring words={words} kept={total.kept} broken={total.broken} overdue={total.overdue} />
            <p>
              <strong class="figure">{shareText(keptRate)}</strong>
              {goal === null ? null : <span class="sub">{words.reports.goal(shareText(goal))}</span>}
            </p>
          </div>
          <FactsTable
            columns={[says.column.outcome, says.column.promises]}
            rows={(['kept', 'broken', 'overdue'] as const).map((phase) => [
              words.names.phase[phase],
              count(total[phase]),
            ])}
            sum={goal === null ? null : [says.allowed, count(brokenAllowed ?? 0)]}
          />
        </div>
      )}
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
