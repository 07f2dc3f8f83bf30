import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { catalogueText } from '../../db/catalogue.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

it('is committed as the migrations make it (to write db/schema.sql: npm run schema)', async () => {
  expect(await readFile('db/schema.sql', 'utf8')).toBe(await catalogueText(database.pool));
});

it('says of a table its columns, constraints and indexes', async () => {
  const other = await testDatabase();
  try {
    await other.pool.query(
      `create table aside (
         id bigint generated always as identity primary key, name text collate "C" not null default 'x',
         twice integer generated always as (2 * 2) stored, packed bytea storage external,
         promise_id uuid references promises (id), check (name <> ''))`,
    );
    await other.pool.query('create index aside_named on aside (name) where id > 0');
    const text = await catalogueText(other.pool);
    expect(text).toContain(
      [
        'create table aside (',
        '  id bigint not null generated always as identity,',
        `  name text collate "C" not null default 'x'::text,`,
        '  twice integer generated always as ((2 * 2)) stored,',
        '  packed bytea storage external,',
        '  promise_id uuid,',
        '  constraint aside_pkey PRIMARY KEY (id),',
        '  constraint aside_promise_id_fkey FOREIGN KEY (promise_id) REFERENCES promises(id),',
        `  constraint aside_name_check CHECK (name <> ''::text)`,
        ');',
        'CREATE INDEX aside_named ON public.aside USING btree (name) WHERE (id > 0);',
      ].join('\n'),
    );
  } finally {
    await other.drop();
  }
});

it.each([
  ['a view', 'create view seen as select 1 as one', 'relation seen'],
  ['a sequence of its own', 'create sequence counted', 'sequence counted'],
  ['a type', `create type mood as enum ('fine')`, 'type mood'],
])('refuses to hide %s, which it cannot print yet', async (_, sql, named) => {
  const other = await testDatabase();
  try {
    await other.pool.query(sql);
    await expect(catalogueText(other.pool)).rejects.toThrow(named);
  } finally {
    await other.drop();
  }
});
