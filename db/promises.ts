import type { Fact } from '../domain/promise/facts.ts';
import type { Instant } from '../domain/promise/instant.ts';
import type { Outcome, Phase } from '../domain/promise/words.ts';
import { databaseNow, type Queryable } from './pool.ts';
import type { NoticeRow, PromiseFilter, PromiseRow, TimelineItem } from './shapes.ts';

/** The columns of `PromiseRow`, phase as of `now`. `p` is promises, `c` its customer. */
const columns = (
  now: string,
): string => `p.id, p.source, p.ref, p.kind, p.policy_version as "policyVersion", p.customer_id as "customerId",
  c.ref as "customerRef", p.owner, p.hand_over as "handOver", p.partner, p.region, p.product, p.subject, p.flags, p.precision, p.made_at as "madeAt",
  p.history,  p.promised_at as "promisedAt", p.first_promised_at as "firstPromisedAt", p.target_at as "targetAt",
  p.last_call_at as "lastCallAt", p.lead_to as "leadTo", p.basis, p.plan, p.agreed_revision as "agreedRevision",
  case when p.waiting_until is null or p.waiting_until > ${now} then p.waiting_for end as "waitingFor", p.waiting_since as "waitingSince", p.waiting_until as "waitingUntil", p.attempts, p.contacts, p.passed, promise_phase(p, ${now}) as phase, p.revision,
  p.told_at as "toldAt", p.estimated_at as "estimatedAt", p.fulfilled_at as "fulfilledAt",
  p.fulfilled_as_day as "fulfilledAsDay", p.withdrawn_by as "withdrawnBy",
  p.closed_at as "closedAt", p.warned_at as "warnedAt", p.recovered_at as "recoveredAt", p.wake_at as "wakeAt",
  p.armed_at as "armedAt", p.version, p.created_at as "createdAt", p.parent, p.slot,
  array(select k.id from promises k where k.parent = p.id order by k.id) as children,
  case when p.value_amount is not null then jsonb_build_object('amount', p.value_amount::text, 'currency', p.value_currency) end as value`;
const COLUMNS = columns('clock_timestamp()');
const FROM = 'from promises p left join customers c on c.id = p.customer_id';

/** One promise, or null where the id is not known. */
export async function getPromise(q: Queryable, id: string): Promise<PromiseRow | null> {
  const { rows } = await q.query<PromiseRow>({
    name: 'get_promise',
    text: `select ${COLUMNS} ${FROM} where p.id = $1`,
    values: [id],
  });
  return rows[0] ?? null;
}

/** Several promises by id, in no order. */
export async function promisesById(q: Queryable, ids: readonly string[]): Promise<readonly PromiseRow[]> {
  const { rows } = await q.query<PromiseRow>({
    name: 'promises_by_id',
    text: `select ${COLUMNS} ${FROM} where p.id = any ($1::uuid[]) limit 1000`,
    values: [ids],
  });
  return rows;
}

/** One page of promises, by deadline and id; at most `filter.limit` of them. */
export async function listPromises(q: Queryable, filter: PromiseFilter): Promise<readonly PromiseRow[]> {
  const values: unknown[] = [await databaseNow(q)];
  const { from, to } = filter;
  const wanted = { ...filter, ...endOf('from', from), ...endOf('to', to) };
  const conditions = Object.entries(CONDITIONS).flatMap(([key, condition]) => {
    const value = wanted[key as keyof typeof CONDITIONS];
    if (value === undefined) return [];
    values.push(value);
    return [condition.replaceAll('$', `$${values.length}`)];
  });
  if (filter.phase) conditions.push(PHASE_CONDITIONS[filter.phase]);
  if (filter.after) {
    values.push(filter.after.promisedAt, filter.after.id);
    conditions.push(`(p.promised_at, p.id) > ($${values.length - 1}::timestamptz, $${values.length}::uuid)`);
  }
  values.push(filter.limit);
  const where = conditions.length > 0 ? `where ${conditions.join(' and ')}` : '';
  const { rows } = await q.query<PromiseRow>(
    `select ${columns('$1::timestamptz')} ${FROM} ${where} order by p.promised_at, p.id limit $${values.length}`,
    values,
  );
  return rows;
}

/** Constant texts; only the filters that are set take part. */
const CONDITIONS = {
  source: 'p.source = $',
  // The second one for the index: references are found in whichever case they are said.
  ref: 'p.ref = $ and lower(p.ref) = lower($)',
  customer: 'c.ref = $',
  kind: 'p.kind = $',
  owner: 'p.owner = $',
  partner: 'p.partner = $',
  fromAt: 'p.promised_at >= $::timestamptz',
  toAt: 'p.promised_at < $::timestamptz',
  // What falls due on a day somewhere does so within 16 hours of that day in UTC: so the index by time serves.
  fromDay: `p.promised_day >= $::date and p.promised_at > ($::date - interval '16 hours') at time zone 'UTC'`,
  toDay: `p.promised_day <= $::date and (p.promised_at < ($::date + interval '41 hours') at time zone 'UTC' or p.promised_at = 'infinity')`,
} as const;

