import type { Phase } from '../../domain/promise/words.ts';
import type { Words } from '../../words/en.ts';
import { shareText } from '../../words/format.ts';
import type { BoardData, KindCounts } from '../../domain/metrics/board.ts';

type Counts = KindCounts['counts'];

/** The kept rate so far: a ring, and beside it the table it is drawn from. */
export function Rate({ words, board }: { readonly words: Words; readonly board: BoardData }) {
  const { today } = words.page;
  const all = board.kinds.reduce(
    (sum, { counts }) => ({
      kept: sum.kept + counts.kept,
      broken: sum.broken + counts.broken,
      overdue: sum.overdue + counts.overdue,
    }),
    { kept: 0, broken: 0, overdue: 0 },
  );
  const judged = judgedOf(all);
  if (judged === 0) return <p class="sub">{today.noRate}</p>;
  const goals = board.kinds.filter(({ counts }) => judgedOf(counts) > 0);
  return (
    <>
      <div class="rate">
        <Ring words={words} {...all} />
        <p>
          <strong class="figure">{shareText(all.kept / judged)}</strong>
          <span class="sub">{today.rateOver(all.kept, judged)}</span>
        </p>
      </div>
      <KindTable words={words} kinds={goals} total={all} />
      <p class="sub">{today.rateDefinition}</p>
      {board.countedOnly === null ? null : <p class="sub">{today.rateBounded(board.countedOnly)}</p>}
    </>
  );
}

type Judged = Pick<Counts, 'kept' | 'broken' | 'overdue'>;

const judgedOf = ({ kept, broken, overdue }: Judged): number => kept + broken + overdue;

/** The kept rate as a ring. Lengths of the three arcs are shares of 100, the length the circle says it has. */
export function Ring({ words, kept, broken, overdue }: Judged & { readonly words: Words }) {
  const judged = judgedOf({ kept, broken, overdue });
  const share = (count: number): number => Math.round((count / judged) * 10_000) / 100;
  const { phase } = words.names;
  const arc = (name: Phase, from: number, length: number) =>
    length === 0 ? null : (
      <circle
        class={`arc ${name}`}
        cx="48"
        cy="48"
        r="38"
        pathLength="100"
        stroke-dasharray={`${length} ${100 - length}`}
        stroke-dashoffset={`${25 - from}`}
      />
    );
  return (
    <svg
      class="ring"
      width="96"
      height="96"
      viewBox="0 0 96 96"
      role="img"
      aria-label={`${phase.kept} ${kept}, ${phase.broken} ${broken}, ${phase.overdue} ${overdue}`}
    >
      <circle class="track" cx="48" cy="48" r="38" />
      {arc('kept', 0, share(kept))}
      {arc('broken', share(kept), share(broken))}
      {arc('overdue', share(kept) + share(broken), share(overdue))}
    </svg>
  );
}

interface KindTableProps {
  readonly words: Words;
  readonly kinds: readonly KindCounts[];
  readonly total: Judged;
}

function KindTable({ words, kinds, total }: KindTableProps) {
  const { today } = words.page;
  const columns = today.rateColumn;
  return (
    <table class="figures">
      <caption class="unseen">{today.rateCaption}</caption>
      <thead>
        <tr>
          {Object.values(columns).map((title) => (
            <th scope="col">{title}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {kinds.map(({ kind, counts, goal }) => (
          <FigureRow name={kind} counts={counts} goal={goal === null ? null : today.goal(shareText(goal))} />
        ))}
      </tbody>
      {kinds.length > 1 ? (
        <tfoot>
          <FigureRow name={today.allKinds} counts={total} goal={null} />
        </tfoot>
      ) : null}
    </table>
  );
}

interface FigureRowProps {
  readonly name: string;
  readonly counts: Judged;
  readonly goal: string | null;
}

const FigureRow = ({ name, counts, goal }: FigureRowProps) => (
  <tr>
    <th scope="row">
      {name}
      {goal === null ? null : <span class="sub">{goal}</span>}
    </th>
    <td>{counts.kept}</td>
    <td>{counts.broken}</td>
    <td>{counts.overdue}</td>
    <td>{shareText(counts.kept / judgedOf(counts))}</td>
  </tr>
);
