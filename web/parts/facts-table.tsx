import type { Child } from 'hono/jsx';

/** A cell; `look` is a class of the style sheet. */
export interface Cell {
  readonly text: Child;
  readonly look?: string;
}

interface FactsTableProps {
  readonly columns: readonly string[];
  /** The first of each is its name. */
  readonly rows: readonly (readonly (string | Cell)[])[];
  /** A last row that sums up. */
  readonly sum?: readonly string[] | null;
  /** Cells that stand alone on narrow screens say their column; the first need not. */
  readonly labelled?: boolean;
}

/** A table of sentences. Roles are spelled out: narrow screens lay it out as blocks. */
export function FactsTable({ columns, rows, sum = null, labelled = false }: FactsTableProps) {
  return (
    <table class="facts" role="table">
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((title) => (
            <th scope="col" role="columnheader">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((cells) => (
          <Row columns={columns} cells={cells} labelled={labelled} />
        ))}
      </tbody>
      {sum === null ? null : (
        <tfoot role="rowgroup">
          <Row columns={columns} cells={sum} labelled={false} />
        </tfoot>
      )}
    </table>
  );
}

interface RowProps {
  readonly columns: readonly string[];
  readonly cells: readonly (string | Cell)[];
  readonly labelled: boolean;
}

function Row({ columns, cells, labelled }: RowProps) {
  const [first = '', ...others] = cells.map((cell): Cell => (typeof cell === 'string' ? { text: cell } : cell));
  const name = typeof first === 'string' ? { text: first } : first;
  return (
    <tr role="row">
      <th scope="row" role="rowheader" class={name.look ?? ''}>
        {name.text}
      </th>
      {others.map(({ text, look = '' }, index) => (
        <td role="cell" class={look} {...(labelled ? { 'data-label': columns[index + 1] ?? '' } : {})}>
          {text}
        </td>
      ))}
    </tr>
  );
}
