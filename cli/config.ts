import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { TemporalOptions } from '../temporal/connection.ts';
import { isReadable } from './access.ts';
import { LOG_LEVELS, valueOf, VARIABLES, type Environment, type VariableName } from './environment.ts';

/** What the environment says, checked; it is read here and nowhere else. Null: not set. */
export interface Config {
  readonly databaseUrl: string | null;
  /** Where the engine is, by `TEMPORAL_ADDRESS` and the other variables of Temporal's own. */
  readonly temporal: TemporalOptions | null;
  readonly smtpUrl: string | null;
  /** Where people reach the API: `links` in its answers begin with it. Notices hold no links yet. No slash at the end. */
  readonly baseUrl: string | null;
  /** Of the API, on loopback. */
  readonly port: number;
  /** Absolute. */
  readonly state: string;
  /** Absolute: programs that are fetched or copied once. */
  readonly cache: string;
  /** Absolute: folder of policies and people. */
  readonly policies: string | null;
  readonly logLevel: LogLevel;
}

export type LogLevel = (typeof LOG_LEVELS)[number];

/** Where every user of a machine may look: PostgreSQL's own user among them. */
export const SHARED_CACHE = '/var/lib/kept';

/** Something in the environment cannot be used; the message names every fault. */
export class ConfigError extends Error {
  constructor(faults: readonly string[]) {
    super(`The environment cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** @throws ConfigError naming all faults together; values are not repeated, they may be secret */
export function readConfig(env: Environment = process.env): Config {
  const faults: string[] = [];
  const take = <T>(name: VariableName, read: (value: string) => T | Fault): T | null => {
    const value = valueOf(env, name);
    if (value === null) return null;
    const result = read(value);
    if (!(result instanceof Fault)) return result;
    faults.push(`${name} ${result.words}`);
    return null;
  };
  take('KEPT_CACHE', folderOf);
  const rest = {
    databaseUrl: take('DATABASE_URL', urlOf('postgres:', 'postgresql:')),
    temporal: valueOf(env, 'TEMPORAL_ADDRESS') === null ? null : engineOf(env, faults),
    smtpUrl: take('SMTP_URL', urlOf('smtp:', 'smtps:')),
    baseUrl: take('KEPT_BASE_URL', baseUrlOf),
    cache: cacheFolder(env),
    policies: take('KEPT_POLICIES', resolve),
  };
  const [port, state, logLevel] = [take('KEPT_PORT', portOf), take('KEPT_STATE', folderOf), take('LOG_LEVEL', levelOf)];
  // The three have fallbacks: none is null without a fault.
  if (faults.length > 0 || port === null || state === null || logLevel === null) throw new ConfigError(faults);
  return { ...rest, port, state, logLevel };
}

/** `KEPT_CACHE`, else `kept` under `XDG_CACHE_HOME`, else under `~/.cache`. */
export const cacheFolder = (env: Environment = process.env): string =>
  resolve(valueOf(env, 'KEPT_CACHE') ?? join(valueOf(env, 'XDG_CACHE_HOME') ?? join(homedir(), '.cache'), 'kept'));

/** The user's own executable for a variable such as TEMPORAL_CLI_PATH, and where else to look. */
export const binaryPath = (
  variable: VariableName,
  env: Environment = process.env,
): { readonly given: string | null; readonly searchPath: string } => ({
  given: valueOf(env, variable),
  searchPath: valueOf(env, 'PATH') ?? '',
});

/** Where the page tests look for a browser, and whether the user declined to have one. */
export const browserPath = (
  env: Environment = process.env,
): { readonly given: string | null; readonly searchPath: string; readonly declined: boolean } => ({
  ...binaryPath('CHROME_PATH', env),
  declined: valueOf(env, 'KEPT_NO_BROWSER') === '1',
});

/** For children: everything of ours but the variables that only `kept up` may act on. */
export const childEnvironment = (env: Environment = process.env): Record<string, string> => {
  const ours = /^(DATABASE_URL|SMTP_URL|TEMPORAL_|KEPT_)/;
  const rest = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !ours.test(entry[0]),
  );
  return Object.fromEntries(rest);
};

/** A port from 0 (any free one) to 65535, or null. */
export function parsePort(text: string): number | null {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  return port >= 0 && port <= 65_535 ? port : null;
}

class Fault {
  readonly words: string;
  constructor(words: string) {
    this.words = words;
  }
}

function engineOf(env: Environment, faults: string[]): TemporalOptions | null {
  const wrong = wrongForEngine(env);
  if (wrong.length > 0) {
    faults.push(...wrong);
    return null;
  }
  const strings = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(strings) });
    const { address, apiKey, tls, metadata } = connectionOptions;
    if (!address || parsePort(/^[^\s/]+:(\d+)$/.exec(address)?.[1] ?? '') === null) {
      faults.push('TEMPORAL_ADDRESS is host:port, such as 127.0.0.1:7233, without a scheme.');
      return null;
    }
    return {
      address,
      namespace: namespace ?? VARIABLES.TEMPORAL_NAMESPACE.fallback,
      ...(typeof apiKey === 'string' ? { apiKey } : {}),
      ...(tls === undefined || tls === null ? {} : { tls }),
      ...(metadata === undefined ? {} : { metadata: textsOf(metadata) }),
    };
  } catch (error) {
    faults.push(`TEMPORAL_*: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

const ENGINE_FILES = [
  'TEMPORAL_TLS_CLIENT_CERT_PATH',
  'TEMPORAL_TLS_CLIENT_KEY_PATH',
  'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
  'TEMPORAL_CONFIG_FILE',
] as const;
const ENGINE_SWITCHES = ['TEMPORAL_TLS', 'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION'] as const;

/** What Temporal's own reader would take for something else, or refuse without a name. */
const wrongForEngine = (env: Environment): readonly string[] => [
  ...ENGINE_FILES.filter((name) => {
    const file = valueOf(env, name);
    return file !== null && !isReadable(file);
  }).map((name) => `${name} is a file that can be read.`),
  ...ENGINE_SWITCHES.filter((name) => !/^(|1|0|true|false)$/i.test(valueOf(env, name) ?? '')).map(
    (name) => `${name} is 1 or true, 0 or false.`,
  ),
];

/** Headers that are no text cannot come from variables. */
const textsOf = (metadata: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(metadata).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );

const urlOf =
  (...protocols: readonly string[]) =>
  (text: string): string | Fault => {
    const wanted = protocols.map((protocol) => `${protocol}//`).join(' or ');
    return URL.canParse(text) && protocols.includes(new URL(text).protocol)
      ? text
      : new Fault(`is an address that begins with ${wanted}.`);
  };

function baseUrlOf(text: string): string | Fault {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.search || url.hash)
    return new Fault('is an http:// or https:// address without query or fragment.');
  return text.replace(/\/+$/, '');
}

function folderOf(text: string): string | Fault {
  try {
    if (statSync(text, { throwIfNoEntry: false })?.isDirectory() ?? true) return resolve(text);
  } catch {
    return new Fault('is a folder, and may not be looked into.');
  }
  return new Fault('is a folder, and there is a file of that name.');
}

const portOf = (text: string): number | Fault =>
  parsePort(text) ?? new Fault('is a port: a whole number from 0 to 65535.');

const levelOf = (text: string): LogLevel | Fault =>
  LOG_LEVELS.find((level) => level === text) ?? new Fault(`is one of ${LOG_LEVELS.join(', ')}.`);
