import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandOf, endProcess, isAlive, markOf, waitForExit, type ProcessMark } from './processes.ts';

/** Everything `kept up` keeps on disk, by name. `--fresh` removes these and nothing else. */
export interface StateFiles {
  readonly folder: string;
  readonly run: string;
  readonly lock: string;
  readonly children: string;
  /** `{ password, dataDir }` of the embedded PostgreSQL. */
  readonly database: string;
  readonly postgres: string;
  readonly temporal: string;
  /** The engine's database file, within `temporal`. */
  readonly engine: string;
  readonly mails: string;
  readonly logs: string;
}

export const stateFiles = (folder: string): StateFiles => ({
  folder,
  run: join(folder, 'run.json'),
  lock: join(folder, 'lock'),
  children: join(folder, 'children.json'),
  database: join(folder, 'database.json'),
  postgres: join(folder, 'postgres'),
  temporal: join(folder, 'temporal'),
  // A file `temporal.db` had four parts for each task queue: nobody would ask three of them any more.
  engine: join(folder, 'temporal', 'engine.db'),
  mails: join(folder, 'mail.ndjson'),
  logs: join(folder, 'logs'),
});

export interface StateLock {
  release(): void;
}

/**
 * Takes the state folder for this process. A lock whose process is dead is taken over, and the children which that
 * process left behind are ended first.
 * @throws where a living `kept up` has it
 */
export async function lockState(files: StateFiles, log: (line: string) => void): Promise<StateLock> {
  makeFolders(files);
  const mine = markOf(process.pid);
  if (!mine) throw new Error('This process cannot see itself; is /proc mounted, or ps installed?');
  while (!writeExclusively(files.lock, mine)) {
    const holder = readMark(files.lock);
    if (holder && isAlive(holder)) throw new Error(alreadyRunning(files, holder));
    if (holder) log(`An earlier kept up (pid ${holder.pid}) ended without cleaning up: taking over.`);
    takeAway(files.lock, holder);
  }
  await endLeftOvers(files.children, log);
  rmSync(files.run, { force: true });
  return {
    release: () => {
      if (readMark(files.lock)?.pid === process.pid) rmSync(files.lock, { force: true });
    },
  };
}

/** Remembers the living children, so that a start after kill -9 finds them. */
export function recordChildren(files: StateFiles, children: Readonly<Record<string, number | null>>): void {
  const marks = Object.entries(children).flatMap(([name, pid]) => {
    const mark = pid === null ? null : markOf(pid);
    return mark ? [{ name, ...mark }] : [];
  });
  writeAtomically(files.children, JSON.stringify(marks));
}

/** After a clean stop: nothing runs any more. */
export function forgetRunning(files: StateFiles): void {
  for (const file of [files.run, files.children]) rmSync(file, { force: true });
}

/** Forgets everything but the logs. Only under the lock, with nothing running. */
export function forget(files: StateFiles): void {
  const database = readDatabase(files);
  const gone = [files.run, files.children, files.database, files.postgres, files.temporal, files.mails];
  for (const path of [...gone, ...(database ? dataFolders(files, database) : [])])
    rmSync(path, { recursive: true, force: true });
  makeFolders(files);
}

/** The data; where it lies in a folder made for this state, that folder with it. */
function dataFolders(files: StateFiles, { dataDir }: DatabaseNote): readonly string[] {
  const around = dirname(dataDir);
  return stateOf(around) === files.folder ? [dataDir, around] : [dataDir];
}

/** Names the state which a folder outside it belongs to. */
export const markerIn = (folder: string): string => join(folder, 'kept-state.json');

/** The state that a folder was made for, by its marker; null for a folder that is not ours. */
export function stateOf(folder: string): string | null {
  const { state } = (readJson(markerIn(folder)) ?? {}) as { state?: unknown };
  return typeof state === 'string' ? state : null;
}

export interface DatabaseNote {
  readonly password: string;
  /** May lie outside the state folder, where PostgreSQL's own user cannot enter that. */
  readonly dataDir: string;
}

