import { companyZone } from './company.ts';
import { newestPolicies } from './policies.ts';
import { databaseNow, type Queryable } from './pool.ts';
import { callersOf } from './slots.ts';
import { overflowOf, slotsOfDay, staffed } from '../domain/calendar/slots.ts';
import { dayOf, plusDays, startOfDay } from '../domain/calendar/zones.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { USUAL_SLOTS } from '../domain/policy/slots.ts';
import type { Instant, Zone } from '../domain/promise/instant.ts';
import type { AttemptResult, Phase } from '../domain/promise/words.ts';

/** A call that was promised to a customer. */
export interface Callback {
  readonly id: string;
  readonly kind: string;
  readonly source: string;
  readonly ref: string;
  readonly subject: string | null;
  /** Null: no window was told. */
  readonly from: Instant | null;
  readonly to: Instant;
  readonly owner: string | null;
  /** Their name; the id where nobody of that id is known. */
  readonly ownerName: string | null;
  readonly phase: Phase;
  readonly attempts: { readonly counted: number; readonly max: number };
}

/** The same, with what whoever makes the call needs: for pages, never for answers or logs. */
export interface CallToMake extends Callback {
  readonly customer: { readonly ref: string; readonly name: string | null; readonly phone: string | null } | null;
  /** Oldest first. */
  readonly tries: readonly { readonly at: Instant; readonly result: AttemptResult }[];
}

/** The callbacks of a day of the company, by when they are due. */
export interface CallbackDay<C extends Callback = Callback> {
  readonly now: Instant;
  readonly zone: Zone;
  readonly day: string;
  readonly items: readonly C[];
  /** Ids of today's for which nobody on duty has a free parallel call. */
  readonly overflow: readonly string[];
}

/** What of today's calls is still to be made, as the first page shows it. */
export interface CallsAhead {
  readonly zone: Zone;
  /** How many. */
  readonly open: number;
  /** The next ones. */
  readonly next: readonly Callback[];
}

const MOST = 2_000;
const NEXT = 5;

const CALL = `p.id, p.kind, p.source, p.ref, p.subject, p.plan ->> 'windowFrom' as "from", p.promised_at as "to",
  p.owner, coalesce(w.name, p.owner) as "ownerName", promise_phase(p, $4) as phase,
  p.attempts as counted, coalesce((p.plan #>> '{tries,max}')::int, p.attempts) as max`;
const OF_DAY = `from promises p left join people w on w.id = p.owner
  where p.promised_at > $1 and p.promised_at <= $2 and p.kind = any ($3::text[]) and not p.history`;
const IN_ORDER = `order by coalesce((p.plan ->> 'windowFrom')::timestamptz, p.promised_at), p.promised_at, p.id`;

type CallRow = Omit<Callback, 'attempts'> & { readonly counted: number; readonly max: number };

const callOf = ({ counted, max, ...row }: CallRow): Callback => ({ ...row, attempts: { counted, max } });

const dayBounds = (day: string, zone: Zone) => [startOfDay(day, zone), startOfDay(plusDays(day, 1), zone)] as const;

/** Counts and lists in one statement: the page asks about once a second (index promises_open_by_kind). */
export async function callsAhead(q: Queryable): Promise<CallsAhead> {
  const [now, zone, policies] = [await databaseNow(q), await companyZone(q), await calledPolicies(q)];
  const { rows } = await q.query<CallRow & { open: number }>({
    name: 'calls_ahead',
    text: `select ${CALL}, count(*) over ()::int as open ${OF_DAY} and p.closed_at is null ${IN_ORDER} limit $5`,
    values: [...dayBounds(dayOf(now, zone), zone), policies.map(({ kind }) => kind), now, NEXT],
  });
  return { zone, open: rows[0]?.open ?? 0, next: rows.map(({ open: _open, ...row }) => callOf(row)) };
}

/** The policies by which customers are called. */
const calledPolicies = async (q: Queryable): Promise<readonly Policy[]> =>
  (await newestPolicies(q)).map(({ policy }) => policy).filter(({ tries }) => tries !== null);

/** `day`: `YYYY-MM-DD`; null: today. `owner`: only theirs; whether there is room for them, all count. */
export async function callbacksOf(q: Queryable, day: string | null, owner: string | null): Promise<CallbackDay> {
  const [now, zone] = [await databaseNow(q), await companyZone(q)];
  const today = dayOf(now, zone);
  const wanted = day ?? today;
  const policies = await calledPolicies(q);
  const { rows } = await q.query<CallRow>({
    name: 'callbacks_of_day',
    text: `select ${CALL} ${OF_DAY} ${IN_ORDER} limit $5`,
    values: [...dayBounds(wanted, zone), policies.map(({ kind }) => kind), now, MOST],
  });
  const all = rows.map(callOf);
  const items = owner === null ? all : all.filter((call) => call.owner === owner);
  const without =
    wanted === today ? new Set(await overflowToday(q, all, policies, { now, zone, day: today })) : new Set();
  return { now, zone, day: wanted, items, overflow: items.flatMap(({ id }) => (without.has(id) ? [id] : [])) };
}

async function overflowToday(
  q: Queryable,
  calls: readonly Callback[],
  policies: readonly Policy[],
  { now, zone, day }: Pick<CallbackDay, 'now' | 'zone' | 'day'>,
): Promise<readonly string[]> {
  const open = calls.filter(({ phase }) => OPEN.has(phase));
  const overflow: string[] = [];
  for (const { kind, slots } of policies) {
    const rule = slots ?? USUAL_SLOTS;
    const ofKind = open.filter((call) => call.kind === kind);
    if (ofKind.length === 0) continue;
    const callers = await callersOf(q, { kind, rule, zone });
    overflow.push(...overflowOf(ofKind, staffed(slotsOfDay(kind, rule.length, day, zone), callers), now));
  }
  return overflow;
}

/** The same day for a page: with whom to call, and what came of the tries so far. */
export async function callsToMake(
  q: Queryable,
  day: string | null,
  owner: string | null,
): Promise<CallbackDay<CallToMake>> {
  const found = await callbacksOf(q, day, owner);
  const ids = found.items.map(({ id }) => id);
  const customers = await q.query<NonNullable<CallToMake['customer']> & { id: string }>({
    name: 'customers_to_call',
    text: `select p.id, c.ref, c.name, c.phone from promises p join customers c on c.id = p.customer_id
           where p.id = any ($1::uuid[]) limit $2`,
    values: [ids, MOST],
  });
  const tried = await q.query<CallToMake['tries'][number] & { id: string }>({
    name: 'tries_of_calls',
    text: `select promise_id as id, occurred_at as at, data ->> 'result' as result from facts
           where promise_id = any ($1::uuid[]) and kind = 'attempted' order by occurred_at, promise_id, fact_key limit $2`,
    values: [ids, MOST * 5],
  });
  const byId = new Map(customers.rows.map(({ id, ...customer }) => [id, customer]));
  const tries = new Map<string, CallToMake['tries'][number][]>(ids.map((id) => [id, []]));
  for (const { id, ...each } of tried.rows) tries.get(id)?.push(each);
  const items = found.items.map((call) => ({
    ...call,
    customer: byId.get(call.id) ?? null,
    tries: tries.get(call.id) ?? [],
  }));
  return { ...found, items };
}

const OPEN = new Set<Phase>(['open', 'at_risk', 'paused', 'overdue']);
