import { InvalidArgumentError, type Command } from 'commander';
import { ConfigError, parsePort, readConfig, type Config } from '../config.ts';
import { createLog } from '../log.ts';
import { serveUntilTold } from '../serve-until-told.ts';
import { hasParent, settingsFromParent, type ApiSettings } from '../up/child-link.ts';

interface ApiOptions {
  readonly port?: number;
  readonly host: string;
}

/** Adds `kept api`. */
export function apiCommand(program: Command): void {
  program
    .command('api')
    .description('Serves the HTTP API, without the pages of "kept up". Needs DATABASE_URL and TEMPORAL_ADDRESS.')
    .option('--port <port>', 'the port to listen on (default: KEPT_PORT, else 7400)', portOption)
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .action(async (options: ApiOptions) => {
      const settings = hasParent() ? await settingsFromParent<ApiSettings>() : ownSettings(readConfig(), options);
      // Loaded here, so that the other commands need not.
      const { serveApi } = await import('../serve-api.ts');
      const log = createLog('kept api', settings.logLevel);
      await serveUntilTold((ending) => serveApi(settings, log, ending)).catch((error: unknown) => {
        throw explained(error, settings);
      });
    });
}

/** For commander. */
export function portOption(text: string): number {
  const port = parsePort(text);
  if (port === null) throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
  return port;
}

/** Where the API may not listen, in words. */
function explained(error: unknown, { host, port }: ApiSettings): unknown {
  const words = NOT_LISTENING[String((error as { code?: unknown } | null)?.code)];
  return words ? new Error(`The API cannot listen on ${host}, port ${port}: ${words}`, { cause: error }) : error;
}

const NOT_LISTENING: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something else listens there. Choose another port by --port or KEPT_PORT; 0 is any free one.',
  EACCES: 'this user may not. Choose a port from 1024 on by --port or KEPT_PORT.',
  EADDRNOTAVAIL: 'this machine has no such address. Choose another by --host.',
  ENOTFOUND: 'no such host is known. Choose another by --host.',
};

function ownSettings(config: Config, { port, host }: ApiOptions): ApiSettings {
  const { databaseUrl, temporal, baseUrl, policies, logLevel } = config;
  if (!databaseUrl || !temporal)
    throw new ConfigError([
      ...(databaseUrl ? [] : ['DATABASE_URL is not set: the address of the PostgreSQL to use.']),
      ...(temporal ? [] : ['TEMPORAL_ADDRESS is not set: host:port of the Temporal server to use.']),
    ]);
  return { databaseUrl, temporal, port: port ?? config.port, host, baseUrl, policies, laptop: null, logLevel };
}
