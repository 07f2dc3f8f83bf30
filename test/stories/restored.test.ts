import pg from 'pg';
import pino from 'pino';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { createPromiseActivities } from '../../activities/promise.ts';
import { holdCommand } from '../../cli/commands/hold.ts';
import { holdOf } from '../../db/hold.ts';
import { createPool, type Pool } from '../../db/pool.ts';
import { createRegistrar } from '../../db/register.ts';
import { recordFact } from '../../db/settle.ts';
import { createWitness } from '../../temporal/witness.ts';
import { startWorker } from '../../temporal/worker.ts';
import { commandLine } from '../support/command-line.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fromNow, policy, registration, seed } from '../support/registrations.ts';
import { devServer, type DevServer } from '../support/temporal.ts';
import { bundlePath } from '../temporal/bundle.ts';
import { eventually, FROM, memoryChannel } from '../temporal/rig.ts';

const DAY = 86_400_000;
const kept = commandLine(holdCommand, 'hold');
const log = pino({ level: 'silent' });
const channel = memoryChannel();
let database: TestDatabase;
let server: DevServer;

beforeAll(async () => {
  [database, server] = await Promise.all([testDatabase(), devServer()]);
  vi.stubEnv('DATABASE_URL', database.url);
  const head = { buffer: { fixed: 'PT1H' }, lead: 'PT1H' };
  await seed(database.pool, [
    policy({ kind: 'quiet', ...head }),
    policy({ kind: 'confirmed', ...head, notices: { promised: true } }),
  ]);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.stop();
  await database.drop();
});

/** A worker process for a while, with connections of its own. */
async function withWorker(work: (pool: Pool) => Promise<void>): Promise<void> {
  const pool = createPool({ url: database.url, max: 20, name: 'kept worker' });
  const temporal = { address: server.address, namespace: server.namespace };
  const witness = createWitness({ pool, temporal, log });
  const workerName = `worker ${Date.now()}`;
  const activities = createPromiseActivities({ pool, channels: [channel], from: FROM, workerName, witness, log });
  const worker = await startWorker({ pool, temporal, activities, witness, bundlePath: await bundlePath(), log });
  try {
    await work(pool);
  } finally {
    await worker.stop();
    await witness.close();
    await pool.end();
  }
}

async function register(count: number, kind: string): Promise<readonly string[]> {
  const registrar = createRegistrar(database.pool);
  const promised = { precision: 'instant', at: fromNow(2 * DAY) } as const;
  const made = await Promise.all(Array.from({ length: count }, () => registration(database.pool, { kind, promised })));
  const stored = await Promise.all(made.map((each) => registrar.register(each)));
  return stored.map(({ promise }) => promise.id);
}

/** As PostgreSQL's own copy does it: nobody may be connected. */
async function copyDatabase(from: string, to: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('adminUrl') });
  await client.connect();
  try {
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = any ($1)', [[from, to]]);
    await client.query(`drop database if exists ${to} with (force)`);
    await client.query(`create database ${to} template ${from}`);
  } finally {
    await client.end();
  }
}

it('lets no mail leave from an older copy until an operator has seen what would', { timeout: 120_000 }, async () => {
  const name = new URL(database.url).pathname.slice(1);
  const known = await register(20, 'quiet');
  await copyDatabase(name, `${name}_copy`);
  await withWorker(async () => {
    await register(10, 'quiet');
    await register(10, 'confirmed');
    await eventually(async () => channel.sent.length === 10);
  });

  await copyDatabase(`${name}_copy`, name);
  const late = known.slice(0, 3);
  for (const id of late) {
    const [occurredAt, at] = [fromNow(0), fromNow(3 * DAY)];
    await recordFact(database.pool, id, { kind: 'estimated', factKey: 'late', occurredAt, at });
  }
  await withWorker(async (pool) => {
    await eventually(async () => (await holdOf(pool)).reason === 'restored');
    const status = JSON.parse(await kept('off', '--json')) as { readonly items: readonly { promiseId: string }[] };
    expect(status).toMatchObject({ hold: true, reason: 'restored', waiting: 3 });
    expect(status.items.map(({ promiseId }) => promiseId).toSorted()).toEqual([...late].toSorted());
    expect(channel.sent).toHaveLength(10);

    expect(JSON.parse(await kept('off', '--yes', '--json'))).toMatchObject({ hold: false });
    await eventually(async () => channel.sent.length === 13);
    expect((await holdOf(pool)).reason).toBeNull();
  });
  const client = new pg.Client({ connectionString: inject('adminUrl') });
  await client.connect();
  await client.query(`drop database ${name}_copy`);
  await client.end();
});
