import { registerChildren } from './children.ts';
import { addNote } from './notes.ts';
import { grantOf, monthOf, refundOf } from './make-good.ts';
import { databaseNow, inTransaction, type Pool, type Tx } from './pool.ts';
import { bookBudget } from './remedy-budgets.ts';
import { getRemedy, type RemedyRow } from './remedies.ts';
import { settle, type SettledPromise } from './settle.ts';
import type { Fact, Offer } from '../domain/promise/facts.ts';
import type { Instant } from '../domain/promise/instant.ts';
import { centsOf, heldOf } from '../domain/promise/remedies.ts';
import type { RemedyState } from '../domain/promise/words.ts';

/** What somebody decides about a remedy. */
export type RemedyCommand =
  | { readonly kind: 'approve' | 'refuse' | 'reverse'; readonly by: string; readonly note?: string }
  | { readonly kind: 'choose'; readonly by: string | null; readonly option: number };

/** `closed`: it had been decided otherwise. `no_option`: none stands at that place. */
export type RemedyResult =
  | { readonly result: 'done' | 'unchanged'; readonly remedy: RemedyRow }
  | { readonly result: 'closed' | 'unknown' | 'no_option' };

/** Carries out a command under the lock of the promise; said again it changes nothing. */
export async function decideRemedy(pool: Pool, id: string, command: RemedyCommand): Promise<RemedyResult> {
  return inTransaction(pool, async (tx) => {
    const found = await getRemedy(tx, id);
    if (!found) return { result: 'unknown' };
    // The promise and the one that brings its remedy, in the order of their ids, before the remedy is read for good.
    const refund = found.refundPromiseId;
    const settled = await settle(
      tx,
      [found.promiseId, ...(refund === null ? [] : [refund])].map((each) => ({ id: each, facts: [] })),
    );
    const owner = settled.get(found.promiseId);
    const row = await lockRemedy(tx, id);
    if (!owner || !row) return { result: 'unknown' };
    if (command.kind === 'choose' && !row.options[command.option]) return { result: 'no_option' };
    const allowed = standing(row, command);
    if (allowed === 'unchanged') return { result: 'unchanged', remedy: row };
    // Granted between the two looks, it is brought by a promise that is not locked: said again it is.
    if (allowed === 'closed' || row.refundPromiseId !== refund) return { result: 'closed' };
    const now = await databaseNow(tx);
    await carryOut(tx, { row, owner, now }, command);
    if (command.kind !== 'choose' && command.note !== undefined)
      await addNote(tx, { promiseId: row.promiseId, text: command.note, by: command.by });
    const remedy = await getRemedy(tx, id);
    return remedy ? { result: 'done', remedy } : { result: 'unknown' };
  });
}

interface LockedRemedy extends RemedyRow {
  readonly number: number;
  /** The first day of the month whose budget it was taken from; null: of none. */
  readonly month: string | null;
}

async function lockRemedy(tx: Tx, id: string): Promise<LockedRemedy | null> {
  const { rows } = await tx.query<LockedRemedy>({
    name: 'lock_remedy',
    text: `select id, promise_id as "promiseId", number, state, reason, late_ms as "lateMs", options, chosen,
             refund_promise_id as "refundPromiseId", at, decided_by as by, month::text from remedies where id = $1 for no key update`,
    values: [id],
  });
  return rows[0] ?? null;
}

/** In which state a command can be carried out, and in which it has been. */
const STANDS: { readonly [K in 'approve' | 'refuse' | 'reverse']: { from: RemedyState; to: readonly RemedyState[] } } =
  {
    approve: { from: 'pending', to: ['granted', 'arrived'] },
    refuse: { from: 'pending', to: ['refused'] },
    reverse: { from: 'granted', to: ['reversed'] },
  };

function standing({ state, chosen }: RemedyRow, command: RemedyCommand): 'open' | 'unchanged' | 'closed' {
  if (command.kind === 'choose') {
    if (state === 'granted') return chosen === command.option ? 'unchanged' : 'open';
    return state === 'arrived' && chosen === command.option ? 'unchanged' : 'closed';
  }
  const { from, to } = STANDS[command.kind];
  return state === from ? 'open' : to.includes(state) ? 'unchanged' : 'closed';
}

interface Case {
  readonly row: LockedRemedy;
  readonly owner: SettledPromise;
  readonly now: Instant;
}

