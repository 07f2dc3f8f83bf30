import { fork, type ChildProcess } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '../config.ts';
import type { ApiSettings, ChildNews, WorkerSettings } from './child-link.ts';
import type { Part } from './supervise.ts';

export interface Child extends Part {
  /** Where it listens, where it does. */
  readonly url: string | null;
}

export interface ChildOptions {
  readonly logFile: string;
  /** Ends a start that is under way. */
  readonly stopping: AbortSignal;
  /** Warnings and errors, for the terminal. */
  log(line: string): void;
}

/** A child that said why it cannot start. */
export class ChildFailed extends Error {
  readonly code: string | null;
  constructor(message: string, code: string | null) {
    super(message);
    this.name = 'ChildFailed';
    this.code = code;
  }
}

const STOP_TIMEOUT_MS = 25_000;
const WARN = 40;

/**
 * Starts `kept api` or `kept worker` as a process of its own and waits until it answers. It ends when we do, however
 * that happens: its line to us breaks.
 * @throws ChildFailed where it says that it cannot start, or ends before it is ready
 */
export async function startChild(
  ...[name, settings, { logFile, stopping, log }]:
    | [name: 'api', settings: ApiSettings, options: ChildOptions]
    | [name: 'worker', settings: WorkerSettings, options: ChildOptions]
): Promise<Child> {
  const isSource = import.meta.url.endsWith('.ts');
  const main = fileURLToPath(new URL(isSource ? '../main.ts' : '../main.js', import.meta.url));
  const child = fork(main, [name], {
    execArgv: isSource ? ['--import', 'tsx'] : [],
    env: { ...childEnvironment(), TZ: 'UTC' },
    // Settings may hold certificates as buffers.
    serialization: 'advanced',
    // A terminal's Ctrl-C reaches only us; we end our children in our order.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  if (child.stderr) keepLog(child.stderr, logFile, (line) => log(`${name}: ${line}`));
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`kept ${name} could not be run: ${error.message}`));
    child.once('exit', (code, signal) => resolve(`kept ${name} ended (${signal ?? `exit ${code}`}).`));
  });
  child.send({ settings }, () => {});
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const patience = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(patience);
  };
  try {
    const url = await readiness(child, exited, stopping);
    return { pid: child.pid ?? 0, url, exited, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function readiness(child: ChildProcess, exited: Promise<string>, stopping: AbortSignal): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const onStop = (): void => reject(new ChildFailed('It was stopped while it was starting.', null));
    if (stopping.aborted) return onStop();
    stopping.addEventListener('abort', onStop, { once: true });
    child.on('message', (message) => {
      stopping.removeEventListener('abort', onStop);
      const news = message as ChildNews;
      if (news.type === 'ready') resolve(news.url);
      else reject(new ChildFailed(news.message, news.code));
    });
    void exited.then((sentence) => reject(new ChildFailed(sentence, null)));
  });
}

/**
 * All lines go to the file; warnings and what is no line of the log (a crash's stack) also to `echo`. A file that cannot
 * be written (disk full) is told once and tried again with every line; it stops nothing.
 */
export function keepLog(lines: Readable, logFile: string, echo: (line: string) => void): void {
  let writable = true;
  createInterface({ input: lines }).on('line', (line) => {
    try {
      appendFileSync(logFile, `${line}\n`, { mode: 0o600 });
      writable = true;
    } catch (error) {
      if (writable) echo(`its log is not kept for now: ${error instanceof Error ? error.message : String(error)}`);
      writable = false;
    }
    const shown = shownLine(line);
    if (shown !== null) echo(shown);
  });
}

function shownLine(line: string): string | null {
  try {
    const { level, msg, reason } = JSON.parse(line) as { level?: unknown; msg?: unknown; reason?: unknown };
    if (typeof level !== 'number' || level < WARN) return null;
    return `${String(msg)}${typeof reason === 'string' ? ` (${reason})` : ''}`;
  } catch {
    return line;
  }
}
