import type { Command } from 'commander';
import { migrate } from '../../db/migrate.ts';
import { HOTLINE, staffOf } from '../../db/people.ts';
import type { Pool } from '../../db/pool.ts';
import { refreshRollup } from '../../db/rollup.ts';
import { createEngineClient, type TemporalOptions } from '../../temporal/connection.ts';
import { ensureSearchAttributes } from '../../temporal/search-attributes.ts';
import { applyPolicies } from '../apply-policies.ts';
import { ConfigError, readConfig } from '../config.ts';
import { readPolicyFiles, type PolicyFiles } from '../policies.ts';
import { explained, withDatabase } from '../with-database.ts';

/** Adds `kept migrate`. */
export function migrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('Brings the schema up to date and applies KEPT_POLICIES. Needs DATABASE_URL; safe to run again.')
    .action(async () => {
      const { databaseUrl, temporal, policies } = readConfig();
      if (!databaseUrl) throw new ConfigError(['DATABASE_URL is not set: the address of the PostgreSQL to migrate.']);
      const files = policies === null ? null : readPolicyFiles(policies);
      await explained(databaseUrl, () => migrate(databaseUrl));
      await withDatabase({ url: databaseUrl, name: 'kept migrate' }, (pool) => fill(pool, files));
      if (temporal) await prepareEngine(temporal);
      process.stderr.write('The schema is up to date.\n');
    });
}

async function fill(pool: Pool, files: PolicyFiles | null): Promise<void> {
  await applyPolicies(pool, files, { kinds: true, sampleStaff: false });
  // A migration may leave many days due, more than a report could count on the fly.
  await refreshRollup(pool);
  if (!(await staffOf(pool, [])).get(HOTLINE)?.email)
    process.stderr.write('Nobody is stored to name in notices: workers wait for people.yaml in KEPT_POLICIES.\n');
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
