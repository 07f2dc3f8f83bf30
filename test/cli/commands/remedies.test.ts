import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { remediesCommand } from '../../../cli/commands/remedies.ts';
import { notesOf } from '../../../db/notes.ts';
import { createRegistrar } from '../../../db/register.ts';
import { advance } from '../../../db/settle.ts';
import { commandLine } from '../../support/command-line.ts';
import { testDatabase, type TestDatabase } from '../../support/database.ts';
import { fromNow, policy, registration, seed } from '../../support/registrations.ts';

const HOUR = 3_600_000;
const kept = commandLine(remediesCommand, 'remedies');
let database: TestDatabase;
let id: string;

beforeAll(async () => {
  database = await testDatabase();
  vi.stubEnv('DATABASE_URL', database.url);
  const remedies = { currency: 'EUR', rows: [{ options: [{ voucher: '5.00' }] }], limit: '1.00' };
  await seed(database.pool, [policy({ kind: 'delivery', buffer: { fixed: 'PT1H' }, factLag: 'PT0S', remedies })]);
  const promised = { precision: 'instant', at: fromNow(-HOUR) } as const;
  const wish = { kind: 'delivery', promised, madeAt: fromNow(-48 * HOUR), ref: 'A-1' };
  const made = await registration(database.pool, wish);
  await createRegistrar(database.pool).register(made);
  await advance(database.pool, made.id);
  id = made.id;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await database.drop();
});

interface Item {
  readonly id: string;
  readonly state: string;
}
const items = async (...args: readonly string[]): Promise<readonly Item[]> =>
  (JSON.parse(await kept('list', '--json', ...args)) as { readonly items: readonly Item[] }).items;

describe('kept remedies', () => {
  it('lists what there is, all or those in a state', async () => {
    const [item] = await items();
    expect(item).toMatchObject({ promiseId: id, state: 'pending', reason: 'late', options: [{ amount: '5.00' }] });
    expect(await kept('list')).toBe(`${item?.id}  pending   voucher of 5.00 EUR  shop/A-1\n`);
    expect(await items('--only', 'granted')).toEqual([]);
    expect(await kept('list', '--only', 'granted')).toBe('There are no remedies.\n');
  });

  it('approves with a note, again without a change, and then refuses nothing any more', async () => {
    const remedy = (await items())[0]?.id ?? '';
    for (const _ of [1, 2])
      expect(await kept('approve', remedy, '--by', 'mall', '--note', 'A good customer.')).toBe(`${remedy}  granted\n`);
    expect((await notesOf(database.pool, id)).map(({ text, by }) => [text, by])).toEqual([
      ['A good customer.', 'mall'],
    ]);
    await expect(kept('refuse', remedy, '--by', 'mall')).rejects.toThrow('has been decided otherwise already');
    expect(JSON.parse(await kept('reverse', remedy, '--by', 'mall', '--json'))).toMatchObject({ state: 'reversed' });
  });

  it.each([
    [['approve', 'none', '--by', 'mall'], 'There is no remedy none.'],
    [['approve', '0199c0de-0000-7000-8000-000000000001', '--by', 'mall'], 'There is no remedy 0199c0de'],
    [['approve', '0199c0de-0000-7000-8000-000000000001', '--by', 'nobody'], 'has the id nobody'],
    [['approve', '0199c0de-0000-7000-8000-000000000001'], '--by'],
  ])('%s is refused', async (args, words) => {
    await expect(kept(...args)).rejects.toThrow(words);
  });
});
