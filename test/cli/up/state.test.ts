import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { isAlive, markOf, type ProcessMark } from '../../../cli/up/processes.ts';
import {
  forget,
  lockState,
  recordChildren,
  stateFiles,
  writeAtomically,
  type StateFiles,
} from '../../../cli/up/state.ts';

const home = mkdtempSync(join(tmpdir(), 'kept-state-'));
const children: ChildProcess[] = [];
let files: StateFiles;
let lines: string[] = [];
const log = (line: string): void => void lines.push(line);

beforeEach(() => {
  files = stateFiles(join(mkdtempSync(join(home, 'one-')), '.kept'));
  lines = [];
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

/** A process whose command ends like one of ours, or not. */
async function running(script: string): Promise<ProcessMark> {
  const file = join(mkdtempSync(join(home, 'script-')), script);
  writeFileSync(file, 'console.log("up"); setInterval(() => {}, 1000);');
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const mark = markOf(child.pid ?? 0);
  if (!mark) throw new Error('The process did not start.');
  return mark;
}

const dead: ProcessMark = { pid: 2 ** 22 + 1, birth: 'long ago' };

describe('the lock of a state folder', () => {
  it('refuses a second kept up, naming the first and its address', async () => {
    const lock = await lockState(files, log);
    writeAtomically(files.run, JSON.stringify({ api: 'http://127.0.0.1:7400' }));
    await expect(lockState(files, log)).rejects.toThrow(
      new RegExp(`already runs .*pid ${process.pid}.*7400.*kill -INT ${process.pid}.*--state`),
    );
    lock.release();
    (await lockState(files, log)).release();
    expect(existsSync(files.lock)).toBe(false);
  });

  it('is taken over from a process that is dead, and from one whose pid is now a stranger', async () => {
    for (const holder of [dead, { pid: process.pid, birth: 'before the last boot' }]) {
      mkdirSync(files.folder, { recursive: true });
      writeFileSync(files.lock, JSON.stringify(holder));
      (await lockState(files, log)).release();
      expect(lines.at(-1)).toContain(`pid ${holder.pid}`);
    }
  });

  it('goes to one of several that ask at once', async () => {
    mkdirSync(files.folder, { recursive: true });
    writeFileSync(files.lock, JSON.stringify(dead));
    const asked = await Promise.allSettled(Array.from({ length: 5 }, () => lockState(files, log)));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('after kill -9 ends the children that are left, and no stranger with the same pid', async () => {
    const left = await running('main.js');
    const stranger = await running('main.js');
    const other = await running('other.js');
    mkdirSync(files.folder, { recursive: true });
    recordChildren(files, { api: left.pid, worker: null });
    writeFileSync(
      files.children,
      JSON.stringify([
        { name: 'api', ...left },
        { name: 'worker', pid: stranger.pid, birth: 'another time' },
        { name: 'worker', ...other },
      ]),
    );
    writeFileSync(files.lock, JSON.stringify(dead));
    (await lockState(files, log)).release();
    expect(isAlive(left)).toBe(false);
    expect(isAlive(stranger)).toBe(true);
    expect(isAlive(other)).toBe(true);
    expect(existsSync(files.children)).toBe(false);
  });
});

it('keeps secrets to its owner and leaves no half-written file', async () => {
  const lock = await lockState(files, log);
  writeAtomically(files.run, '{"key":"a"}');
  writeAtomically(files.run, '{"key":"b"}');
  expect(statSync(files.run).mode & 0o777).toBe(0o600);
  expect(readdirSync(files.folder).sort()).toEqual(['lock', 'logs', 'run.json', 'temporal']);
  lock.release();
});

it('forgets what is ours and nothing else', async () => {
  const lock = await lockState(files, log);
  for (const file of [files.mails, files.engine, join(files.folder, 'letter.txt')]) writeFileSync(file, 'x');
  forget(files);
  expect(readdirSync(files.folder).sort()).toEqual(['letter.txt', 'lock', 'logs', 'temporal']);
  expect(readdirSync(files.temporal)).toEqual([]);
  lock.release();
});
