import { newestCalendars } from './calendars.ts';
import { KeptError } from './fault-fields.ts';
import { newestPartners } from './partners.ts';
import { newestPolicy, type VersionedPolicy } from './policies.ts';
import type { Queryable, Tx } from './pool.ts';
import { calendarsOf } from '../domain/policy/policy.ts';
import type { Fact } from '../domain/promise/facts.ts';
import type { Instant } from '../domain/promise/instant.ts';
import type { Basis, Plan, PlanStep } from '../domain/promise/plan.ts';

/** What is to hold for the open promises of a kind. */
export interface Goal extends VersionedPolicy {
  readonly kind: string;
  /** The newest version of every calendar, by id. */
  readonly calendars: Readonly<Record<string, number>>;
  /** The newest version of every partner, by id. */
  readonly partners: Readonly<Record<string, number>>;
}

/** The newest policy of a kind, or one that is not stored yet, with the newest calendars and partners; null for a kind without one. */
export async function goalOf(q: Queryable, kind: string, proposed: VersionedPolicy | null): Promise<Goal | null> {
  const policy = proposed ?? (await newestPolicy(q, kind));
  if (!policy) return null;
  const calendars = await newestCalendars(q);
  const partners = await newestPartners(q);
  return {
    kind,
    ...policy,
    calendars: Object.fromEntries(calendars.map(({ calendar, version }) => [calendar.id, version])),
    partners: Object.fromEntries(partners.map(({ partner, version }) => [partner.id, version])),
  };
}

/** So long a process remembers the newest policies, calendars and partners by which it registers. */
export const REMEMBERED_MS = 1_000;
/** What was planned by them may take as long again until it is stored. */
const STORED_MS = 1_000;

/** For how many milliseconds from now a promise may still be stored under what held before the goal; 0: no more. */
export async function unknownForMs(q: Queryable, { kind, version, calendars, partners }: Goal): Promise<number> {
  const { rows } = await q.query<{ ms: number }>({
    name: 'unknown_for_ms',
    text: `select greatest(0, ceil($4 - extract(epoch from clock_timestamp() - max(created_at)) * 1000))::int as ms
           from (select created_at from policies where kind = $1 and version = $2
             union all
             select c.created_at from calendars c join jsonb_each_text($3::jsonb) as newest (id, version)
               on c.id = newest.id and c.version = newest.version::int
             union all
             select p.created_at from partners p join jsonb_each_text($5::jsonb) as newest (id, version)
               on p.id = newest.id and p.version = newest.version::int) as stored`,
    values: [kind, version, JSON.stringify(calendars), REMEMBERED_MS + STORED_MS, JSON.stringify(partners)],
  });
  return rows[0]?.ms ?? 0;
}

/** An open promise to which a changed policy, calendar or partner has not been applied. */
export interface Behind {
  readonly id: string;
  readonly source: string;
  readonly ref: string;
  readonly kind: string;
  readonly policyVersion: number;
  /** Whose rules it is under; null: nobody's. */
  readonly partner: string | null;
  readonly flags: readonly string[];
  readonly basis: Basis;
  readonly plan: Plan;
  readonly steps: readonly PlanStep[];
  readonly history: false;
  /** Who answered for it when it was registered. */
  readonly registeredOwner: string | null;
  readonly promisedAt: Instant;
  readonly wakeAt: Instant | null;
}

/** What is known of one under its lock. */
export type Locked = Pick<Behind, 'id' | 'wakeAt' | 'partner'> & {
  readonly plan: Pick<Plan, 'clock' | 'calendars' | 'partnerVersion'>;
};

/** The place after which the next page begins. */
export type Place = Pick<Behind, 'promisedAt' | 'id'>;

/** Before all promises. */
export const FIRST: Place = { promisedAt: '-infinity' as Instant, id: '00000000-0000-0000-0000-000000000000' };

/** What Kept registers because of a promise is our own to keep, whoever's the promise was. */
const PARTNER_ID = 'case when p.parent is null then p.partner end';

/** Never back: what is under a newer version than `$2` was put there by somebody who knows more. */
const BEHIND = `p.kind = $1 and p.closed_at is null and not p.history and p.policy_version <= $2
  and (p.policy_version < $2
    or exists (select from jsonb_each_text(p.plan -> 'calendars') c
      where c.value::int < ($3::jsonb -> 'calendars' ->> c.key)::int)
    or coalesce((p.plan ->> 'partnerVersion')::int, 0) < ($3::jsonb -> 'partners' ->> ${PARTNER_ID})::int)`;

