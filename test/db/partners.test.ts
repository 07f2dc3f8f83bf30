import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  findPartner,
  newestPartner,
  newestPartners,
  newestPartnersAfter,
  partnerOf,
  savePartners,
} from '../../db/partners.ts';
import type { Partner } from '../../domain/policy/partner.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()));
afterAll(() => database.drop());

const partner = (id: string, goal: number | null): Partner => ({ id, name: id, goal, factLag: null, checkpoints: {} });

it('keeps every version of a partner, and the same one once', async () => {
  const { pool } = database;
  await savePartners(pool, [partner('dpd', 0.97), partner('Omniva AS', null)]);
  await savePartners(pool, [partner('dpd', 0.98), partner('Omniva AS', null)]);
  expect(await newestPartner(pool, 'dpd')).toEqual({ partner: partner('dpd', 0.98), version: 2 });
  expect(await findPartner(pool, 'dpd', 1)).toEqual(partner('dpd', 0.97));
  expect(await partnerOf(pool, 'dpd', 1)).toEqual(partner('dpd', 0.97));
  expect(await newestPartners(pool)).toEqual([
    { partner: partner('Omniva AS', null), version: 1 },
    { partner: partner('dpd', 0.98), version: 2 },
  ]);
});

it('knows nothing of a partner of whom nobody said anything', async () => {
  expect(await newestPartner(database.pool, 'nobody')).toBeNull();
  await expect(partnerOf(database.pool, 'nobody', 1)).rejects.toThrow('Partner nobody@1 is not stored.');
});

it('lists every one of them, however many there are, and a page after another', async () => {
  const own = await testDatabase();
  const { pool } = own;
  await pool.query(
    `insert into partners (id, version, document)
     select 'p' || to_char(n, 'FM0000'), v, json_build_object('id', 'p' || to_char(n, 'FM0000'))
     from generate_series(1, 2001) as n, generate_series(1, 2) as v`,
  );
  const all = await newestPartners(pool);
  expect([all.length, new Set(all.map(({ version }) => version)), all.at(-1)?.partner.id]).toEqual([
    2001,
    new Set([2]),
    'p2001',
  ]);
  expect((await newestPartnersAfter(pool, 'p1999', 5)).map((each) => each.partner.id)).toEqual(['p2000', 'p2001']);
  await own.drop();
});

it('gives fields that are younger than a stored partner their defaults', async () => {
  await database.pool.query(`insert into partners (id, version, document) values ('old', 1, '{"id": "old"}')`);
  expect(await newestPartner(database.pool, 'old')).toEqual({ partner: partner('old', null), version: 1 });
});
