import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { markOf } from '../../../cli/up/processes.ts';
import { companyZone } from '../../../db/company.ts';
import { savePeople, staffOf } from '../../../db/people.ts';
import { testDatabase } from '../../support/database.ts';
import { runKept, startKept, type RunFile, type RunningKept } from '../../support/kept.ts';
import { STAFF } from '../../support/registrations.ts';

const PATIENCE_MS = 60_000;
const home = mkdtempSync(join(tmpdir(), 'kept-up-test-'));
// As root, PostgreSQL's own user must reach the state.
chmodSync(home, 0o755);
const state = join(home, 'state');
const database = await testDatabase();
let taken: Server;
let kept: RunningKept;

/** One life of one state folder: each test goes on where the one before has left it. */
beforeAll(async () => {
  taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', () => resolve()));
  kept = await startKept({ state, args: ['--no-sample', '--port', String(takenPort())] });
}, 120_000);
afterAll(async () => {
  await kept.remove();
  taken.close();
  rmSync(home, { recursive: true, force: true });
  await database.drop();
});

const takenPort = (): number => (taken.address() as { port: number }).port;
const runFile = (): RunFile => JSON.parse(readFileSync(join(state, 'run.json'), 'utf8')) as RunFile;
const pidsOf = ({ pids }: RunFile): readonly number[] => Object.values(pids);

