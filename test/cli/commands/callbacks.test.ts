import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { callbacksCommand } from '../../../cli/commands/callbacks.ts';
import { createRegistrar } from '../../../db/register.ts';
import { instant } from '../../../domain/promise/instant.ts';
import { commandLine } from '../../support/command-line.ts';
import { testDatabase, type TestDatabase } from '../../support/database.ts';
import { policy, registration, seed } from '../../support/registrations.ts';

const kept = commandLine(callbacksCommand, 'callbacks');
const at = (time: string) => instant(Date.parse(`2030-05-14T${time}:00Z`));
let database: TestDatabase;
let id: string;

beforeAll(async () => {
  database = await testDatabase();
  vi.stubEnv('DATABASE_URL', database.url);
  await seed(database.pool, [policy({ kind: 'callback', buffer: { fixed: 'PT10M' } })]);
  const promised = { precision: 'window', from: at('10:00'), to: at('10:30') } as const;
  const made = await registration(database.pool, { kind: 'callback', promised, ref: 'M-1', source: 'phone' });
  await createRegistrar(database.pool).register(made);
  id = made.id;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await database.drop();
});

describe('kept callbacks', () => {
  it('lists the calls of a day, and names no customer', async () => {
    expect(await kept('--day', '2030-05-14')).toBe(
      'One call on Tue 14 May 2030, times in Europe/Tallinn\n' +
        `  13:00 to 13:30 · Kati Kask · Open · 0 of 3 tries · phone M-1 · ${id}\n`,
    );
    expect(await kept('--day', '2030-05-14', '--owner', 'jaan')).toBe(
      'No calls on Tue 14 May 2030, times in Europe/Tallinn\n',
    );
  });

  it('answers JSON as the API does', async () => {
    const item = { id, from: at('10:00'), to: at('10:30'), owner: 'kati', phase: 'open' };
    expect(JSON.parse(await kept('--day', '2030-05-14', '--json'))).toEqual({
      day: '2030-05-14',
      items: [{ ...item, attempts: { counted: 0, max: 3 } }],
      overflow: [],
    });
    expect(JSON.parse(await kept('--json'))).toMatchObject({ items: [], overflow: [] });
  });

  it('takes no day that is none', async () => {
    await expect(kept('--day', '2030-02-30')).rejects.toThrow(/Must be a day such as/);
  });
});
