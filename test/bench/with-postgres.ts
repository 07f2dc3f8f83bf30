import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, SHARED_CACHE } from '../../cli/config.ts';
import { postgresBinaries } from '../../cli/up/postgres-binaries.ts';
import { startPostgres } from '../../cli/up/postgres.ts';
import { databaseUser } from '../../cli/up/run-as.ts';
import { migrate } from '../../db/migrate.ts';
import { createPool, type Pool } from '../../db/pool.ts';

const STATEMENT_MS = 600_000;

/** Does `work` with an empty, migrated PostgreSQL of its own, as `kept up` would start it. */
export async function withPostgres<T>(work: (pool: Pool, url: string) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'kept-bench-'));
  chmodSync(home, 0o755);
  const quiet = (): void => {};
  const user = databaseUser(undefined, quiet);
  const binaries = postgresBinaries({ user, elsewhere: [cacheFolder(), SHARED_CACHE], log: quiet });
  const [dataDir, logFile] = [join(home, 'data'), join(home, 'postgres.log')];
  const postgres = await startPostgres({ binaries, user, dataDir, password: 'bench', port: 0, logFile, log: quiet });
  const pool = createPool({ url: postgres.url('postgres'), max: 4, name: 'kept bench', statementMs: STATEMENT_MS });
  try {
    await migrate(postgres.url('postgres'));
    return await work(pool, postgres.url('postgres'));
  } finally {
    await pool.end();
    await postgres.stop();
    rmSync(home, { recursive: true, force: true });
  }
}
