import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPhone } from '../../api/phone.ts';
import { readPhonesAgain } from '../../db/customers.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const phones = async (): Promise<Record<string, string | null>> => {
  const { rows } = await database.pool.query<{ ref: string; phone: string | null }>('select ref, phone from customers');
  return Object.fromEntries(rows.map(({ ref, phone }) => [ref, phone]));
};

it('reads phones again when the country becomes known, and leaves what is none as it was typed', async () => {
  const typed = { a: '600 0001', b: '+372 600 0002', c: 'ask at the desk', d: '+3726000003', e: null };
  // More than one batch, so that the second one is read, too.
  const many = Array.from({ length: 1_001 }, (_, n) => [`many-${n}`, `call ${n}`] as const);
  await database.pool.query(
    'insert into customers (id, ref, phone) select * from unnest($1::uuid[], $2::text[], $3::text[])',
    [
      ...[[...Object.entries(typed), ...many]].flatMap((rows) => [
        rows.map(() => uuid()),
        rows.map(([ref]) => ref),
        rows.map(([, phone]) => phone),
      ]),
    ],
  );

  await readPhonesAgain(database.pool, (phone) => readPhone(phone, null));
  expect(await phones()).toMatchObject({ ...typed, b: '+3726000002' });

  await readPhonesAgain(database.pool, (phone) => readPhone(phone, 'EE'));
  expect(await phones()).toMatchObject({ ...typed, a: '+3726000001', b: '+3726000002', 'many-1000': 'call 1000' });
});

it('finds by indexes, however many there are', async () => {
  await database.pool.query('analyze customers');
  const plans = [
    `select id from customers where lower(ref) = lower('X') or phone = '+3726000001' or lower(email) = lower('x')`,
    `select id from customers where phone = '+3726000001' or lower(email) = lower('x')`,
    `select id from promises where lower(ref) = lower('X')`,
    `select id from promises where ref = 'X' and lower(ref) = lower('X')`,
    `select id from customers where phone !~ '^\\+[1-9][0-9]{4,14}$' and id > '${uuid()}' order by id limit 1000`,
  ];
  const client = await database.pool.connect();
  try {
    await client.query('begin');
    await client.query('set local enable_seqscan = off');
    for (const sql of plans) {
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain ${sql}`);
      expect(rows.map((row) => row['QUERY PLAN']).join('\n')).not.toContain('Seq Scan');
    }
    await client.query('rollback');
  } finally {
    client.release();
  }
});
