import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runner, type MigrationBuilder } from 'node-pg-migrate';
import type pg from 'pg';
import { KeptError } from './fault-fields.ts';
import { Client } from './pool.ts';

const MIGRATIONS_TABLE = 'migrations';
/** Taken for the whole run, so that two `kept migrate` at once apply each migration once. */
const MIGRATION_LOCK = 7_400_001;

/** A newer version has migrated this database: what this one knows of it may no longer be true. */
export class SchemaNewer extends KeptError {
  readonly code = 'SCHEMA_NEWER';

  constructor(newest: string) {
    super(
      `SCHEMA_NEWER: a newer version of Kept has migrated this database (to ${newest}). Nothing was changed. Migrate with that version, or put a back-up of this one back.`,
    );
    this.name = 'SchemaNewer';
  }
}

/**
 * Brings the schema up to date; applied migrations are skipped, two callers take turns.
 *
 * A file is one transaction, so that it must be short and look at no rows. What takes long follows lines that begin with
 * `-- Alone`: each part is one statement, in no transaction but its own, and may be run again after it was interrupted.
 * Numbers only rise; one that is missing was of a change that went into another before it landed.
 * @throws SchemaNewer having changed nothing, and when PostgreSQL cannot be reached or a migration fails; the transaction
 * that failed is rolled back.
 */
export async function migrate(url: string, folder: string = migrationsFolder()): Promise<void> {
  const client = new Client({ connectionString: url, application_name: 'kept migrate' });
  await client.connect();
  try {
    await takeTurn(client);
    await refuseNewer(client, folder);
    await runner({
      dbClient: client,
      dir: folder,
      direction: 'up',
      migrationsTable: MIGRATIONS_TABLE,
      noLock: true,
      migrationLoaderStrategies: [{ extensions: ['.sql'], loader: loadAll }],
      log: () => {},
    });
  } finally {
    await client.end();
  }
}

/** Asks again and again: an index that is made beside running work waits for every statement, also one that waits for us. */
async function takeTurn(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [
      MIGRATION_LOCK,
    ]);
    if (rows[0]?.taken) return;
    await client.query('select pg_sleep(0.2)');
  }
}

/** Beside it an API or a worker of this version goes on, since migrations add, and forbid nothing that was allowed; but it migrates no more. */
async function refuseNewer(client: pg.Client, folder: string): Promise<void> {
  const { rows } = await client.query<{ table: string | null }>('select to_regclass($1) as table', [MIGRATIONS_TABLE]);
  if (rows[0]?.table === null) return;
  const known = readdirSync(folder).map((file) => file.replace(/\.sql$/, ''));
  const newer = await client.query<{ name: string }>(
    `select name from ${MIGRATIONS_TABLE} where name <> all ($1::text[]) order by name desc limit 1`,
    [known],
  );
  const [newest] = newer.rows;
  if (newest) throw new SchemaNewer(newest.name);
}

const loadAll = async (paths: readonly string[]) =>
  paths.map((path) => ({ id: path, filePaths: [path], actions: actionsOf(readFileSync(path, 'utf8')) }));

function actionsOf(sql: string) {
  const [together = '', ...alone] = sql.split(/^-- Alone.*\n/m);
  const up = (pgm: MigrationBuilder): void => {
    if (alone.length > 0) pgm.noTransaction();
    for (const statement of alone.length > 0 ? alone : [together]) pgm.sql(statement.trim());
  };
  return { up, down: false } as const;
}

/** The SQL files lie beside the sources, also when the compiled code runs from `dist/`. */
export function migrationsFolder(): string {
  const here = fileURLToPath(new URL('migrations', import.meta.url));
  return existsSync(here) ? here : fileURLToPath(new URL('../../db/migrations', import.meta.url));
}