async function carryOut(tx: Tx, one: Case, command: RemedyCommand): Promise<void> {
  const { row, now } = one;
  switch (command.kind) {
    case 'approve':
      return approve(tx, one, command.by);
    case 'refuse':
      await store(tx, row.id, { state: 'refused', by: command.by });
      return endAlert(tx, row.id);
    case 'reverse': {
      const fact: Fact = {
        ...{ kind: 'remedy_reversed', factKey: `remedy:${row.number}:reversed`, occurredAt: now },
        ...{ remedy: row.id, by: command.by },
      };
      await store(tx, row.id, { state: 'reversed', by: command.by });
      await settle(tx, [{ id: row.promiseId, facts: [fact] }, ...withdrawnRefund(one)]);
      return book(tx, one, row.month, -centsOf(heldOf(row)?.amount ?? '0.00'));
    }
    case 'choose':
      return choose(tx, one, command);
  }
}

async function approve(tx: Tx, one: Case, by: string): Promise<void> {
  const { row, owner, now } = one;
  const { id, number, reason, lateMs, options } = row;
  const month = (owner.terms.remedies?.month ?? null) === null ? null : monthOf(owner.promise, now);
  const refundPromiseId = await bring(tx, one, options[0]);
  await store(tx, id, { state: 'granted', by, month, refundPromiseId });
  await settle(tx, [{ id: row.promiseId, facts: [grantOf({ id, number, reason, lateMs, options, by }, now)] }]);
  await endAlert(tx, id);
  await book(tx, one, month, centsOf(options[0]?.amount ?? '0.00'));
}

/** The one that was to bring the other option is no longer waited for. */
async function choose(
  tx: Tx,
  one: Case,
  { option, by }: { readonly option: number; readonly by: string | null },
): Promise<void> {
  const { row, now } = one;
  const [before, after] = [heldOf(row), row.options[option]];
  const refundPromiseId = await bring(tx, one, after);
  const person = by ?? 'customer';
  const fact: Fact = {
    ...{ kind: 'chosen', factKey: `remedy:${row.number}:chosen:${refundPromiseId ?? now}`, occurredAt: now },
    ...{ remedy: row.id, option, by: person },
  };
  await store(tx, row.id, { state: 'granted', by, chosen: option, refundPromiseId });
  await settle(tx, [{ id: row.promiseId, facts: [fact] }, ...withdrawnRefund(one)]);
  await book(tx, one, row.month, centsOf(after?.amount ?? '0.00') - centsOf(before?.amount ?? '0.00'));
}

/** Registers the promise by which it reaches the customer. Null where its name is taken by somebody else's. */
async function bring(tx: Tx, { owner, now }: Case, held: Offer | undefined): Promise<string | null> {
  const { rows } = await tx.query<{ count: number }>({
    name: 'refunds_of',
    text: `select count(*)::int as count from promises where parent = $1 and kind = 'refund'`,
    values: [owner.promise.id],
  });
  const parent = { ...owner.promise, owner: owner.state.owner };
  const child = refundOf(parent, owner.terms, held, (rows[0]?.count ?? 0) + 1, now);
  return (await registerChildren(tx, [child], now)).has(child.id) ? child.id : null;
}

/** In no rate: nobody broke it, and nobody is written to about it. */
const withdrawnRefund = ({ row, now }: Case): readonly { readonly id: string; readonly facts: readonly Fact[] }[] =>
  row.refundPromiseId === null
    ? []
    : [
        {
          id: row.refundPromiseId,
          facts: [{ kind: 'withdrawn', factKey: `remedy:${row.number}:withdrawn`, occurredAt: now, by: 'unknown' }],
        },
      ];

interface Stored {
  readonly state: RemedyState;
  readonly by: string | null;
  readonly chosen?: number;
  readonly month?: string | null;
  readonly refundPromiseId?: string | null;
}

/** What is left out stays as it is. */
async function store(tx: Tx, id: string, { state, by, chosen, month, refundPromiseId }: Stored): Promise<void> {
  await tx.query({
    name: 'store_remedy',
    text: `update remedies set state = $2, decided_by = $3, decided_at = clock_timestamp(), chosen = coalesce($4, chosen),
             amount = (options -> coalesce($4, chosen) ->> 'amount')::numeric, month = coalesce($5, month),
             refund_promise_id = coalesce($6, refund_promise_id)
           where id = $1`,
    values: [id, state, by, chosen ?? null, month ?? null, refundPromiseId ?? null],
  });
}

async function endAlert(tx: Tx, id: string): Promise<void> {
  await tx.query({
    name: 'end_approval_alert',
    text: `update staff_alerts set ended_at = clock_timestamp() where reason = 'approval' and occasion = $1 and ended_at is null
             and promise_id = (select promise_id from remedies where id = $1::uuid)`,
    values: [id],
  });
}

async function book(tx: Tx, { row, owner }: Case, month: string | null, cents: bigint): Promise<void> {
  const currency = row.options[0]?.currency;
  if (month !== null && currency !== undefined)
    await bookBudget(tx, { kind: owner.promise.kind, currency, month }, cents);
}
