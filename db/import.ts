import { customersOf, putCustomers, type NewPromise } from './insert-promises.ts';
import { inTransaction, type Pool, type Queryable, type Tx } from './pool.ts';
import { lockPromises, readFacts } from './settle-reads.ts';
import { planColumns } from './settle-writes.ts';
import { settle, type Change } from './settle.ts';
import type { Fact } from '../domain/promise/facts.ts';
import type { Instant } from '../domain/promise/instant.ts';
import type { Precision } from '../domain/promise/words.ts';

/** What a promise is called by, for reports and lists. */
export type Labels = Pick<NewPromise, 'owner' | 'partner' | 'region' | 'product' | 'subject'>;

/** A promise that is stored already, as far as an import must know it. */
export interface StoredPromise {
  readonly id: string;
  readonly ref: string;
  readonly bodyHash: Buffer;
  readonly history: boolean;
  readonly ended: boolean;
  readonly kind: string;
  readonly precision: Precision;
  readonly madeAt: Instant | null;
  /** As it was promised first. */
  readonly promisedAt: Instant;
  /** Of a day promise. */
  readonly day: string | null;
  readonly zone: string;
  readonly windowFrom: Instant | null;
  /** Null unless it was given by whoever made the promise. */
  readonly target: Instant | null;
  readonly labels: Labels;
  readonly facts: readonly Fact[];
}

/** Those of a source that bear one of the refs; at most 1,000 are asked for at once. */
export async function storedPromises(
  q: Queryable,
  source: string,
  refs: readonly string[],
): Promise<readonly StoredPromise[]> {
  const { rows } = await q.query<Omit<StoredPromise, 'facts'>>({
    name: 'stored_promises',
    text: `select id, ref, body_hash as "bodyHash", history, closed_at is not null as ended,
             kind, first_precision as precision, made_at as "madeAt", first_promised_at as "promisedAt",
             coalesce(steps->0->'plan', plan)->>'day' as day, coalesce(steps->0->'plan', plan)->>'zone' as zone,
             coalesce(steps->0->'plan', plan)->>'windowFrom' as "windowFrom", (basis->>'target')::timestamptz as target,
             json_build_object('owner', owner, 'partner', partner, 'region', region, 'product', product, 'subject', subject) as labels
           from promises where source = $1 and ref = any ($2::text[]) limit 1000`,
    values: [source, refs],
  });
  if (rows.length === 0) return [];
  const facts = await readFacts(
    q,
    rows.map((row) => row.id),
  );
  return rows.map((row) => ({ ...row, facts: facts.get(row.id) ?? [] }));
}

/** What became of what stored promises were told; ids of promises. */
export interface Told {
  /** The keys that were known with another content, by promise; those facts were not stored. */
  readonly clashes: ReadonlyMap<string, readonly string[]>;
  /** History that lives now. */
  readonly woken: ReadonlySet<string>;
}

/**
 * Tells stored promises what happened since, and wakes open history, in one transaction. To wake is to make of it what
 * it had become if it had come in living: newly planned, with its customer. What has ended meanwhile is left alone.
 */
export async function tellFacts(
  pool: Pool,
  changes: readonly Change[],
  wake: readonly NewPromise[] = [],
): Promise<Told> {
  const told = new Set(changes.map(({ id }) => id));
  const all = [...changes, ...wake.flatMap(({ id }) => (told.has(id) ? [] : [{ id, facts: [] }]))];
  if (all.length === 0) return { clashes: new Map(), woken: new Set() };
  return inTransaction(pool, async (tx) => {
    const woken = wake.length === 0 ? new Set<string>() : await wakeHistory(tx, wake);
    const settled = await settle(tx, all, { rewrite: woken.size > 0 });
    return { clashes: new Map([...settled].map(([id, { clashes }]) => [id, clashes])), woken };
  });
}

/** Customers before promises, as where promises are inserted, so that the two cannot deadlock. */
async function wakeHistory(tx: Tx, promises: readonly NewPromise[]): Promise<ReadonlySet<string>> {
  await tx.query({
    name: 'put_customers',
    text: putCustomers('true'),
    values: [JSON.stringify(customersOf(promises))],
  });
  await lockPromises(
    tx,
    promises.map(({ id }) => id),
  );
  const { rows } = await tx.query<{ id: string }>({
    name: 'wake_history',
    text: WAKE,
    values: [JSON.stringify(promises.map(wakingRow))],
  });
  return new Set(rows.map(({ id }) => id));
}

const WAKE = `
update promises p set history = false, customer_id = c.id, policy_version = n.policy_version, flags = n.flags,
  promised_day = n.promised_day, target_at = n.target_at, last_call_at = n.last_call_at, lead_to = n.lead_to, plan = n.plan,
  basis = n.basis, segments = n.segments, steps = '[]'
from json_to_recordset($1::json) as n (id uuid, customer_ref text, policy_version int, flags text[], promised_day date,
  target_at timestamptz, last_call_at timestamptz, lead_to timestamptz, plan jsonb, basis jsonb, segments jsonb)
join customers c on c.ref = n.customer_ref
where p.id = n.id and p.history and p.closed_at is null
returning p.id`;

const wakingRow = ({
  id,
  policyVersion,
  customer,
  flags,
  basis,
  segments,
  terms: { plan },
}: NewPromise): Record<string, unknown> => ({
  id,
  policy_version: policyVersion,
  customer_ref: customer?.ref,
  flags,
  basis,
  segments,
  ...planColumns(plan),
});

/** Those of the customers that are known with an address to write to; at most 1,000 are asked for at once. */
export async function reachableCustomers(q: Queryable, refs: readonly string[]): Promise<ReadonlySet<string>> {
  if (refs.length === 0) return new Set();
  const { rows } = await q.query<{ ref: string }>({
    name: 'reachable_customers',
    text: 'select ref from customers where ref = any ($1::text[]) and email is not null limit 1000',
    values: [refs],
  });
  return new Set(rows.map(({ ref }) => ref));
}

/** After many rows at once: until the server notices by itself, it would plan as if they were not there. */
export const learnSizes = async (q: Queryable): Promise<void> => void (await q.query('analyze promises, facts'));

/**
 * Whether PostgreSQL refused a statement for what stands in its rows: data it cannot take, a broken constraint, or a value
 * too long for an index.
 */
export const isRefusedRow = (error: unknown): boolean =>
  /^(22|23|54)/.test(String((error as { readonly code?: unknown } | null)?.code));
