import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegistrar } from '../../db/register.ts';
import { listPromises } from '../../db/promises.ts';
import type { Queryable } from '../../db/pool.ts';
import type { PromiseFilter } from '../../db/shapes.ts';
import { PHASES, type Phase } from '../../domain/promise/words.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fromNow, policy, registration, seed } from '../support/registrations.ts';

const HOUR = 3_600_000;
const EACH = 1_500;
let database: TestDatabase;

/** One promise through the front door, then many like it, of every phase, kind and partner; what is open is due last. */
beforeAll(async () => {
  database = await testDatabase();
  const { pool } = database;
  await seed(pool, [
    policy({ kind: 'delivery', buffer: { fixed: 'PT1H' } }),
    policy({ kind: 'reply', buffer: { fixed: 'PT1H' } }),
  ]);
  const promised = { precision: 'instant', at: fromNow(24 * HOUR) } as const;
  await createRegistrar(pool).register(await registration(pool, { kind: 'delivery', promised, source: 'first' }));
  await pool.query(
    `insert into promises (id, source, ref, body_hash, kind, policy_version, customer_id, partner, precision, made_at,
       promised_at, first_promised_at, promised_day, target_at, last_call_at, lead_to, plan, basis, first_precision, waiting_for, phase, told_at, estimate_fresh_until, closed_at)
     select gen_random_uuid(), 'many', wanted || n, body_hash, case n % 50 when 0 then 'reply' else kind end, 1, customer_id,
       case n % 50 when 0 then 'rare' else 'dpd' end, precision, made_at, at, at, at::date, made_at, made_at, at, '{}', basis, precision,
       case when wanted = 'paused' then 'customer' end, stored, at,
       case when wanted = 'at_risk' then clock_timestamp() + interval '1 hour' end,
       case when wanted in ('kept', 'broken', 'withdrawn', 'unreachable') then made_at end
     from promises, unnest($1::text[]) as wanted, generate_series(1, $2::int) as n,
       lateral (select clock_timestamp() + case wanted when 'overdue' then -n when 'open' then n + 10000 when 'at_risk' then n + 10000 when 'paused' then n + 10000 else n end * interval '1 minute' as at,
         case wanted when 'overdue' then 'open' else wanted end as stored) as one
     where source = 'first'`,
    [PHASES, EACH],
  );
  await pool.query('analyze promises');
});
afterAll(() => database.drop());

/** The rows of `promises` that PostgreSQL reads for a page. */
async function readFor(filter: PromiseFilter): Promise<number> {
  let asked: { text: string; values: unknown[] } | null = null;
  const listening = {
    query: (text: string, values?: unknown[]) => {
      if (values) asked = { text, values };
      return database.pool.query(text, values);
    },
  } as unknown as Queryable;
  await listPromises(listening, filter);
  const { text, values } = asked ?? { text: '', values: [] };
  const { rows } = await database.pool.query<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }>(
    `explain (analyze, format json) ${text}`,
    values,
  );
  return rowsRead(rows[0]?.['QUERY PLAN'][0]?.Plan);
}

interface PlanNode {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

function rowsRead(node: PlanNode | undefined): number {
  if (!node) return 0;
  const own =
    node['Relation Name'] === 'promises'
      ? (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']
      : 0;
  return (node.Plans ?? []).reduce((sum, child) => sum + rowsRead(child), own);
}

describe('a page of promises', () => {
  it.each(PHASES)('by the phase %s holds those that are in it now, and all of them', async (phase) => {
    const rows = await listPromises(database.pool, { source: 'many', phase, limit: 10_000 });
    expect(new Set(rows.map((row) => row.phase))).toEqual(new Set([phase]));
    expect(rows).toHaveLength(EACH);
  });

  it.each<Phase>(['overdue', 'kept', 'broken', 'withdrawn'])('by the phase %s reads what it shows', async (phase) => {
    expect(await readFor({ phase, limit: 20 })).toBeLessThanOrEqual(40);
  });

  it.each<Phase>(['open', 'at_risk', 'paused'])('by the phase %s reads open promises only', async (phase) => {
    expect(await readFor({ phase, limit: 20 })).toBeLessThanOrEqual(3 * EACH + 1);
  });

  it.each<[string, Partial<PromiseFilter>]>([
    ['kind', { kind: 'reply' }],
    ['partner', { partner: 'rare' }],
  ])('by a rare %s reads what it shows', async (_, filter) => {
    expect(await readFor({ ...filter, limit: 20 })).toBeLessThanOrEqual(40);
  });
});
