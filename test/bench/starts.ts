import { mkdtempSync, rmSync } from 'node:fs';
import { chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import pino from 'pino';
import { binaryPath, cacheFolder, SHARED_CACHE } from '../../cli/config.ts';
import { findBinary, TEMPORAL_CLI } from '../../cli/up/binaries.ts';
import { postgresBinaries } from '../../cli/up/postgres-binaries.ts';
import { startPostgres } from '../../cli/up/postgres.ts';
import { databaseUser } from '../../cli/up/run-as.ts';
import { startTemporal } from '../../cli/up/temporal.ts';
import { migrate } from '../../db/migrate.ts';
import { createPool, type Pool } from '../../db/pool.ts';
import { createRegistrar } from '../../db/register.ts';
import { watchEngine } from '../../temporal/engine.ts';
import { inParallel } from '../../temporal/in-parallel.ts';
import { startStarter } from '../../temporal/starter.ts';
import { fromNow, policy, registration, seed } from '../support/registrations.ts';
import { figure, median, type Bench } from './figures.ts';

const PER_ROUND = 1_500;
const ROUNDS = 5;
const IN_FLIGHT = 32;
const DAY_MS = 86_400_000;

/** P3: promises put to sleep by the starter, against bare starts of an empty workflow with the same delay and concurrency. */
export async function benchStarts(): Promise<Bench> {
  const home = mkdtempSync(join(tmpdir(), 'kept-bench-'));
  chmodSync(home, 0o755);
  const quiet = (): void => {};
  const user = databaseUser(undefined, quiet);
  const binaries = postgresBinaries({ user, elsewhere: [cacheFolder(), SHARED_CACHE], log: quiet });
  const logFile = join(home, 'postgres.log');
  const postgres = await startPostgres({
    binaries,
    user,
    dataDir: join(home, 'data'),
    password: 'bench',
    port: 0,
    logFile,
    log: quiet,
  });
  const { given, searchPath } = binaryPath(TEMPORAL_CLI.variable);
  const cli = await findBinary(TEMPORAL_CLI, { given, searchPath, cache: cacheFolder(), log: console.error });
  const temporal = await startTemporal({
    cli,
    dbFile: join(home, 'temporal.db'),
    port: 0,
    uiPort: null,
    logFile: join(home, 'temporal.log'),
    log: quiet,
  });
  const pool = createPool({ url: postgres.url('postgres'), max: 10, name: 'kept bench' });
  try {
    await migrate(postgres.url('postgres'));
    await seed(pool, [policy({ kind: 'delivery', buffer: { fixed: 'P1D' } })]);
    const bare: number[] = [];
    const ours: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(await bareStarts(temporal.address, round));
      ours.push(await starterStarts(pool, temporal.address));
    }
    const ratios = ours.map((rate, at) => rate / (bare[at] ?? Number.NaN));
    return {
      settings: `dev server (file, WAL, NORMAL), PostgreSQL with fsync, ${ROUNDS} alternating rounds of ${PER_ROUND}, ${IN_FLIGHT} in flight`,
      figures: [
        figure('bare client.workflow.start of an empty workflow, median', median(bare), 'starts/s'),
        figure('through the starter, median', median(ours), 'starts/s'),
        figure('starter / bare, worst round', Math.min(...ratios), ''),
        figure('starter / bare, median of rounds', median(ratios), '', { atLeast: 0.85 }),
      ],
    };
  } finally {
    await pool.end();
    await temporal.stop();
    await postgres.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

async function bareStarts(address: string, round: number): Promise<number> {
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  const startedAt = performance.now();
  await inParallel(
    Array.from({ length: PER_ROUND }, (_, at) => at),
    IN_FLIGHT,
    async (at) => {
      await client.workflow.start('empty', {
        workflowId: `bare/${round}/${at}`,
        taskQueue: 'nobody',
        startDelay: DAY_MS,
      });
    },
  );
  const rate = (PER_ROUND * 1000) / (performance.now() - startedAt);
  await connection.close();
  return rate;
}

async function starterStarts(pool: Pool, address: string): Promise<number> {
  const registrar = createRegistrar(pool);
  const wish = { kind: 'delivery', promised: { precision: 'instant' as const, at: fromNow(3 * DAY_MS) } };
  const all = await Promise.all(Array.from({ length: PER_ROUND }, () => registration(pool, wish)));
  await Promise.all(all.map((one) => registrar.register(one)));
  const log = pino({ level: 'silent' });
  const engine = watchEngine({ pool, temporal: { address, namespace: 'default' }, log });
  while (engine.epoch() === null) await new Promise((resolve) => setTimeout(resolve, 20));
  const startedAt = performance.now();
  const starter = startStarter({ pool, engine, log, leads: () => true, horizonMs: null });
  while (await isUnarmedLeft(pool)) await new Promise((resolve) => setTimeout(resolve, 20));
  const rate = (PER_ROUND * 1000) / (performance.now() - startedAt);
  await starter.stop();
  await engine.stop();
  return rate;
}

async function isUnarmedLeft(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ left: boolean }>(
    'select exists (select 1 from promises where armed_at is null and closed_at is null) as left',
  );
  return rows[0]?.left ?? false;
}
