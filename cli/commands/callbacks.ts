import { InvalidArgumentError, Option, type Command } from 'commander';
import { callbacksView } from '../../api/callback-view.ts';
import { isDayWithinYears } from '../../api/fields.ts';
import { callbacksOf, type CallbackDay } from '../../db/callbacks.ts';
import { clockText, dayText } from '../../words/format.ts';
import { wordsFor } from '../../words/languages.ts';
import { databaseOf } from '../run-file.ts';
import { configFor, stateOption } from '../state-option.ts';
import { withDatabase } from '../with-database.ts';

interface CallbackOptions {
  readonly day?: string;
  readonly owner?: string;
  readonly json?: true;
  readonly state?: string;
}

/** Adds `kept callbacks`. */
export function callbacksCommand(program: Command): void {
  program
    .command('callbacks')
    .description('The calls of a day by when they are due, and those for which nobody on duty is free.')
    .addOption(new Option('--day <day>', "a day of the company's zone; today, when left out").argParser(readDay))
    .option('--owner <id>', 'only theirs')
    .option('--json', 'as JSON, as GET /v1/callbacks answers it')
    .addOption(stateOption())
    .action(callbacks);
}

function readDay(value: string): string {
  if (!isDayWithinYears(value)) throw new InvalidArgumentError('Must be a day such as 2026-11-27.');
  return value;
}

async function callbacks({ day, owner, json, state }: CallbackOptions): Promise<void> {
  const url = databaseOf(configFor(state));
  const found = await withDatabase({ url, name: 'kept callbacks' }, (pool) =>
    callbacksOf(pool, day ?? null, owner ?? null),
  );
  process.stdout.write(json ? `${JSON.stringify(callbacksView(found))}\n` : textOf(found));
}

/** Of customers nothing: a terminal keeps what it shows. */
function textOf({ day, zone, items, overflow }: CallbackDay): string {
  const { calls: says, clock, names } = wordsFor('en');
  const without = new Set(overflow);
  const width = Math.max(0, ...items.map(({ ownerName }) => (ownerName ?? says.nobody).length));
  const lines = items.map(({ id, from, to, ownerName, phase, attempts, source, ref }) =>
    [
      from === null ? says.until(clockText(to, zone)) : clock.range(clockText(from, zone), clockText(to, zone)),
      (ownerName ?? says.nobody).padEnd(width),
      names.phase[phase],
      says.tries(attempts.counted, attempts.max),
      ...(without.has(id) ? [says.nobodyFree] : []),
      `${source} ${ref}`,
      id,
    ].join(' · '),
  );
  const head = says.day(items.length, dayText(clock, day), zone);
  return `${[head, ...lines.map((line) => `  ${line}`)].join('\n')}\n`;
}
