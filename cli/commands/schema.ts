import { rmSync } from 'node:fs';
import type { Command } from 'commander';

const FILE = 'db/schema.sql';

/** Adds `kept schema`, for who changes Kept: writes what the migrations make of an empty database. Run in the clone. */
export function schemaCommand(program: Command): void {
  program
    .command('schema', { hidden: true })
    .description(`Writes ${FILE} from the catalogue of a PostgreSQL that is started and migrated for it.`)
    .action(async () => {
      const { writePages } = await import('../docs/write-pages.ts');
      await writePages({ [FILE]: await migratedCatalogue() });
    });
}

async function migratedCatalogue(): Promise<string> {
  const { catalogueText } = await import('../../db/catalogue.ts');
  const { migrate } = await import('../../db/migrate.ts');
  const { startScratchPostgres } = await import('../up/scratch-postgres.ts');
  const { withDatabase } = await import('../with-database.ts');
  const postgres = await startScratchPostgres('kept-schema-', (line) => void process.stderr.write(`${line}\n`));
  const url = postgres.url('postgres');
  try {
    await migrate(url);
    return await withDatabase({ url, name: 'kept schema' }, catalogueText);
  } finally {
    await postgres.stop();
    rmSync(postgres.folder, { recursive: true, force: true });
  }
}
