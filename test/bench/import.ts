import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { ImportResult } from '../../cli/import/tally.ts';
import type { Pool } from '../../db/pool.ts';
import { policy, seed } from '../support/registrations.ts';
import { figure, type Bench } from './figures.ts';
import { withPostgres } from './with-postgres.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const NEW_YORK = fileURLToPath(new URL('../../../shared/data/nyc_flights_2013.csv.gz', import.meta.url));
const ROWS = 100_000;
const SECONDS = 20;
const MEGABYTES = 200;

/** P7: a history into an empty database through the command line, and the same rows by a bare COPY in the same run. */
export async function benchImport(): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'kept-bench-import-'));
  try {
    const args = existsSync(NEW_YORK) ? realRows(folder) : madeRows(folder);
    return await withPostgres(async (pool, url) => {
      await seed(pool, [policy({ kind: 'delivery', buffer: { fixed: 'P1D' } })]);
      const first = await runImport(url, args);
      const again = await runImport(url, args);
      const copySeconds = await bareCopy(pool);
      return {
        settings: `${ROWS} rows of ${existsSync(NEW_YORK) ? 'New York' : 'made-up orders'}, PostgreSQL with fsync, start of the command and roll-up of the days counted in`,
        figures: [
          figure('imported', first.result.imported, '', { exactly: ROWS }),
          figure('seconds', first.seconds, 's', { atMost: SECONDS }),
          figure('rate', ROWS / first.seconds, 'rows/s', { atLeast: ROWS / SECONDS }),
          figure('most memory of the command', first.megabytes, 'MB', { atMost: MEGABYTES }),
          figure('existing, the second time', again.result.existing, '', { exactly: ROWS }),
          figure('seconds, the second time', again.seconds, 's'),
          figure('most memory of the command, the second time', again.megabytes, 'MB', { atMost: MEGABYTES }),
          figure('bare COPY of the same promises and facts, no index', copySeconds, 's'),
          figure('import / bare COPY', first.seconds / copySeconds, ''),
        ],
      };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function realRows(folder: string): readonly string[] {
  const lines = gunzipSync(readFileSync(NEW_YORK)).toString('utf8').split('\n');
  const file = join(folder, 'flights.csv');
  writeFileSync(file, `${lines.slice(0, ROWS + 1).join('\n')}\n`);
  return [file, '--mapping', 'nyc'];
}

function madeRows(folder: string): readonly string[] {
  const [file, mapping] = [join(folder, 'orders.csv'), join(folder, 'orders.yaml')];
  const day = (at: number): string => new Date(Date.UTC(2024, 0, 1) + at).toISOString();
  const DAY_MS = 86_400_000;
  const line = (n: number): string => {
    const madeAt = n * 300_000;
    const doneAt = madeAt + (1 + (n % 7)) * DAY_MS;
    return `o${n},${day(madeAt)},${day(madeAt + 5 * DAY_MS)},${day(doneAt)},carrier ${n % 20},region ${n % 50}`;
  };
  writeFileSync(
    file,
    ['order,ordered,due,delivered,carrier,region', ...Array.from({ length: ROWS }, (_, n) => line(n)), ''].join('\n'),
  );
  writeFileSync(
    mapping,
    `name: orders
zone: Europe/Tallinn
precision: instant
columns: { ref: order, madeAt: ordered, promised: due, fulfilled: delivered, partner: carrier, region: region }
values: { kind: delivery }
`,
  );
  return [file, '--mapping', mapping];
}

interface Ran {
  readonly result: ImportResult;
  readonly seconds: number;
  readonly megabytes: number;
}

const LOOK_MS = 20;

/** The command in a process of its own; its highest memory is what the system says of it while it runs. */
async function runImport(url: string, args: readonly string[]): Promise<Ran> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [MAIN, 'import', ...args, '--json'], {
    // oxlint-disable-next-line node/no-process-env -- a child gets what this process has
    env: { ...process.env, DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let [stdout, kilobytes] = ['', 0];
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (stdout += text));
  const look = setInterval(() => {
    kilobytes = Math.max(kilobytes, highest(child.pid));
  }, LOOK_MS);
  await new Promise((resolve) => child.once('close', resolve));
  clearInterval(look);
  const seconds = (performance.now() - startedMs) / 1000;
  return { result: JSON.parse(stdout) as ImportResult, seconds, megabytes: (kilobytes * 1024) / 1e6 };
}

function highest(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** The same rows from a file of the server into tables without anything: the least that storing them costs. */
async function bareCopy(pool: Pool): Promise<number> {
  let seconds = 0;
  for (const table of ['promises', 'facts']) {
    const { rows } = await pool.query<{ file: string }>(`select current_setting('data_directory') || '/bench' as file`);
    const file = rows[0]?.file.replaceAll(`'`, `''`) ?? '';
    await pool.query(`create table bare_${table} (like ${table})`);
    await pool.query(`copy ${table} to '${file}'`);
    const startedMs = performance.now();
    await pool.query(`copy bare_${table} from '${file}'`);
    seconds += (performance.now() - startedMs) / 1000;
  }
  return seconds;
}
