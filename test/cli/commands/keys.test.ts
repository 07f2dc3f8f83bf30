import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { keysCommand } from '../../../cli/commands/keys.ts';
import { isKey } from '../../../db/keys.ts';
import { commandLine } from '../../support/command-line.ts';
import { testDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  vi.stubEnv('DATABASE_URL', database.url);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await database.drop();
});

const kept = commandLine(keysCommand, 'keys');
const isGood = (key: string): Promise<boolean> =>
  isKey(database.pool, createHash('sha256').update(key.trim()).digest());

describe('kept keys create', () => {
  it('prints the key alone, and it opens the API', async () => {
    const key = await kept('create', '--name', 'shop');
    expect(key).toMatch(/^kept_[\w-]{43}\n$/);
    expect(await isGood(key)).toBe(true);
    const { rows } = await database.pool.query<{ row: string }>('select to_jsonb(k)::text as row from api_keys k');
    expect(rows.map(({ row }) => row).join()).not.toContain(key.trim());
  });

  it('leaves a name that is taken its key, and replaces it only when told to', async () => {
    const first = await kept('create', '--name', 'app');
    await expect(kept('create', '--name', 'app')).rejects.toThrow(/named app already.*--replace/);
    expect(await isGood(first)).toBe(true);
    const second = await kept('create', '--name', 'app', '--replace');
    expect([await isGood(first), await isGood(second)]).toEqual([false, true]);
  });

  it.each([['create'], ['create', '--name', ''], ['create', '--name', 'kept up']])(
    'refuses %s %s %s',
    async (...args) => {
      await expect(kept(...args.filter((arg) => typeof arg === 'string'))).rejects.toThrow(/error: /);
    },
  );
});
