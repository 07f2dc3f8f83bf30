import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { createPool, type Pool } from '../../db/pool.ts';
import { hasFailed } from './evidence.ts';

export interface TestDatabase {
  readonly url: string;
  readonly pool: Pool;
  /** Ends the pool; drops the database unless a test of this file has failed. For `afterAll`. */
  drop(): Promise<void>;
}

/**
 * A migrated, empty PostgreSQL database of its own, made in some 50 ms from the run's template.
 * @example const database = await testDatabase(); afterAll(() => database.drop());
 */
export async function testDatabase(): Promise<TestDatabase> {
  const adminUrl = inject('adminUrl');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(adminUrl, `create database ${name} template kept_template`);
  const url = adminUrl.replace(/\/postgres$/, `/${name}`);
  const pool = createPool({ url, max: 10, name: 'kept test' });
  return {
    url,
    pool,
    drop: async () => {
      await pool.end();
      if (hasFailed()) console.error(`Kept for a look: database ${name}`);
      else await asAdmin(adminUrl, `drop database ${name} with (force)`);
    },
  };
}

async function asAdmin(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