/** What an earlier start noted about the embedded PostgreSQL; null where there was none. */
export function readDatabase(files: StateFiles): DatabaseNote | null {
  const { password, dataDir } = (readJson(files.database) ?? {}) as Partial<DatabaseNote>;
  return typeof password === 'string' && typeof dataDir === 'string' ? { password, dataDir } : null;
}

export const writeDatabase = (files: StateFiles, note: DatabaseNote): void =>
  writeAtomically(files.database, JSON.stringify(note));

/** Readers see the old content or the new, never half of it; nobody else may read it. */
export function writeAtomically(file: string, content: string): void {
  const half = `${file}.${process.pid}.part`;
  writeFileSync(half, content, { mode: 0o600, flush: true });
  renameSync(half, file);
}

/**
 * The folder itself can be passed through (as root, PostgreSQL's own user must reach its data); what is personal or
 * secret in it has its own lock.
 */
function makeFolders(files: StateFiles): void {
  if (!existsSync(files.folder)) {
    mkdirSync(files.folder, { recursive: true });
    chmodSync(files.folder, 0o755);
  }
  for (const folder of [files.temporal, files.logs]) mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** Children of `kept up` end by themselves when it goes; who has not after a moment is ended. */
async function endLeftOvers(file: string, log: (line: string) => void): Promise<void> {
  const marks = readJson(file);
  for (const entry of Array.isArray(marks) ? marks : []) {
    const mark = asMark(entry);
    // PostgreSQL and Temporal have launchers that stop their own orphans in the way these need.
    if (!mark || !isAlive(mark) || !['api', 'worker'].includes(nameOf(entry)) || !isNode(mark)) continue;
    if (await waitForExit(mark, 2_000)) continue;
    log(`A left-over ${nameOf(entry)} (pid ${mark.pid}) still runs: ending it.`);
    await endProcess(mark, [
      { signal: 'SIGTERM', waitMs: 5_000 },
      { signal: 'SIGKILL', waitMs: 5_000 },
    ]);
  }
  rmSync(file, { force: true });
}

/** Made complete beside and linked in: whoever finds the lock finds its holder in it. False where there is one already. */
function writeExclusively(file: string, mark: ProcessMark): boolean {
  const half = `${file}.${process.pid}.part`;
  writeFileSync(half, JSON.stringify(mark), { mode: 0o600 });
  try {
    linkSync(half, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(half, { force: true });
  }
}

/** Moves a dead holder's lock away; where another start was faster and the file is now its lock, it is put back. */
function takeAway(file: string, dead: ProcessMark | null): void {
  const aside = `${file}.${process.pid}.old`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = readMark(aside);
  const isDead = moved === null ? dead === null : moved.pid === dead?.pid && moved.birth === dead.birth;
  if (isDead || !moved) return rmSync(aside, { force: true });
  renameSync(aside, file);
}

function alreadyRunning(files: StateFiles, holder: ProcessMark): string {
  const run = readJson(files.run) as { api?: unknown } | null;
  const where = typeof run?.api === 'string' ? ` at ${run.api}` : '';
  return (
    `kept up already runs on ${files.folder} (pid ${holder.pid})${where}. ` +
    `Stop it first (Ctrl-C there, or kill -INT ${holder.pid}), ` +
    'or start beside it with another --state and it finds its own ports.'
  );
}

const isNode = (mark: ProcessMark): boolean => /main\.(js|ts)(?: |$)/.test(commandOf(mark.pid));

const nameOf = (entry: unknown): string => {
  const name = (entry as { name?: unknown }).name;
  return typeof name === 'string' ? name : '';
};

function asMark(value: unknown): ProcessMark | null {
  const { pid, birth } = (value ?? {}) as Partial<ProcessMark>;
  return typeof pid === 'number' && typeof birth === 'string' ? { pid, birth } : null;
}

const readMark = (file: string): ProcessMark | null => asMark(readJson(file));

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch {
    return null;
  }
}
