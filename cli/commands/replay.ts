import { SingleBar } from 'cli-progress';
import { InvalidArgumentError, type Command } from 'commander';
import { dayOf, isDay } from '../../domain/calendar/zones.ts';
import { shareText } from '../../words/format.ts';
import type { Mapping } from '../import/mapping.ts';
import { mappingOf, MAPPINGS } from '../import/mappings.ts';
import { readHistory, type DatedRow, type History } from '../import/read-history.ts';
import { UnreadableFile } from '../import/unreadable-file.ts';
import { createApiClient } from '../replay/api-client.ts';
import { replay, ReplayRefused, type Progress, type ReplayResult } from '../replay/replay.ts';
import { readRunFile, type RunFile } from '../run-file.ts';
import { configFor, stateOption } from '../state-option.ts';
import { withDatabase } from '../with-database.ts';
import { WrongUsage } from '../wrong-usage.ts';

interface CommandOptions {
  readonly mapping: string;
  readonly from?: string;
  readonly to?: string;
  readonly day: number;
  readonly json?: true;
  readonly state?: string;
}

const API_PATIENCE_MS = 120_000;
const SHOWN = 10;

/** Adds `kept replay`. */
export function replayCommand(program: Command): void {
  program
    .command('replay')
    .description('Plays a history as if it happened now, at a faster pace, to the mail sink of a running "kept up".')
    .argument('<file>', 'CSV or NDJSON, also gzipped (required)')
    .usage('<file> --mapping <name|file> --day <length> [options]')
    .requiredOption(
      '--mapping <name|file>',
      `how its rows are read: ${MAPPINGS.map(({ name }) => name).join(', ')}, or a YAML file (required)`,
    )
    .option('--from <day>', 'promises made on this local day or later, YYYY-MM-DD', dayOption)
    .option('--to <day>', 'promises made on this local day or earlier', dayOption)
    .requiredOption('--day <length>', 'how long a day lasts, such as 2s or 500ms (required)', paceOption)
    .option('--json', 'the result as JSON')
    .addOption(stateOption())
    .action(async (file: string, options: CommandOptions) => {
      const result = await run(file, options);
      process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : closingLines(result, options.state));
      if (!result.equal) process.exitCode = 1;
    });
}

/** For commander: a day that exists. */
function dayOption(text: string): string {
  if (!isDay(text)) throw new InvalidArgumentError('Not a day that exists: write YYYY-MM-DD.');
  return text;
}

/** `2s`, `500ms`, `0.5s` or `1m` in milliseconds. */
export function paceOption(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
  const ms = Number(number) * (unit === 'ms' ? 1 : unit === 's' ? 1_000 : 60_000);
  if (!Number.isInteger(ms) || ms < 1 || ms > 86_400_000)
    throw new InvalidArgumentError('Write a length such as 2s, 500ms or 1m; a whole day (1440m) at most.');
  return ms;
}

async function run(file: string, { mapping: name, from, to, day, state }: CommandOptions): Promise<ReplayResult> {
  const mapping = await mappingOf(name).catch((error: unknown) => {
    throw new WrongUsage(error instanceof Error ? error.message : String(error));
  });
  const runFile = laptopOf(readRunFile(configFor(state).state));
  const history = await readHistory(file, mapping, madeBetween(mapping, from, to));
  report(file, history);
  const progress = progressOf(history.rows);
  try {
    return await withDatabase({ url: runFile.database, max: 2, name: 'kept replay' }, (pool) =>
      replay({
        api: createApiClient({ url: runFile.api, key: runFile.key, patienceMs: API_PATIENCE_MS }),
        pool,
        mapping,
        rows: history.rows,
        from: from ?? null,
        dayMs: day,
        onProgress: progress.show,
      }),
    );
  } finally {
    progress.stop();
  }
}

