import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findCommand } from '../../../cli/commands/find.ts';
import { addNote } from '../../../db/notes.ts';
import { createRegistrar } from '../../../db/register.ts';
import { instant } from '../../../domain/promise/instant.ts';
import { commandLine } from '../../support/command-line.ts';
import { companySays } from '../../support/company.ts';
import { testDatabase, type TestDatabase } from '../../support/database.ts';
import { policy, registration, seed } from '../../support/registrations.ts';

const kept = commandLine(findCommand, 'find');
let database: TestDatabase;
let id: string;

beforeAll(async () => {
  database = await testDatabase();
  vi.stubEnv('DATABASE_URL', database.url);
  await companySays(database.pool, { country: 'EE' });
  await seed(database.pool, [policy({ kind: 'delivery', buffer: { fixed: 'PT1H' } })]);
  const promised = { precision: 'instant', at: instant(Date.parse('2031-05-14T10:00:00Z')) } as const;
  const made = await registration(database.pool, { kind: 'delivery', promised, ref: 'A-1', customer: 'C-17' });
  const customer = made.customer && { ...made.customer, phone: '+3725110017' };
  await createRegistrar(database.pool).register({ ...made, customer });
  await addNote(database.pool, { promiseId: made.id, text: 'After 17:00.\nNot on Fridays.', by: 'kati' });
  id = made.id;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await database.drop();
});

describe('kept find', () => {
  it.each(['C-17', 'a-1', '511 0017', '00372 511-0017', 'C-17@customers.example'])(
    'finds a customer by %s, with promises and notes',
    async (q) => {
      const text = await kept(q);
      expect(text).toMatch(/^Mari Tamm, C-17, \+3725110017, c-17@customers\.example\n {2}Promises \(1\)\n/);
      expect(text).toContain(
        `    Open · Wed 14 May 2031, 13:00 (Europe/Tallinn) · order A-1 · delivery, shop A-1 · kati · ${id}\n`,
      );
      expect(text).toMatch(/ · kati · After 17:00\.\n {4}Not on Fridays\.\n$/);
    },
  );

  it('answers JSON as the API does', async () => {
    expect(JSON.parse(await kept('C-17', '--json'))).toMatchObject({
      items: [{ ref: 'C-17', name: 'Mari Tamm', promises: [{ id }], notes: [{ by: 'kati' }] }],
    });
    expect(JSON.parse(await kept('C-18', '--json'))).toEqual({ items: [] });
  });

  it('says where there is nobody', async () => {
    await expect(kept('C-18')).rejects.toThrow('Nobody and nothing is called so.');
  });
});
