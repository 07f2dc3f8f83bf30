import { access, constants, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { closingLines } from '../import/closing-lines.ts';
import { createErrorFile, type ErrorFile } from '../import/error-file.ts';
import { importFile } from '../import/import.ts';
import type { Mapping } from '../import/mapping.ts';
import { mappingOf, MAPPINGS } from '../import/mappings.ts';
import { showProgress } from '../import/progress.ts';
import type { ImportResult } from '../import/tally.ts';
import { databaseOf } from '../run-file.ts';
import { configFor, stateOption } from '../state-option.ts';
import { withDatabase } from '../with-database.ts';
import { WrongUsage } from '../wrong-usage.ts';

interface ImportCommandOptions {
  readonly mapping?: string;
  readonly live?: true;
  readonly dryRun?: true;
  readonly errors?: string;
  readonly suggest?: true;
  readonly json?: true;
  readonly state?: string;
}

/** Adds `kept import`. */
export function importCommand(program: Command): void {
  program
    .command('import')
    .description(
      'Brings the promises of a file in as history: nobody is written to about them. Again is safe, and goes on where it ended.',
    )
    .argument('<file>', 'CSV or NDJSON, also gzipped (required)')
    .usage('<file> --mapping <name|file> [options]\n       kept import --suggest <file>')
    .option(
      '--mapping <name|file>',
      `how its rows are read: ${MAPPINGS.map(({ name }) => name).join(', ')}, or a YAML file (required)`,
    )
    .option('--live', 'rows that have not ended become promises that live: their customers are written to')
    .option('--dry-run', 'read and judge everything, and write nothing')
    .option(
      '--errors <file>',
      'where rejected rows are listed as CSV, if there are any (default: <file>.errors.csv in this folder; none with --dry-run)',
    )
    .option('--suggest', 'print a draft of a mapping for the file, as YAML, and import nothing')
    .option('--json', 'the result as JSON')
    .addOption(stateOption())
    .action(async (file: string, options: ImportCommandOptions) => {
      if (options.suggest) await suggest(file, options);
      else await bringIn(file, options);
    });
}

async function bringIn(file: string, options: ImportCommandOptions): Promise<void> {
  const mapping = await wantedMapping(file, options);
  const errors = await errorFileOf(file, options);
  const url = databaseOf(configFor(options.state));
  const progress = showProgress(process.stderr);
  let rows = 0;
  const work = withDatabase({ url, max: 2, name: 'kept import' }, (pool) =>
    importFile({
      pool,
      file,
      mapping,
      live: options.live === true,
      dryRun: options.dryRun === true,
      errors,
      progress: { ...progress, rows: (done) => progress.rows((rows = done)) },
    }),
  );
  try {
    const { result, examples } = await work.finally(() => progress.stop());
    const told = { file, notes: mapping.notes, examples, state: options.state };
    process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : closingLines(result, told));
    if (result.unreadable !== null) complain(result);
  } catch (error) {
    if (rows > 0 && !options.dryRun)
      process.stderr.write(`${rows} rows were done; the same command again goes on from there.\n`);
    throw error;
  } finally {
    await errors?.close();
  }
}

/** What stood before the damage is in and counted; the command has failed all the same. */
function complain({ unreadable, rows, dryRun }: ImportResult): void {
  const before = dryRun ? 'are counted' : 'are in';
  process.stderr.write(`${unreadable}\nThe ${rows} rows before that ${before}; with a whole file the rest comes in.\n`);
  process.exitCode = 1;
}

async function wantedMapping(file: string, { mapping }: ImportCommandOptions): Promise<Mapping> {
  if (mapping === undefined)
    throw new WrongUsage(
      `How are the rows of ${file} read? Name a mapping by --mapping: ${MAPPINGS.map(({ name }) => name).join(', ')}, or a YAML file. "kept import --suggest ${file}" drafts one.`,
    );
  return mappingOf(mapping).catch((error: unknown) => {
    throw new WrongUsage(error instanceof Error ? error.message : String(error));
  });
}

/** A rehearsal lists them only where it is told to. */
async function errorFileOf(file: string, { errors, dryRun, mapping }: ImportCommandOptions): Promise<ErrorFile | null> {
  if (errors === undefined && dryRun) return null;
  const path = errors ?? `${basename(file)}.errors.csv`;
  for (const [name, other] of [
    ['the file itself', file],
    ['the mapping', mapping],
  ] as const)
    if (other !== undefined && (await isSame(path, other)))
      throw new WrongUsage(`--errors names ${name}, which would be lost. Name another one.`);
  // The first rejected row may come late; better to hear of it now.
  const folder = dirname(resolve(path));
  await access(folder, constants.W_OK).catch(() => {
    throw new WrongUsage(
      `--errors: ${folder} is no folder that this user may write to. Name another place for the list.`,
    );
  });
  return createErrorFile(path);
}

/** Also by a link, of either sort. */
async function isSame(path: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([path, other].map((each) => stat(each).catch(() => null)));
  return a && b ? a.dev === b.dev && a.ino === b.ino : resolve(path) === resolve(other);
}

async function suggest(file: string, { json }: ImportCommandOptions): Promise<void> {
  // Loaded here, so that an import need not.
  const { suggestMapping } = await import('../import/suggest.ts');
  const { yaml, unsure } = await suggestMapping(file);
  if (json) process.stdout.write(`${JSON.stringify({ yaml, unsure }, null, 2)}\n`);
  else {
    process.stdout.write(yaml);
    process.stderr.write(unsure.map((doubt) => `Unsure: ${doubt}\n`).join(''));
  }
}
