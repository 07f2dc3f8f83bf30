import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = join(REPOSITORY, 'dist', 'cli', 'main.js');

/** What a finished command said. */
export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunFile {
  readonly pid: number;
  readonly api: string;
  readonly key: string;
  readonly mail: string;
  readonly database: string;
  readonly temporal: {
    readonly address: string;
    readonly namespace: string;
    readonly cli: string;
    readonly ui: string;
  };
  readonly pids: Readonly<Record<'up' | 'api' | 'worker' | 'postgres' | 'temporal', number>>;
}

/** A `kept up` of its own, from `dist/`, as a user starts it. */
export interface RunningKept {
  readonly run: RunFile;
  readonly state: string;
  /** Another command against it. */
  kept(...args: readonly string[]): Promise<Said>;
  /** Ctrl-C; resolves with what it said once every part has stopped. */
  stop(): Promise<Said>;
  /** Stops it if it still runs and removes its state. */
  remove(): Promise<void>;
}

export interface KeptOptions {
  /** Files of `KEPT_POLICIES`, by name. */
  readonly policies?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly state?: string;
  /** Further variables. */
  readonly env?: Readonly<Record<string, string>>;
}

const START_TIMEOUT_MS = 120_000;

/** Starts `kept up` and resolves when it has written its run file. @throws with its last words when it ends before */
export async function startKept({
  policies,
  args = ['--no-sample'],
  state,
  env: more = {},
}: KeptOptions = {}): Promise<RunningKept> {
  const home = mkdtempSync(join(tmpdir(), 'kept-up-'));
  // As root, PostgreSQL's own user must reach the state, or its data would lie outside this folder and stay behind.
  chmodSync(home, 0o755);
  const folder = state ?? join(home, 'state');
  const env: Record<string, string> = { KEPT_STATE: folder, KEPT_PORT: '0', ...more };
  if (policies) {
    env['KEPT_POLICIES'] = join(home, 'policies');
    mkdirSync(env['KEPT_POLICIES']);
    for (const [name, text] of Object.entries(policies)) writeFileSync(join(env['KEPT_POLICIES'], name), text);
  }
  const up = launch(['up', ...args], env);
  const file = join(folder, 'run.json');
  const deadline = Date.now() + START_TIMEOUT_MS;
  // A kept up that was killed may have left an older one.
  while (readRun(file)?.pid !== up.pid) {
    if (up.hasEnded() || Date.now() > deadline) {
      up.interrupt();
      throw new Error(`kept up did not start:\n${(await up.ended).stderr}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const stop = (): Promise<Said> => {
    up.interrupt();
    return up.ended;
  };
  return {
    run: JSON.parse(readFileSync(file, 'utf8')) as RunFile,
    state: folder,
    kept: (...words) => launch(words, env).ended,
    stop,
    remove: async () => {
      await stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Runs one command of `dist/`, or of another build, to its end. */
export const runKept = (
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  main: string = MAIN,
): Promise<Said> => launch(args, env, main).ended;

const readRun = (file: string): RunFile | null =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as RunFile) : null;

/** A command that is running. */
export interface Launched {
  readonly pid: number;
  readonly ended: Promise<Said>;
  hasEnded(): boolean;
  interrupt(): void;
}

/** Starts one command of `dist/`, or of another build. */
export function launch(args: readonly string[], env: Readonly<Record<string, string>>, main: string = MAIN): Launched {
  if (!existsSync(main)) throw new Error(`${main} is missing: run "npm run build" first.`);
  const child = spawn(process.execPath, [main, ...args], {
    // oxlint-disable-next-line node/no-process-env -- a child gets what this process has
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (stderr += text));
  const ended = new Promise<Said>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  return {
    pid: child.pid ?? 0,
    ended,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    interrupt: () => void (child.exitCode === null && child.kill('SIGINT')),
  };
}
