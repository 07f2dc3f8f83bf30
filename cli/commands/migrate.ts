import type { Command } from 'commander';
import { migrate } from '../../db/migrate.ts';
import { createEngineClient, type TemporalOptions } from '../../temporal/connection.ts';
import { ensureSearchAttributes } from '../../temporal/search-attributes.ts';
import { applyDefaultPolicies, applyPolicyFiles } from '../apply-policies.ts';
import { ConfigError, readConfig } from '../config.ts';

/** Adds `kept migrate`. */
export function migrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('Brings the schema up to date and applies KEPT_POLICIES. Needs DATABASE_URL; safe to run again.')
    .action(async () => {
      const { databaseUrl, temporal, policies } = readConfig();
      if (!databaseUrl) throw new ConfigError(['DATABASE_URL is not set: the address of the PostgreSQL to migrate.']);
      await migrate(databaseUrl);
      await applyPolicyFiles(databaseUrl, policies);
      await applyDefaultPolicies(databaseUrl);
      if (temporal) await prepareEngine(temporal);
      process.stderr.write('The schema is up to date.\n');
    });
}

/** What an operator searches workflows by; promises also start without. */
async function prepareEngine(temporal: TemporalOptions): Promise<void> {
  const client = createEngineClient(temporal);
  try {
    await client.call(() => ensureSearchAttributes(client.connection, client.namespace));
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    process.stderr.write(`Search attributes PromiseKind and PromisePartner were not created: ${words}\n`);
  } finally {
    await client.close();
  }
}
