import { InvalidArgumentError, type Command } from 'commander';
import { addKey, saveKey } from '../../db/keys.ts';
import type { Pool } from '../../db/pool.ts';
import { hashOf, newKey } from '../key.ts';
import { databaseOf } from '../run-file.ts';
import { configFor, stateOption } from '../state-option.ts';
import { withDatabase } from '../with-database.ts';

interface CreateOptions {
  readonly name: string;
  readonly replace?: true;
  readonly state?: string;
}

const NAME = /^[a-z0-9][a-z0-9_.-]{0,62}$/i;

/** Adds `kept keys`. */
export function keysCommand(program: Command): void {
  const keys = program.command('keys').description('Keys of the HTTP API.');
  keys
    .command('create')
    .description(
      'Makes a key and prints it, this once: only its SHA-256 is stored. In DATABASE_URL, else the running Kept.',
    )
    .requiredOption('--name <name>', 'who uses it, such as shop (required)', nameOption)
    .option('--replace', 'where the name has a key already: the old one stops working')
    .addOption(stateOption())
    .action(create);
}

/** For commander. */
function nameOption(text: string): string {
  if (!NAME.test(text))
    throw new InvalidArgumentError('A name is 1 to 63 letters, digits, "_", "." or "-", such as shop.');
  return text;
}

async function create({ name, replace, state }: CreateOptions): Promise<void> {
  const url = databaseOf(configFor(state));
  const key = await withDatabase({ url, name: 'kept keys' }, (pool) => store(pool, name, replace === true));
  process.stdout.write(`${key}\n`);
}

async function store(pool: Pool, name: string, replace: boolean): Promise<string> {
  const key = newKey();
  if (replace) await saveKey(pool, name, hashOf(key));
  else if (!(await addKey(pool, name, hashOf(key))))
    throw new Error(
      `There is a key named ${name} already. Choose another name, or put this one in its place: --replace.`,
    );
  return key;
}
