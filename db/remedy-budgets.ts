import type { Queryable, Tx } from './pool.ts';
import { centsOf, moneyText } from '../domain/promise/remedies.ts';

/** What is to be taken from a budget. */
export interface Need {
  readonly kind: string;
  readonly currency: string;
  /** The first day of the month, `2026-11-01`. */
  readonly month: string;
  /** What may be spent in it, by the policy of the promise. */
  readonly budget: string;
  readonly amount: string;
}

/**
 * Takes one slice for all needs of a transaction, so that a herd of breaks locks a month once per batch and not once per
 * break. Whoever fits into what is left, in the order given, gets it; a smaller need may fit where a larger one did not.
 * Rows are locked in one order, after every promise, and nothing is locked after them.
 */
export async function drawBudgets(tx: Tx, needs: readonly Need[]): Promise<readonly boolean[]> {
  if (needs.length === 0) return [];
  const keys = [...new Map(needs.map((need) => [keyOf(need), need])).values()];
  const columns = [keys.map((k) => k.kind), keys.map((k) => k.currency), keys.map((k) => k.month)];
  await tx.query({
    name: 'make_budgets',
    text: `insert into remedy_budgets (kind, currency, month)
           select kind, currency, month from unnest($1::text[], $2::text[], $3::date[]) as k (kind, currency, month)
           order by 1, 2, 3 on conflict do nothing`,
    values: columns,
  });
  const { rows } = await tx.query<Spent>({
    name: 'lock_budgets',
    text: `select b.kind, b.currency, b.month::text, b.spent::text from remedy_budgets b
           where (b.kind, b.currency, b.month) in (select * from unnest($1::text[], $2::text[], $3::date[]))
           order by b.kind, b.currency, b.month limit 1000 for no key update`,
    values: columns,
  });
  const spent = new Map(rows.map((row) => [keyOf(row), centsOf(row.spent)]));
  const fits = needs.map((need) => {
    const after = (spent.get(keyOf(need)) ?? 0n) + centsOf(need.amount);
    if (after > centsOf(need.budget)) return false;
    spent.set(keyOf(need), after);
    return true;
  });
  await writeSpent(tx, rows, spent);
  return fits;
}

/** Books an amount that somebody approved, or that a choice or a reversal changed, whatever is left. */
export async function bookBudget(tx: Tx, month: Omit<Need, 'budget' | 'amount'>, cents: bigint): Promise<void> {
  await tx.query({
    name: 'book_budget',
    text: `insert into remedy_budgets as b (kind, currency, month, spent) values ($1, $2, $3, greatest(0, $4::numeric / 100))
           on conflict (kind, currency, month) do update set spent = greatest(0, b.spent + $4::numeric / 100)`,
    values: [month.kind, month.currency, month.month, String(cents)],
  });
}

type Spent = Pick<Need, 'kind' | 'currency' | 'month'> & { readonly spent: string };

const keyOf = ({ kind, currency, month }: Pick<Need, 'kind' | 'currency' | 'month'>): string =>
  JSON.stringify([kind, currency, month]);

async function writeSpent(tx: Tx, rows: readonly Spent[], spent: ReadonlyMap<string, bigint>): Promise<void> {
  const changed = rows.flatMap((row) => {
    const after = spent.get(keyOf(row));
    return after === undefined || after === centsOf(row.spent) ? [] : [{ ...row, spent: moneyText(after) }];
  });
  if (changed.length === 0) return;
  await tx.query({
    name: 'write_budgets',
    text: `update remedy_budgets b set spent = n.spent
           from json_to_recordset($1::json) as n (kind text, currency text, month date, spent numeric)
           where (b.kind, b.currency, b.month) = (n.kind, n.currency, n.month)`,
    values: [JSON.stringify(changed)],
  });
}

/** How much of the budgets of a month is spent, by kind; `month` is its first day. */
export async function spentIn(
  q: Queryable,
  month: string,
): Promise<readonly { readonly kind: string; readonly currency: string; readonly spent: string }[]> {
  const { rows } = await q.query<Omit<Spent, 'month'>>({
    name: 'spent_in',
    text: `select kind, currency, spent::text from remedy_budgets where month = $1 order by kind, currency limit 1000`,
    values: [month],
  });
  return rows;
}
