import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, linkSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { importCommand } from '../../../cli/commands/import.ts';
import type { ImportResult } from '../../../cli/import/tally.ts';
import { WrongUsage } from '../../../cli/wrong-usage.ts';
import { testDatabase, type TestDatabase } from '../../support/database.ts';
import { policy, seed } from '../../support/registrations.ts';

const MAIN = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url));
const before = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'kept-import-'));

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  await seed(database.pool, [policy({ kind: 'delivery', buffer: { fixed: 'P1D' } })]);
  vi.stubEnv('DATABASE_URL', database.url);
  process.chdir(folder);
  write('shop.yaml', MAPPING);
});
beforeEach(() => database.pool.query('truncate promises, facts, rollup, rollup_due cascade'));
afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});
afterAll(async () => {
  process.chdir(before);
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
  await database.drop();
});

const MAPPING = `name: orders
zone: Europe/Tallinn
precision: instant
columns: { ref: order, madeAt: ordered, promised: due, fulfilled: delivered }
values: { kind: delivery }
`;

const write = (name: string, content: string | Buffer): string => {
  writeFileSync(join(folder, name), content);
  return name;
};

/** `n` orders, each delivered in time. */
const orders = (n: number): string =>
  [
    'order,ordered,due,delivered',
    ...Array.from({ length: n }, (_, at) => `o${at},2026-01-01T08:00:00Z,2026-01-05T08:00:00Z,2026-01-04T08:00:00Z`),
    '',
  ].join('\n');

interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as the shell would. */
async function kept(...args: readonly string[]): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation((part) => (said.stdout += String(part)) !== '');
  vi.spyOn(process.stderr, 'write').mockImplementation((part) => (said.stderr += String(part)) !== '');
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  importCommand(program);
  try {
    await program.parseAsync(['node', 'kept', 'import', ...args]);
  } finally {
    vi.restoreAllMocks();
  }
  return said;
}
const json = async (...args: readonly string[]): Promise<ImportResult> =>
  JSON.parse((await kept(...args, '--json')).stdout) as ImportResult;

