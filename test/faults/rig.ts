import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { binaryPath, cacheFolder, childEnvironment, SHARED_CACHE } from '../../cli/config.ts';
import { findBinary, TEMPORAL_CLI } from '../../cli/up/binaries.ts';
import { freePort } from '../../cli/up/ports.ts';
import { postgresBinaries } from '../../cli/up/postgres-binaries.ts';
import { startPostgres } from '../../cli/up/postgres.ts';
import { databaseUser } from '../../cli/up/run-as.ts';
import { startTemporal } from '../../cli/up/temporal.ts';
import { createPool, type Pool } from '../../db/pool.ts';
import { createEngineClient, type EngineClient } from '../../temporal/connection.ts';
import { runKept, type Said } from '../support/kept.ts';
import { tcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import type { Version } from './old-version.ts';
import { startSink, type Sink } from './sink.ts';

/** A process of its own that can be killed and started again, in the same place. */
export interface Part {
  readonly name: string;
  /** Of the process that runs now, or ran last. */
  pid(): number;
  alive(): boolean;
  /** kill -9; resolves when it is gone. The signal is out when this returns. */
  kill(): Promise<void>;
  /** Resolves when it answers; the worker, which listens nowhere, when it is there. */
  start(): Promise<void>;
  /** Ends it in good order. */
  stop(): Promise<void>;
}

/** By who calls whom: each connection between two parts goes through one of these. */
export const LINKS = ['clients', 'apiDatabase', 'apiEngine', 'workerDatabase', 'workerEngine', 'mail'] as const;
export type LinkName = (typeof LINKS)[number];

/** Everything of Kept as processes of their own, a proxy on every link, and a mail sink. */
export interface Rig {
  readonly postgres: Part;
  readonly engine: Part;
  readonly api: Part;
  readonly worker: Part;
  readonly links: Readonly<Record<LinkName, TcpProxy>>;
  readonly sink: Sink;
  /** The API as its clients reach it, without a slash at the end. */
  readonly url: string;
  readonly key: string;
  /** Past all proxies. */
  readonly pool: Pool;
  readonly temporal: EngineClient;
  /** The build that runs: its `dist/cli/main.js`. */
  readonly main: string;
  /** API and worker of this tree, in the places of those that run; they start when they are told. */
  newer(): Newer;
  /** What `kept doctor --json` of this tree says. */
  doctor(): Promise<Said>;
  /** Where the engine keeps everything. */
  readonly engineFile: string;
  /** Logs, data, and what a run leaves to be looked at. */
  readonly folder: string;
  /** Ends all of it. `keep`: the folder stays. */
  stop(options?: { readonly keep: boolean }): Promise<void>;
}

export interface Newer {
  readonly main: string;
  readonly api: Part;
  readonly worker: Part;
  /** @throws where it fails */
  migrate(): Promise<unknown>;
}

export interface RigOptions {
  /** Files of `KEPT_POLICIES`, by name. */
  readonly policies: Readonly<Record<string, string>>;
  /** API and worker reach everything without a proxy between, which costs what a herd needs. */
  readonly direct?: boolean;
  /** Another build than that of this tree; removed when all ends. */
  readonly version?: Version | undefined;
}

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const START_MS = 60_000;
const PASSWORD = 'faults';

/** What runs now; written down, so that it ends with this process however that does. */
const running = new Set<() => number>();
/** Waits for the end of a process, then kills whom the file names. */
const GUARD = 'while kill -0 "$0" 2>/dev/null; do sleep 1; done; kill -9 $(cat "$1") 2>/dev/null';

function guarded(folder: string): void {
  const args = ['-c', GUARD, String(process.pid), join(folder, 'pids')];
  spawn('/bin/sh', args, { detached: true, stdio: 'ignore' }).unref();
}

/** Starts PostgreSQL (with fsync), the dev server, `kept migrate`, `kept api` and `kept worker`. */
export async function startRig({ policies, version, direct = false }: RigOptions): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'kept-faults-'));
  // As root, PostgreSQL's own user must get in.
  chmodSync(folder, 0o755);
  guarded(folder);
  const main = version?.main ?? MAIN;
  const undo: (() => unknown)[] = version ? [version.remove] : [];
  const undone = async ({ keep }: { readonly keep: boolean } = { keep: false }): Promise<void> => {
    for (const each of undo.splice(0).toReversed()) await each();
    if (!keep) rmSync(folder, { recursive: true, force: true });
  };
  const started = async (part: Part): Promise<Part> => {
    undo.push(() => part.stop());
    await part.start();
    return part;
  };
  try {
    const place = { postgres: await freePort(0), engine: await freePort(0), api: await freePort(0) };
    const url = (port: number): string => `postgres://kept:${PASSWORD}@127.0.0.1:${port}/postgres`;
    const postgres = await started(postgresPart(folder, place.postgres));
    const engine = await started(await enginePart(folder, place.engine));
    const sink = await startSink();
    undo.push(sink.stop);
    const to = { clients: place.api, mail: sink.port, Database: place.postgres, Engine: place.engine };
    const links = {} as Record<LinkName, TcpProxy>;
    for (const name of LINKS) {
      const kind = name.replace(/^(api|worker)/, '') as keyof typeof to;
      links[name] = await tcpProxy({ host: '127.0.0.1', port: to[kind] });
      undo.push(links[name].shut);
    }
    mkdirSync(join(folder, 'policies'));
    for (const [name, text] of Object.entries(policies)) writeFileSync(join(folder, 'policies', name), text);
    const own = { DATABASE_URL: url(place.postgres), KEPT_STATE: folder };
    const migrate = (build: string): Promise<string> =>
      done(['migrate'], { ...own, KEPT_POLICIES: join(folder, 'policies') }, build);
    await migrate(main);
    const key = (await done(['keys', 'create', '--name', 'faults'], own, main)).trim();

    const pool = createPool({ url: url(place.postgres), max: 4, name: 'kept faults' });
    undo.push(() => pool.end());
    const temporal = createEngineClient({ address: `127.0.0.1:${place.engine}`, namespace: 'default' });
    undo.push(() => temporal.close());
    const env = (database: TcpProxy, temporalAt: TcpProxy): Record<string, string> => ({
      DATABASE_URL: url(direct ? place.postgres : database.port),
      TEMPORAL_ADDRESS: `127.0.0.1:${direct ? place.engine : temporalAt.port}`,
      SMTP_URL: `smtp://127.0.0.1:${direct ? sink.port : links.mail.port}`,
    });
    const health = `http://127.0.0.1:${place.api}/health`;
    const partsOf = (build: string, name: string): Pick<Newer, 'api' | 'worker'> => {
      const at = (part: string) => ({ folder, name: `${name}${part}`, main: build });
      return {
        api: keptPart(at('api'), ['api', '--port', String(place.api)], env(links.apiDatabase, links.apiEngine), () =>
          fetch(health, { signal: AbortSignal.timeout(1_000) }),
        ),
        worker: keptPart(at('worker'), ['worker'], env(links.workerDatabase, links.workerEngine)),
      };
    };
    const newer = (): Newer => {
      const parts = partsOf(MAIN, 'newer-');
      undo.push(parts.api.stop, parts.worker.stop);
      return { ...parts, main: MAIN, migrate: () => migrate(MAIN) };
    };
    const doctor = (): Promise<Said> =>
      runKept(['doctor', '--json'], { ...own, TEMPORAL_ADDRESS: `127.0.0.1:${place.engine}` });
    const { api, worker } = partsOf(main, '');
    await Promise.all([started(api), started(worker)]);
    const at = `http://127.0.0.1:${links.clients.port}`;
    const engineFile = engineFileOf(folder);
    return {
      postgres,
      engine,
      api,
      worker,
      links,
      sink,
      url: at,
      key,
      pool,
      temporal,
      main,
      newer,
      doctor,
      engineFile,
      folder,
      stop: undone,
    };
  } catch (error) {
    await undone({ keep: true });
    throw error;
  }
}

