import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';

/** Taken for the whole run, so that two `kept migrate` at once apply each migration once. */
const MIGRATION_LOCK = 7_400_001;

/**
 * Brings the schema up to date; applied migrations are skipped, two callers take turns.
 * @throws when PostgreSQL cannot be reached or a migration fails; the failed one is rolled back.
 */
export async function migrate(url: string, folder: string = migrationsFolder()): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'kept migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await runner({
      dbClient: client,
      dir: folder,
      direction: 'up',
      migrationsTable: 'migrations',
      noLock: true,
      log: () => {},
    });
  } finally {
    await client.end();
  }
}

/** The SQL files lie beside the sources, also when the compiled code runs from `dist/`. */
export function migrationsFolder(): string {
  const here = fileURLToPath(new URL('migrations', import.meta.url));
  return existsSync(here) ? here : fileURLToPath(new URL('../../db/migrations', import.meta.url));
}
