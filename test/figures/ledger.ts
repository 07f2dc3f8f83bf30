import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type pg from 'pg';

const HERE = new URL('.', import.meta.url);
export const DATA = fileURLToPath(new URL('../../../shared/data/', HERE));
const BATCH = 20_000;

/** A file of the shared data, and the name of its mapping. */
export interface HistoryFile {
  readonly source: string;
  readonly file: string;
}

/** The figures of one group, as the report has them in JSON. */
export interface Counted {
  readonly key: string | null;
  readonly figures: unknown;
}

/**
 * Reads the files into tables of text and makes one ledger of them by SQL alone, in the schema `raw`. Shares no code with
 * Kept: a second opinion of what the files say.
 */
export async function loadLedger(pool: pg.Pool, files: readonly HistoryFile[]): Promise<void> {
  await pool.query(sql('ledger'));
  for (const { source, file } of files) {
    await loadRaw(pool, source, file);
    await pool.query(sql(source));
  }
  await pool.query('analyze raw.ledger');
}

/** The promises that a report is about, named like the options of the command. */
export interface Chosen {
  readonly source?: string;
  readonly partner?: string;
  /** First and last day. */
  readonly from?: string;
  readonly to?: string;
}

/** Every figure of every group, counted from the ledger. */
export async function countFigures(pool: pg.Pool, by: string, chosen: Chosen = {}): Promise<readonly Counted[]> {
  const { source = null, partner = null, from = null, to = null } = chosen;
  const { rows } = await pool.query<Counted>(sql('figures'), [by, source, partner, from, to]);
  return rows;
}

async function loadRaw(pool: pg.Pool, table: string, file: string): Promise<void> {
  const rows: readonly Record<string, string>[] = parse(gunzipSync(readFileSync(DATA + file)), { columns: true });
  const columns = Object.keys(rows[0] ?? {}).map((name) => `"${name}" text`);
  await pool.query(`create unlogged table raw.${table} (${columns.join(', ')})`);
  for (let from = 0; from < rows.length; from += BATCH) {
    const batch = JSON.stringify(rows.slice(from, from + BATCH));
    await pool.query(`insert into raw.${table} select * from json_populate_recordset(null::raw.${table}, $1)`, [batch]);
  }
}

const sql = (name: string): string => readFileSync(new URL(`${name}.sql`, HERE), 'utf8');