/** A replay writes mails as if to customers, so it runs only where they end in a sink on this machine. */
export function laptopOf(runFile: RunFile): RunFile {
  const host = runFile.mail === null ? null : new URL(runFile.mail).hostname;
  if (host !== null && ['127.0.0.1', 'localhost', '[::1]'].includes(host)) return runFile;
  throw new ReplayRefused(
    'A replay writes to the mail sink of a laptop only, and this Kept has none. Start one with "npm start", without SMTP_URL.',
  );
}

function madeBetween({ zone }: Mapping, from: string | undefined, to: string | undefined): (row: DatedRow) => boolean {
  return ({ madeAt }) => {
    const day = dayOf(madeAt, zone);
    return (from === undefined || day >= from) && (to === undefined || day <= to);
  };
}

function report(file: string, { rows, rejected }: History): void {
  for (const { line, code, message } of rejected.slice(0, SHOWN))
    process.stderr.write(`${file}:${line}: left out, ${code}: ${message}\n`);
  if (rejected.length > SHOWN) process.stderr.write(`… and ${rejected.length - SHOWN} more rows left out.\n`);
  if (rows.length === 0) throw new UnreadableFile(file, 'no row of it that can be played was made between these days.');
}

interface Shown {
  readonly show: (progress: Progress) => void;
  readonly stop: () => void;
}

const EVERY_MS = 10_000;

/** A bar in a terminal; elsewhere a line every ten seconds. */
function progressOf(rows: readonly DatedRow[]): Shown {
  const total = rows.reduce((sum, row) => sum + 1 + row.facts.length, 0);
  const words = ({ registered, facts, remainingMs }: Progress): string =>
    remainingMs === null
      ? `${registered} promises, ${facts} facts`
      : `waiting for the last deadlines and notices${remainingMs > 0 ? `, ${Math.ceil(remainingMs / 1000)} s` : ''}`;
  if (!process.stderr.isTTY) {
    let lastMs = performance.now();
    const show = (progress: Progress): void => {
      if (performance.now() - lastMs < EVERY_MS) return;
      lastMs = performance.now();
      process.stderr.write(`${progress.registered + progress.facts} of ${total} calls: ${words(progress)}\n`);
    };
    return { show, stop: () => {} };
  }
  const bar = new SingleBar({
    format: '{bar} {value} of {total} calls  {words}',
    stream: process.stderr,
    hideCursor: true,
    // Its own way out would swallow the first Ctrl-C.
    gracefulExit: false,
  });
  bar.start(total, 0, { words: '' });
  return {
    show: (progress) => bar.update(progress.registered + progress.facts, { words: words(progress) }),
    stop: () => bar.stop(),
  };
}

/** What a replay came to, for a terminal, and how to look further. `state`: as it was told, so that the command works as it stands. */
export function closingLines(result: ReplayResult, state?: string): string {
  const { source, registered, facts, kept, broken, overdue, open, withdrawn, warned, recovered, wakeLagMs } = result;
  const differing = result.differences
    .slice(0, SHOWN)
    .map(({ ref, expected, found }) => `  ${ref}: the file says ${expected}, here it is ${found}\n`);
  const more = result.differences.length - differing.length;
  const judged = kept + broken + overdue;
  const lag =
    wakeLagMs.p99 === null ? '' : ` Notices left ${wakeLagMs.p50} ms after their moment (p99 ${wakeLagMs.p99} ms).`;
  return [
    `${source}: ${registered} promises, ${facts} facts: ${kept} kept, ${broken} broken, ${overdue} overdue, ${open} open, ${withdrawn} withdrawn.\n`,
    `Kept rate: ${shareText(judged > 0 ? kept / judged : null)} of ${judged} whose time has come.\n`,
    `${warned} customers were warned, ${recovered} got a recovery, ${result.noticesAfterFulfilled} notices left after the fulfilment was known.${lag}\n`,
    result.equal ? 'Equal to what the file says.\n' : `${result.differences.length} differ from what the file says:\n`,
    ...differing,
    more > 0 ? `  … and ${more} more; --json lists all.\n` : '',
    `The report: npx kept report --source ${source}${state === undefined ? '' : ` --state ${state}`}\n`,
  ].join('');
}
