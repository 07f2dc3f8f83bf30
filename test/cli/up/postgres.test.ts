import { afterAll, expect, it } from 'vitest';
import { testDatabase } from '../../support/database.ts';

const database = await testDatabase();
afterAll(() => database.drop());

it('x', async () => {
  const { rows } = await database.pool.query('select count(*) as n from promises');
  expect(rows).toEqual([{ n: 0 }]);
});
