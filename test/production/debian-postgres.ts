import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../../cli/up/ports.ts';
import { databaseUser } from '../../cli/up/run-as.ts';
import { Lacking } from './command.ts';

const DEBIAN = '/usr/lib/postgresql';

export interface DebianPostgres {
  /** With `psql`, `pg_dump` and `pg_restore` of the same version. */
  readonly bin: string;
  /** As `postgres`, the superuser, or as `kept`, to one of its databases. */
  url(user: 'postgres' | 'kept', database: string): string;
  stop(): Promise<void>;
}

/** Where the newest of Debian's packages has its programs. @throws Lacking where there is none: the embedded one has no `pg_dump` */
function newestOfDebian(): string {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = versions.map((version) => join(DEBIAN, version, 'bin'));
  const found = folders.find((folder) => existsSync(join(folder, 'initdb')));
  if (found === undefined) throw new Lacking("This machine lacks Debian's package postgresql: pg_dump and its server.");
  return found;
}

/** The newest of Debian's packages in a folder of its own. @throws Lacking */
export async function startDebianPostgres(folder: string): Promise<DebianPostgres> {
  const bin = newestOfDebian();
  const user = databaseUser(undefined, () => {});
  const as = user ? { uid: user.uid, gid: user.gid } : {};
  const data = join(folder, 'postgres');
  mkdirSync(data, { mode: 0o700 });
  if (user) chownSync(data, user.uid, user.gid);
  const options = ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'];
  execFileSync(join(bin, 'initdb'), options, { ...as, cwd: '/', stdio: 'ignore' });
  const port = await freePort(0);
  const log = openSync(join(folder, 'postgres.log'), 'a');
  const settings = ['-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...settings], {
    ...as,
    cwd: '/',
    stdio: ['ignore', log, log],
  });
  const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const url: DebianPostgres['url'] = (name, database) => `postgres://${name}@127.0.0.1:${port}/${database}`;
  while (server.exitCode === null && !(await answers(url('postgres', 'postgres'))));
  return {
    bin,
    url,
    stop: () => {
      server.kill('SIGINT');
      return gone;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return true;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 100));
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
