import type { Command } from 'commander';
import { newestPolicy, type VersionedPolicy } from '../../db/policies.ts';
import type { Pool } from '../../db/pool.ts';
import { policyDocument } from '../../domain/policy/fields.ts';
import { isFile, readPolicyFile, unknownKind } from '../policy-file.ts';
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
    .description(
      'The stored rules of a kind, under which new promises are made, or those of a file: every field with its meaning.',
    )
    .argument('<kind-or-file>', 'such as delivery, or delivery.yaml (required)')
    .option('--json', 'as JSON')
    .addOption(stateOption())
    .action(show);
}

async function show(name: string, { json, state }: ShowOptions): Promise<void> {
  const { policy, version } = isFile(name) ? { ...readPolicyFile(name), version: null } : await ofKind(name, state);
  process.stdout.write(
    json ? `${JSON.stringify({ ...policyDocument(policy), version })}\n` : policyYaml(policy, version),
  );
}

async function ofKind(kind: string, state: string | undefined): Promise<VersionedPolicy> {
  const url = databaseOf(configFor(state));
  return withDatabase({ url, name: 'kept policy' }, (pool) => stored(pool, kind));
}

async function stored(pool: Pool, kind: string): Promise<VersionedPolicy> {
  return (await newestPolicy(pool, kind)) ?? unknownKind(pool, kind);
}
