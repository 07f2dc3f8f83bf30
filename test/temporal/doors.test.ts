import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sweepDue } from '../../db/engine.ts';
import { getPromise, noticesOf } from '../../db/promises.ts';
import { recordFact } from '../../db/settle.ts';
import { createEngineClient } from '../../temporal/connection.ts';
import { createEngineProbe, type Engine } from '../../temporal/engine.ts';
import { ensureSearchAttributes, PROMISE_KIND, PROMISE_PARTNER } from '../../temporal/search-attributes.ts';
import { startOptions, withoutAttributesIfRefused } from '../../temporal/starts.ts';
import type { RunningWorker } from '../../temporal/worker.ts';
import { fromNow, policy } from '../support/registrations.ts';
import { eventually, rig, workflowOf, type Rig } from './rig.ts';

const HOUR_MS = 3_600_000;
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

describe('the doors to the engine', () => {
  let kept: Rig;
  const workers: RunningWorker[] = [];

  beforeAll(async () => {
    kept = await rig(POLICIES);
    workers.push(await kept.startWorker(), await kept.startWorker());
  });
  afterAll(() => kept.stop());

  const asleep = async (kind: string, promisedInMs: number, partner: string | null = null): Promise<string> => {
    const id = await kept.register({ kind, partner, promised: { precision: 'instant', at: fromNow(promisedInMs) } });
    await eventually(async () => (await getPromise(kept.database.pool, id))?.armedAt);
    return id;
  };
  const late = (id: string) =>
    recordFact(kept.database.pool, id, {
      kind: 'estimated',
      factKey: 'late',
      occurredAt: fromNow(0),
      at: fromNow(2 * HOUR_MS),
    });

  it('label a promise for operators by kind and partner, and let what is promised to the minute go first', async () => {
    const { typedSearchAttributes, priority } = await workflowOf(kept, await asleep('far', HOUR_MS, 'dpd')).describe();
    expect(typedSearchAttributes.get(PROMISE_KIND)).toBe('far');
    expect(typedSearchAttributes.get(PROMISE_PARTNER)).toBe('dpd');
    expect(priority?.priorityKey).toBe(2);
  });

  it('show an operator what a promise waits for', async () => {
    const id = await asleep('far', HOUR_MS);
    await late(id);
    await eventually(async () => (await noticesOf(kept.database.pool, id))[0]?.state === 'sent');
    const { wakeAt } = (await getPromise(kept.database.pool, id)) ?? {};
    await eventually(async () => {
      const { currentDetails } = await workflowOf(kept, id).query<{ currentDetails: string }>(
        '__temporal_workflow_metadata',
      );
      return currentDetails === `Looks again at ${wakeAt}.`;
    });
  });

  it('lead to the same workflow from two workers: one starts, both carry pokes, nothing is done twice', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => asleep('far', HOUR_MS)));
    await Promise.all(ids.map(late));
    for (const id of ids) await eventually(async () => (await noticesOf(kept.database.pool, id))[0]?.state === 'sent');
    expect(
      kept.channel.sent.filter(({ headers }) => ids.some((id) => headers['Kept-Notices']?.startsWith(id))),
    ).toHaveLength(20);
    const { rows } = await kept.database.pool.query<{ n: number }>(
      `select count(*) as n from pg_locks l join pg_database d on d.oid = l.database
       where l.locktype = 'advisory' and l.granted and d.datname = current_database()`,
    );
    expect(rows[0]?.n).toBe(1);
  });

  it('are opened by the sweep for a promise whose workflow was lost', async () => {
    const id = await asleep('warned', 6_000);
    await workflowOf(kept, id).terminate('lost');
    expect(
      await eventually(async () => (await sweepDue(kept.database.pool, { graceMs: 0, limit: 10, poke: 'all' })).found),
    ).toBe(1);
    await eventually(async () => (await noticesOf(kept.database.pool, id))[0]?.state === 'sent');
  });

  it('may be asked for the search attributes again and again', async () => {
    const { connection, close } = createEngineClient({ address: kept.server.address, namespace: 'default' });
    await ensureSearchAttributes(connection, 'default');
    await ensureSearchAttributes(connection, 'default');
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
    expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining([PROMISE_KIND.name, PROMISE_PARTNER.name]));
    await close();
  });

  it('tell a process that only asks whether the engine is there', async () => {
    const log = pino({ level: 'silent' });
    const there = createEngineProbe({ address: kept.server.address, namespace: 'default' }, log);
    const nowhere = createEngineProbe({ address: '127.0.0.1:1', namespace: 'default' }, log);
    const elsewhere = createEngineProbe({ address: kept.server.address, namespace: 'no-such' }, log);
    await eventually(async () => there.up());
    expect([nowhere.up(), elsewhere.up()]).toEqual([false, false]);
    await Promise.all([there.stop(), nowhere.stop(), elsewhere.stop()]);
  });
});

describe('a start that is refused for its search attributes', () => {
  const refusal = Object.assign(new Error('unknown'), {
    code: 3,
    details: 'Namespace default has no mapping defined for search attribute PromiseKind',
    metadata: {},
  });
  const engine = (attributes: boolean) =>
    ({
      attributes: () => attributes,
      call: (work: () => Promise<unknown>) => work(),
      noteFailure: vi.fn(() => 'attributes'),
    }) as unknown as Engine;

  it('is made once more without them', async () => {
    const start = vi.fn((attributes: boolean) => (attributes ? Promise.reject(refusal) : Promise.resolve()));
    await withoutAttributesIfRefused(engine(true), start);
    expect(start.mock.calls).toEqual([[true], [false]]);
  });

  it('is made without them at once while they are known to be refused', async () => {
    const start = vi.fn(() => Promise.resolve());
    await withoutAttributesIfRefused(engine(false), start);
    expect(start.mock.calls).toEqual([[false]]);
  });
});

it.each([
  ['callback', 'window', 1],
  ['reply', 'instant', 2],
  ['delivery', 'window', 3],
  ['delivery', 'day', 4],
] as const)('a %s promised as %s starts with priority %i', (kind, precision, priorityKey) => {
  const { priority } = startOptions({ promiseId: 'x', kind, precision, partner: null }, true);
  expect(priority).toEqual({ priorityKey });
});
