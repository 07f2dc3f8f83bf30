import { v7 as uuid } from 'uuid';
import type { Queryable } from './pool.ts';
import { factRow } from './settle-reads.ts';
import { dutyRow, flagsAfter, planColumns, stateColumns } from './settle-writes.ts';
import type { CustomerData, Registration } from './shapes.ts';
import type { Fact } from '../domain/promise/facts.ts';
import type { Instant } from '../domain/promise/instant.ts';
import type { Terms } from '../domain/promise/plan.ts';
import { registered } from '../domain/promise/settlement.ts';

/** A promise to be stored, with what has been told of it so far. */
export interface NewPromise extends Omit<Registration, 'customer'> {
  /** Null only for history that names nobody. */
  readonly customer: CustomerData | null;
  /** Instead of `customer`: one who is known. Her row is left alone. */
  readonly customerId?: string;
  /** `registered`, and what happened since. */
  readonly facts: readonly Fact[];
}

export interface InsertOptions {
  /** At which they are judged. `advance` judges those that live again, at PostgreSQL's own. */
  readonly now: Instant;
  /** Which data of a customer win: those given, or, for what is old, those known. */
  readonly customers: 'given' | 'known';
}

/**
 * Stores promises with their facts, the notices owed at once and their poke in one statement, so that none is ever there
 * in part. Those whose source and ref are taken are left out. Answers the ids of those stored.
 */
export async function insertPromises(
  q: Queryable,
  promises: readonly NewPromise[],
  options: InsertOptions,
): Promise<ReadonlySet<string>> {
  return new Set((await insertNew(q, promises, options)).map(({ id }) => id));
}

/** A promise that was stored. */
export interface Stored {
  readonly id: string;
  /** Its owner has absences, perhaps at its target. */
  readonly mayBeAway: boolean;
}

/** As `insertPromises`. */
export async function insertNew(
  q: Queryable,
  promises: readonly NewPromise[],
  { now, customers }: InsertOptions,
): Promise<readonly Stored[]> {
  if (promises.length === 0) return [];
  const rows = promises.map((promise) => rowsOf(promise, now));
  const { rows: stored } = await q.query<Stored>({
    name: 'insert_promises',
    text: INSERT,
    values: [
      JSON.stringify(customersOf(customers === 'given' ? promises : promises.toReversed())),
      JSON.stringify(rows.map((row) => row.promise)),
      JSON.stringify(rows.flatMap((row) => row.facts)),
      JSON.stringify(rows.flatMap((row) => row.duties)),
      rows.filter((row) => row.poke).map((row) => row.promise.id),
      customers === 'given',
    ],
  });
  return stored;
}

/** Stores the customers of `customersOf`, given as `$1`; `given`: an SQL boolean, whether what is given wins over what is known. */
export const putCustomers = (given: string): string => `
  insert into customers (id, ref, name, email, phone, language, zone)
  select id, ref, name, email, phone, language, zone
  from json_to_recordset($1::json) as c (id uuid, ref text, name text, email text, phone text, language text, zone text)
  on conflict (ref) do update set
    name = case when ${given} then coalesce(excluded.name, customers.name) else coalesce(customers.name, excluded.name) end,
    email = case when ${given} then coalesce(excluded.email, customers.email) else coalesce(customers.email, excluded.email) end,
    phone = case when ${given} then coalesce(excluded.phone, customers.phone) else coalesce(customers.phone, excluded.phone) end,
    language = case when ${given} then coalesce(excluded.language, customers.language) else coalesce(customers.language, excluded.language) end,
    zone = case when ${given} then coalesce(excluded.zone, customers.zone) else coalesce(customers.zone, excluded.zone) end,
    updated_at = clock_timestamp()
  returning id, ref`;

