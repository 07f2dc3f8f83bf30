import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPromiseActivities } from '../../activities/promise.ts';
import { pokesWaiting } from '../../db/engine.ts';
import { createPool } from '../../db/pool.ts';
import { getPromise, noticesOf } from '../../db/promises.ts';
import { recordFact } from '../../db/settle.ts';
import type { RunningWorker } from '../../temporal/worker.ts';
import { fromNow, policy } from '../support/registrations.ts';
import { tcpProxy } from '../support/tcp-proxy.ts';
import { devServer, type DevServer } from '../support/temporal.ts';
import { unwitnessed } from '../support/witness.ts';
import { eventually, FROM, rig, workflowOf, type Rig } from './rig.ts';

const POLICIES = [
  policy({ kind: 'far', buffer: { fixed: 'PT1S' }, lead: 'PT1S', whenUnknown: 'silent', factLag: 'PT1H' }),
  policy({
    kind: 'warned',
    buffer: { fixed: 'PT0S' },
    lead: 'PT1H',
    whenUnknown: 'warn',
    factLag: 'PT1H',
    sendGuard: 'PT0S',
  }),
];
const HOUR_MS = 3_600_000;
const OPEN = 30;

describe('while the engine is away', () => {
  let folder: string;
  let server: DevServer;
  let kept: Rig;
  let worker: RunningWorker;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kept-outage-'));
    server = await devServer({ folder });
    kept = await rig(POLICIES, server);
    await server.stop();
    worker = await kept.startWorker();
  });
  afterAll(async () => {
    await kept.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const again = async (): Promise<void> => {
    server = await devServer({ folder, port: Number(server.address.split(':')[1]) });
  };
  const registered = (): Promise<string[]> =>
    Promise.all(
      Array.from({ length: OPEN }, () =>
        kept.register({ kind: 'far', promised: { precision: 'instant', at: fromNow(HOUR_MS) } }),
      ),
    );
  const asleep = async (): Promise<number> => {
    const { rows } = await kept.database.pool.query<{ n: number }>(
      'select count(*) as n from promises where closed_at is null and armed_at is not null and engine_epoch = (select epoch from engine)',
    );
    return rows[0]?.n ?? 0;
  };
  /** By listing, as an operator would. */
  const running = async (): Promise<number> => {
    const { count } = await kept.client.workflow.count(`WorkflowType = 'promise' and ExecutionStatus = 'Running'`);
    return count;
  };

  it('takes promises and facts, and what has come together drains by itself once it is there', async () => {
    const ids = await registered();
    const warned = await kept.register({ kind: 'far', promised: { precision: 'instant', at: fromNow(HOUR_MS) } });
    const late = { kind: 'estimated', factKey: 'late', occurredAt: fromNow(0), at: fromNow(2 * HOUR_MS) } as const;
    expect((await recordFact(kept.database.pool, warned, late)).result).toBe('applied');
    expect(worker.engineUp()).toBe(false);
    expect(await pokesWaiting(kept.database.pool)).toBe(1);

    await again();
    await eventually(async () => (await noticesOf(kept.database.pool, warned))[0]?.state === 'sent');
    await eventually(async () => (await asleep()) === ids.length + 1);
    await eventually(async () => (await running()) === ids.length + 1);
    expect(await pokesWaiting(kept.database.pool)).toBe(0);
    expect(worker.engineUp()).toBe(true);
  });

  it('puts every open promise to sleep again when it comes back empty', async () => {
    const open = await asleep();
    process.kill(server.pid, 'SIGKILL');
    await server.exited;
    for (const ending of ['', '-wal', '-shm']) rmSync(server.dbFile + ending, { force: true });
    await again();
    await eventually(async () => (await running()) === open);
    await eventually(async () => (await asleep()) === open);
    const { rows } = await kept.database.pool.query<{ epoch: number }>('select epoch from engine');
    expect(rows[0]?.epoch).toBe(2);

    const [id = ''] = (await kept.database.pool.query<{ id: string }>('select id from promises limit 1')).rows.map(
      (r) => r.id,
    );
    await recordFact(kept.database.pool, id, { kind: 'fulfilled', factKey: 'done', occurredAt: fromNow(0) });
    expect(await workflowOf(kept, id).result()).toBe('kept');
  });
});

describe('while the database is away', () => {
  let kept: Rig;
  const ends: (() => Promise<unknown>)[] = [];
  beforeAll(async () => void (kept = await rig(POLICIES)));
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  afterAll(() => kept.stop());

  const workerThrough = async (port: number): Promise<RunningWorker> => {
    const url = new URL(kept.database.url);
    url.port = String(port);
    const pool = createPool({ url: url.href, max: 10, name: 'kept test' });
    const log = pino({ level: 'silent' });
    const activities = createPromiseActivities({
      pool,
      channels: [kept.channel],
      from: FROM,
      workerName: 'cut off',
      witness: unwitnessed,
      log,
    });
    const worker = await kept.startWorker({ pool, activities, log });
    ends.push(() => pool.end(), worker.stop);
    return worker;
  };

  it('starts, sees the engine, waits, and stops when told', async () => {
    const nobody = await tcpProxy({ host: '127.0.0.1', port: 1 });
    await nobody.shut();
    const worker = await workerThrough(nobody.port);
    await eventually(async () => worker.engineUp());
  });

  it('goes on with every promise once it is back', async () => {
    const url = new URL(kept.database.url);
    const proxy = await tcpProxy({ host: url.hostname, port: Number(url.port) });
    ends.push(() => proxy.shut());
    const worker = await workerThrough(proxy.port);
    const id = await kept.register({ kind: 'warned', promised: { precision: 'instant', at: fromNow(12_000) } });
    await eventually(async () => (await getPromise(kept.database.pool, id))?.armedAt);
    await proxy.shut();
    // Its instant comes, and nobody can read what is owed.
    await eventually(async () => {
      const { historyLength } = await workflowOf(kept, id).describe();
      return historyLength > 4;
    });
    await proxy.open();
    await eventually(async () => (await noticesOf(kept.database.pool, id))[0]?.state === 'sent');
    expect(worker.engineUp()).toBe(true);
    expect(await noticesOf(kept.database.pool, id)).toHaveLength(1);
  });
});
