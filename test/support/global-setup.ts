import { readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { SCRATCH_PASSWORD, startScratchPostgres } from '../../cli/up/scratch-postgres.ts';
import { migrate } from '../../db/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the database `postgres`, as the owner of everything. */
    readonly adminUrl: string;
  }
}

export const TEMPLATE = 'kept_template';
const PREFIX = 'kept-test-';
const KEEP_EVIDENCE_MS = 24 * 60 * 60 * 1000;

/** One PostgreSQL per run with a migrated template; what failed tests leave in it stays on disk for a day. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  removeOldEvidence();
  const postgres = await startScratchPostgres(PREFIX, (line) => console.error(line));
  const { folder, binaries } = postgres;
  const adminUrl = postgres.url('postgres');
  try {
    await ask(adminUrl, `create database ${TEMPLATE}`);
    await migrate(postgres.url(TEMPLATE));
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  project.provide('adminUrl', adminUrl);

  return async () => {
    const left = await ask(adminUrl, `select datname from pg_database where datname like 'test\\_%' order by 1`);
    await postgres.stop();
    if (left.length === 0) return rmSync(folder, { recursive: true, force: true });
    console.error(`Databases of failed test files are kept in ${folder}: ${left.map(String).join(', ')}`);
    console.error(`To look: ${binaries.postgres} -D ${folder}/data -p 5499 (user kept, password ${SCRATCH_PASSWORD})`);
  };
}

async function ask(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    return rows.map((row) => row[0]);
  } finally {
    await client.end();
  }
}

function removeOldEvidence(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(tmpdir(), name);
    const age = Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > KEEP_EVIDENCE_MS) rmSync(folder, { recursive: true, force: true });
  }
}