/** One end of the span: by promisedAt, or by the day on which a promise falls due in its own zone. */
function endOf(end: 'from' | 'to', bound: PromiseFilter['from']): { readonly [K in keyof typeof CONDITIONS]?: string } {
  if (!bound) return {};
  return 'at' in bound ? { [`${end}At`]: bound.at } : { [`${end}Day`]: bound.day };
}

const stillOf = (phase: 'open' | 'at_risk' | 'paused'): string =>
  `p.closed_at is null and p.promised_at >= $1 and promise_phase(p, $1) = '${phase}'`;
const endedAs = (phase: Outcome): string => `p.closed_at is not null and p.phase = '${phase}'`;

/**
 * What has ended keeps its stored phase (index promises_closed). The phase of what is open follows from the clock, which
 * is `$1`: only open promises on their side of it are looked at (index promises_open). As `promise_phase` of the schema.
 */
const PHASE_CONDITIONS: Readonly<Record<Phase, string>> = {
  open: stillOf('open'),
  at_risk: stillOf('at_risk'),
  paused: stillOf('paused'),
  overdue: `p.closed_at is null and p.promised_at <= $1 and (p.promised_at < $1 or p.precision <> 'instant')`,
  kept: endedAs('kept'),
  broken: endedAs('broken'),
  withdrawn: endedAs('withdrawn'),
  unreachable: endedAs('unreachable'),
};

/** Every fact of a promise, oldest first by what the senders say. */
export async function timelineOf(q: Queryable, id: string): Promise<readonly TimelineItem[]> {
  const { rows } = await q.query<FactRow & { recordedAt: Instant }>({
    name: 'timeline_of',
    text: `select fact_key, kind, occurred_at, recorded_at as "recordedAt", data, fresh_until from facts where promise_id = $1
           order by occurred_at, kind <> 'registered', recorded_at, fact_key limit 10000`,
    values: [id],
  });
  return rows.map((row) => ({ recordedAt: row.recordedAt, fact: factOf(row) }));
}

/** A row of `facts`; the fields of its kind lie in `data`. */
export interface FactRow {
  readonly fact_key: string;
  readonly kind: string;
  readonly occurred_at: Instant;
  readonly data: Record<string, unknown>;
  /** Of an estimate: until when it is news. */
  readonly fresh_until: Instant | null;
}

/** Stored facts were parsed before they were stored, and the table checks the kind. */
export const factOf = ({
  fact_key: factKey,
  kind,
  occurred_at: occurredAt,
  data,
  fresh_until: freshUntil,
}: FactRow): Fact =>
  ({ factKey, kind, occurredAt, ...data, ...(freshUntil === null ? {} : { freshUntil }) }) as unknown as Fact;

/**
 * Every notice of a promise, in the order in which they fell due. What it told is known once it was sent, and also when the text
 * itself is kept no longer. A text about
 * several broken promises apologises in the block of the first, in the order of `notices/compose.ts`.
 */
export const noticesOf = (q: Queryable, id: string): Promise<readonly NoticeRow[]> => noticesOfAll(q, [id]);

/** The same of several promises together. */
export async function noticesOfAll(q: Queryable, ids: readonly string[]): Promise<readonly NoticeRow[]> {
  const { rows } = await q.query<NoticeRow>({
    name: 'notices_of',
    text: `select d.id, d.promise_id as "promiseId", d.reason, d.revision, d.occasion, d.state, d.due_at as "dueAt",
             d.not_valid_after as "notValidAfter", f.occurred_at as "sentAt", coalesce(f.data ->> 'channel', s.channel) as channel,
             f.data ->> 'messageId' as "messageId",
             case when d.state = 'sent' then d.told -> 'told' end as told,
             case when d.state = 'sent' then d.told ->> 'nextNewsAt' end as "nextNewsAt",
             d.reason = 'recovery' and d.state = 'sent' and not exists (
               select from duties o join promises op on op.id = o.promise_id
               where o.dispatch_id = d.dispatch_id and o.reason = 'recovery'
                 and (op.promised_at, op.id) < (p.promised_at, p.id)) as apology
           from duties d join promises p on p.id = d.promise_id left join dispatches s on s.id = d.dispatch_id
             left join facts f on d.state = 'sent' and f.promise_id = d.promise_id and f.fact_key = 'notice:' || d.key || ':sent'
           where d.promise_id = any ($1::uuid[]) order by d.due_at, d.id limit 5000`,
    values: [ids],
  });
  return rows;
}
