import { spawn } from 'node:child_process';
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, readSync } from 'node:fs';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { freePort } from './ports.ts';
import { commandOf, endProcess, isAlive, markOf, type ProcessMark } from './processes.ts';

export interface TemporalOptions {
  /** The executable `temporal`. */
  readonly cli: string;
  /** Absolute. Disposable: PostgreSQL is the truth, and the starter refills an empty engine. */
  readonly dbFile: string;
  /** Asked for; the next free one is taken where it is not free. 0: any. */
  readonly port: number;
  /** Of the engine's own pages; null: without them. */
  readonly uiPort: number | null;
  readonly logFile: string;
  log(line: string): void;
}

export interface RunningTemporal {
  readonly address: string;
  readonly namespace: string;
  readonly ui: string | null;
  readonly pid: number;
  /** Resolves with a sentence when the server ends, wanted or not. */
  readonly exited: Promise<string>;
  /** Resolves when the process is gone (1.1 s): only then may the next one open the file. */
  stop(): Promise<void>;
}

const NAMESPACE = 'default';
const START_TIMEOUT_MS = 60_000;
const PORT_ATTEMPTS = 5;
const DAMAGE_LOOK_MS = 2_000;
/** SQLite's own words for a file that cannot be trusted any more. */
const DAMAGE = /database disk image is malformed|file is not a database/;
const UP = /^Temporal Server/m;
const TAKEN = /address already in use|can't set .* port/i;

/**
 * Starts Temporal's dev server on loopback over `dbFile` and waits until it answers. A server of a killed parent on
 * the same file is stopped first; a file that the server itself calls damaged is moved aside and an empty one begun.
 * @throws with the server's last words where it does not start
 */
export async function startTemporal(options: TemporalOptions): Promise<RunningTemporal> {
  mkdirSync(dirname(options.dbFile), { recursive: true });
  mkdirSync(dirname(options.logFile), { recursive: true });
  await endLeftTemporal(options.dbFile, options.log);
  if (existsSync(damageNote(options.dbFile))) moveAside(options.dbFile, options.log);
  const refused = new Set<number>();
  for (;;) {
    const port = await freePort(options.port, refused);
    const uiPort = options.uiPort === null ? null : await freePort(options.uiPort, new Set([...refused, port]));
    const hadFile = existsSync(options.dbFile);
    const started = await launch(options, port, uiPort);
    if (!('failure' in started)) return started;
    if (started.taken && refused.size < PORT_ATTEMPTS) {
      refused.add(port);
      if (uiPort !== null) refused.add(uiPort);
    } else if (hadFile && started.damaged) {
      moveAside(options.dbFile, options.log);
    } else {
      throw new Error(`Temporal did not start. Its last words (${options.logFile}):\n${started.failure}`);
    }
  }
}

/** Stops a dev server of an earlier start on this file: two on one file would damage it. */
export async function endLeftTemporal(dbFile: string, log: (line: string) => void): Promise<void> {
  const mark = readMark(pidFile(dbFile));
  if (mark && isAlive(mark) && commandOf(mark.pid).includes(dbFile)) {
    log(`A Temporal server of an earlier start still runs on ${dbFile} (pid ${mark.pid}): stopping it.`);
    await endProcess(mark, [
      { signal: 'SIGTERM', waitMs: 10_000 },
      { signal: 'SIGKILL', waitMs: 5_000 },
    ]);
  }
  rmSync(pidFile(dbFile), { force: true });
}

/**
 * How the server's file is written. It survives a kill; the last writes may go with the machine, which the epoch and the
 * starter mend. 32 MB of log before it is folded in, 128 MB of pages kept: a start costs a fifth less than by default.
 */
const PRAGMAS = [
  ...['journal_mode=WAL', 'synchronous=NORMAL', 'wal_autocheckpoint=8000'],
  ...['cache_size=-131072', 'temp_store=MEMORY'],
];
/** One part of each task queue instead of four: three hand what waits in them to the first one by one, seven a second. */
const DYNAMIC = ['matching.numTaskqueueReadPartitions=1', 'matching.numTaskqueueWritePartitions=1'];

