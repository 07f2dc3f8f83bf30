import type { Command } from 'commander';
import { explained } from '../../api/explanation.ts';
import { promisePath } from '../../api/routes/promise-path.ts';
import { idByRef } from '../../db/explain.ts';
import type { Pool } from '../../db/pool.ts';
import type { Explanation } from '../../domain/promise/explanation.ts';
import { explanationParts, type ExplainedPart } from '../../words/explanation.en.ts';
import { databaseOf } from '../run-file.ts';
import { configFor, stateOption } from '../state-option.ts';
import { withDatabase } from '../with-database.ts';

interface ExplainOptions {
  readonly json?: true;
  readonly state?: string;
}

/** Adds `kept explain`. */
export function explainCommand(program: Command): void {
  program
    .command('explain')
    .description('How everything about one promise was computed: its clock, its plan, every change with its fact.')
    .argument('<id>', 'its id, or source/ref such as shop/A-1001 (required)')
    .option('--json', 'as JSON, as GET /v1/promises/{id}/explain answers it')
    .addOption(stateOption())
    .action(explain);
}

async function explain(name: string, { json, state }: ExplainOptions): Promise<void> {
  const url = databaseOf(configFor(state));
  const explanation = await withDatabase({ url, name: 'kept explain' }, (pool) => found(pool, name));
  process.stdout.write(json ? `${JSON.stringify(explanation)}\n` : textOf(explanation));
}

async function found(pool: Pool, name: string): Promise<Explanation> {
  const id = await idOf(pool, name);
  const explanation = id === null ? null : await explained(pool, id);
  if (explanation) return explanation;
  throw new Error(`There is no promise ${name}. Name it by its id, or by source/ref, such as shop/A-1001.`);
}

/** A source that has a slash itself is found by its id only. */
async function idOf(pool: Pool, name: string): Promise<string | null> {
  const path = promisePath.safeParse({ id: name });
  if (path.success) return path.data.id;
  const slash = name.indexOf('/');
  return slash === -1 ? null : idByRef(pool, name.slice(0, slash), name.slice(slash + 1));
}

const textOf = (explanation: Explanation): string => `${explanationParts(explanation).map(blockOf).join('\n\n')}\n`;

/** The last cell of a line is as long as it likes. */
function blockOf({ title, lines }: ExplainedPart): string {
  const widths = lines.reduce<readonly number[]>(
    (widest, line) => line.slice(0, -1).map((cell, at) => Math.max(cell.length, widest[at] ?? 0)),
    [],
  );
  const laid = lines.map((line) => line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  '));
  return [title, ...laid.map((line) => `  ${line.trimEnd()}`)].join('\n');
}
