import type { NewPromise } from './insert-promises.ts';
import { inTransaction, type Pool, type Queryable } from './pool.ts';
import { readFacts } from './settle-reads.ts';
import { settle, type Change } from './settle.ts';
import type { Fact } from '../domain/promise/facts.ts';

/** What a promise is called by, for reports and lists. */
export type Labels = Pick<NewPromise, 'owner' | 'partner' | 'region' | 'product' | 'subject'>;

/** A promise that is stored already, as far as an import must know it. */
export interface StoredPromise {
  readonly id: string;
  readonly ref: string;
  readonly bodyHash: Buffer;
  readonly history: boolean;
  readonly ended: boolean;
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

/**
 * Tells stored promises what happened since, in one transaction. Answers the keys that were known with another content,
 * by promise; those facts were not stored.
 */
export async function tellFacts(
  pool: Pool,
  changes: readonly Change[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (changes.length === 0) return new Map();
  const settled = await inTransaction(pool, (tx) => settle(tx, changes));
  return new Map([...settled].map(([id, { clashes }]) => [id, clashes]));
}

/** After many rows at once: until the server notices by itself, it would plan as if they were not there. */
export const learnSizes = async (q: Queryable): Promise<void> => void (await q.query('analyze promises, facts'));

/**
 * Whether PostgreSQL refused a statement for what stands in its rows: data it cannot take, a broken constraint, or a value
 * too long for an index.
 */
export const isRefusedRow = (error: unknown): boolean =>
  /^(22|23|54)/.test(String((error as { readonly code?: unknown } | null)?.code));