async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (!(await isTrue())) {
    if (Date.now() > giveUpAt) throw new Error(`Waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function ask(path: string, init: RequestInit = {}): Promise<{ status: number; body: unknown }> {
  const { api, key } = runFile();
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const response = await fetch(`${api}${path}`, { ...init, headers });
  return { status: response.status, body: (await response.json()) as unknown };
}

const register = (ref: string): Promise<{ status: number; body: unknown }> => {
  const at = new Date(Date.now() + 86_400_000).toISOString();
  const body = { source: 'shop', ref, kind: 'delivery', promised: { at }, customer: { ref: 'C-1' } };
  return ask('/v1/promises', { method: 'POST', body: JSON.stringify(body) });
};
const registered = async (): Promise<readonly string[]> => {
  const { body } = await ask('/v1/promises?source=shop');
  return (body as { items: { ref: string }[] }).items.map(({ ref }) => ref);
};
const samplePlays = async (): Promise<boolean> => {
  const { body } = await ask('/v1/promises?source=bookshop&limit=1');
  return (body as { items: unknown[] }).items.length === 1;
};
const isReady = async (): Promise<boolean> =>
  ask('/ready').then(
    ({ body }) => (body as { status: string }).status === 'ready',
    () => false,
  );

it('comes up beside whoever has the asked-for port, and tells where everything is', async () => {
  const run = kept.run;
  expect(run.pids.up).toBe(run.pid);
  expect(pidsOf(run).every((pid) => markOf(pid) !== null)).toBe(true);
  expect(new URL(run.api).port).not.toBe(String(takenPort()));
  expect(run).toMatchObject({
    mail: `${run.api}/dev/mail`,
    temporal: { address: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string, namespace: 'default' },
  });
  expect(existsSync(run.temporal.cli)).toBe(true);
  expect(statSync(join(state, 'run.json')).mode & 0o777).toBe(0o600);
  await until('ready', isReady);
  expect((await register('A-1')).status).toBe(201);
});

it('is refused a second time on the same state', async () => {
  const second = await runKept(['up'], { KEPT_STATE: state });
  expect(second).toMatchObject({ code: 1, stdout: '' });
  expect(second.stderr).toContain(`pid ${kept.run.pid}`);
  expect(second.stderr).toContain(kept.run.api);
  expect(runFile()).toEqual(kept.run);
});

it.each(['api', 'worker', 'temporal', 'postgres'] as const)('starts %s again when it is killed', async (part) => {
  const killed = runFile().pids[part];
  process.kill(killed, 'SIGKILL');
  await until(`${part} runs again`, () => ![killed, null].includes(runFile().pids[part]));
  await until('ready', isReady);
  expect(await registered()).toEqual(['A-1']);
});

it('recovers from kill -9 of itself: what is left is ended, nothing acknowledged is lost', async () => {
  const before = runFile();
  process.kill(before.pid, 'SIGKILL');
  await until('it is gone', () => markOf(before.pid) === null);
  await kept.remove();
  // As without any option: the sample does not pour into what is there.
  kept = await startKept({ state, args: [] });
  expect(pidsOf(before).filter((pid) => markOf(pid) !== null)).toEqual([]);
  expect(await registered()).toEqual(['A-1']);
  await until('ready', isReady);
  const { body } = await ask('/v1/promises');
  expect((body as { items: unknown[] }).items).toHaveLength(1);
});

it('Ctrl-C ends every process, removes the run file and says so', async () => {
  const run = runFile();
  const said = await kept.stop();
  expect(said.code).toBe(0);
  expect(said.stdout).toContain(run.api);
  expect(said.stderr).toMatch(/^The sample is not played: .*--sample/m);
  expect(pidsOf(run).filter((pid) => markOf(pid) !== null)).toEqual([]);
  expect(existsSync(join(state, 'run.json'))).toBe(false);
});

it("plays the sample beside promises of one's own when asked to", async () => {
  kept = await startKept({ state, args: ['--sample'] });
  await until('the sample plays', samplePlays);
  expect(await registered()).toEqual(['A-1']);
  await kept.stop();
});

it('--fresh begins anew, with the sample; own policies without staff are told whom notices name', async () => {
  const policies = { 'delivery.yaml': 'kind: delivery\nbuffer: { fixed: P2D }\n' };
  kept = await startKept({ state, args: ['--fresh'], policies });
  await until('the sample plays', samplePlays);
  expect(await registered()).toEqual([]);
  await until('ready', isReady);
  await register('A-2');
  const { stderr } = await kept.stop();
  expect(stderr).toMatch(/^KEPT_POLICIES has no people\.yaml: notices name the staff of the sample/m);
  expect(stderr).toContain('The sample bookshop opens');
});

it('goes on with the sample that it has begun', async () => {
  kept = await startKept({ state, args: [] });
  await until('ready', isReady);
  expect((await kept.stop()).stderr).toContain('The sample bookshop goes on');
});

it('uses the database of DATABASE_URL, lets it live and leaves its people alone', async () => {
  const own = { ...STAFF, people: [], hotline: { ...STAFF.hotline, email: 'desk@own.example' }, zone: 'Europe/Riga' };
  await savePeople(database.pool, own);
  const outside = await startKept({ args: [], env: { DATABASE_URL: database.url } });
  const { body } = await fetch(`${outside.run.api}/v1/promises`, {
    headers: { authorization: `Bearer ${outside.run.key}` },
  }).then(async (response) => ({ body: (await response.json()) as unknown }));
  expect(outside.run).toMatchObject({ database: database.url, pids: { postgres: null } });
  expect(body).toMatchObject({ items: [] });
  await outside.remove();
  const { rows } = await database.pool.query('select kind from policies order by kind');
  expect(rows.length).toBeGreaterThan(0);
  expect([...(await staffOf(database.pool, ['kati'])).values()]).toEqual([own.hotline]);
  expect(await companyZone(database.pool)).toBe('Europe/Riga');
});

it.each<[string, string[], Record<string, string>, RegExp]>([
  ['--fresh with DATABASE_URL', ['up', '--fresh'], { DATABASE_URL: database.url }, /--fresh.*embedded/],
  ['a port that is none', ['up', '--port', 'many'], {}, /port/],
  ['an unknown command', ['down'], {}, /unknown command/],
  ['an environment with faults', ['up'], { KEPT_PORT: 'x', SMTP_URL: 'y' }, /SMTP_URL[^]*KEPT_PORT/],
  ['a worker without addresses', ['worker'], {}, /DATABASE_URL[^]*TEMPORAL_ADDRESS[^]*SMTP_URL/],
])('%s is wrong usage', async (_, args, env, expected) => {
  const said = await runKept(args, { KEPT_STATE: join(home, 'unused'), ...env });
  expect(said).toMatchObject({ code: 2, stdout: '' });
  expect(said.stderr).toMatch(expected);
  expect(existsSync(join(home, 'unused'))).toBe(false);
});
