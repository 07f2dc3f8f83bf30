import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { reportCommand } from '../../../cli/commands/report.ts';
import { WrongUsage } from '../../../cli/wrong-usage.ts';
import { createRegistrar } from '../../../db/register.ts';
import type { WordKept } from '../../../domain/metrics/word-kept.ts';
import { plusDays, startOfDay } from '../../../domain/calendar/zones.ts';
import { plusMs } from '../../../domain/promise/instant.ts';
import { commandLine } from '../../support/command-line.ts';
import { testDatabase, type TestDatabase } from '../../support/database.ts';
import { policy, registration, seed } from '../../support/registrations.ts';

const ZONE = 'Europe/Tallinn';
const DAY = '2031-05-14';

let database: TestDatabase;
const folder = mkdtempSync(join(tmpdir(), 'kept-report-'));

beforeAll(async () => {
  database = await testDatabase();
  await seed(database.pool, [policy({ kind: 'delivery', buffer: { fixed: 'P1D' } })]);
  const midnight = startOfDay(DAY, ZONE);
  const wishes = [
    { precision: 'day', day: plusDays(DAY, -1), zone: ZONE },
    { precision: 'day', day: DAY, zone: ZONE },
    { precision: 'instant', at: midnight },
    { precision: 'instant', at: plusMs(midnight, 1) },
    { precision: 'day', day: plusDays(DAY, 1), zone: ZONE },
  ] as const;
  for (const [n, promised] of wishes.entries()) {
    const made = await registration(database.pool, { kind: 'delivery', promised, partner: n < 2 ? 'dpd' : '=cmd()' });
    await createRegistrar(database.pool).register(made);
  }
  vi.stubEnv('DATABASE_URL', database.url);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
  await database.drop();
});

const kept = commandLine(reportCommand, 'report');
const json = async (...args: readonly string[]): Promise<WordKept> =>
  JSON.parse(await kept(...args, '--json')) as WordKept;

describe('kept report', () => {
  it('prints a table with definitions, by kind', async () => {
    const table = await kept();
    expect(table).toMatch(/^Promises +5$/m);
    expect(table).toContain('What the figures mean');
  });

  it('prints only JSON with --json', async () => {
    expect(await json('--by', 'partner')).toMatchObject({
      by: 'partner',
      groups: [
        { key: '=cmd()', promises: 3, open: 3 },
        { key: 'dpd', promises: 2, open: 2 },
      ],
    });
  });

  it('filters', async () => {
    expect((await json('--partner', 'dpd')).groups[0]?.promises).toBe(2);
    expect((await json('--owner', 'nobody')).groups).toEqual([]);
  });

  it('counts whole days, each in the zone of the promise: one for a day falls on that day, a midnight ends the day before', async () => {
    const only = async (...args: readonly string[]) => (await json(...args)).groups[0]?.promises ?? 0;
    expect(await only('--from', DAY, '--to', DAY)).toBe(2);
    expect(await only('--to', plusDays(DAY, -1))).toBe(2);
    expect(await only('--from', DAY)).toBe(3);
  });

  it.each([
    ['week', ['2031-W20']],
    ['month', ['2031-05']],
    ['region', [null]],
    ['product', [null]],
    ['owner', ['kati']],
    ['source', ['shop']],
  ])('groups by %s', async (by, keys) => {
    const { groups } = await json('--by', by);
    expect(groups.map((group) => group.key)).toEqual(keys);
  });

  it('says how old the figures are', async () => {
    expect(await kept()).toMatch(/^How the word was kept, by kind\. \S+Z, figures \d+ ms old\.$/m);
  });

  it('rolls up every day anew with --rebuild, and says how many', async () => {
    expect(await kept('--rebuild')).toBe('Rolled up anew: 0 days with 0 closed promises.\n');
    expect(JSON.parse(await kept('--rebuild', '--json'))).toEqual({ days: 0, promises: 0 });
  });

  it('writes CSV into a file, harmless for spreadsheets', async () => {
    const file = join(folder, 'report.csv');
    expect(await kept('--by', 'partner', '--csv', file)).toBe('');
    const lines = parse<Record<string, string>>(readFileSync(file, 'utf8'), { columns: true });
    expect(lines.map((line) => [line['partner'], line['promises']])).toEqual([
      ["'=cmd()", '3'],
      ['dpd', '2'],
    ]);
  });

  it('says that nothing matches, and no more', async () => {
    expect(await kept('--owner', 'nobody')).toMatch(/\n\nNo promises match\.\n$/);
  });

  it.each([
    ['--from', plusDays(DAY, 1), '--to', DAY],
    ['--from', plusDays(DAY, 9), '--to', DAY],
    ['--from', '2031-05-14T10:00:00Z', '--to', '2031-05-14T09:00:00Z'],
  ])('refuses %s %s %s %s as wrong usage', async (...args) => {
    await expect(kept(...args)).rejects.toThrow(WrongUsage);
  });

  it('says where a database is that cannot be reached, without its password', async () => {
    vi.stubEnv('DATABASE_URL', 'postgres://kept:secret@127.0.0.1:1/kept');
    const failed = kept().catch(String);
    const message = await failed;
    vi.stubEnv('DATABASE_URL', database.url);
    expect(message).toMatch(/127\.0\.0\.1:1\/kept cannot be reached.*ECONNREFUSED.*DATABASE_URL/);
    expect(message).not.toContain('secret');
  });

  it('asks the Kept of --state, also where DATABASE_URL names another database', async () => {
    await expect(kept('--state', folder)).rejects.toThrow(`There is no run.json in ${folder}`);
  });

  it.each([
    ['--by', 'weather'],
    ['--from', '14.05.2031'],
    ['--to', '2031-02-30'],
    ['--json', '--csv', 'x.csv'],
    ['--rebuild', '--owner', 'kati'],
    ['--rebuild', '--by', 'owner'],
    ['--unknown'],
  ])('refuses %s %s as wrong usage', async (...args) => {
    await expect(kept(...args.filter((arg) => typeof arg === 'string'))).rejects.toThrow(/error: /);
  });
});
