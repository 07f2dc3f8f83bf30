import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { catalogueText } from '../../db/catalogue.ts';
import { migrate, migrationsFolder } from '../../db/migrate.ts';
import { createPool } from '../../db/pool.ts';
import { runKept } from '../support/kept.ts';

const name = `test_${randomUUID().replaceAll('-', '')}`;
const folder = mkdtempSync(join(tmpdir(), 'kept-migrations-'));
const adminUrl = inject('adminUrl');
const url = adminUrl.replace(/\/postgres$/, `/${name}`);
let client: pg.Client;
const PATIENCE = { timeout: 30_000, interval: 20 };

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
  await migrateTo('0001');
  client = new pg.Client({ connectionString: url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  rmSync(folder, { recursive: true });
  await asAdmin(`drop database ${name} with (force)`);
});

/** As a version of that time had it. */
async function migrateTo(number: string): Promise<void> {
  for (const file of readdirSync(migrationsFolder()))
    if (file.slice(0, 4) <= number) cpSync(join(migrationsFolder(), file), join(folder, file));
  await migrate(url, folder);
}

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

  await migrateTo('0002');

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

describe('figures of the past', () => {
  const nodeOf = async (): Promise<unknown> =>
    (await client.query(`select pg_relation_filenode('promises') as node`)).rows[0];
  const figures = async (): Promise<unknown> =>
    (
      await client.query(`select ref, contacts, asked_first, first_contact from promises
        where ref in ('midnight', 'the day itself', 'more 1') order by ref`)
    ).rows;
  it('are filled in batches beside running work, after columns were added without a rewrite', async () => {
    await migrateTo('0013');
    await client.query(`update promises set fulfilled_at = closed_at where ref = 'midnight'`);
    await client.query(
      `insert into facts (promise_id, fact_key, kind, occurred_at, data)
       select id, 'asked', 'contacted', promised_at - interval '1 hour', '{"about": "status", "channel": "phone"}'
       from promises where ref = 'the day itself'`,
    );
    // More than are filled in one transaction.
    await client.query(
      `insert into promises select (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'ref', 'more ' || n))).*
       from promises p, generate_series(1, 1500) n where p.ref = 'midnight'`,
    );
    const before = await nodeOf();
    await migrateTo('0015');
    expect(await nodeOf()).toEqual(before);
    // A worker of this version has settled one meanwhile; an index was left by a run that was interrupted.
    await client.query(`update promises set contacts = 7 where ref = 'more 1'`);
    await client.query('create index duties_places_left on duties (promise_id)');

    await Promise.all([migrate(url), migrate(url)]);

    expect(await figures()).toEqual([
      { ref: 'midnight', contacts: 0, asked_first: false, first_contact: true },
      { ref: 'more 1', contacts: 7, asked_first: false, first_contact: null },
      { ref: 'the day itself', contacts: 1, asked_first: true, first_contact: null },
    ]);
    const { rows } = await client.query(
      `select count(*)::int as n from promises where ref like 'more %' and first_contact`,
    );
    expect(rows).toEqual([{ n: 1499 }]);
  });

  it('leave the schema that a new database has, everything of it valid', async () => {
    const pool = createPool({ url, max: 1, name: 'kept test' });
    try {
      expect(await catalogueText(pool)).toBe(await readFile('db/schema.sql', 'utf8'));
    } finally {
      await pool.end();
    }
    const { rows } = await client.query(`select indexrelid::regclass::text as name from pg_index where not indisvalid
      union all select conname from pg_constraint where not convalidated`);
    expect(rows).toEqual([]);
  });
});

it('drops a reference between two tables beside a worker that takes them one after the other', async () => {
  const other = `${name}_beside`;
  await asAdmin(`create database ${other}`);
  const at = adminUrl.replace(/\/postgres$/, `/${other}`);
  const worker = new pg.Client({ connectionString: at });
  const before = mkdtempSync(join(tmpdir(), 'kept-migrations-'));
  const copy = (from: string, to: string): void => {
    for (const file of readdirSync(migrationsFolder()))
      if (file.slice(0, 4) >= from && file.slice(0, 4) <= to)
        cpSync(join(migrationsFolder(), file), join(before, file));
  };
  try {
    copy('0001', '0021');
    await migrate(at, before);
    copy('0022', '0022');
    await worker.connect();
    await worker.query('begin');
    await worker.query(`update dispatches set state = 'sent'`);
    const migrated = migrate(at, before);
    await vi.waitUntil(async () => {
      const { rowCount } = await client.query(
        `select from pg_stat_activity where datname = $1 and application_name = 'kept migrate' and wait_event_type = 'Lock'`,
        [other],
      );
      return rowCount === 1;
    }, PATIENCE);
    await worker.query(`update duties set state = 'sent'`);
    await worker.query('commit');
    await migrated;
    const { rows } = await worker.query(`select conname from pg_constraint where conname = 'duties_dispatch_id_fkey'`);
    expect(rows).toEqual([]);
  } finally {
    await worker.end();
    rmSync(before, { recursive: true });
    await asAdmin(`drop database ${other} with (force)`);
  }
});

describe('kept migrate', () => {
  const kept = (database = url) => runKept(['migrate'], { DATABASE_URL: database, LOG_LEVEL: 'warn' });
  const applied = async (): Promise<readonly string[]> => {
    const { rows } = await client.query<{ name: string }>('select name from migrations order by id');
    return rows.map(({ name: each }) => each);
  };
  const files = readdirSync(migrationsFolder()).map((file) => file.replace(/\.sql$/, ''));

  it('applies each migration once, where two are at it on an empty database', async () => {
    const other = `${name}_twice`;
    await asAdmin(`create database ${other}`);
    const at = adminUrl.replace(/\/postgres$/, `/${other}`);
    const reader = new pg.Client({ connectionString: at });
    try {
      const said = await Promise.all([kept(at), kept(at)]);
      expect(said.map(({ code }) => code)).toEqual([0, 0]);
      await reader.connect();
      const { rows } = await reader.query<{ name: string }>('select name from migrations order by id');
      expect(rows.map((row) => row.name)).toEqual(files);
    } finally {
      await reader.end();
      await asAdmin(`drop database ${other} with (force)`);
    }
  });

  it('refuses a database that a newer version has migrated, and changes nothing', async () => {
    await client.query(`delete from migrations where name = (select max(name) from migrations)`);
    await client.query(`insert into migrations (name, run_on) values ('9999_of_tomorrow', now())`);
    const before = await applied();
    const { code, stderr } = await kept();
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^SCHEMA_NEWER: .*9999_of_tomorrow/) });
    expect(await applied()).toEqual(before);
  });
});
