import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { freePort } from '../../cli/up/ports.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { launch, type Launched } from '../support/kept.ts';
import { devServer, type DevServer } from '../support/temporal.ts';
import { eventually } from '../temporal/rig.ts';
import { EXAMPLE, readCompose, serviceOf } from './compose.ts';

/** What the image has at /kept lies here. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const compose = readCompose(EXAMPLE);

// Each test starts several processes.
vi.setConfig({ testTimeout: 120_000 });

let database: TestDatabase;
let server: DevServer;
let folder: string;
let port: string;
const running: Launched[] = [];

beforeAll(async () => {
  [database, server] = await Promise.all([testDatabase(), devServer()]);
  folder = mkdtempSync(join(tmpdir(), 'kept-services-'));
  mkdirSync(join(folder, 'policies'));
  writeFileSync(
    join(folder, 'policies', 'people.yaml'),
    'people: []\nhotline: { name: Customer care, email: care@books.example }\n',
  );
  symlinkSync(server.cli, join(folder, 'temporal'));
  port = String(await freePort(0));
});
afterAll(async () => {
  for (const each of running) each.interrupt();
  await Promise.all(running.map(({ ended }) => ended));
  await server.stop();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** The variables of a service, with the places of this machine for those inside of Docker. */
function environmentOf(name: string): Record<string, string> {
  const here: Readonly<Record<string, string>> = {
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: server.address,
    KEPT_POLICIES: join(folder, 'policies'),
    KEPT_PORT: port,
    SMTP_URL: 'smtp://127.0.0.1:1',
  };
  const { environment } = serviceOf(compose, name);
  return Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, here[key] ?? value]));
}

function start(name: string): Launched {
  const started = launch(serviceOf(compose, name).command ?? [], environmentOf(name));
  running.push(started);
  return started;
}

/** Runs words of the file as Docker would inside of the service; answers the exit code. */
function runIn(name: string, [command = '', ...args]: readonly string[]): Promise<number> {
  const env = { ...environmentOf(name), PATH: [folder, dirname(process.execPath), '/usr/bin', '/bin'].join(':') };
  return new Promise((resolve) => {
    const words = args.map((word) => word.replace(/^\/kept\//, ROOT));
    execFile(command, words, { env }, (error) => resolve(error === null ? 0 : Number(error.code)));
  });
}

const healthOf = (name: string): Promise<number> =>
  runIn(name, serviceOf(compose, name).healthcheck?.test.slice(1) ?? []);

it('makes the namespace once, and is content where it is there', async () => {
  const { entrypoint = [], command = [] } = serviceOf(compose, 'temporal-namespace');
  expect(await runIn('temporal-namespace', [...entrypoint, ...command])).toBe(0);
  expect(await runIn('temporal-namespace', [...entrypoint, ...command])).toBe(0);
});

it('migrates, and ends', async () => {
  expect(await start('migrate').ended).toMatchObject({ code: 0 });
  const { rows } = await database.pool.query('select id from people');
  expect(rows).toEqual([{ id: expect.any(String) as string }]);
});

it('finds the API healthy while it serves, and not before', async () => {
  expect(await healthOf('api')).toBe(1);
  start('api');
  await eventually(async () => (await healthOf('api')) === 0 || null);
});

it('finds the worker healthy while it works, and not before', async () => {
  expect(await healthOf('worker')).toBe(1);
  start('worker');
  await eventually(async () => (await healthOf('worker')) === 0 || null);
});