describe('kept import', () => {
  it('prints with --json what it came to, and nothing else', async () => {
    const file = write('shop.csv', `${orders(2)}o2,2026-01-01T08:00:00Z,,\n`);
    expect(await json(file, '--mapping', 'shop.yaml')).toEqual({
      source: 'orders',
      rows: 3,
      imported: 2,
      existing: 0,
      rejected: 1,
      errors: { NO_DEADLINE: 1 },
      updated: 0,
      ignored: {},
      live: 0,
      livePastTime: 0,
      liveWithoutAddress: 0,
      openHistory: 0,
      dryRun: false,
      errorFile: 'shop.csv.errors.csv',
      unreadable: null,
    });
    expect(process.exitCode).toBeUndefined();
  });

  it('says in words what came in, what did not and why, and where to look', async () => {
    const file = write('shop.csv', `${orders(2)}o2,2026-01-01T08:00:00Z,,\n`);
    const { stdout } = await kept(file, '--mapping', 'shop.yaml');
    expect(stdout).toMatch(/^orders: 3 rows: 2 imported, 0 existing, 1 rejected\.$/m);
    expect(stdout).toMatch(/^ +1 {2}NO_DEADLINE {2}e\.g\. shop\.csv:4, due: /m);
    expect(stdout).toMatch(/^All rejected rows with their reasons: shop\.csv\.errors\.csv$/m);
    expect(stdout).toMatch(/^The report: npx kept report --source orders$/m);
  });

  it('lists rejected rows in this folder, or where --errors says', async () => {
    const file = write('bad.csv', 'order,ordered,due,delivered\no1,,soon,\n');
    await kept(file, '--mapping', 'shop.yaml');
    await kept(file, '--mapping', 'shop.yaml', '--errors', 'other.csv');
    const [heading, row] = readFileSync(join(folder, 'bad.csv.errors.csv'), 'utf8').split('\n');
    expect(heading).toBe('row,column,code,value,message');
    expect(row).toMatch(/^2,due,UNREADABLE_TIME,soon,/);
    expect(readFileSync(join(folder, 'other.csv'), 'utf8').split('\n')[1]).toBe(row);
  });

  it('writes no list in a rehearsal unless it is named', async () => {
    const file = write('rehearsed.csv', 'order,ordered,due,delivered\no1,,,\n');
    expect(await json(file, '--mapping', 'shop.yaml', '--dry-run')).toMatchObject({ rejected: 1, errorFile: null });
    expect(existsSync(join(folder, 'rehearsed.csv.errors.csv'))).toBe(false);
    await kept(file, '--mapping', 'shop.yaml', '--dry-run', '--errors', 'named.csv');
    expect(existsSync(join(folder, 'named.csv'))).toBe(true);
  });

  it('refuses to write the list over the file itself', async () => {
    const file = write('shop.csv', orders(1));
    await expect(kept(file, '--mapping', 'shop.yaml', '--errors', `./${file}`)).rejects.toThrow(WrongUsage);
    expect(readFileSync(join(folder, file), 'utf8')).toBe(orders(1));
  });

  it('says before it begins that the list cannot be written', async () => {
    const file = write('shop.csv', orders(1));
    await expect(kept(file, '--mapping', 'shop.yaml', '--errors', 'no/such.csv')).rejects.toThrow(WrongUsage);
    expect((await database.pool.query('select from promises')).rowCount).toBe(0);
  });

  it('says in a rehearsal what would be, and that nothing was written', async () => {
    const file = write('shop.csv', orders(2));
    const { stdout } = await kept(file, '--mapping', 'shop.yaml', '--dry-run');
    expect(stdout).toContain('orders: 2 rows: 2 would be imported, 0 existing, 0 rejected.');
    expect(stdout).toContain('Nothing was written.');
    expect((await database.pool.query('select from promises')).rowCount).toBe(0);
  });

  const OPEN = 'order,ordered,due,delivered\no1,2026-01-01T08:00:00Z,2026-01-05T08:00:00Z,\n';

  it('says of a live import how many customers are written to at once, and how many have no address', async () => {
    const file = write('open.csv', OPEN);
    const { stdout } = await kept(file, '--mapping', 'shop.yaml', '--live', '--dry-run');
    expect(stdout).toMatch(
      /^1 would live .*; 1 of them are past their time already: .* written to at once, where an address is known \(of 1 of the 1 none is\)\.$/m,
    );
  });

  it('says of an import how many are open and nobody is written to, until they live', async () => {
    const file = write('open.csv', `${OPEN}${OPEN.split('\n')[1]?.replace('o1', 'o2') ?? ''}\n`);
    const rehearsed = await kept(file, '--mapping', 'shop.yaml', '--dry-run');
    expect(rehearsed.stdout).toMatch(/^2 open ones would be history: nobody is written to about them; --live makes /m);
    const { stdout } = await kept(file, '--mapping', 'shop.yaml');
    expect(stdout).toMatch(/^2 open ones are history: nobody is written to about them; --live makes them live\.$/m);
    expect((await kept(file, '--mapping', 'shop.yaml', '--live')).stdout).not.toContain('history');
  });

  it('begins with the encoding where bytes are no UTF-8', async () => {
    const text = orders(1).replace('o0', 'õ');
    const file = write('latin.csv', Buffer.from(text, 'latin1'));
    const { stdout } = await kept(file, '--mapping', 'shop.yaml', '--dry-run');
    expect(stdout).toMatch(
      /^latin\.csv is not UTF-8 \(perhaps Windows-1252\): save it as UTF-8 and import again\.\norders: /,
    );
  });

  it('shows of rejected rows and of cells taken as empty an example each, though they share a code', async () => {
    write(
      'forecast.yaml',
      MAPPING.replace('fulfilled: delivered', 'fulfilled: delivered, estimated: eta, estimateMade: told'),
    );
    const rows = [
      'o1,2026-01-01T08:00:00Z,2026-01-05T08:00:00Z,soon,,',
      'o2,2026-01-01T08:00:00Z,2026-01-05T08:00:00Z,,later,2026-01-02T08:00:00Z',
    ];
    const file = write('forecast.csv', ['order,ordered,due,delivered,eta,told', ...rows, ''].join('\n'));
    const { stdout } = await kept(file, '--mapping', 'forecast.yaml', '--dry-run');
    expect(stdout).toMatch(/Rejected:\n.*UNREADABLE_TIME {2}e\.g\. forecast\.csv:2, delivered: /);
    expect(stdout).toMatch(/Taken as empty.*:\n.*UNREADABLE_TIME {2}e\.g\. forecast\.csv:3, eta: /);
  });

  it('never writes its list over the file or the mapping, under whatever name', async () => {
    const file = write('linked.csv', 'order,ordered,due,delivered\no1,,,\n');
    symlinkSync(join(folder, file), join(folder, 'link.csv'));
    linkSync(join(folder, file), join(folder, 'hard.csv'));
    for (const errors of ['link.csv', 'hard.csv', 'shop.yaml'])
      await expect(kept(file, '--mapping', 'shop.yaml', '--errors', errors)).rejects.toThrow(WrongUsage);
    expect(readFileSync(join(folder, file), 'utf8')).toContain('o1');
    expect(readFileSync(join(folder, 'shop.yaml'), 'utf8')).toBe(MAPPING);
  });

  it('forgets the list of an earlier run when no row is rejected any more, and leaves other files alone', async () => {
    const file = write('mended.csv', 'order,ordered,due,delivered\no1,,,\n');
    await kept(file, '--mapping', 'shop.yaml', '--errors', 'list.csv');
    expect(existsSync(join(folder, 'list.csv'))).toBe(true);
    write(file, 'order,ordered,due,delivered\no1,,2026-01-05T08:00:00Z,\n');
    await kept(file, '--mapping', 'shop.yaml', '--errors', 'list.csv');
    expect(existsSync(join(folder, 'list.csv'))).toBe(false);
    write('notes.csv', 'mine\n');
    await kept(file, '--mapping', 'shop.yaml', '--errors', 'notes.csv');
    expect(readFileSync(join(folder, 'notes.csv'), 'utf8')).toBe('mine\n');
  });

  it('counts what stood before the damage of a file, says so, and fails', async () => {
    const whole = gzipSync(orders(5_000), { level: 0 });
    const file = write('cut.csv.gz', whole.subarray(0, whole.length / 2));
    const { stdout, stderr } = await kept(file, '--mapping', 'shop.yaml', '--json');
    const result = JSON.parse(stdout) as ImportResult;
    expect(process.exitCode).toBe(1);
    expect(stderr).toContain(`The ${result.rows} rows before that are in`);
    expect((await database.pool.query('select from promises')).rowCount).toBe(result.imported);
  });

  it('fails on a file that cannot be read at all, with its reason', async () => {
    await expect(kept('nowhere.csv', '--mapping', 'shop.yaml')).rejects.toThrow(
      'nowhere.csv cannot be read: there is no such file.',
    );
    await expect(kept(write('empty.csv', ''), '--mapping', 'shop.yaml')).rejects.toThrow('it is empty');
  });

  it('is used wrongly without a mapping, and with one that there is not', async () => {
    const file = write('shop.csv', orders(1));
    await expect(kept(file)).rejects.toThrow(WrongUsage);
    await expect(kept(file, '--mapping', 'nothing')).rejects.toThrow(WrongUsage);
  });

  it('drafts a mapping that can be used as it stands', async () => {
    const file = write('shop.csv', orders(20));
    const { stdout } = await kept('--suggest', file);
    write('drafted.yaml', stdout);
    expect(await json(file, '--mapping', 'drafted.yaml', '--dry-run')).toMatchObject({ imported: 20, rejected: 0 });
  });
});

