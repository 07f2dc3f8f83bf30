import { Command } from 'commander';

type AddCommand = (program: Command) => void;

/** By name, as they are listed. To add a command: one file in `commands/` and one line here. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  up: async () => (await import('./commands/up.ts')).upCommand,
  api: async () => (await import('./commands/api.ts')).apiCommand,
  worker: async () => (await import('./commands/worker.ts')).workerCommand,
  migrate: async () => (await import('./commands/migrate.ts')).migrateCommand,
  hold: async () => (await import('./commands/hold.ts')).holdCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  keys: async () => (await import('./commands/keys.ts')).keysCommand,
  import: async () => (await import('./commands/import.ts')).importCommand,
  replay: async () => (await import('./commands/replay.ts')).replayCommand,
  policy: async () => (await import('./commands/policy.ts')).policyCommand,
  remedies: async () => (await import('./commands/remedies.ts')).remediesCommand,
  callbacks: async () => (await import('./commands/callbacks.ts')).callbacksCommand,
  report: async () => (await import('./commands/report.ts')).reportCommand,
  explain: async () => (await import('./commands/explain.ts')).explainCommand,
  people: async () => (await import('./commands/people.ts')).peopleCommand,
  find: async () => (await import('./commands/find.ts')).findCommand,
  docs: async () => (await import('./commands/docs.ts')).docsCommand,
  schema: async () => (await import('./commands/schema.ts')).schemaCommand,
};

/**
 * The command line of Kept with the one command that was asked for, since each loads what it needs and no other; with
 * all of them where none is named, or none that there is.
 */
export async function createProgram(asked?: string): Promise<Command> {
  const program = new Command('kept')
    .description(
      'Every promise to a customer gets a buffer, an honest warning before it slips, and a figure afterwards.',
    )
    .exitOverride()
    .showHelpAfterError('(--help says what there is)');
  const one = asked !== undefined && Object.hasOwn(COMMANDS, asked) ? COMMANDS[asked] : undefined;
  const adders = await Promise.all((one ? [one] : Object.values(COMMANDS)).map((load) => load()));
  for (const add of adders) add(program);
  return program;
}
