import type { MarginHistogram } from '../../domain/metrics/margins.ts';
import type { WordKeptGroup } from '../../domain/metrics/word-kept.ts';
import { inOrder, isTime, keyText } from '../../reports/charts/groups.ts';
import { fulfilledOf } from '../../reports/charts/margin-bars.ts';
import { binText, marginText } from '../../reports/charts/margin-texts.ts';
import type { Picture, ReportFigures } from '../../reports/charts/picture.ts';
import { weekPoints } from '../../reports/charts/week-points.ts';
import { mondayText } from '../../reports/charts/weeks.ts';
import { CELLS, type Cell } from '../../reports/columns.ts';
import type { Words } from '../../words/en.ts';
import { countText, lengthText, shareText } from '../../words/format.ts';

interface TableProps {
  readonly words: Words;
  readonly figures: ReportFigures;
}

/** The numbers of a picture. */
export function ReportTable({ name, ...props }: TableProps & { readonly name: Picture['name'] }) {
  switch (name) {
    case 'weeks':
      return <Weeks {...props} />;
    case 'margins':
      return <Margins {...props} />;
    case 'groups':
      return <Groups {...props} />;
  }
}

interface FrameProps {
  readonly words: Words;
  readonly caption: string;
  readonly columns: readonly string[];
  /** The first of each is its name. */
  readonly rows: readonly (readonly string[])[];
  readonly further?: string | null;
}

/**
 * A long table scrolls by itself, so that the next picture is not far away; the keyboard reaches it. Its caption is shown
 * above it, where it does not scroll away.
 */
const Frame = ({ words, caption, columns, rows, further = null }: FrameProps) => (
  <div>
    <p class="sub" aria-hidden="true">
      {caption}
    </p>
    <div class="scroll" role="region" aria-label={words.reports.tableOf(caption)} tabindex={0}>
      <table class="figures">
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((title) => (
              <th scope="col">{title}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([first, ...others]) => (
            <tr>
              <th scope="row">{first}</th>
              {others.map((text) => (
                <td>{text}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
    {further === null ? null : <p class="sub">{further}</p>}
  </div>
);

/** The newest first, those without promises left out. */
function Weeks({ words, figures }: TableProps) {
  const says = words.reports.weeks;
  const { column } = says;
  const count = (n: number) => countText(words.language, n);
  const shown = weekPoints(figures.weeks.groups).filter(({ due }) => due > 0);
  const rows = shown
    .toReversed()
    .map(({ monday, due, kept, rate }) => [
      mondayText(words, monday),
      shareText(rate),
      count(due),
      count(kept),
      count(due - kept),
    ]);
  return (
    <Frame
      words={words}
      caption={says.caption(count(shown.length))}
      columns={[column.week, column.rate, column.due, column.kept, column.late]}
      rows={rows}
    />
  );
}

/** The earliest first, as in the picture from left to right. */
function Margins({ words, figures: { margins } }: TableProps) {
  if (!margins) return null;
  const says = words.reports.margins;
  const { from, count, share } = says.column;
  return (
    <Frame words={words} caption={says.caption} columns={[from, count, share]} rows={marginRows(margins, words)} />
  );
}

function marginRows(margins: MarginHistogram, words: Words): readonly (readonly string[])[] {
  const says = words.reports.margins;
  const { bins, above, below } = margins;
  const fulfilled = fulfilledOf(margins);
  const length = (ms: number) => lengthText(words.clock, ms);
  const row = (name: string, n: number) => [
    name,
    countText(words.language, n),
    n > 0 && n / fulfilled < LEAST_SHARE ? words.reports.lessThan(shareText(LEAST_SHARE)) : shareText(n / fulfilled),
  ];
  return [
    ...(above > 0 ? [row(says.moreEarly(length(bins.at(-1)?.toMs ?? 0)), above)] : []),
    ...bins.toReversed().map((bin) => row(binText(bin, words), bin.n)),
    ...(below > 0 ? [row(says.moreLate(length(bins[0]?.fromMs ?? 0)), below)] : []),
  ];
}

/** Shares are told in tenths of a per cent; some are not none. */
const LEAST_SHARE = 0.001;

const MOST_ROWS = 100;

/** The figures of what it took, by their paths. */
const EFFORT = [
  'newTimeKeptRate',
  'contactsPerPromise',
  'askedFirst',
  'firstContactRate',
  'remedyCost',
  'secondBreaks',
  'handOvers',
];
export const EFFORT_CELLS = CELLS.filter(({ path }) => EFFORT.includes(path));

/** Whether there is anything to say of it: of history alone there is not. */
export const tookEffort = (group: WordKeptGroup): boolean =>
  EFFORT_CELLS.some((cell) => ![null, 0].some((none) => cell.valueOf(group) === none));

/** Groups of which there is something to say, in the order of their picture; all together first. */
export function EffortTable({ words, figures: { groups, total } }: TableProps) {
  const says = words.reports;
  const by = says.grouping[groups.by];
  const row = (name: string, group: WordKeptGroup) => [
    name,
    ...EFFORT_CELLS.map((cell) => cellText(cell, group, words)),
  ];
  const rows = groupsInOrder(groups)
    .filter(tookEffort)
    .slice(0, MOST_ROWS)
    .map((group) => row(keyText(group, words), group));
  return (
    <Frame
      words={words}
      caption={says.effort.caption(by)}
      columns={[by, ...EFFORT_CELLS.map(({ title }) => title)]}
      rows={[row(says.groups.all, total), ...rows]}
    />
  );
}

function cellText(cell: Cell, group: WordKeptGroup, { language, reports }: Words): string {
  const value = cell.valueOf(group);
  if (value === null) return reports.none;
  if (typeof value === 'string') return value;
  if (cell.unit === 'share') return shareText(value);
  return Number.isInteger(value) ? countText(language, value) : value.toFixed(2);
}

const groupsInOrder = ({ by, groups }: ReportFigures['groups']): readonly WordKeptGroup[] =>
  isTime(by) ? groups.toReversed() : inOrder(groups, by);

/** Most promises first; weeks and months the newest first. */
function Groups({ words, figures: { groups } }: TableProps) {
  const says = words.reports.groups;
  const { column } = says;
  const by = words.reports.grouping[groups.by];
  const count = (n: number) => countText(words.language, n);
  const all = groupsInOrder(groups);
  const rows = all.slice(0, MOST_ROWS).map((group) => groupRow(group, words));
  const left = all.length - rows.length;
  return (
    <Frame
      words={words}
      caption={(isTime(groups.by) ? says.captionInTime : says.caption)(by, count(all.length))}
      columns={[by, column.rate, column.promises, column.kept, column.late, column.early, column.margin]}
      rows={rows}
      further={left > 0 ? says.further(count(left), groups.by) : null}
    />
  );
}

function groupRow(group: WordKeptGroup, words: Words): readonly string[] {
  const count = (n: number) => countText(words.language, n);
  return [
    keyText(group, words),
    shareText(group.keptRate),
    count(group.promises),
    count(group.kept),
    count(group.broken + group.overdue),
    shareText(group.earlyRate),
    marginText(group.marginMs.p50, words),
  ];
}