async function launch(
  { cli, dbFile, logFile }: TemporalOptions,
  port: number,
  uiPort: number | null,
): Promise<RunningTemporal | { failure: string; damaged: boolean; taken: boolean }> {
  const logged = existsSync(logFile) ? statSync(logFile).size : 0;
  const file = openSync(logFile, 'a', 0o600);
  chmodSync(logFile, 0o600);
  const child = spawn(
    cli,
    [
      ...['server', 'start-dev', '--db-filename', dbFile],
      ...PRAGMAS.flatMap((pragma) => ['--sqlite-pragma', pragma]),
      ...DYNAMIC.flatMap((value) => ['--dynamic-config-value', value]),
      ...['--ip', '127.0.0.1', '--port', String(port)],
      ...(uiPort === null ? ['--headless'] : ['--ui-port', String(uiPort)]),
      ...['--log-level', 'warn', '--color', 'never'],
    ],
    // Its own session, so that a terminal's Ctrl-C reaches only us; no variables, so that no TEMPORAL_* bends it.
    // It collects its garbage at five times what lives instead of at twice, as long as that is less than a GiB.
    { detached: true, stdio: ['ignore', file, file], env: { HOME: dirname(dbFile), GOGC: '400', GOMEMLIMIT: '1GiB' } },
  );
  closeSync(file);
  let ended: string | null = null;
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`Temporal could not be run: ${error.message}`));
    child.once('exit', (code, signal) => resolve(`Temporal ended (${signal ?? `exit ${code}`}).`));
  });
  void exited.then((sentence) => {
    ended = sentence;
    rmSync(pidFile(dbFile), { force: true });
  });
  const mark = child.pid ? markOf(child.pid) : null;
  if (mark) writeFileSync(pidFile(dbFile), JSON.stringify(mark), { mode: 0o600 });

  const address = `127.0.0.1:${port}`;
  const giveUpAt = Date.now() + START_TIMEOUT_MS;
  // Somebody else may have got the port and answer there: ours ends then. It says that it is up; one that never says so is waited for.
  const isOurs = async (): Promise<boolean> => {
    for (let look = 0; look < 40 && ended === null && !UP.test(since(logFile, logged)); look += 1) await sleep(50);
    return ended === null;
  };
  while (!((await answers(address)) && (await isOurs()))) {
    if (ended === null && Date.now() < giveUpAt) continue;
    child.kill('SIGKILL');
    const sentence = child.pid ? await exited : (ended ?? '');
    const words = since(logFile, logged);
    // A server whose port was taken meanwhile may say so first and then panic at length.
    const failure = words.trim().split('\n').slice(-8).join('\n') || sentence;
    return { failure, damaged: DAMAGE.test(words), taken: TAKEN.test(words) };
  }
  watchForDamage(dbFile, logFile, logged, exited, () => child.kill('SIGKILL'));
  return {
    address,
    namespace: NAMESPACE,
    ui: uiPort === null ? null : `http://127.0.0.1:${uiPort}`,
    pid: child.pid ?? 0,
    exited,
    stop: async () => {
      child.kill('SIGTERM');
      const patience = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exited;
      clearTimeout(patience);
    },
  };
}

/** A file that breaks under a running server: the server is ended, and its next start begins an empty file. */
function watchForDamage(dbFile: string, logFile: string, from: number, exited: Promise<string>, end: () => void): void {
  let seen = from;
  const timer = setInterval(() => {
    const words = since(logFile, seen);
    seen += Buffer.byteLength(words);
    if (!DAMAGE.test(words)) return;
    clearInterval(timer);
    writeFileSync(damageNote(dbFile), words.slice(-2_000), { mode: 0o600 });
    end();
  }, DAMAGE_LOOK_MS);
  timer.unref();
  void exited.then(() => clearInterval(timer));
}

/** Only the last damaged file stays for a look. */
function moveAside(dbFile: string, log: (line: string) => void): void {
  for (const name of readdirSync(dirname(dbFile)))
    if (name.startsWith(`${basename(dbFile)}.damaged-`)) rmSync(join(dirname(dbFile), name), { force: true });
  const aside = `${dbFile}.damaged-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  for (const ending of ['', '-wal', '-shm'])
    if (existsSync(dbFile + ending)) renameSync(dbFile + ending, aside + ending);
  rmSync(damageNote(dbFile), { force: true });
  log(`Temporal's file is damaged. It lies now at ${aside}; an empty one is begun and refilled from PostgreSQL.`);
}

/** One look; waits a moment where there is no answer yet. */
async function answers(address: string): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: 1_000 });
    try {
      await connection.withDeadline(Date.now() + 2_000, () =>
        connection.workflowService.describeNamespace({ namespace: NAMESPACE }),
      );
      return true;
    } finally {
      await connection.close();
    }
  } catch {
    await sleep(50);
    return false;
  }
}

/** What the file has gained since it was `from` bytes long; at most the last megabyte. */
function since(logFile: string, from: number): string {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  const length = Math.min(Math.max(size - from, 0), 1_000_000);
  if (length === 0) return '';
  const file = openSync(logFile, 'r');
  try {
    const buffer = Buffer.alloc(length);
    return buffer.toString('utf8', 0, readSync(file, buffer, 0, length, size - length));
  } finally {
    closeSync(file);
  }
}

const pidFile = (dbFile: string): string => `${dbFile}.pid`;
const damageNote = (dbFile: string): string => `${dbFile}.damage`;

function readMark(file: string): ProcessMark | null {
  try {
    const { pid, birth } = JSON.parse(readFileSync(file, 'utf8')) as Partial<ProcessMark>;
    return typeof pid === 'number' && typeof birth === 'string' ? { pid, birth } : null;
  } catch {
    return null;
  }
}
