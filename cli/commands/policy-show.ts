import type { Command } from 'commander';
import { newestPolicies, newestPolicy, type VersionedPolicy } from '../../db/policies.ts';
import type { Pool } from '../../db/pool.ts';
import { policyDocument } from '../../domain/policy/fields.ts';
import { policyYaml } from '../policy-yaml.ts';
import { databaseOf } from '../run-file.ts';
import { configFor, stateOption } from '../state-option.ts';
import { withDatabase } from '../with-database.ts';

interface ShowOptions {
  readonly json?: true;
  readonly state?: string;
}

/** Adds `kept policy show`. */
export function policyShowCommand(policy: Command): void {
  policy
    .command('show')
    .description('The stored rules of a kind, under which new promises are made, with the meaning of each field.')
    .argument('<kind>', 'such as delivery (required)')
    .option('--json', 'as JSON')
    .addOption(stateOption())
    .action(show);
}

async function show(kind: string, { json, state }: ShowOptions): Promise<void> {
  const url = databaseOf(configFor(state));
  const { policy, version } = await withDatabase({ url, name: 'kept policy' }, (pool) => stored(pool, kind));
  process.stdout.write(
    json ? `${JSON.stringify({ ...policyDocument(policy), version })}\n` : policyYaml(policy, version),
  );
}

async function stored(pool: Pool, kind: string): Promise<VersionedPolicy> {
  const newest = await newestPolicy(pool, kind);
  if (newest) return newest;
  const kinds = (await newestPolicies(pool)).map(({ policy }) => policy.kind);
  throw new Error(`There is no policy for the kind ${kind}. There are: ${kinds.join(', ') || 'none yet'}.`);
}
