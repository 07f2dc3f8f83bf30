import type { Command } from 'commander';
import { diffPolicy, type PolicyDiff } from '../../db/policy-diff.ts';
import type { Pool } from '../../db/pool.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { isFile, readPolicyFile, refuseUnknownCalendars, unknownKind } from '../policy-file.ts';
import { diffLines } from '../policy-words.ts';
import { databaseOf } from '../run-file.ts';
import { configFor, stateOption } from '../state-option.ts';
import { shown } from '../up/progress.ts';
import { withDatabase } from '../with-database.ts';

interface DiffOptions {
  readonly json?: true;
  readonly state?: string;
}

/** Adds `kept policy diff`. */
export function policyDiffCommand(policy: Command): void {
  policy
    .command('diff')
    .description('Says what a policy would change about the open promises of its kind. Stores nothing.')
    .argument(
      '<file|kind>',
      'a file: that policy; a kind: the newest stored policy and calendars, for promises still under older ones (required)',
    )
    .option('--json', 'as JSON')
    .addOption(stateOption())
    .action(diff);
}

async function diff(asked: string, { json, state }: DiffOptions): Promise<void> {
  const file = isFile(asked) ? readPolicyFile(asked) : null;
  const url = databaseOf(configFor(state));
  const found = await withDatabase({ url, name: 'kept policy' }, async (pool) => {
    if (file) await refuseUnknownCalendars(pool, file);
    return differences(pool, file?.policy.kind ?? asked, file?.policy ?? null);
  });
  process.stdout.write(json ? `${JSON.stringify(found)}\n` : diffLines(found));
}

async function differences(pool: Pool, kind: string, policy: Policy | null): Promise<PolicyDiff> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const found = await shown(`Planning the open promises of ${kind}`, say, () => diffPolicy(pool, kind, policy));
  return found ?? unknownKind(pool, kind);
}
