import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { figure, type Bench } from './figures.ts';

const REPOSITORY = new URL('../..', import.meta.url).pathname;

/** P13: what a newcomer waits for, with the npm and engine caches warm. Plays the shipped sample. */
export async function benchLaptop(): Promise<Bench> {
  const home = mkdtempSync(join(tmpdir(), 'kept-laptop-'));
  const clone = join(home, 'kept');
  try {
    const startedAt = performance.now();
    run('git', ['clone', '--quiet', REPOSITORY, clone], home);
    run('npm', ['ci', '--no-audit', '--no-fund', '--prefer-offline'], clone);
    const installed = seconds(startedAt);
    const first = start(clone);
    const run1 = await runFile(clone);
    await firstMail(run1.mail);
    const mailed = seconds(startedAt);
    await stop(first);
    const againAt = performance.now();
    const second = start(clone);
    await runFile(clone);
    const again = seconds(againAt);
    await stop(second);
    return {
      settings: 'a clone of this checkout, npm and engine caches warm, the shipped sample',
      figures: [
        figure('git clone + npm ci', installed, 's'),
        figure('clean clone to first mail', mailed, 's', { atMost: 60 }),
        figure('next start to run.json', again, 's', { atMost: 5 }),
      ],
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

const seconds = (since: number): number => (performance.now() - since) / 1000;

function run(command: string, args: readonly string[], cwd: string): void {
  const { status } = spawnSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}.`);
}

const start = (clone: string): ChildProcess =>
  spawn(process.execPath, ['dist/cli/main.js', 'up'], { cwd: clone, stdio: ['ignore', 'ignore', 'inherit'] });

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  await ended;
}

async function runFile(clone: string): Promise<{ readonly mail: string }> {
  const file = join(clone, '.kept', 'run.json');
  await until(() => Promise.resolve(existsSync(file)));
  return JSON.parse(readFileSync(file, 'utf8')) as { mail: string };
}

const firstMail = (mail: string): Promise<void> =>
  until(async () => ((await (await fetch(`${mail}.json`)).json()) as unknown[]).length > 0);

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 180_000;
  while (!(await holds().catch(() => false))) {
    if (Date.now() > deadline) throw new Error('Nothing came within three minutes.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
