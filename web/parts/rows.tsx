import type { Instant, Zone } from '../../domain/promise/instant.ts';
import { stands } from '../../domain/promise/plan.ts';
import type { Words } from '../../words/en.ts';
import { shortWhenText } from '../../words/format.ts';
import { SECTIONS, type BoardData, type BoardRow, type Section } from '../../domain/metrics/board.ts';
import { Alarms } from './alarms.tsx';
import { Bar, leftText } from './bar.tsx';
import { PersonLink } from './hand-over.tsx';
import { PhaseTag } from './phase.tsx';
import { sayingOf } from './saying.ts';
import { Waiting, withinText } from './waiting.tsx';
import { toldLater, waitsFor } from './waits.ts';

type Board = Pick<BoardData, 'rows' | 'now' | 'zone'>;

interface RowsProps {
  readonly words: Words;
  readonly board: Board;
  /** How many are open, those not listed, too. */
  readonly open: number;
  /** False where all have the same owner. */
  readonly owners?: boolean;
}

/** Open promises, a table of one group per section. Roles are spelled out: narrow screens lay it out as cards. */
export function Rows({ words, board, open, owners = true }: RowsProps) {
  const { today } = words.page;
  const { owner, ...others } = today.column;
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
            {Object.values(owners ? { ...others, owner } : others).map((title) => (
              <th scope="col" role="columnheader">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        {SECTIONS.map((section) => (
          <Group
            words={words}
            section={section}
            rows={board.rows.filter((row) => row.section === section)}
            board={board}
            owners={owners}
          />
        ))}
      </table>
      {open > board.rows.length ? <p class="sub">{today.more(open - board.rows.length)}</p> : null}
    </>
  );
}

interface GroupProps {
  readonly words: Words;
  readonly section: Section;
  readonly rows: readonly BoardRow[];
  readonly board: Board;
  readonly owners: boolean;
}

function Group({ words, section, rows, board, owners }: GroupProps) {
  if (rows.length === 0) return null;
  const { groupToo } = words.page.today;
  const others = rows.some(({ phase }) => phase !== section);
  const too = others && section !== 'overdue' ? `${groupToo[section]} ` : '';
  return (
    <tbody role="rowgroup" id={`group-${section}`}>
      <tr role="row" class="group" id={`group-head-${section}`}>
        <th role="rowheader" scope="rowgroup" colspan={owners ? 4 : 3}>
          <PhaseTag words={words} phase={section} /> {too}
          <span class="count">{rows.length}</span>
        </th>
      </tr>
      {rows.map((row) => (
        <Row words={words} row={row} now={board.now} zone={board.zone} owners={owners} />
      ))}
    </tbody>
  );
}

interface RowProps {
  readonly words: Words;
  readonly row: BoardRow;
  readonly now: Instant;
  readonly zone: Zone;
  readonly owners: boolean;
}

function Row({ words, row, now, zone, owners }: RowProps) {
  const { waits, today } = words.page;
  const { column } = today;
  const when = { at: row.promisedAt, day: row.day, from: row.windowFrom, zone };
  const { phase, section, wakeAt, promisedAt, windowFrom, nextNewsAt, waitingSince, waitingUntil, clock } = row;
  const told = toldLater(row);
  // A warned promise keeps the colour of its group when the estimate has aged; one past its time keeps its own.
  const look = phase === 'open' ? section : phase;
  const saying = sayingOf(words, row, { now, zone }, [
    ...[wakeAt, promisedAt, windowFrom, told, nextNewsAt],
    ...(row.waitingFor === null ? [] : [waitingSince, waitingUntil]),
  ]);
  return (
    <tr role="row" id={`p-${row.id}`} class={look}>
      <th role="rowheader" scope="row" class="what">
        <a href={`/promises/${row.id}`}>{row.subject ?? row.ref}</a>
        <span class="sub">
          {[row.kind, `${row.source}${row.subject === null ? '' : ` ${row.ref}`}`, row.customerRef].map((label) => (
            <span class="label">{label}</span>
          ))}
        </span>
      </th>
      <td role="cell" class="time">
        <Alarms words={words} unreached={row.unreached} nextNewsAt={nextNewsAt} now={now} time={saying.time} />
        <span class="time-head">
          <span class="left">{leftText(words, row, now)}</span>
          {look === section ? null : <PhaseTag words={words} phase={look} />}
          <Waiting words={words} promise={row} time={saying.time} />
          {told === null ? null : <span class="told">{today.told(saying.deadline(told))}</span>}
        </span>
        <Bar words={words} times={{ ...row, phase: look }} now={now} zone={zone} />
        <span class="waits">
          {waits.label} <span>{waitsFor(words, row, now, saying)}</span>
        </span>
      </td>
      <td role="cell" class="when" data-label={column.promised}>
        {stands(row) && clock ? withinText(words, clock) : shortWhenText(words.clock, when, now, saying.seconds)}
      </td>
      {owners ? (
        <td role="cell" data-label={column.owner}>
          {row.owner === null || row.ownerId === null ? (
            words.page.none
          ) : (
            <PersonLink id={row.ownerId} name={row.owner} />
          )}
        </td>
      ) : null}
    </tr>
  );
}
