import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { startTemporal, type RunningTemporal } from '../../../cli/up/temporal.ts';
import { markOf } from '../../../cli/up/processes.ts';
import { temporalCli } from '../../support/temporal.ts';

const home = mkdtempSync(join(tmpdir(), 'kept-temporal-test-'));
const cli = await temporalCli();
const running = new Set<RunningTemporal>();

afterAll(async () => {
  for (const server of running) await server.stop();
  rmSync(home, { recursive: true, force: true });
});

const start = async (name: string, lines: string[] = [], port = 0): Promise<RunningTemporal> => {
  const dbFile = join(home, name, 'temporal.db');
  const logFile = join(home, `${name}.log`);
  const server = await startTemporal({ cli, dbFile, port, uiPort: null, logFile, log: (line) => lines.push(line) });
  running.add(server);
  void server.exited.then(() => running.delete(server));
  return server;
};
const asideIn = (name: string): readonly string[] =>
  readdirSync(join(home, name)).filter((file) => /\.damaged-[^.]*Z$/.test(file));

it('is gone when stop resolves, and starts again on the same file', async () => {
  const first = await start('twice');
  const mark = markOf(first.pid);
  expect(mark).not.toBeNull();
  await first.stop();
  expect(markOf(first.pid)).toBeNull();
  const second = await start('twice');
  expect(asideIn('twice')).toEqual([]);
  await second.stop();
});

it('moves a file that is no database aside, says so and starts an empty one', async () => {
  const first = await start('damaged');
  await first.stop();
  for (const ending of ['-wal', '-shm']) rmSync(join(home, 'damaged', `temporal.db${ending}`), { force: true });
  writeFileSync(join(home, 'damaged', 'temporal.db'), 'x'.repeat(100_000));
  const lines: string[] = [];
  const second = await start('damaged', lines);
  expect(lines.join('\n')).toMatch(/damaged.*empty one/s);
  expect(asideIn('damaged')).toHaveLength(1);
  await second.stop();
});

it('begins an empty file where the last server saw its file break, and keeps only this one for a look', async () => {
  const first = await start('broke');
  await first.stop();
  for (const ending of ['', '-wal'])
    writeFileSync(join(home, 'broke', `temporal.db.damaged-2031-05-14T09-00-00-000Z${ending}`), 'an older one');
  writeFileSync(join(home, 'broke', 'temporal.db.damage'), 'database disk image is malformed');
  const second = await start('broke');
  expect(asideIn('broke')).toHaveLength(1);
  expect(readdirSync(join(home, 'broke')).join()).not.toContain('2031-05-14');
  expect(existsSync(join(home, 'broke', 'temporal.db.damage'))).toBe(false);
  await second.stop();
});

it('stops the server that a killed parent left on the same file before it starts', async () => {
  const orphan = await start('orphan');
  const lines: string[] = [];
  const next = await start('orphan', lines);
  expect(await orphan.exited).toMatch(/^Temporal ended/);
  expect(lines.join()).toContain(`pid ${orphan.pid}`);
  expect(asideIn('orphan')).toEqual([]);
  await next.stop();
});

it('takes the next free port where the asked-for one is taken', async () => {
  const taken = createServer();
  const port = await new Promise<number>((resolve) => {
    taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port));
  });
  const server = await start('ports', [], port);
  expect(Number(server.address.split(':')[1])).toBeGreaterThan(port);
  taken.close();
  await server.stop();
});

it('leaves a file alone that is not what keeps the server from starting, and says its last words', async () => {
  const dbFile = join(home, 'whole', 'temporal.db');
  mkdirSync(join(home, 'whole'));
  writeFileSync(dbFile, 'not to be lost');
  const script = join(home, 'whole', 'temporal');
  writeFileSync(script, '#!/bin/sh\necho "error: unknown flag: --sqlite-pragma" >&2\nexit 1\n', { mode: 0o755 });
  const options = { cli: script, dbFile, port: 0, uiPort: null, logFile: join(home, 'whole.log') };
  await expect(startTemporal({ ...options, log: () => {} })).rejects.toThrow(/did not start[^]*unknown flag/);
  expect(readFileSync(dbFile, 'utf8')).toBe('not to be lost');
  expect(asideIn('whole')).toEqual([]);
});

it('says its last words when it does not start', async () => {
  const options = { cli: '/bin/false', dbFile: join(home, 'false', 'temporal.db'), port: 0, uiPort: null };
  const started = startTemporal({ ...options, logFile: join(home, 'false.log'), log: () => {} });
  await expect(started).rejects.toThrow(/Temporal did not start/);
});