/** Sorted by source and ref, so that two of them with the same keys cannot deadlock. */
const INSERT = `
with c as (${putCustomers('$6')}
), p as (
  insert into promises (id, source, ref, body_hash, kind, policy_version, customer_id, owner, partner, region, product,
    subject, flags, precision, made_at, promised_at, first_promised_at, promised_day, target_at, last_call_at, lead_to,
    plan, basis, segments, first_precision, history, phase, revision, told_at, estimated_at, estimate_fresh_until,
    fulfilled_at, fulfilled_as_day, withdrawn_by, closed_at, wake_at, passed, parent, value_amount, value_currency, slot,
    imposed, contacts, asked_first, first_contact)
  select p.id, p.source, p.ref, decode(p.body_hash, 'hex'), p.kind, p.policy_version, coalesce(p.customer_id, c.id), p.owner, p.partner, p.region,
    p.product, p.subject, p.flags, p.precision, p.made_at, p.promised_at, p.promised_at, p.promised_day, p.target_at,
    p.last_call_at, p.lead_to, p.plan, p.basis, p.segments, p.precision, p.history, p.phase, p.revision, p.told_at,
    p.estimated_at, p.estimate_fresh_until, p.fulfilled_at, p.fulfilled_as_day, p.withdrawn_by, p.closed_at, p.wake_at,
    p.passed, p.parent, p.value_amount, p.value_currency, p.slot, p.imposed, p.contacts, p.asked_first, p.first_contact
  from json_to_recordset($2::json) as p (id uuid, source text, ref text, body_hash text, kind text, policy_version int,
    customer_ref text, customer_id uuid, owner text, partner text, region text, product text, subject text, flags text[], precision text,
    made_at timestamptz, promised_at timestamptz, promised_day date, target_at timestamptz, last_call_at timestamptz,
    lead_to timestamptz, plan jsonb, basis jsonb, segments jsonb, history boolean, phase text, revision int, told_at timestamptz,
    estimated_at timestamptz, estimate_fresh_until timestamptz, fulfilled_at timestamptz, fulfilled_as_day boolean,
    withdrawn_by text, closed_at timestamptz, wake_at timestamptz, passed jsonb,
    parent uuid, value_amount numeric, value_currency text, slot text, imposed timestamptz[], contacts int,
    asked_first boolean, first_contact boolean)
  left join c on c.ref = p.customer_ref
  order by p.source, p.ref
  on conflict (source, ref) do nothing
  returning id, promised_day, closed_at, owner, history
), f as (
  insert into facts (promise_id, fact_key, kind, occurred_at, data, fresh_until)
  select p.id, f.fact_key, f.kind, f.occurred_at, f.data, f.fresh_until
  from json_to_recordset($3::json) as f (promise_id uuid, fact_key text, kind text, occurred_at timestamptz, data jsonb,
    fresh_until timestamptz)
  join p on p.id = f.promise_id
), d as (
  insert into duties (id, promise_id, key, reason, revision, occasion, due_at, not_before, not_valid_after)
  select d.id, p.id, d.key, d.reason, d.revision, d.occasion, d.due_at, d.due_at, d.not_valid_after
  from json_to_recordset($4::json) as d (id uuid, promise_id uuid, key text, reason text, revision int, occasion int,
    due_at timestamptz, not_valid_after timestamptz)
  join p on p.id = d.promise_id
), o as (
  insert into outbox (promise_id) select p.id from p where p.id = any ($5::uuid[])
), r as (
  insert into rollup_due (day) select distinct promised_day from p where closed_at is not null
)
select id, closed_at is null and not history and exists (select from absences a where a.person = p.owner) as "mayBeAway"
from p`;

/** The rows of one promise. */
function rowsOf(promise: NewPromise, now: Instant) {
  const { id, terms } = promise;
  const { plan } = terms;
  const facts = promise.facts.map((fact) => withFreshness(terms, fact));
  const { state, judged, poke } = registered(terms, facts, now);
  return {
    poke,
    facts: facts.map((fact) => factRow(id, fact)),
    duties: judged.owed.map((notice) => dutyRow(id, { ...notice, id: uuid() })),
    promise: {
      id,
      source: promise.source,
      ref: promise.ref,
      body_hash: promise.bodyHash.toString('hex'),
      kind: promise.kind,
      policy_version: promise.policyVersion,
      customer_ref: promise.customer?.ref,
      customer_id: promise.customerId,
      owner: promise.owner,
      partner: promise.partner,
      region: promise.region,
      product: promise.product,
      subject: promise.subject,
      flags: flagsAfter(promise.flags, plan, state),
      ...planColumns(plan),
      basis: promise.basis,
      segments: promise.segments,
      parent: promise.parent,
      value_amount: promise.value?.amount,
      value_currency: promise.value?.currency,
      history: terms.history,
      ...stateColumns(terms, state, judged),
    },
  };
}

/** An estimate is news for as long as the policy says under which it is recorded. */
export const withFreshness = ({ freshUntil }: Terms, fact: Fact): Fact =>
  fact.kind === 'estimated' ? { ...fact, freshUntil: freshUntil(fact.occurredAt) } : fact;

/** Each customer once, since a statement may touch a row only once; of each field the last that was given, in this order. */
export function customersOf(promises: readonly NewPromise[]): readonly (CustomerData & { readonly id: string })[] {
  const byRef = new Map<string, CustomerData>();
  for (const { customer } of promises)
    if (customer) byRef.set(customer.ref, { ...byRef.get(customer.ref), ...givenOf(customer) });
  return [...byRef.values()]
    .map((customer) => ({ ...customer, id: uuid() }))
    .sort((a, b) => (a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : 0));
}

/** Without the fields that were not given, which leave what is known as it is. */
const givenOf = (customer: CustomerData): CustomerData =>
  Object.fromEntries(Object.entries(customer).filter(([, value]) => value !== null)) as unknown as CustomerData;
