import { Argument, Option, type Command } from 'commander';
import { staffOf } from '../../db/people.ts';
import type { Pool } from '../../db/pool.ts';
import { decideRemedy } from '../../db/remedy-commands.ts';
import { listRemedies, type ListedRemedy, type RemedyRow } from '../../db/remedies.ts';
import { REMEDY_STATES, type RemedyState } from '../../domain/promise/words.ts';
import { offersText } from '../../words/format.ts';
import { wordsFor } from '../../words/languages.ts';
import { databaseOf } from '../run-file.ts';
import { configFor, stateOption } from '../state-option.ts';
import { withDatabase } from '../with-database.ts';

interface ListOptions {
  readonly only?: RemedyState;
  readonly json?: true;
  readonly state?: string;
}

interface DecideOptions {
  readonly by: string;
  readonly note?: string;
  readonly json?: true;
  readonly state?: string;
}

const DECISIONS = {
  approve: 'Grants a remedy that waits for approval; the customer is told.',
  refuse: 'Refuses a remedy that waits for approval; the customer does not know of it.',
  reverse: 'Takes a granted remedy back, as long as it has not arrived.',
} as const;

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Adds `kept remedies`. */
export function remediesCommand(program: Command): void {
  const remedies = program.command('remedies').description('What customers get for broken promises.');
  remedies
    .command('list')
    .description('Remedies, newest first: what each is, why, and what has become of it.')
    .addOption(new Option('--only <state>', 'those in this state').choices(REMEDY_STATES))
    .option('--json', 'as JSON, as GET /v1/remedies answers it')
    .addOption(stateOption())
    .action(list);
  for (const kind of ['approve', 'refuse', 'reverse'] as const)
    remedies
      .command(kind)
      .description(DECISIONS[kind])
      .addArgument(new Argument('<id>', 'id of the remedy (required)'))
      .requiredOption('--by <id>', 'id of the person who decides (required)')
      .option('--note <text>', 'becomes a note about the promise')
      .option('--json', 'as JSON')
      .addOption(stateOption())
      .action((id: string, options: DecideOptions) => decide(kind, id, options));
}

async function list({ only, json, state }: ListOptions): Promise<void> {
  const url = databaseOf(configFor(state));
  const rows = await withDatabase({ url, name: 'kept remedies' }, (pool) => listRemedies(pool, only ? [only] : null));
  process.stdout.write(json ? `${JSON.stringify({ items: rows.map(plainOf) })}\n` : textOf(rows));
}

async function decide(
  kind: keyof typeof DECISIONS,
  id: string,
  { by, note, json, state }: DecideOptions,
): Promise<void> {
  const url = databaseOf(configFor(state));
  const row = await withDatabase({ url, name: 'kept remedies' }, async (pool) => {
    await mustKnow(pool, by);
    const decided = await decideRemedy(pool, mustBeId(id), { kind, by, ...(note === undefined ? {} : { note }) });
    if ('remedy' in decided) return decided.remedy;
    throw new Error(
      decided.result === 'unknown'
        ? `There is no remedy ${id}. kept remedies list names those there are.`
        : `Remedy ${id} has been decided otherwise already. Nothing was changed.`,
    );
  });
  process.stdout.write(json ? `${JSON.stringify(plainOf(row))}\n` : `${row.id}  ${row.state}\n`);
}

async function mustKnow(pool: Pool, by: string): Promise<void> {
  const staff = await staffOf(pool, [by]);
  if (!staff.has(by) || by === 'hotline') throw new Error(`Nobody in people.yaml has the id ${by}.`);
}

function mustBeId(id: string): string {
  if (!ID.test(id)) throw new Error(`There is no remedy ${id}. kept remedies list names those there are.`);
  return id;
}

/** As GET /v1/remedies answers it. */
const plainOf = ({ id, promiseId, state, reason, lateMs, options, chosen, refundPromiseId, at, by }: RemedyRow) => ({
  ...{ id, promiseId, state, reason, lateMs, options, chosen, refundPromiseId, at, by },
});

function textOf(rows: readonly ListedRemedy[]): string {
  if (rows.length === 0) return 'There are no remedies.\n';
  const lineOf = (row: ListedRemedy): string =>
    `${row.id}  ${row.state.padEnd(8)}  ${offersText(wordsFor('en'), row)}  ${row.source}/${row.ref}\n`;
  return rows.map(lineOf).join('');
}