describe('killed in the middle of a file', () => {
  const ROWS = 20_000;

  it('leaves whole promises, and the same command brings the others in', { timeout: 120_000 }, async () => {
    const file = write('large.csv', orders(ROWS));
    const args = ['import', join(folder, file), '--mapping', join(folder, 'shop.yaml')];
    const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...args], {
      cwd: before,
      // oxlint-disable-next-line node/no-process-env -- a child gets what this process has
      env: { ...process.env, DATABASE_URL: database.url },
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    const stored = async (): Promise<number> =>
      (await database.pool.query<{ n: number }>('select count(*) as n from promises')).rows[0]?.n ?? 0;
    while (child.exitCode === null && (await stored()) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    // What the server had begun when we died, it ends.
    await settled();
    const standing = await stored();
    expect(standing).toBeGreaterThan(0);
    expect(standing).toBeLessThan(ROWS);
    expect(await halves()).toBe(0);

    const result = await json(file, '--mapping', 'shop.yaml');
    expect(result).toMatchObject({ rows: ROWS, imported: ROWS - standing, existing: standing, rejected: 0 });
    expect(await stored()).toBe(ROWS);
    expect(await halves()).toBe(0);
  });

  /** Promises without exactly the two facts that the file tells. */
  const halves = async (): Promise<number> => {
    const { rows } = await database.pool.query<{ n: number }>(
      'select count(*) as n from promises p where 2 <> (select count(*) from facts f where f.promise_id = p.id)',
    );
    return rows[0]?.n ?? -1;
  };

  const settled = async (): Promise<void> => {
    const others = async (): Promise<number | null> =>
      (
        await database.pool.query(
          `select from pg_stat_activity where datname = current_database() and application_name = 'kept import'`,
        )
      ).rowCount;
    while ((await others()) !== 0) await new Promise((resolve) => setTimeout(resolve, 5));
  };
});
