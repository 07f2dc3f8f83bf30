import { databaseNow, inTransaction, type Pool, type Queryable } from './pool.ts';
import { readFacts } from './settle-reads.ts';
import type { StoredPromise } from '../domain/promise/explanation.ts';
import type { Fact } from '../domain/promise/facts.ts';
import type { Instant } from '../domain/promise/instant.ts';

/** All that an explanation is made from. */
export interface ExplainedRows {
  readonly promise: StoredPromise;
  readonly facts: readonly Fact[];
  readonly now: Instant;
}

/** The row of a promise and its facts as of one moment, so that its steps fit its facts; null where the id is not known. */
export async function explainedRows(pool: Pool, id: string): Promise<ExplainedRows | null> {
  return inTransaction(pool, async (tx) => {
    await tx.query('set transaction isolation level repeatable read, read only');
    const { rows } = await tx.query<StoredPromise>({
      name: 'explained_promise',
      text: `select id, source, ref, kind, owner, partner, flags, basis, plan, steps, segments from promises where id = $1`,
      values: [id],
    });
    const [promise] = rows;
    if (!promise) return null;
    const facts = await readFacts(tx, [id]);
    return { promise, facts: facts.get(id) ?? [], now: await databaseNow(tx) };
  });
}

/** The id of a promise by its sender's own names; null where there is none. */
export async function idByRef(q: Queryable, source: string, ref: string): Promise<string | null> {
  const { rows } = await q.query<{ id: string }>({
    name: 'id_by_ref',
    text: 'select id from promises where source = $1 and ref = $2',
    values: [source, ref],
  });
  return rows[0]?.id ?? null;
}
