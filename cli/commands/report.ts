import { writeFile } from 'node:fs/promises';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { companyZone } from '../../db/people.ts';
import { createPool, type Queryable } from '../../db/pool.ts';
import { wordKept } from '../../db/report.ts';
import { plusDays, startOfDay } from '../../domain/calendar/zones.ts';
import { GROUPINGS, type Grouping, type WordKeptQuery } from '../../domain/metrics/word-kept.ts';
import { plusMs } from '../../domain/promise/instant.ts';
import { writeCsv } from '../../reports/writers/csv.ts';
import { writeJson } from '../../reports/writers/json.ts';
import { writeTable } from '../../reports/writers/table.ts';
import { readConfig } from '../config.ts';
import { isDay } from '../import/wall-time.ts';
import { databaseOf } from '../run-file.ts';

interface ReportOptions {
  readonly by: Grouping;
  readonly kind?: string;
  readonly partner?: string;
  readonly owner?: string;
  readonly source?: string;
  readonly from?: string;
  readonly to?: string;
  readonly json?: true;
  readonly csv?: string;
}

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
    .option('--from <day>', 'promised for this day or later, YYYY-MM-DD in the zone of the company', dayOption)
    .option('--to <day>', 'promised for this day or earlier', dayOption)
    .addOption(new Option('--json', 'as JSON').conflicts('csv'))
    .option('--csv <file>', 'as CSV into a file')
    .action(report);
}

/** For commander: a day that exists. */
export function dayOption(text: string): string {
  if (!isDay(text)) throw new InvalidArgumentError('Not a day that exists: write YYYY-MM-DD.');
  return text;
}

async function report(options: ReportOptions): Promise<void> {
  const pool = createPool({ url: databaseOf(readConfig()), max: 1, name: 'kept report' });
  try {
    const figures = await wordKept(pool, await queryOf(pool, options));
    if (options.csv !== undefined) {
      await writeFile(options.csv, writeCsv(figures));
      process.stderr.write(`${options.csv}: ${figures.groups.length} groups by ${figures.by}.\n`);
    } else
      process.stdout.write(options.json ? writeJson(figures) : writeTable(figures, process.stdout.columns || WIDTH));
  } finally {
    await pool.end();
  }
}

/** Both days count whole. A deadline at midnight ends the day before it: a promise for a day falls on that day. */
async function queryOf(
  q: Queryable,
  { by, kind, partner, owner, source, from, to }: ReportOptions,
): Promise<WordKeptQuery> {
  const zone = from || to ? await companyZone(q) : 'UTC';
  const afterMidnight = (day: string | undefined, days: number): WordKeptQuery['from'] =>
    day === undefined ? undefined : plusMs(startOfDay(plusDays(day, days), zone), 1);
  return { by, kind, partner, owner, source, from: afterMidnight(from, 0), to: afterMidnight(to, 1) };
}
