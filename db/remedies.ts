import type { Queryable, Tx } from './pool.ts';
import type { Offer } from '../domain/promise/facts.ts';
import type { Instant } from '../domain/promise/instant.ts';
import type { RemedyReason, RemedyState } from '../domain/promise/words.ts';

/** What a customer gets, or may get, for a broken promise. */
export interface RemedyRow {
  readonly id: string;
  readonly promiseId: string;
  readonly state: RemedyState;
  readonly reason: RemedyReason;
  /** How late it was taken to be. */
  readonly lateMs: number;
  /** At least one. */
  readonly options: readonly Offer[];
  /** The place of the option that holds. */
  readonly chosen: number;
  /** The promise by which it reaches the customer; null as long as it is not granted. */
  readonly refundPromiseId: string | null;
  readonly at: Instant;
  /** Who decided last; null: Kept by itself. */
  readonly by: string | null;
}

/** With what a list shows of its promise. */
export interface ListedRemedy extends RemedyRow {
  readonly source: string;
  readonly ref: string;
  readonly subject: string | null;
}

/** More are never listed at once. */
export const MOST_REMEDIES = 1_000;

const COLUMNS = `r.id, r.promise_id as "promiseId", r.state, r.reason, r.late_ms as "lateMs", r.options, r.chosen,
  r.refund_promise_id as "refundPromiseId", r.at, r.decided_by as by`;

/** One remedy; null where the id is not known. */
export async function getRemedy(q: Queryable, id: string): Promise<RemedyRow | null> {
  const { rows } = await q.query<RemedyRow>({
    name: 'get_remedy',
    text: `select ${COLUMNS} from remedies r where r.id = $1`,
    values: [id],
  });
  return rows[0] ?? null;
}

/** Those of one promise, in the order in which they were decided. */
export async function remediesOf(q: Queryable, promiseId: string): Promise<readonly RemedyRow[]> {
  const { rows } = await q.query<RemedyRow>({
    name: 'remedies_of',
    text: `select ${COLUMNS} from remedies r where r.promise_id = $1 order by r.number limit ${MOST_REMEDIES}`,
    values: [promiseId],
  });
  return rows;
}

/** Newest first: those in some states, so many of each read (index remedies_by_state), or all (index remedies_by_time). */
export async function listRemedies(
  q: Queryable,
  states: readonly RemedyState[] | null,
  limit = MOST_REMEDIES,
): Promise<readonly ListedRemedy[]> {
  const ofStates = `unnest($2::text[]) s (state) cross join lateral (
    select * from remedies where state = s.state order by at desc, id desc limit $1) r`;
  const { rows } = await q.query<ListedRemedy>({
    name: states === null ? 'all_remedies' : 'remedies_of_states',
    text: `select ${COLUMNS}, p.source, p.ref, p.subject
           from ${states === null ? 'remedies r' : ofStates} join promises p on p.id = r.promise_id
           order by r.at desc, r.id desc limit $1`,
    values: states === null ? [limit] : [limit, states],
  });
  return rows;
}

/** How many wait for approval (index remedies_by_state). */
export async function pendingRemedies(q: Queryable): Promise<number> {
  const { rows } = await q.query<{ count: number }>({
    name: 'pending_remedies',
    text: `select count(*)::int as count from remedies where state = 'pending'`,
  });
  return rows[0]?.count ?? 0;
}

/** By when remedies are to reach their customers, by id; those without a time are missing. */
export async function arrivalTimes(q: Queryable, ids: readonly string[]): Promise<ReadonlyMap<string, Instant>> {
  if (ids.length === 0) return new Map();
  const { rows } = await q.query<{ id: string; at: Instant }>({
    name: 'remedy_arrivals',
    text: `select r.id, c.promised_at as at from remedies r join promises c on c.id = r.refund_promise_id
           where r.id = any ($1::uuid[]) and isfinite(c.promised_at) limit 1000`,
    values: [ids],
  });
  return new Map(rows.map(({ id, at }) => [id, at]));
}

/** What promises bring to their customers, by their ids; those that bring no remedy are missing. */
export async function broughtBy(q: Queryable, promiseIds: readonly string[]): Promise<ReadonlyMap<string, Offer>> {
  if (promiseIds.length === 0) return new Map();
  const { rows } = await q.query<{ id: string; held: Offer }>({
    name: 'brought_by',
    text: `select refund_promise_id as id, options -> chosen as held from remedies
           where refund_promise_id = any ($1::uuid[]) limit 1000`,
    values: [promiseIds],
  });
  return new Map(rows.map(({ id, held }) => [id, held]));
}

/** What was decided for a promise before. */
export interface Decided {
  readonly remedies: readonly Pick<RemedyRow, 'options' | 'chosen'>[];
  /** How many promises of a refund, and of a callback, have followed from it. */
  readonly refunds: number;
  readonly callbacks: number;
}

/** By promise, for those that are locked. */
export async function decidedBefore(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Decided>> {
  const { rows } = await tx.query<Decided & { id: string }>({
    name: 'decided_before',
    text: `select p.id,
             (select coalesce(jsonb_agg(jsonb_build_object('options', r.options, 'chosen', r.chosen)), '[]')
              from remedies r where r.promise_id = p.id) as remedies,
             (select count(*)::int from promises c where c.parent = p.id and c.kind = 'refund') as refunds,
             (select count(*)::int from promises c where c.parent = p.id and c.kind = 'callback') as callbacks
           from unnest($1::uuid[]) as p (id) limit 1000`,
    values: [ids],
  });
  return new Map(rows.map((row) => [row.id, row]));
}

/** A remedy to be stored. */
export interface NewRemedy extends Omit<RemedyRow, 'chosen' | 'by'> {
  readonly number: number;
  /** The first day of the month whose budget it was taken from; null: of none. */
  readonly month: string | null;
}

export async function insertRemedies(tx: Tx, remedies: readonly NewRemedy[]): Promise<void> {
  if (remedies.length === 0) return;
  const rows = remedies.map(({ promiseId, lateMs, refundPromiseId, options, ...rest }) => ({
    ...rest,
    ...{ promise_id: promiseId, late_ms: lateMs, refund_promise_id: refundPromiseId, options },
    ...{ amount: options[0]?.amount, currency: options[0]?.currency },
  }));
  await tx.query({
    name: 'insert_remedies',
    text: `insert into remedies (id, promise_id, number, state, reason, late_ms, options, amount, currency, refund_promise_id, at, month)
           select id, promise_id, number, state, reason, late_ms, options, amount, currency, refund_promise_id, at, month
           from json_to_recordset($1::json) as r (id uuid, promise_id uuid, number int, state text, reason text,
             late_ms bigint, options jsonb, amount numeric, currency text, refund_promise_id uuid, at timestamptz, month date)`,
    values: [JSON.stringify(rows)],
  });
}

/** A refund that was paid has arrived, however late; one that was not after all has not. Its own promise is locked. */
export async function recordArrivals(
  tx: Tx,
  refunds: readonly { readonly id: string; readonly arrived: boolean }[],
): Promise<void> {
  if (refunds.length === 0) return;
  await tx.query({
    name: 'record_arrivals',
    text: `update remedies r set state = case when c.arrived then 'arrived' else 'granted' end
           from json_to_recordset($1::json) as c (id uuid, arrived boolean)
           where r.refund_promise_id = c.id and r.state = case when c.arrived then 'granted' else 'arrived' end`,
    values: [JSON.stringify(refunds)],
  });
}
