import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './ports.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { commandOf, endProcess, isTaken, markOf } from './processes.ts';
import type { SystemUser } from './run-as.ts';

export interface PostgresOptions {
  readonly binaries: PostgresBinaries;
  /** Who runs it; null: ourselves. */
  readonly user: SystemUser | null;
  /** Absolute; its parent can be entered by `user`. */
  readonly dataDir: string;
  /** Of the user `kept`, who owns everything inside. Taken when the data is made; later it must be the same. */
  readonly password: string;
  /** Asked for; the next free one is taken where it is not free. 0: any. */
  readonly port: number;
  readonly logFile: string;
  /** False only where losing the data does not matter (tests): no fsync. */
  readonly durable?: boolean;
  /** True where the data was there a moment ago: its loss is an error, not a reason to begin anew. */
  readonly existing?: boolean;
  log(line: string): void;
}

export interface RunningPostgres {
  readonly port: number;
  readonly pid: number;
  /** Where to connect, as the owner of everything, to one of its databases. */
  url(database: string): string;
  /** Resolves with a sentence when the server ends, wanted or not. */
  readonly exited: Promise<string>;
  /** Fast shutdown: connections are cut, everything committed stays. Resolves when the process is gone. */
  stop(): Promise<void>;
}

const USER = 'kept';
const START_TIMEOUT_MS = 120_000;
const PORT_ATTEMPTS = 5;
/** Whoever gets no port ends well within this. */
const BIND_MS = 2_000;

/**
 * Starts PostgreSQL on loopback over `dataDir`, making the data first where there is none. An orphan of a killed
 * parent on the same data is stopped before.
 * @throws with PostgreSQL's own last words where it does not start
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  await stopOrphan(options.dataDir, options.log);
  if (!existsSync(join(options.dataDir, 'PG_VERSION'))) {
    if (options.existing) throw new Error(`The database is gone: there is no data in ${options.dataDir} any more.`);
    initialise(options);
  }
  const refused = new Set<number>();
  for (;;) {
    const port = await freePort(options.port, refused);
    const started = await launch(options, port);
    if (!('failure' in started)) return started;
    // Somebody else may take the port between our look and PostgreSQL's.
    if (!/could not bind|Address already in use/.test(started.failure) || refused.size >= PORT_ATTEMPTS)
      throw new Error(`PostgreSQL did not start. Its last words (${options.logFile}):\n${started.failure}`);
    refused.add(port);
  }
}

/**
 * Stops a postmaster that still runs on this data. The pid file of a dead one stays: PostgreSQL reads in it what to clean
 * up. It goes only where PostgreSQL would refuse to start over it: its pid is now somebody else's (or a zombie's), or a
 * crash of the machine has left no pid in it.
 */
export async function stopOrphan(dataDir: string, log: (line: string) => void): Promise<void> {
  const pidFile = join(dataDir, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  const mark = pid > 0 ? markOf(pid) : null;
  const command = mark ? commandOf(mark.pid) : '';
  if (!mark || !/(?:^|\/)postgres /.test(command) || !`${command} `.includes(`${dataDir} `)) {
    if (!(pid > 0) || isTaken(pid)) rmSync(pidFile, { force: true });
    return;
  }
  log(`A PostgreSQL of an earlier start still runs on ${dataDir} (pid ${mark.pid}): stopping it.`);
  await endProcess(mark, [
    { signal: 'SIGINT', waitMs: 20_000 },
    { signal: 'SIGQUIT', waitMs: 10_000 },
  ]);
}

/** Into a folder beside, renamed when complete: data of a killed initdb is never used. */
function initialise({ binaries, user, dataDir, password, durable = true, log }: PostgresOptions): void {
  log(`Making a PostgreSQL database in ${dataDir}.`);
  mkdirSync(dirname(dataDir), { recursive: true });
  for (const name of readdirSync(dirname(dataDir)))
    if (name.startsWith(`${basename(dataDir)}.`) && name.endsWith('.part'))
      rmSync(join(dirname(dataDir), name), { recursive: true, force: true });
  const half = `${dataDir}.${process.pid}.part`;
  mkdirSync(half, { mode: 0o700 });
  const passwordFile = join(tmpdir(), `kept-${process.pid}-${Date.now()}`);
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
  if (user) for (const path of [half, passwordFile]) chownSync(path, user.uid, user.gid);
  try {
    const made = spawnSync(
      binaries.initdb,
      [
        `--pgdata=${half}`,
        `--username=${USER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        ...(durable ? [] : ['--no-sync']),
      ],
      { ...asUser(user), encoding: 'utf8' },
    );
    if (made.status !== 0) {
      const words = made.error?.message ?? `${made.stdout}${made.stderr}`.trim();
      throw new Error(`PostgreSQL's initdb failed in ${half}:\n${words}`);
    }
    renameSync(half, dataDir);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(half, { recursive: true, force: true });
  }
}

async function launch(options: PostgresOptions, port: number): Promise<RunningPostgres | { failure: string }> {
  const { binaries, user, dataDir, password, logFile, durable = true } = options;
  mkdirSync(dirname(logFile), { recursive: true });
  const logged = existsSync(logFile) ? statSync(logFile).size : 0;
  const file = openSync(logFile, 'a', 0o600);
  chmodSync(logFile, 0o600);
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'timezone=UTC',
    'log_timezone=UTC',
    ...(durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
  ];
  const child = spawn(
    binaries.postgres,
    ['-D', dataDir, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    // Its own session: a terminal's Ctrl-C reaches only us, and we stop it in our order.
    { ...asUser(user), detached: true, stdio: ['ignore', file, file] },
  );
  closeSync(file);
  const exited = exitOf(child);
  let ended: string | null = null;
  void exited.then((sentence) => (ended = sentence));
  const url = (database: string): string => `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`;

  const giveUpAt = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(url('postgres')).catch((refused: unknown) => unlessAnother(child, exited, refused)))) {
    if (ended === null && Date.now() < giveUpAt) continue;
    child.kill('SIGQUIT');
    const words = readFileSync(logFile, 'utf8').slice(logged).trim().split('\n').slice(-15).join('\n');
    return { failure: words || (ended ?? 'It gave no answer.') };
  }
  return { port, pid: child.pid ?? 0, url, exited, stop: () => stop(child, exited) };
}

/** Somebody else may have got the port and refuse our password: ours ends then. Ends it otherwise. @throws what was refused */
async function unlessAnother(child: ChildProcess, exited: Promise<string>, refused: unknown): Promise<false> {
  const isAnother = await Promise.race([exited.then(() => true), sleep(BIND_MS).then(() => false)]);
  if (isAnother) return false;
  await stop(child, exited);
  throw refused;
}

async function stop(child: ChildProcess, exited: Promise<string>): Promise<void> {
  child.kill('SIGINT');
  const patience = setTimeout(() => child.kill('SIGQUIT'), 20_000);
  await exited;
  clearTimeout(patience);
}

function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`PostgreSQL could not be run: ${error.message}`));
    child.once('exit', (code, signal) => resolve(`PostgreSQL ended (${signal ?? `exit ${code}`}).`));
  });
}

/** One look; waits a moment where there is no answer yet. */
async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === '28P01')
      throw new Error('PostgreSQL refuses the password kept in the state folder. Start with --fresh to begin anew.');
    await sleep(30);
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/** A folder that everybody may enter, and no variables of the caller's. */
const asUser = (user: SystemUser | null): object => ({
  ...(user ? { uid: user.uid, gid: user.gid } : {}),
  cwd: '/',
  env: { LC_ALL: 'C', TZ: 'UTC' },
});
