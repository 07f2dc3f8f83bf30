import { join } from 'node:path';
import type { TemporalOptions } from '../../temporal/connection.ts';
import { binaryPath, type Config } from '../config.ts';
import { allOrFirstFault } from './all-or-first-fault.ts';
import { findBinary, TEMPORAL_CLI } from './binaries.ts';
import { ChildFailed, startChild, type Child } from './children.ts';
import { DATABASE, startDatabase } from './database.ts';
import { startMailSink } from './mail-sink.ts';
import { freePort } from './ports.ts';
import { shown } from './progress.ts';
import type { StateFiles } from './state.ts';
import { supervise, type Supervised } from './supervise.ts';
import { startTemporal } from './temporal.ts';

export interface EngineAddress extends TemporalOptions {
  /** The executable, where the engine is ours. */
  readonly cli: string | null;
  readonly ui: string | null;
}

/** Everything that `kept up` runs, as it is now: what died and was restarted may have moved. */
export interface Parts {
  databaseUrl(): string;
  temporal(): EngineAddress;
  apiUrl(): string;
  readonly smtp: { readonly url: string; readonly isSink: boolean };
  /** Null: not a process of ours. */
  pids(): Readonly<Record<'api' | 'worker' | 'postgres' | 'temporal', number | null>>;
  /** API, worker, sink, engine, database; each one's process is gone before the next is told. */
  stop(): Promise<void>;
}

export interface PartsOptions {
  readonly config: Config;
  readonly files: StateFiles;
  readonly stopping: AbortSignal;
  /** Readies the database before anybody uses it. */
  prepare(databaseUrl: string): Promise<void>;
  /** Something was restarted. */
  changed(parts: Parts): void;
  log(line: string): void;
}

const HOST = '127.0.0.1';
const POSTGRES_PORT = 7432;
const TEMPORAL_PORT = 7433;
const UI_PORT = 7434;
const PORT_ATTEMPTS = 5;

/** What runs so far, in the order in which it is stopped. */
interface Running {
  api?: Supervised<Child>;
  worker?: Supervised<Child>;
  sink?: { stop(): Promise<void> };
  temporal?: Supervised<Awaited<ReturnType<typeof startTemporal>>>;
  database?: Supervised<Awaited<ReturnType<typeof startDatabase>>>;
}

/** Starts all parts. @throws what one of them throws, or the signal's reason, after stopping those that ran already */
export async function startParts(told: PartsOptions): Promise<Parts> {
  const { config, log, prepare, changed } = told;
  const giveUp = new AbortController();
  const stopping = AbortSignal.any([told.stopping, giveUp.signal]);
  const options = { ...told, stopping };
  const running: Running = {};
  const stop = async (): Promise<void> => {
    for (const part of [running.api, running.worker, running.sink, running.temporal, running.database])
      await part?.stop().catch((error: unknown) => log(`While stopping: ${wordsOf(error)}`));
  };
  try {
    let whole: Parts | null = null;
    const onChange = (): void => {
      if (whole) changed(whole);
    };
    const [database, engine, smtp] = await allOrFirstFault(
      [
        shown('Starting PostgreSQL', log, () => databaseOf(options, running, onChange)).then(async (at) => {
          await prepare(at());
          return at;
        }),
        shown('Starting Temporal', log, () => engineOf(options, running, onChange)),
        smtpOf(options, running),
      ],
      giveUp,
    );
    stopping.throwIfAborted();
    const settings = { database, engine, smtp, pages: pagesOf(config, running, stopping) };
    await shown('Starting API and worker', log, () =>
      allOrFirstFault(
        [apiOf(options, running, settings, onChange), workerOf(options, running, settings, onChange)],
        giveUp,
      ),
    );
    stopping.throwIfAborted();
    whole = {
      databaseUrl: database,
      temporal: engine,
      apiUrl: () => running.api?.current().url ?? `http://${HOST}:${config.port}`,
      smtp,
      pids: () => ({
        api: running.api?.current().pid ?? null,
        worker: running.worker?.current().pid ?? null,
        postgres: running.database?.current().pid ?? null,
        temporal: running.temporal?.current().pid ?? null,
      }),
      stop,
    };
    return whole;
  } catch (error) {
    await stop();
    throw error;
  }
}

async function databaseOf(
  { config, files, log }: PartsOptions,
  running: Running,
  onChange: () => void,
): Promise<() => string> {
  const { databaseUrl } = config;
  if (databaseUrl !== null) return () => databaseUrl;
  let port = POSTGRES_PORT;
  let existing = false;
  const database = await supervise({
    name: 'PostgreSQL',
    start: async () => {
      const started = await startDatabase({ files, cache: config.cache, port, existing, log });
      if (existing && started.port !== port) restartUsers(running);
      existing = true;
      port = started.port;
      return started;
    },
    changed: onChange,
    log,
  });
  running.database = database;
  return () => database.current().url(DATABASE);
}

