import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { runKept } from '../support/kept.ts';
import { differences, type Difference } from './differences.ts';
import { countFigures, DATA, loadLedger, type Chosen } from './ledger.ts';

/** What the files hold, known before any code was written. One more: a line here, and how a stranger reads it in `<source>.sql`. */
const KNOWN = [
  // source, file, rows, of them without a deadline; kept, broken, overdue, withdrawn
  ['olist', 'olist_orders.csv.gz', 2857, 0, 2539, 231, 59, 28],
  ['scms', 'scms_deliveries.csv.gz', 7231, 0, 6513, 718, 0, 0],
  ['boston', 'boston_311.csv.gz', 3499, 553, 2597, 349, 0, 0],
  ['nyc', 'nyc_flights_2013.csv.gz', 235_884, 0, 133_300, 94_999, 0, 7585],
] as const;
const SOURCES = KNOWN.map(([source, file, rows, undated, kept, broken, overdue, withdrawn]) => ({
  source,
  file,
  rows,
  undated,
  counts: { kept, broken, overdue, withdrawn },
}));

const GROUPINGS = ['kind', 'partner', 'owner', 'source', 'region', 'product', 'week', 'month'] as const;
/** Days are those of each promise's own zone: a month in São Paulo is none in Boston. */
const CHOICES: readonly { readonly what: string; readonly by: string; readonly chosen: Chosen }[] = [
  ...SOURCES.map(({ source }) => ({ what: source, by: 'week', chosen: { source } })),
  { what: 'one month of two sources', by: 'source', chosen: { from: '2017-11-01', to: '2017-11-30' } },
  { what: 'ten days up to the change of clocks', by: 'week', chosen: { from: '2013-03-01', to: '2013-03-10' } },
  { what: 'one partner until a day', by: 'region', chosen: { partner: 'UA', to: '2013-01-31' } },
];
const SET_UP_MS = 300_000;

const missing = SOURCES.filter(({ file }) => !existsSync(DATA + file)).map(({ file }) => file);
if (missing.length > 0) console.warn(`Skipped: ${missing.join(', ')} absent from ${DATA}.`);

describe.skipIf(missing.length > 0)('the figures of the shared histories', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let home: string;
  const imported = new Map<string, unknown>();

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'kept-figures-'));
    database = await testDatabase();
    pool = new pg.Pool({ connectionString: database.url, options: '-c timezone=UTC' });
    await loadLedger(pool, SOURCES);
    await kept('migrate');
    for (const { source, file } of SOURCES) {
      const errors = join(home, `${source}.errors.csv`);
      const summary = await kept('import', DATA + file, '--mapping', source, '--errors', errors, '--json');
      imported.set(source, JSON.parse(summary));
    }
  }, SET_UP_MS);

  afterAll(async () => {
    await pool.end();
    await database.drop();
    rmSync(home, { recursive: true, force: true });
  });

  async function kept(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await runKept(args, { DATABASE_URL: database.url });
    if (code !== 0) throw new Error(`kept ${args.join(' ')} ended with ${code}:\n${stderr}`);
    return stdout;
  }

  /** What report and count do not agree on. */
  async function disagreements(by: string, chosen: Chosen = {}): Promise<readonly Difference[]> {
    const options = Object.entries(chosen).flatMap(([name, value]) => [`--${name}`, value]);
    const report: unknown = JSON.parse(await kept('report', '--by', by, ...options, '--json'));
    return differences(report, await countFigures(pool, by, chosen));
  }

  it.each(SOURCES)('are counted from $file as they are known', async ({ source, counts }) => {
    expect(await countFigures(pool, 'source', { source })).toMatchObject([{ key: source, figures: counts }]);
  });

  it.each(SOURCES)('are those of all rows of $file that were promised something', ({ source, rows, undated }) => {
    const errors = undated > 0 ? { NO_DEADLINE: undated } : {};
    const summary = { source, rows, imported: rows - undated, existing: 0, rejected: undated, errors };
    expect(imported.get(source)).toEqual(expect.objectContaining(summary));
  });

  it.each(GROUPINGS)('are by %s what a stranger counts', async (by) => {
    expect(await disagreements(by)).toEqual([]);
  });

  it.each(CHOICES)('are of $what by $by what a stranger counts', async ({ by, chosen }) => {
    expect(await disagreements(by, chosen)).toEqual([]);
  });
});