const goalValues = ({ kind, version, calendars, partners }: Goal): readonly unknown[] => [
  kind,
  version,
  JSON.stringify({ calendars, partners }),
];

/** Where those behind stand, nearest first (index promises_open_by_kind). */
export async function placesBehind(q: Queryable, goal: Goal, after: Place, limit: number): Promise<readonly Place[]> {
  const { rows } = await q.query<Place>({
    name: 'places_behind',
    text: `select p.id, p.promised_at as "promisedAt" from promises p
           where ${BEHIND} and (p.promised_at, p.id) > ($4::timestamptz, $5::uuid)
           order by p.kind, p.promised_at, p.id limit $6`,
    values: [...goalValues(goal), after.promisedAt, after.id, limit],
  });
  return rows;
}

/** The same with all that a plan is made from. */
export async function pageBehind(q: Queryable, goal: Goal, after: Place, limit: number): Promise<readonly Behind[]> {
  const { rows } = await q.query<Behind>({
    name: 'page_behind',
    text: `select p.id, p.source, p.ref, p.kind, p.policy_version as "policyVersion", ${PARTNER_ID} as partner, p.flags, p.basis, p.plan, p.steps,
             p.history, p.promised_at as "promisedAt", p.wake_at as "wakeAt",
             case when p.hand_over is null then p.owner else p.registered_owner end as "registeredOwner"
           from promises p where ${BEHIND} and (p.promised_at, p.id) > ($4::timestamptz, $5::uuid)
           order by p.kind, p.promised_at, p.id limit $6`,
    values: [...goalValues(goal), after.promisedAt, after.id, limit],
  });
  return rows;
}

/** Locks those of the ids that are still behind, in id order as settle does. */
export async function lockBehind(tx: Tx, goal: Goal, ids: readonly string[]): Promise<ReadonlyMap<string, Locked>> {
  const { rows } = await tx.query<Locked>({
    name: 'lock_behind',
    text: `select p.id, p.wake_at as "wakeAt", ${PARTNER_ID} as partner,
             jsonb_strip_nulls(jsonb_build_object('partnerVersion', p.plan -> 'partnerVersion'))
               || jsonb_build_object('clock', p.plan -> 'clock', 'calendars', p.plan -> 'calendars') as plan
           from promises p where ${BEHIND} and p.id = any ($4::uuid[]) order by p.id limit 1000 for no key update`,
    values: [...goalValues(goal), ids],
  });
  return new Map(rows.map((row) => [row.id, row]));
}

/** How many open promises a kind has. */
export async function openOf(q: Queryable, kind: string): Promise<number> {
  const { rows } = await q.query<{ open: number }>({
    name: 'open_of_kind',
    text: 'select count(*) as open from promises where kind = $1 and closed_at is null and not history',
    values: [kind],
  });
  return rows[0]?.open ?? 0;
}

/** The fact by which the goal holds for one promise: with its partner and the calendars by which its policy and it count. */
export function appliedTo(goal: Goal, { plan, partner }: Pick<Locked, 'plan' | 'partner'>, now: Instant): Fact {
  const { policy, version, calendars, partners } = goal;
  const own = plan.clock?.calendar ?? null;
  const ids = [...new Set([...calendarsOf(policy), ...(own === null ? [] : [own])])].sort();
  const counted = ids.map((id): readonly [string, number] => [
    id,
    Math.max(calendars[id] ?? missing(id), plan.calendars[id] ?? 0),
  ]);
  const names = counted.map(([id, number]) => `${id}@${number}`).join(',');
  const known = partner !== null && Object.hasOwn(partners, partner) ? (partners[partner] ?? 0) : 0;
  const partnerVersion = Math.max(known, plan.partnerVersion ?? 0);
  return {
    kind: 'policy_applied',
    factKey: `policy:${version}:${names || '-'}${partnerVersion > 0 ? `:${partnerVersion}` : ''}`,
    occurredAt: now,
    version,
    calendars: Object.fromEntries(counted),
    ...(partnerVersion > 0 ? { partnerVersion } : {}),
  };
}

function missing(id: string): never {
  throw new KeptError(`The calendar ${id} is not stored. PUT /v1/calendars/${id} or a file in calendars/ brings it.`);
}
