import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { doctorCommand } from '../../cli/commands/doctor.ts';
import { ensureSearchAttributes } from '../../temporal/search-attributes.ts';
import { createEngineClient } from '../../temporal/connection.ts';
import { refreshRollup } from '../../db/rollup.ts';
import { recordFact } from '../../db/settle.ts';
import { POKE_SIGNAL, PROMISE_QUEUE, PROMISE_WORKFLOW, promiseWorkflowId } from '../../workflows/contract.ts';
import { commandLine } from '../support/command-line.ts';
import { fromNow, policy } from '../support/registrations.ts';
import { eventually, rig, type Rig } from '../temporal/rig.ts';

const DAY = 86_400_000;
const doctor = commandLine(doctorCommand, 'doctor');
let kept: Rig;

/** What `--json` prints, and how the command ended. */
async function ask(...options: readonly string[]) {
  const printed = await doctor('--json', ...options);
  const { ok, checks } = JSON.parse(printed) as {
    readonly ok: boolean;
    readonly checks: readonly {
      readonly name: string;
      readonly looked: number;
      readonly found: number;
      readonly fixed: number;
      readonly examples: readonly string[];
    }[];
  };
  const exit = process.exitCode ?? 0;
  process.exitCode = 0;
  return { ok, exit, checks: new Map(checks.map((check) => [check.name, check])) };
}

const ids = async (text: string): Promise<readonly string[]> => {
  const { rows } = await kept.database.pool.query<{ id: string }>(text);
  return rows.map(({ id }) => id).toSorted();
};

/** What was spoiled below and is to be as it was: `armed_at` and pokes are the engine's, and come to be anew. */
async function standing(): Promise<readonly string[]> {
  const { rows } = await kept.database.pool.query<{ line: string }>(
    `select concat_ws(' ', id, phase, wake_at) as line from promises
     union all select concat_ws(' ', id, state) from duties union all select concat_ws(' ', day, r::text) from rollup r`,
  );
  return rows.map(({ line }) => line).toSorted();
}

/** Nothing waits for the engine, and every open promise sleeps. */
async function quiet(): Promise<boolean> {
  const { rows } = await kept.database.pool.query<{ count: number }>(
    `select (select count(*) from outbox) + (select count(*) from duties where state in ('owed', 'claimed'))
       + (select count(*) from promises where closed_at is null and armed_at is null) as count`,
  );
  return rows[0]?.count === 0;
}

beforeAll(async () => {
  kept = await rig([
    policy({ kind: 'delivery', buffer: { fixed: 'PT1H' }, lead: 'PT1H', notices: { promised: true } }),
    policy({ kind: 'reply', buffer: { fixed: 'PT1H' }, lead: 'PT1H' }),
  ]);
  vi.stubEnv('DATABASE_URL', kept.database.url);
  vi.stubEnv('TEMPORAL_ADDRESS', kept.server.address);
  vi.stubEnv('TEMPORAL_NAMESPACE', kept.server.namespace);
  const engine = createEngineClient({ address: kept.server.address, namespace: kept.server.namespace });
  await ensureSearchAttributes(engine.connection, engine.namespace);
  await engine.close();
  const { pool } = kept.database;
  const worker = await kept.startWorker();
  const made: string[] = [];
  for (let n = 0; n < 30; n += 1)
    made.push(
      await kept.register({
        kind: n % 2 ? 'delivery' : 'reply',
        promised: { precision: 'instant', at: fromNow((2 + n) * DAY) },
      }),
    );
  // Ten are over, each on a day of its own; five have been warned of, and five look earlier than they must.
  for (const id of made.slice(0, 10))
    await recordFact(pool, id, { kind: 'fulfilled', factKey: 'f', occurredAt: fromNow(0) });
  for (const id of made.slice(10, 15))
    await recordFact(pool, id, { kind: 'estimated', factKey: 'e', occurredAt: fromNow(0), at: fromNow(60 * DAY) });
  for (const id of made.slice(15, 20))
    await recordFact(pool, id, {
      ...{ kind: 'repromised', factKey: 'r', occurredAt: fromNow(0), agreedByCustomer: true },
      promised: { precision: 'instant', at: fromNow(90 * DAY) },
    });
  await eventually(quiet);
  await worker.stop();
  await refreshRollup(pool);
}, 120_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await kept.stop();
});

