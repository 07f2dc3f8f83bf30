import { createErrorFile } from '../../../cli/import/error-file.ts';
import { importFile } from '../../../cli/import/import.ts';
import type { FileRow, HistoryRow, Mapping } from '../../../cli/import/mapping.ts';
import type { Examples, ImportResult } from '../../../cli/import/tally.ts';
import type { Pool } from '../../../db/pool.ts';
import type { OutsideFact } from '../../../domain/promise/facts.ts';
import type { Instant } from '../../../domain/promise/instant.ts';
import { file } from './reading.ts';

/** A mapping that reads nothing but what stands there: every time an instant, empty cells nothing. */
export const plain = (name = 'shop'): Mapping => ({
  name,
  zone: 'Europe/Tallinn',
  columns: ['ref', 'promised'],
  notes: ['A made-up file.'],
  read: (row) => {
    if (!row['promised'])
      return { rejected: true, code: 'NO_DEADLINE', column: 'promised', value: '', message: 'Empty.' };
    return rowOf(row, (column) => (row[column] || null) as Instant | null);
  },
});

function rowOf(row: FileRow, time: (column: string) => Instant | null): HistoryRow {
  const [estimated, done, cancelled] = [time('estimated'), time('done'), time('cancelled')];
  const facts: OutsideFact[] = [
    ...(estimated ? [{ kind: 'estimated', factKey: 'estimate', occurredAt: estimated, at: estimated } as const] : []),
    ...(done ? [{ kind: 'fulfilled', factKey: 'done', occurredAt: done } as const] : []),
    ...(cancelled ? [{ kind: 'withdrawn', factKey: 'off', occurredAt: cancelled, by: 'customer' } as const] : []),
  ];
  const email = row['email'] || null;
  return {
    ref: row['ref'] ?? '',
    kind: row['kind'] || 'delivery',
    madeAt: time('made'),
    promised: { precision: 'instant', at: time('promised') as Instant },
    target: null,
    facts,
    owner: row['owner'] || null,
    partner: row['partner'] || null,
    region: null,
    product: null,
    subject: null,
    customer:
      email === null ? null : { ref: `C-${row['ref']}`, name: null, email, phone: null, language: null, zone: null },
    ignored: [],
  };
}

/** A CSV of `plain`: each row by its cells, in the order of the columns that are named. */
export const csv = (columns: string, ...rows: readonly string[]): string => [columns, ...rows, ''].join('\n');

export interface ImportWish {
  readonly live?: boolean;
  readonly dryRun?: boolean;
  readonly mapping?: Mapping;
  readonly errors?: string;
  readonly name?: string;
}

/** Brings a text in as a file would be. */
export const bringIn = async (pool: Pool, content: string | Buffer, wish?: ImportWish): Promise<ImportResult> =>
  (await broughtIn(pool, content, wish)).result;

/** The same with the first row of each code. */
export async function broughtIn(
  pool: Pool,
  content: string | Buffer,
  wish: ImportWish = {},
): Promise<{ readonly result: ImportResult; readonly examples: Examples }> {
  const errors = wish.errors === undefined ? null : createErrorFile(wish.errors);
  try {
    return await importFile({
      pool,
      file: file(wish.name ?? 'shop.csv', content),
      mapping: wish.mapping ?? plain(),
      live: wish.live ?? false,
      dryRun: wish.dryRun ?? false,
      errors,
      progress: { read: () => {}, rows: () => {}, stop: () => {} },
    });
  } finally {
    await errors?.close();
  }
}

/** Everything that an import may write to, to see that it wrote nothing, or the same. */
export async function everything(pool: Pool): Promise<unknown> {
  const tables = ['promises', 'facts', 'duties', 'outbox', 'staff_alerts', 'customers', 'rollup_due', 'dispatches'];
  const rows = await Promise.all(
    tables.map(async (table) => {
      const { rows: all } = await pool.query<{ text: string }>(`select t::text as text from ${table} t order by 1`);
      return [table, all.map(({ text }) => text)] as const;
    }),
  );
  return Object.fromEntries(rows);
}
