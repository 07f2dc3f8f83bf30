import { KeptError } from './fault-fields.ts';
import { factOf, type FactRow } from './promises.ts';
import type { Queryable, Tx } from './pool.ts';
import type { Value } from './shapes.ts';
import type { UnfinishedNotice } from '../domain/promise/decisions.ts';
import type { Fact } from '../domain/promise/facts.ts';
import type { HandOver } from '../domain/promise/hand-over.ts';
import type { Instant } from '../domain/promise/instant.ts';
import type { Basis, Plan, PlanStep } from '../domain/promise/plan.ts';
import { NEWS_SOURCE } from '../domain/promise/news.ts';
import type { NoticeReason, Phase } from '../domain/promise/words.ts';

/** What settle needs of a promise row, read under its lock. */
export interface LockedPromise {
  readonly id: string;
  readonly kind: string;
  readonly policyVersion: number;
  readonly source: string;
  readonly ref: string;
  readonly subject: string | null;
  /** Null only for history that names nobody. */
  readonly customerId: string | null;
  /** The promise that it follows from; set where Kept made it itself. */
  readonly parent: string | null;
  readonly value: Value | null;
  readonly owner: string | null;
  /** Who answered for it when it was registered. */
  readonly registeredOwner: string | null;
  /** The newest hand-over; null: there was none. */
  readonly handOver: HandOver | null;
  readonly flags: readonly string[];
  readonly partner: string | null;
  readonly basis: Basis;
  /** The plan in force. */
  readonly plan: Plan;
  /** Empty where nothing has moved the plan; else the registration first. */
  readonly steps: readonly PlanStep[];
  /** Imported as it was: nobody is written to about it. */
  readonly history: boolean;
  readonly phase: Phase;
  readonly wakeAt: Instant | null;
  readonly armedAt: Instant | null;
  readonly closedAt: Instant | null;
}

/** The columns of `LockedPromise`. */
export const SETTLED_COLUMNS = `id, kind, policy_version as "policyVersion", source, ref, subject, customer_id as "customerId", parent,
  case when value_amount is not null then jsonb_build_object('amount', value_amount::text, 'currency', value_currency) end as value,
  owner, case when hand_over is null then owner else registered_owner end as "registeredOwner", hand_over as "handOver", flags,
  partner, basis, plan, steps, history, phase, wake_at as "wakeAt", armed_at as "armedAt", closed_at as "closedAt"`;

/**
 * Locks the promises, and those to be in touch again that follow from them and are open, in id order, alone in its statement: a fact inserted first would deadlock two writers through the
 * foreign key, and reading facts in the same statement would see those of before the wait.
 */
export async function lockPromises(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, LockedPromise>> {
  const { rows } = await tx.query<LockedPromise>({
    name: 'lock_promises',
    text: `select ${SETTLED_COLUMNS} from promises where id = any ($1::uuid[]) or (parent = any ($1::uuid[]) and source = '${NEWS_SOURCE}' and closed_at is null)
           order by id limit 2000 for no key update`,
    values: [ids],
  });
  return new Map(rows.map((row) => [row.id, row]));
}

/** Appends facts; keys already there are left alone. Answers `<promise id> <fact key>` of those that were new. */
export async function insertFacts(
  tx: Tx,
  changes: readonly { readonly id: string; readonly facts: readonly Fact[] }[],
): Promise<ReadonlySet<string>> {
  const rows = changes.flatMap(({ id, facts }) => facts.map((fact) => factRow(id, fact)));
  if (rows.length === 0) return new Set();
  const result = await tx.query<{ promise_id: string; fact_key: string }>({
    name: 'insert_facts',
    text: `insert into facts (promise_id, fact_key, kind, occurred_at, data, fresh_until)
           select promise_id, fact_key, kind, occurred_at, data, fresh_until
           from json_to_recordset($1) as f (promise_id uuid, fact_key text, kind text, occurred_at timestamptz, data jsonb,
             fresh_until timestamptz)
           on conflict do nothing returning promise_id, fact_key`,
    values: [JSON.stringify(rows)],
  });
  return new Set(result.rows.map((row) => `${row.promise_id} ${row.fact_key}`));
}

/** A fact as a row: its head in columns, the fields of its kind in `data`. */
export function factRow(promiseId: string, fact: Fact): FactRow & { readonly promise_id: string } {
  const { factKey, kind, occurredAt, freshUntil = null, ...data } = { freshUntil: undefined, ...fact };
  return { promise_id: promiseId, fact_key: factKey, kind, occurred_at: occurredAt, data, fresh_until: freshUntil };
}

/** PostgreSQL's time after the lock, and the notices not ended yet. */
export async function readMoment(
  tx: Queryable,
  ids: readonly string[],
): Promise<{ now: Instant; unfinished: ReadonlyMap<string, readonly UnfinishedNotice[]> }> {
  const { rows } = await tx.query<{ now: Instant } & Partial<NoticeRow>>({
    name: 'read_moment',
    text: `select t.now, d.id, d.promise_id, d.reason, d.revision, d.occasion, d.not_valid_after, d.state
           from (select clock_timestamp() as now) t
           left join duties d on d.promise_id = any ($1::uuid[]) and d.state in ('owed', 'claimed')
           order by d.due_at, d.id limit 10000`,
    values: [ids],
  });
  const now = rows[0]?.now;
  if (!now) throw new KeptError('PostgreSQL gave no time.');
  const unfinished = new Map<string, UnfinishedNotice[]>();
  for (const row of rows) if (isNotice(row)) push(unfinished, row.promise_id, unfinishedOf(row));
  return { now, unfinished };
}

/** More facts than this in one settle would be read in part, and a part folds to something untrue. */
const MAX_FACTS = 100_000;

/** All facts of the promises, by promise. @throws rather than read only some of them */
export async function readFacts(q: Queryable, ids: readonly string[]): Promise<ReadonlyMap<string, readonly Fact[]>> {
  const { rows } = await q.query<FactRow & { promise_id: string }>({
    name: 'read_facts',
    // In order, because a table that has grown since its statistics were made would otherwise be read from end to end.
    text: `select promise_id, fact_key, kind, occurred_at, data, fresh_until from facts where promise_id = any ($1::uuid[])
           order by promise_id limit $2`,
    values: [ids, MAX_FACTS + 1],
  });
  if (rows.length > MAX_FACTS)
    throw new KeptError(`More than ${MAX_FACTS} facts in one settle of ${ids.length} promises.`);
  const facts = new Map<string, Fact[]>();
  for (const row of rows) push(facts, row.promise_id, factOf(row));
  return facts;
}

interface NoticeRow {
  readonly id: string;
  readonly promise_id: string;
  readonly reason: NoticeReason;
  readonly revision: number;
  readonly occasion: number;
  readonly not_valid_after: Instant | null;
  readonly state: 'owed' | 'claimed';
}

const isNotice = (row: Partial<NoticeRow>): row is NoticeRow => typeof row.id === 'string';

const unfinishedOf = (row: NoticeRow): UnfinishedNotice => ({
  id: row.id,
  reason: row.reason,
  revision: row.revision,
  occasion: row.occasion,
  notValidAfter: row.not_valid_after,
  claimed: row.state === 'claimed',
});

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