describe('kept doctor', { timeout: 120_000 }, () => {
  it('says in one line that all is well', async () => {
    expect(await doctor()).toMatch(/^All is well: 30 promises, \d+ notices, 10 days of reports, 20 asleep\.\n$/);
    expect(await ask()).toMatchObject({ ok: true, exit: 0 });
  });

  it('finds what was spoiled and nothing else, mends it, and then finds nothing', async () => {
    const { pool } = kept.database;
    const open = await ids('select id from promises where closed_at is null');
    const over = await ids('select id from promises where closed_at is not null');
    const before = await standing();
    const { rows: sent } = await pool.query<{ id: string; promiseId: string }>(
      `select id, promise_id as "promiseId" from duties where state = 'sent' order by promise_id limit 5`,
    );
    const spoiled = {
      folds: [...open.slice(0, 8), ...over.slice(0, 2)].toSorted(),
      pokes: open.slice(8, 18).toSorted(),
      duties: sent.map(({ promiseId }) => promiseId).toSorted(),
      days: await ids(`select day::text as id from rollup order by day desc limit 5`),
    };
    const changes: readonly (readonly [string, readonly string[]])[] = [
      [`update promises set phase = 'paused' where id = any ($1)`, open.slice(0, 3)],
      [`update promises set phase = 'withdrawn' where id = any ($1)`, over.slice(0, 2)],
      [`update promises set wake_at = wake_at - interval '3 days' where id = any ($1)`, open.slice(3, 7)],
      [`update promises set wake_at = null where id = any ($1)`, open.slice(7, 8)],
      [`update promises set armed_at = armed_at + interval '1 hour' where id = any ($1)`, open.slice(8, 10)],
      [`update promises set armed_at = armed_at - interval '1 hour' where id = any ($1)`, open.slice(10, 12)],
      [`update promises set armed_at = null where id = any ($1)`, open.slice(12, 13)],
      [`insert into outbox (promise_id) select unnest($1::uuid[])`, open.slice(13, 16)],
      [
        `insert into outbox (promise_id, claimed_at) select unnest($1::uuid[]), clock_timestamp() + interval '1 year'`,
        open.slice(16, 18),
      ],
    ];
    for (const [text, which] of changes) await pool.query(text, [which]);
    for (const [at, { id }] of sent.entries())
      await pool.query('update duties set state = $2 where id = $1', [
        id,
        ['dropped', 'failed', 'owed', 'claimed', 'owed'][at],
      ]);
    await pool.query('update rollup set n = n + 1 where day = any ($1::date[])', [spoiled.days]);

    const found = await ask();
    const counts = [...found.checks.values()].map((check) => [check.name, check.found, check.fixed]);
    expect(counts).toEqual([
      ['folds', 10, 0],
      ['pokes', 10, 0],
      ['duties', 5, 0],
      ['rollup', 5, 0],
      ['engine', 0, 0],
      ['attributes', 0, 0],
    ]);
    expect(found).toMatchObject({ ok: false, exit: 1 });
    expect(found.checks.get('folds')?.examples.toSorted()).toEqual(spoiled.folds);
    expect(found.checks.get('pokes')?.examples.toSorted()).toEqual(spoiled.pokes);
    expect(found.checks.get('duties')?.examples.toSorted()).toEqual(spoiled.duties);
    expect(found.checks.get('rollup')?.examples.toSorted()).toEqual(spoiled.days);

    const mended = await ask('--fix');
    expect([...mended.checks.values()].map((check) => check.found - check.fixed)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(mended).toMatchObject({ ok: true, exit: 0 });
    expect((await doctor()).trimEnd().split('\n')).toHaveLength(1);
    expect(await standing()).toEqual(before);
  });

  it('finds a poke that was deleted before anybody took it', async () => {
    const { pool } = kept.database;
    // The starter looks after what was not started yet, and needs no poke.
    const open = (
      await ids(`select id from promises where closed_at is null and kind = 'reply' and engine_epoch > 0`)
    ).slice(-5);
    for (const id of open)
      await recordFact(pool, id, {
        kind: 'estimated',
        factKey: 'late',
        occurredAt: fromNow(0),
        at: fromNow(200 * DAY),
      });
    expect((await ask()).ok).toBe(true);
    const { rowCount } = await pool.query('delete from outbox where promise_id = any ($1)', [open]);
    expect(rowCount).toBe(5);
    const { checks } = await ask();
    expect(checks.get('pokes')).toMatchObject({ found: 5, fixed: 0 });
    expect(checks.get('pokes')?.examples.toSorted()).toEqual(open);
    // Whose workflow was told waits for a worker only.
    const [told = '', ...deaf] = open;
    await kept.client.workflow.signalWithStart(PROMISE_WORKFLOW, {
      ...{ workflowId: promiseWorkflowId(told), taskQueue: PROMISE_QUEUE, args: [{ promiseId: told }] },
      signal: POKE_SIGNAL,
    });
    expect((await ask()).checks.get('pokes')).toMatchObject({ found: 4, examples: deaf });
    expect((await ask('--fix')).checks.get('pokes')).toMatchObject({ found: 4, fixed: 4 });
    expect(await ids('select promise_id as id from outbox')).toEqual(expect.arrayContaining(deaf));
  });

  it('finds a workflow that the engine has lost, and waits until it is started again', async () => {
    const [lost = ''] = await ids('select id from promises where closed_at is null');
    await kept.client.workflow.getHandle(`promise/${lost}`).terminate();
    const found = await ask();
    expect(found.checks.get('engine')).toMatchObject({ found: 1, examples: [lost] });
    expect(found).toMatchObject({ ok: false, exit: 1 });
    const worker = await kept.startWorker();
    expect((await ask('--fix')).checks.get('engine')).toMatchObject({ found: 1, fixed: 1 });
    await eventually(quiet);
    await worker.stop();
    const { ok, checks } = await ask();
    expect({ ok, found: [...checks.values()].filter((check) => check.found > 0) }).toEqual({ ok: true, found: [] });
  });
});
