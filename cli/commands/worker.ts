import type { Command } from 'commander';
import { ConfigError, readConfig, type Config } from '../config.ts';
import { createLog } from '../log.ts';
import { serveUntilTold } from '../serve-until-told.ts';
import { hasParent, settingsFromParent, type WorkerSettings } from '../up/child-link.ts';

/** Adds `kept worker`. */
export function workerCommand(program: Command): void {
  program
    .command('worker')
    .description('Runs workflows and sends notices. Needs DATABASE_URL, TEMPORAL_ADDRESS and SMTP_URL.')
    .option('--check', 'only asks Temporal whether a worker of this machine is at work; exit 1 where none is')
    .action(async ({ check = false }: { readonly check?: boolean }) => {
      if (check) return checkWorker(readConfig());
      const settings = hasParent() ? await settingsFromParent<WorkerSettings>() : ownSettings(readConfig());
      // Loaded here, so that the other commands need not.
      const { serveWorker } = await import('../serve-worker.ts');
      await serveUntilTold((ending) => serveWorker(settings, createLog('kept worker', settings.logLevel), ending));
    });
}

/** For whoever looks after processes: a worker listens on no port that could be asked. */
async function checkWorker({ temporal }: Config): Promise<void> {
  if (!temporal) throw new ConfigError(['TEMPORAL_ADDRESS is not set: host:port of the Temporal server to use.']);
  const { pollsFrom } = await import('../../temporal/pollers.ts');
  if (!(await pollsFrom(temporal))) throw new Error('No worker of this machine has asked for work within two minutes.');
  process.stderr.write('A worker of this machine is at work.\n');
}

function ownSettings({ databaseUrl, temporal, smtpUrl, baseUrl, policies, logLevel }: Config): WorkerSettings {
  const links = baseUrl === null ? null : { baseUrl, pages: false };
  if (databaseUrl && temporal && smtpUrl) return { databaseUrl, temporal, smtpUrl, links, policies, logLevel };
  throw new ConfigError([
    ...(databaseUrl ? [] : ['DATABASE_URL is not set: the address of the PostgreSQL to use.']),
    ...(temporal ? [] : ['TEMPORAL_ADDRESS is not set: host:port of the Temporal server to use.']),
    ...(smtpUrl ? [] : ['SMTP_URL is not set: the mail server that takes the notices, smtp://…']),
  ]);
}
