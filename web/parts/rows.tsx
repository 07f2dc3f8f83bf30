import type { Instant, Zone } from '../../domain/promise/instant.ts';
import type { Words } from '../../words/en.ts';
import { shortWhenText } from '../../words/format.ts';
import type { BoardData, BoardRow } from '../../domain/metrics/board.ts';
import { Bar, leftText } from './bar.tsx';
import { PhaseTag } from './phase.tsx';
import { waitsFor } from './waits.ts';

const GROUPS = ['at_risk', 'overdue', 'open'] as const;

/** The open promises, a table of one group per phase. Roles are spelled out: narrow screens lay it out as cards. */
export function Rows({ words, board }: { readonly words: Words; readonly board: BoardData }) {
  const { today } = words.page;
  const open = board.kinds.reduce((sum, { counts }) => sum + counts.open + counts.at_risk + counts.overdue, 0);
  if (board.rows.length === 0)
    return (
      <div class="empty">
        <p>{today.empty}</p>
        <p class="sub">{today.emptyHint}</p>
      </div>
    );
  return (
    <>
      <table class="rows" role="table">
        <caption class="unseen">{today.rowsCaption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {Object.values(today.column).map((title) => (
              <th scope="col" role="columnheader">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        {GROUPS.map((phase) => (
          <Group words={words} phase={phase} rows={board.rows.filter((row) => row.phase === phase)} board={board} />
        ))}
      </table>
      {open > board.rows.length ? <p class="sub">{today.more(open - board.rows.length)}</p> : null}
    </>
  );
}

interface GroupProps {
  readonly words: Words;
  readonly phase: (typeof GROUPS)[number];
  readonly rows: readonly BoardRow[];
  readonly board: BoardData;
}

function Group({ words, phase, rows, board }: GroupProps) {
  if (rows.length === 0) return null;
  return (
    <tbody role="rowgroup" id={`group-${phase}`}>
      <tr role="row" class="group" id={`group-head-${phase}`}>
        <th role="rowheader" scope="rowgroup" colspan={4}>
          <PhaseTag words={words} phase={phase} /> <span class="count">{rows.length}</span>
        </th>
      </tr>
      {rows.map((row) => (
        <Row words={words} row={row} now={board.now} zone={board.zone} />
      ))}
    </tbody>
  );
}

interface RowProps {
  readonly words: Words;
  readonly row: BoardRow;
  readonly now: Instant;
  readonly zone: Zone;
}

function Row({ words, row, now, zone }: RowProps) {
  const { waits, today } = words.page;
  const { column } = today;
  const when = { at: row.promisedAt, day: row.day, from: row.windowFrom, zone };
  return (
    <tr role="row" id={`p-${row.id}`} class={row.phase}>
      <th role="rowheader" scope="row" class="what">
        <a href={`/promises/${row.id}`}>{row.subject ?? row.ref}</a>
        <span class="sub">
          {[row.kind, `${row.source}${row.subject === null ? '' : ` ${row.ref}`}`, row.customerRef].map((label) => (
            <span class="label">{label}</span>
          ))}
        </span>
      </th>
      <td role="cell" class="time">
        <span class="left">{leftText(words, row, now)}</span>
        <Bar words={words} times={row} now={now} zone={zone} />
        <span class="waits">
          {waits.label} <span>{waitsFor(words, row, now, zone)}</span>
        </span>
      </td>
      <td role="cell" class="when" data-label={column.promised}>
        {shortWhenText(words.clock, when, now)}
      </td>
      <td role="cell" data-label={column.owner}>
        {row.owner ?? words.page.none}
      </td>
    </tr>
  );
}
