import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { migrate, migrationsFolder } from '../../db/migrate.ts';

const name = `test_${randomUUID().replaceAll('-', '')}`;
const folder = mkdtempSync(join(tmpdir(), 'kept-migrations-'));
const adminUrl = inject('adminUrl');
const url = adminUrl.replace(/\/postgres$/, `/${name}`);
let client: pg.Client;

async function asAdmin(sql: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query(sql);
  } finally {
    await admin.end();
  }
}

beforeAll(async () => {
  await asAdmin(`create database ${name}`);
  cpSync(join(migrationsFolder(), '0001_promises.sql'), join(folder, '0001_promises.sql'));
  await migrate(url, folder);
  client = new pg.Client({ connectionString: url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  rmSync(folder, { recursive: true });
  await asAdmin(`drop database ${name} with (force)`);
});

/** A promise as the first schema had it, `closed` or not. */
const INSERT = `
with policy as (
  insert into policies (kind, version, document) values ('delivery', 1, '{}') on conflict do nothing
), customer as (
  insert into customers (id, ref) values (gen_random_uuid(), $1) returning id
)
insert into promises (id, source, ref, body_hash, kind, policy_version, customer_id, precision, made_at, promised_at,
  first_promised_at, target_at, last_call_at, lead_to, plan, phase, told_at, closed_at)
select gen_random_uuid(), 'shop', $1, '', 'delivery', 1, id, 'instant', t - interval '1 day', t, t, t, t, t,
  jsonb_build_object('day', $2::text, 'zone', $3::text), case when $5 then 'kept' else 'open' end, t, case when $5 then t end
from customer, (select $4::timestamptz as t) as one`;

it('gives promises of the first schema the day they fall due on, and has the closed ones rolled up', async () => {
  const before = [
    ['midnight', null, 'Europe/Tallinn', '2026-05-04T21:00:00Z', true],
    ['the day itself', '2026-05-06', 'America/Sao_Paulo', '2026-05-07T03:00:00Z', false],
    ['just after midnight', null, 'Europe/Tallinn', '2026-05-07T21:00:00.001Z', true],
  ] as const;
  for (const row of before) await client.query(INSERT, [...row]);

  await migrate(url);

  const { rows } = await client.query<{ ref: string; day: string; history: boolean }>(
    'select ref, promised_day::text as day, history from promises order by promised_at',
  );
  expect(rows).toEqual([
    { ref: 'midnight', day: '2026-05-04', history: false },
    { ref: 'the day itself', day: '2026-05-06', history: false },
    { ref: 'just after midnight', day: '2026-05-08', history: false },
  ]);
  const due = await client.query<{ day: string }>('select day::text from rollup_due order by day');
  expect(due.rows.map(({ day }) => day)).toEqual(['2026-05-04', '2026-05-08']);
});