async function engineOf(
  { config, files, stopping, log }: PartsOptions,
  running: Running,
  onChange: () => void,
): Promise<() => EngineAddress> {
  const outside = config.temporal;
  if (outside) return () => ({ ...outside, cli: null, ui: null });
  const { given, searchPath } = binaryPath(TEMPORAL_CLI.variable);
  const cli = await findBinary(TEMPORAL_CLI, { given, searchPath, cache: config.cache, signal: stopping, log });
  stopping.throwIfAborted();
  const logFile = join(files.logs, 'temporal.log');
  let address = '';
  let [port, uiPort] = [TEMPORAL_PORT, UI_PORT];
  const temporal = await supervise({
    name: 'Temporal',
    start: async () => {
      const started = await startTemporal({ cli, dbFile: files.engine, port, uiPort, logFile, log });
      if (address !== '' && address !== started.address) restartUsers(running);
      address = started.address;
      port = portOf(started.address) ?? port;
      uiPort = started.ui ? (portOf(started.ui) ?? uiPort) : uiPort;
      return started;
    },
    changed: onChange,
    log,
  });
  running.temporal = temporal;
  return () => {
    const now = temporal.current();
    return { address: now.address, namespace: now.namespace, cli, ui: now.ui };
  };
}

async function smtpOf({ config, files, log }: PartsOptions, running: Running): Promise<Parts['smtp']> {
  if (config.smtpUrl !== null) return { url: config.smtpUrl, isSink: false };
  const sink = await startMailSink(files.mails, { log });
  running.sink = sink;
  return { url: sink.smtpUrl, isSink: true };
}

interface Settings {
  readonly database: () => string;
  readonly engine: () => EngineAddress;
  readonly smtp: Parts['smtp'];
  readonly pages: Pages;
}

/** Where people reach the pages: mails to staff lead there. */
interface Pages {
  /** The API is about to listen there: the worker's links are made anew where it has moved. */
  found(url: string): void;
  /** Waits until it is known. */
  url(): Promise<string>;
}

function pagesOf({ baseUrl }: Config, running: Running, stopping: AbortSignal): Pages {
  let current = baseUrl;
  let tell = (_: string): void => {};
  const first = new Promise<string>((resolve, reject) => {
    tell = resolve;
    // The API has failed before it chose a port: nobody waits for one any more.
    stopping.addEventListener('abort', () => reject(stopping.reason as Error), { once: true });
  });
  first.catch(() => {});
  return {
    found: (url) => {
      if (baseUrl !== null || url === current) return;
      if (current !== null) void running.worker?.restart();
      current = url;
      tell(url);
    },
    url: async () => current ?? first,
  };
}

async function apiOf(
  { config, files, stopping, log }: PartsOptions,
  running: Running,
  { database, engine, smtp, pages }: Settings,
  onChange: () => void,
): Promise<void> {
  let asked = config.port;
  const start = async (): Promise<Child> => {
    const refused = new Set<number>();
    for (;;) {
      const port = await freePort(asked, refused);
      if (port !== asked && asked !== 0) log(`Port ${asked} is taken: Kept listens on ${port}.`);
      try {
        const settings = {
          databaseUrl: database(),
          temporal: connectionOf(engine()),
          port,
          host: HOST,
          baseUrl: config.baseUrl,
          policies: null,
          laptop: { mails: smtp.isSink ? files.mails : null },
          logLevel: config.logLevel,
        };
        pages.found(`http://${HOST}:${port}`);
        const child = await startChild('api', settings, { logFile: join(files.logs, 'api.log'), stopping, log });
        asked = port;
        return child;
      } catch (error) {
        // Somebody else may take the port between our look and the child's.
        const isTaken = error instanceof ChildFailed && error.code === 'EADDRINUSE';
        if (!isTaken || refused.size >= PORT_ATTEMPTS) throw error;
        refused.add(port);
      }
    }
  };
  running.api = await supervise({ name: 'The API', start, changed: onChange, log });
}

async function workerOf(
  { config, files, stopping, log }: PartsOptions,
  running: Running,
  { database, engine, smtp, pages }: Settings,
  onChange: () => void,
): Promise<void> {
  const start = async (): Promise<Child> => {
    const settings = {
      databaseUrl: database(),
      temporal: connectionOf(engine()),
      smtpUrl: smtp.url,
      links: { baseUrl: await pages.url(), pages: true },
      policies: null,
      logLevel: config.logLevel,
    };
    return startChild('worker', settings, { logFile: join(files.logs, 'worker.log'), stopping, log });
  };
  running.worker = await supervise({ name: 'The worker', start, changed: onChange, log });
}

/** Database or engine have moved to another port: who uses them is told by a start. */
function restartUsers({ api, worker }: Running): void {
  void api?.restart();
  void worker?.restart();
}

const connectionOf = ({ cli: _cli, ui: _ui, ...connection }: EngineAddress): TemporalOptions => connection;

const portOf = (address: string): number | null => {
  const port = Number(address.split(':').at(-1));
  return Number.isInteger(port) ? port : null;
};

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
