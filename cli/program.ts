import { Command } from 'commander';
import { apiCommand } from './commands/api.ts';
import { docsCommand } from './commands/docs.ts';
import { keysCommand } from './commands/keys.ts';
import { migrateCommand } from './commands/migrate.ts';
import { replayCommand } from './commands/replay.ts';
import { reportCommand } from './commands/report.ts';
import { schemaCommand } from './commands/schema.ts';
import { upCommand } from './commands/up.ts';
import { workerCommand } from './commands/worker.ts';

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
  schemaCommand,
];

/** `kept` with all its commands, not run yet. */
export function keptProgram(): Command {
  const program = new Command('kept')
    .description(
      'Every promise to a customer gets a buffer, an honest warning before it slips, and a figure afterwards.',
    )
    .exitOverride()
    .showHelpAfterError('(--help says what there is)');
  for (const add of COMMANDS) add(program);
  return program;
}
