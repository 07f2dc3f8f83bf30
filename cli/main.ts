#!/usr/bin/env node
import { CommanderError, Command } from 'commander';
import { apiCommand } from './commands/api.ts';
import { docsCommand } from './commands/docs.ts';
import { keysCommand } from './commands/keys.ts';
import { migrateCommand } from './commands/migrate.ts';
import { replayCommand } from './commands/replay.ts';
import { reportCommand } from './commands/report.ts';
import { upCommand } from './commands/up.ts';
import { workerCommand } from './commands/worker.ts';
import { ConfigError } from './config.ts';
import { WrongUsage } from './wrong-usage.ts';

/** To add a command: one file in `commands/` and one line here. */
const COMMANDS = [
  upCommand,
  apiCommand,
  workerCommand,
  migrateCommand,
  keysCommand,
  replayCommand,
  reportCommand,
  docsCommand,
];

const FAILED = 1;
const WRONG_USAGE = 2;

const program = new Command('kept')
  .description('Every promise to a customer gets a buffer, an honest warning before it slips, and a figure afterwards.')
  .exitOverride()
  .showHelpAfterError('(--help says what there is)');
for (const add of COMMANDS) add(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  // Commander has already said what is wrong; asked-for help is not wrong.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USAGE;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return error instanceof ConfigError || error instanceof WrongUsage ? WRONG_USAGE : FAILED;
}
