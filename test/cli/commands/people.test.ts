import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { peopleCommand } from '../../../cli/commands/people.ts';
import { getPromise } from '../../../db/promises.ts';
import { createRegistrar } from '../../../db/register.ts';
import { commandLine } from '../../support/command-line.ts';
import { testDatabase, type TestDatabase } from '../../support/database.ts';
import { fromNow, policy, registration, seed } from '../../support/registrations.ts';

let database: TestDatabase;
let id: string;
beforeAll(async () => {
  database = await testDatabase();
  vi.stubEnv('DATABASE_URL', database.url);
  await seed(database.pool, [policy({ kind: 'delivery', buffer: { fixed: 'PT1H' } })]);
  const promised = { precision: 'instant', at: fromNow(86_400_000) } as const;
  const made = await registration(database.pool, { kind: 'delivery', promised });
  await createRegistrar(database.pool).register(made);
  id = made.id;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await database.drop();
});

const kept = commandLine(peopleCommand, 'people');

describe('kept people', () => {
  it('lists everybody with what they have to do', async () => {
    expect(await kept('list')).toBe(
      'jaan  on duty   open promises: 0\nkati  on duty   open promises: 1\nmall  on duty   open promises: 0\n',
    );
    const { items } = JSON.parse(await kept('list', '--json')) as { items: readonly object[] };
    expect(items[1]).toMatchObject({ id: 'kati', onDuty: true, openPromises: 1 });
  });

  it('says when somebody is away, once', async () => {
    const days = ['--from', '2020-01-01', '--to', '9000-01-01'];
    expect(await kept('absent', 'jaan', ...days)).toBe('jaan is away from 2020-01-01 and back at 9000-01-01.\n');
    expect(await kept('absent', 'jaan', ...days)).toMatch(/That was known\.\n$/);
    expect(await kept('list')).toMatch(/^jaan {2}off duty/);
  });

  it.each<[RegExp, readonly string[]]>([
    [/--to: to is when they are back/, ['absent', 'jaan', '--from', '2026-12-24', '--to', '2026-12-20']],
    [/has the id nobody/, ['absent', 'nobody', '--from', '2026-12-24', '--to', '2026-12-27']],
    [/has the id nobody/, ['hand-over', 'kati', '--to', 'nobody', '--by', 'mall']],
    [/has the id nobody/, ['hand-over', 'nobody', '--to', 'kati', '--by', 'mall']],
    [/has them already/, ['hand-over', 'kati', '--to', 'kati', '--by', 'mall']],
    [/--by/, ['hand-over', 'kati', '--to', 'mall']],
  ])('refuses with %s', async (words, args) => {
    await expect(kept(...args)).rejects.toThrow(words);
  });

  it('hands over everything of somebody, and says how many went to whom', async () => {
    const args = ['hand-over', 'kati', '--to', 'mall', '--by', 'jaan', '--note', 'Kati has left.'];
    expect(await kept(...args)).toBe('Handed over from kati: 1.\n  mall  1\n');
    expect((await getPromise(database.pool, id))?.owner).toBe('mall');
    expect(JSON.parse(await kept(...args, '--json'))).toEqual({ handedOver: 0, to: {} });
  });
});
