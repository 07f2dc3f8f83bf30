import { writeFile } from 'node:fs/promises';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { readBound } from '../../api/fields.ts';
import { companyZone } from '../../db/people.ts';
import type { Queryable } from '../../db/pool.ts';
import { wordKept } from '../../db/report.ts';
import { boundAt, type Bound } from '../../domain/calendar/bounds.ts';
import { GROUPINGS, type Grouping, type WordKeptQuery } from '../../domain/metrics/word-kept.ts';
import { writeCsv } from '../../reports/writers/csv.ts';
import { writeJson } from '../../reports/writers/json.ts';
import { writeTable } from '../../reports/writers/table.ts';
import { databaseOf } from '../run-file.ts';
import { configFor, stateOption } from '../state-option.ts';
import { withDatabase } from '../with-database.ts';
import { WrongUsage } from '../wrong-usage.ts';

interface ReportOptions {
  readonly by: Grouping;
  readonly kind?: string;
  readonly partner?: string;
  readonly owner?: string;
  readonly source?: string;
  readonly from?: Bound;
  readonly to?: Bound;
  readonly json?: true;
  readonly csv?: string;
  readonly state?: string;
}

const FROM =
  'promised for this day or later: YYYY-MM-DD in the zone of the company, counted from after its first instant, at which the day before falls due; or an instant with offset, itself included';
const TO =
  'promised for this day or earlier, including the first instant of the next day, at which it falls due; or before an instant with offset';
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
    .addOption(stateOption())
    .action(report);
}

/** For commander: a day that exists, or an instant with its offset. */
function boundOption(text: string): Bound {
  const read = readBound(text);
  if ('message' in read) throw new InvalidArgumentError(read.message);
  return read;
}

async function report(options: ReportOptions): Promise<void> {
  const url = databaseOf(configFor(options.state));
  const figures = await withDatabase({ url, name: 'kept report' }, async (pool) =>
    wordKept(pool, await queryOf(pool, options)),
  );
  if (options.csv !== undefined) {
    await writeFile(options.csv, writeCsv(figures));
    process.stderr.write(`${options.csv}: ${figures.groups.length} groups by ${figures.by}.\n`);
  } else process.stdout.write(options.json ? writeJson(figures) : writeTable(figures, process.stdout.columns || WIDTH));
}

async function queryOf(
  q: Queryable,
  { by, kind, partner, owner, source, from, to }: ReportOptions,
): Promise<WordKeptQuery> {
  const zone = from || to ? await companyZone(q) : 'UTC';
  const begins = from && boundAt(from, 'from', zone);
  const ends = to && boundAt(to, 'to', zone);
  if (begins && ends && begins >= ends)
    throw new WrongUsage('--from lies after --to: nothing can be promised for a time between them.');
  return { by, kind, partner, owner, source, from: begins, to: ends };
}
