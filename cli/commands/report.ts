import { writeFile } from 'node:fs/promises';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { readBound } from '../../api/fields.ts';
import type { Pool } from '../../db/pool.ts';
import { wordKept } from '../../db/report.ts';
import { rebuildRollup, refreshRollup } from '../../db/rollup.ts';
import {
  GROUPINGS,
  type Grouping,
  type ReportBound,
  type WordKept,
  type WordKeptQuery,
} from '../../domain/metrics/word-kept.ts';
import { writeCsv } from '../../reports/writers/csv.ts';
import { writeJson } from '../../reports/writers/json.ts';
import { writeTable } from '../../reports/writers/table.ts';
import { reportSvg } from '../report-svg.ts';
import { databaseOf } from '../run-file.ts';
import { shown } from '../up/progress.ts';
import { configFor, stateOption } from '../state-option.ts';
import { withDatabase } from '../with-database.ts';
import { WrongUsage } from '../wrong-usage.ts';

interface ReportOptions {
  readonly by: Grouping;
  readonly kind?: string;
  readonly partner?: string;
  readonly owner?: string;
  readonly source?: string;
  readonly from?: ReportBound;
  readonly to?: ReportBound;
  readonly json?: true;
  readonly csv?: string;
  readonly svg?: string;
  readonly rebuild?: true;
  readonly state?: string;
}

const FROM = 'due on this day or later: YYYY-MM-DD in the zone of each promise; or from an instant with offset on';
const TO = 'due on this day or earlier: YYYY-MM-DD in the zone of each promise; or before an instant with offset';
/** Wide enough for two or three groups where the output is no terminal. */
const WIDTH = 100;

/** Adds `kept report`. */
export function reportCommand(program: Command): void {
  program
    .command('report')
    .description('How well the word was kept: every figure with its definition.')
    .addOption(new Option('--by <what>', 'group by').choices(GROUPINGS).default('kind'))
    .option('--kind <kind>', 'only this kind')
    .option('--partner <partner>', 'only this partner')
    .option('--owner <owner>', 'only this owner')
    .option('--source <source>', 'only this source')
    .option('--from <day>', FROM, boundOption)
    .option('--to <day>', TO, boundOption)
    .addOption(new Option('--json', 'as JSON').conflicts('csv'))
    .option('--csv <file>', 'as CSV into a file')
    .addOption(new Option('--svg <file>', 'as pictures into a file').conflicts(['json', 'csv']))
    .addOption(
      new Option('--rebuild', 'count nothing: roll up every day anew').conflicts([
        ...['by', 'kind', 'partner', 'owner', 'source', 'from', 'to', 'csv', 'svg'],
      ]),
    )
    .addOption(stateOption())
    .action(report);
}

/** For commander: a day that exists, or an instant with its offset. */
function boundOption(text: string): ReportBound {
  const read = readBound(text);
  if ('message' in read) throw new InvalidArgumentError(read.message);
  return read;
}

async function report(options: ReportOptions): Promise<void> {
  const url = databaseOf(configFor(options.state));
  if (options.rebuild) return rebuild(url, options);
  const query = queryOf(options);
  const { svg } = options;
  if (svg !== undefined) {
    const picture = async (pool: Pool): Promise<string> => {
      await rolledUp(pool);
      return reportSvg(pool, query);
    };
    await writeFile(svg, await withDatabase({ url, name: 'kept report' }, picture));
    process.stderr.write(`${svg}: the pictures of the report.\n`);
    return;
  }
  const figures = await withDatabase({ url, name: 'kept report' }, async (pool) => {
    await rolledUp(pool);
    return wordKept(pool, query);
  });
  await show(figures, options);
}

/** Where no worker runs, or after a great import that was killed, days are due; a report is exact with them, but slower. */
async function rolledUp(pool: Pool): Promise<void> {
  await refreshRollup(pool).catch((error: unknown) => {
    const words = error instanceof Error ? error.message : String(error);
    process.stderr.write(`The figures are exact, but slow to read, since they could not be rolled up: ${words}\n`);
  });
}

async function show(figures: WordKept, { csv, json }: ReportOptions): Promise<void> {
  if (csv === undefined) {
    process.stdout.write(json ? writeJson(figures) : writeTable(figures, process.stdout.columns || WIDTH));
    return;
  }
  await writeFile(csv, writeCsv(figures));
  process.stderr.write(`${csv}: ${figures.groups.length} groups by ${figures.by}.\n`);
}

async function rebuild(url: string, { json }: ReportOptions): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const anew = await withDatabase({ url, name: 'kept report' }, (pool) =>
    shown('Rolling up every day anew', say, () => rebuildRollup(pool)),
  );
  const { days, promises } = anew;
  process.stdout.write(
    json ? `${JSON.stringify(anew)}\n` : `Rolled up anew: ${days} days with ${promises} closed promises.\n`,
  );
}

function queryOf({ by, kind, partner, owner, source, from, to }: ReportOptions): WordKeptQuery {
  if (from && to && isAfter(from, to))
    throw new WrongUsage('--from lies after --to: nothing can be promised for a time between them.');
  return { by, kind, partner, owner, source, from, to };
}

/** A day has no place among instants: it begins at another one in every zone. */
function isAfter(from: ReportBound, to: ReportBound): boolean {
  if ('day' in from) return 'day' in to && from.day > to.day;
  return 'at' in to && from.at >= to.at;
}
