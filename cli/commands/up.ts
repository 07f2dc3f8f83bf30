import { resolve } from 'node:path';
import type { Command } from 'commander';
import { readConfig } from '../config.ts';
import { portOption } from './api.ts';

interface UpCommandOptions {
  readonly port?: number;
  readonly state?: string;
  readonly fresh?: true;
  readonly sample?: boolean;
}

/** Adds `kept up`. */
export function upCommand(program: Command): void {
  program
    .command('up')
    .description('Everything on this machine, in the foreground: database, engine, API, worker and a mail sink.')
    .option(
      '--port <port>',
      'the port of pages and API; the next free one where it is taken (default: KEPT_PORT, else 7400)',
      portOption,
    )
    .option('--state <folder>', 'where everything is kept (default: KEPT_STATE, else .kept)')
    .option('--fresh', 'forget everything and begin anew; not with DATABASE_URL')
    .option('--sample', 'play the sample also beside promises of your own; with DATABASE_URL only into an empty schema')
    .option('--no-sample', 'do not play the sample')
    .action(async ({ port, state, fresh, sample }: UpCommandOptions) => {
      const config = readConfig();
      // Loaded here, so that the other commands need not.
      const { up } = await import('../up/up.ts');
      await up({
        config: { ...config, port: port ?? config.port, state: state === undefined ? config.state : resolve(state) },
        fresh: fresh === true,
        sample: sample ?? null,
      });
    });
}