/** One command, to its end. @throws with its last words where it fails */
async function done(args: readonly string[], env: Readonly<Record<string, string>>, main: string): Promise<string> {
  const { code, stdout, stderr } = await runKept(args, env, main);
  if (code !== 0) throw new Error(`kept ${args.join(' ')} ended with ${code}:\n${stderr}`);
  return stdout;
}

/** `kept api` and `kept worker` as an operator starts them. */
function keptPart(
  { folder, name, main }: { readonly folder: string; readonly name: string; readonly main: string },
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  answers: () => Promise<unknown> = () => Promise.resolve(),
): Part {
  return partOf(folder, name, async () => {
    const log = openSync(join(folder, `${name}.log`), 'a', 0o600);
    const child = spawn(process.execPath, [main, ...args], {
      env: { ...childEnvironment(), TZ: 'UTC', LOG_LEVEL: 'info', ...env },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const exited = new Promise<string>((resolve) => child.once('exit', (code, signal) => resolve(`${signal ?? code}`)));
    await within(() => (hasEnded(child) ? Promise.resolve() : answers()));
    if (hasEnded(child)) throw new Error(`kept ${name} ended at its start (${await exited}); see ${folder}.`);
    const stop = async (): Promise<void> => {
      child.kill('SIGTERM');
      const patience = setTimeout(() => child.kill('SIGKILL'), 25_000);
      await exited;
      clearTimeout(patience);
    };
    return { pid: child.pid ?? 0, exited, stop };
  });
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

function postgresPart(folder: string, port: number): Part {
  const quiet = (): void => {};
  const user = databaseUser(undefined, quiet);
  const binaries = postgresBinaries({ user, elsewhere: [cacheFolder(), SHARED_CACHE], log: quiet });
  const place = { dataDir: join(folder, 'data'), logFile: join(folder, 'postgres.log'), password: PASSWORD, port };
  // After a kill its orphaned backends hold the shared memory for a moment, and PostgreSQL refuses to start beside them.
  return partOf(folder, 'postgres', () => within(() => startPostgres({ binaries, user, ...place, log: quiet })));
}

const engineFileOf = (folder: string): string => join(folder, 'temporal.db');

async function enginePart(folder: string, port: number): Promise<Part> {
  const { given, searchPath } = binaryPath(TEMPORAL_CLI.variable);
  const log = (line: string): void => console.error(line);
  const cli = await findBinary(TEMPORAL_CLI, { given, searchPath, cache: cacheFolder(), log });
  const place = { dbFile: engineFileOf(folder), logFile: join(folder, 'temporal.log'), port, uiPort: null };
  // Its own other ports are any that are free: one of them may be this one, which it then leaves for the next.
  const asAsked = async (): Promise<Process> => {
    const engine = await startTemporal({ cli, ...place, log });
    if (engine.address.endsWith(`:${port}`)) return engine;
    await engine.stop();
    throw new Error(`The engine came up at ${engine.address} instead of port ${port}.`);
  };
  return partOf(folder, 'engine', () => within(asAsked));
}

interface Process {
  readonly pid: number;
  readonly exited: Promise<string>;
  stop(): Promise<void>;
}

function partOf(folder: string, name: string, launch: () => Promise<Process>): Part {
  const note = (): void =>
    writeFileSync(
      join(folder, 'pids'),
      [...running]
        .map((each) => each())
        .filter((each) => each > 0)
        .join(' '),
    );
  let now: (Process & { ended: boolean }) | null = null;
  const pid = (): number => (now === null || now.ended ? 0 : now.pid);
  return {
    name,
    pid: () => now?.pid ?? 0,
    alive: () => pid() !== 0,
    kill: async () => {
      killNow(pid());
      await now?.exited;
    },
    start: async () => {
      const process = { ...(await launch()), ended: false };
      void process.exited.then(() => (process.ended = true));
      now = process;
      running.add(pid);
      note();
    },
    stop: async () => {
      if (pid() !== 0) await now?.stop();
      running.delete(pid);
      note();
    },
  };
}

/** By id; 0 is nobody. */
function killNow(pid: number): void {
  try {
    if (pid > 0) process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

/** Tries until it works. @throws the last fault when that takes too long */
export async function within<T>(work: () => Promise<T>, ms = START_MS): Promise<T> {
  for (const giveUpAt = Date.now() + ms; ;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await sleep(100);
    }
  }
}
