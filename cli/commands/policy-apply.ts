import type { Command } from 'commander';
import { savePolicy } from '../../db/policies.ts';
import type { Pool } from '../../db/pool.ts';
import { carriedPokes, type Carried } from '../../db/replan-pokes.ts';
import { applyPolicy, type Applied } from '../../db/replan.ts';
import { isFile, readPolicyFile, refuseUnknownCalendars, unknownKind, type PolicyFile } from '../policy-file.ts';
import { appliedLines } from '../policy-words.ts';
import { databaseOf } from '../run-file.ts';
import { configFor, stateOption } from '../state-option.ts';
import { shown } from '../up/progress.ts';
import { withDatabase } from '../with-database.ts';

interface ApplyOptions {
  readonly json?: true;
  readonly state?: string;
}

/** Two batches at once, and one connection for the pages. */
const CONNECTIONS = 3;
const PROGRESS_MS = 2_000;

/** Adds `kept policy apply`. */
export function policyApplyCommand(policy: Command): void {
  policy
    .command('apply')
    .description(
      'Puts a policy and the newest calendars in force for the open promises of its kind, nearest first. What has closed is never touched. Safe to run again.',
    )
    .argument('<file|kind>', 'a file: stored as the next version first; a kind: its newest stored policy (required)')
    .option('--json', 'as JSON')
    .addOption(stateOption())
    .action(apply);
}

async function apply(asked: string, { json, state }: ApplyOptions): Promise<void> {
  const file = isFile(asked) ? readPolicyFile(asked) : null;
  const url = databaseOf(configFor(state));
  const result = await withDatabase({ url, max: CONNECTIONS, name: 'kept policy' }, async (pool) => {
    if (file) await stored(pool, file);
    const applied = await planned(pool, file?.policy.kind ?? asked);
    return { ...applied, ...(await carried(pool, applied)) };
  });
  const { since: _since, ...said } = result;
  process.stdout.write(json ? `${JSON.stringify(said)}\n` : appliedLines(said));
  if (result.failed.length > 0) process.exitCode = 1;
}

async function stored(pool: Pool, file: PolicyFile): Promise<void> {
  await refuseUnknownCalendars(pool, file);
  const version = await savePolicy(pool, file.policy);
  say(`${file.policy.kind}: version ${version}.`);
}

async function planned(pool: Pool, kind: string): Promise<Applied> {
  let nextAt = performance.now() + PROGRESS_MS;
  const applied = await applyPolicy(pool, kind, ({ applied: done, open }) => {
    if (performance.now() < nextAt) return;
    nextAt = performance.now() + PROGRESS_MS;
    say(`${done} of at most ${open} planned …`);
  });
  return applied ?? unknownKind(pool, kind);
}

const carried = (pool: Pool, applied: Applied): Promise<Carried> =>
  shown(`Waiting until ${applied.pokes} pokes have left`, say, () => carriedPokes(pool, applied));

const say = (line: string): void => void process.stderr.write(`${line}\n`);
