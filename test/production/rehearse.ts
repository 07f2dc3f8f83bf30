import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { binaryPath, cacheFolder } from '../../cli/config.ts';
import { findBinary, TEMPORAL_CLI } from '../../cli/up/binaries.ts';
import { startMailSink } from '../../cli/up/mail-sink.ts';
import { mailReader } from '../../cli/up/mails.ts';
import { freePort } from '../../cli/up/ports.ts';
import { startTemporal } from '../../cli/up/temporal.ts';
import { launch, runKept, type Launched } from '../support/kept.ts';
import { asCommand, until } from './command.ts';
import { startDebianPostgres, type DebianPostgres } from './debian-postgres.ts';

/**
 * `npm run rehearse`: what docs/operations/back-up.md says, done by its own lines on real servers: a back-up is taken, more
 * happens, ten notices leave, the back-up is put back, and Kept must hold before any mail leaves. Exit 1 where it does
 * not, 3 where Debian's PostgreSQL is not installed.
 */
const GUIDE = fileURLToPath(new URL('../../docs/operations/back-up.md', import.meta.url));

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** The lines that the guide gives for a step. */
function linesOf(step: 'back-up' | 'restore'): string {
  const [, lines] = new RegExp(`\`\`\`sh ${step}\\n([\\s\\S]*?)\`\`\``).exec(readFileSync(GUIDE, 'utf8')) ?? [];
  if (lines === undefined) throw new Error(`back-up.md has no lines for ${step}.`);
  return lines.replaceAll(/^ +/gm, '');
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kept-rehearsal-'));
  chmodSync(folder, 0o755);
  const ends: (() => Promise<unknown>)[] = [];
  try {
    await rehearse(folder, ends);
    say('The rehearsal went as the guide says.');
  } finally {
    for (const end of ends.toReversed()) await end();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function rehearse(folder: string, ends: (() => Promise<unknown>)[]): Promise<void> {
  const postgres = await startDebianPostgres(folder);
  ends.push(postgres.stop);
  const { given, searchPath } = binaryPath(TEMPORAL_CLI.variable);
  const cli = await findBinary(TEMPORAL_CLI, { given, searchPath, cache: cacheFolder(), log: say });
  const temporal = await startTemporal({
    ...{ cli, dbFile: join(folder, 'temporal.db'), port: 0, uiPort: null },
    ...{ logFile: join(folder, 'temporal.log'), log: say },
  });
  ends.push(temporal.stop);
  const sink = await startMailSink(join(folder, 'mails.ndjson'));
  ends.push(sink.stop);
  mkdirSync(join(folder, 'policies'));
  for (const [name, text] of Object.entries(POLICIES)) writeFileSync(join(folder, 'policies', name), text);
  const env = {
    ...{ DATABASE_URL: postgres.url('kept', 'kept'), TEMPORAL_ADDRESS: temporal.address, SMTP_URL: sink.smtpUrl },
    ...{ KEPT_POLICIES: join(folder, 'policies'), KEPT_PORT: String(await freePort(0)), LOG_LEVEL: 'warn' },
  };
  psql(postgres, 'create role kept login', 'create database kept owner kept');
  await kept(env, 'migrate');
  const key = (await kept(env, 'keys', 'create', '--name', 'rehearsal')).trim();
  const mails = mailReader(join(folder, 'mails.ndjson'));
  const api = callerOf(`http://127.0.0.1:${env.KEPT_PORT}`, key);
  const parts = (): Launched[] => {
    const started = [launch(['api'], env), launch(['worker'], env)];
    ends.push(() => stopAll(started));
    return started;
  };

  const before = parts();
  await until(() => api.ready());
  for (let n = 1; n <= 20; n += 1) await api.register('quiet', n);
  const backUp = { ...env, FILE: join(folder, 'kept.dump') };
  shell(postgres, linesOf('back-up'), backUp);
  say('20 promises; the back-up is taken.');
  for (let n = 21; n <= 30; n += 1) await api.register('quiet', n);
  for (let n = 31; n <= 40; n += 1) await api.register('confirmed', n);
  await until(async () => (await mails()).length === 10);
  say('20 promises more; 10 notices have left. The database is lost.');
  await stopAll(before);

  shell(postgres, linesOf('restore'), { ...backUp, ADMIN_URL: postgres.url('postgres', 'postgres') });
  await kept(env, 'migrate');
  parts();
  const ready = await until(async () => {
    const answer = await api.ready();
    return answer?.['hold'] === true ? answer : null;
  });
  say(`The back-up is put back. /ready: ${JSON.stringify(ready)}`);
  for (let n = 21; n <= 40; n += 1) assert.equal(await api.register(n <= 30 ? 'quiet' : 'confirmed', n), 201);
  assert.equal(await api.register('quiet', 1), 200);
  say('The order system has sent the 20 lost promises again.');
  const held = JSON.parse(await kept(env, 'hold', 'off', '--json')) as {
    readonly reason: string;
    readonly waiting: number;
  };
  assert.deepEqual([held.reason, held.waiting, (await mails()).length], ['restored', 10, 10]);
  say(await kept(env, 'hold', 'status'));
  await kept(env, 'hold', 'off', '--yes');
  await until(async () => (await mails()).length === 20);
  say('Let go: the 10 notices have left once more. Nothing else has.');
  assert.equal((await until(() => api.ready()))['hold'], false);
}

const psql = (postgres: DebianPostgres, ...statements: readonly string[]): void =>
  void execFileSync(join(postgres.bin, 'psql'), [
    postgres.url('postgres', 'postgres'),
    ...statements.flatMap((each) => ['-c', each]),
  ]);

/** The guide's lines, shown and run, with the tools of the server's version. */
function shell({ bin }: DebianPostgres, lines: string, env: Readonly<Record<string, string>>): void {
  for (const line of lines.trim().split('\n')) say(`  $ ${line}`);
  execFileSync('sh', ['-euc', lines], {
    env: { ...env, PATH: `${bin}:/usr/bin:/bin` },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function kept(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runKept(args, env);
  if (code !== 0) throw new Error(`kept ${args.join(' ')}: exit ${code}\n${stderr}`);
  return stdout;
}

async function stopAll(parts: readonly Launched[]): Promise<void> {
  for (const part of parts) part.interrupt();
  await Promise.all(parts.map(({ ended }) => ended));
}

type Json = Readonly<Record<string, unknown>>;

function callerOf(url: string, key: string) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const at = new Date(Date.now() + 2 * 864e5).toISOString();
  const madeAt = new Date().toISOString();
  return {
    ready: (): Promise<Json | null> =>
      fetch(`${url}/ready`).then(
        (answer) => (answer.ok ? (answer.json() as Promise<Json>) : null),
        () => null,
      ),
    register: async (kind: string, n: number): Promise<number> => {
      const customer = { ref: `C-${n}`, name: `Customer ${n}`, email: `c${n}@customers.example` };
      const promise = { source: 'shop', ref: `A-${n}`, kind, madeAt, promised: { at }, customer };
      const { status } = await fetch(`${url}/v1/promises`, { method: 'POST', headers, body: JSON.stringify(promise) });
      return status;
    },
  };
}

const POLICIES: Readonly<Record<string, string>> = {
  'people.yaml': 'people: []\nhotline: { name: Customer care, email: care@books.example }\n',
  'quiet.yaml': 'kind: quiet\nbuffer: { fixed: PT1H }\n',
  'confirmed.yaml': 'kind: confirmed\nbuffer: { fixed: PT1H }\nnotices: { promised: true }\n',
};

await asCommand(main);
