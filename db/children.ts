import { v7 as uuid } from 'uuid';
import { newestCalendar } from './calendars.ts';
import { companyZone } from './company.ts';
import { insertPromises } from './insert-promises.ts';
import { newestPolicy, savePolicies, type VersionedPolicy } from './policies.ts';
import type { Queryable, Tx } from './pool.ts';
import type { Value } from './shapes.ts';
import { KeptError } from './fault-fields.ts';
import type { VersionedCalendar } from '../domain/calendar/book.ts';
import { planOf } from '../domain/calendar/plan.ts';
import { bookOf, segmentsOf, type Rules } from '../domain/calendar/planning.ts';
import { termsOf } from '../domain/calendar/terms.ts';
import { DEFAULT_POLICIES } from '../domain/policy/defaults.ts';
import { calendarsOf } from '../domain/policy/policy.ts';
import type { Instant } from '../domain/promise/instant.ts';
import type { Basis, Undertaking } from '../domain/promise/plan.ts';

/** A promise that Kept makes by itself, because of another one: a refund, a callback, the time of the next news. */
export interface Child {
  /** UUIDv7; left out: a new one. */
  readonly id?: string;
  /** Id of the promise that it follows from. */
  readonly parent: string;
  readonly kind: string;
  readonly source: string;
  /** Unique within the source: wished for again, it is the same child. */
  readonly ref: string;
  readonly promised: Undertaking;
  readonly madeAt: Instant;
  readonly owner: string | null;
  /** What the customer reads; null: as of the parent. */
  readonly subject: string | null;
  /** Told to the customer at once, whatever the policy of its kind says. */
  readonly confirms: boolean;
  /** As `Basis.news`. */
  readonly news?: number;
  readonly value?: Value;
}

/**
 * Registers promises that follow from others, in the transaction that decided them. The customer, her zone and the labels
 * are the parent's. One whose source and ref are taken is left alone. Answers the ids of those that are new.
 * A kind without a policy gets the one that comes with Kept: what was decided is never lost.
 */
export async function registerChildren(tx: Tx, children: readonly Child[], now: Instant): Promise<ReadonlySet<string>> {
  if (children.length === 0) return new Set();
  const parents = await parentsOf(tx, children);
  const zone = await companyZone(tx);
  const promises = [];
  for (const child of children) {
    const parent = parents.get(child.parent);
    if (!parent) throw new KeptError(`Promise ${child.parent} is not there, so nothing can follow from it.`);
    promises.push(await newPromiseOf(tx, child, parent, zone));
  }
  return insertPromises(tx, promises, { now, customers: 'known' });
}

interface Parent {
  readonly id: string;
  readonly customerId: string;
  readonly customerZone: string | null;
  readonly partner: string | null;
  readonly region: string | null;
  readonly product: string | null;
  readonly subject: string | null;
}

async function parentsOf(q: Queryable, children: readonly Child[]): Promise<ReadonlyMap<string, Parent>> {
  const { rows } = await q.query<Parent>({
    name: 'parents_of',
    text: `select p.id, c.id as "customerId", c.zone as "customerZone", p.partner, p.region, p.product, p.subject
           from promises p join customers c on c.id = p.customer_id where p.id = any ($1::uuid[]) limit 1000`,
    values: [children.map(({ parent }) => parent)],
  });
  return new Map(rows.map((row) => [row.id, row]));
}

async function newPromiseOf(tx: Tx, child: Child, parent: Parent, zone: string) {
  const { policy, version } = await usualPolicy(tx, child.kind);
  const calendars = new Map<string, VersionedCalendar>();
  const own = 'within' in child.promised ? child.promised.calendar : null;
  for (const id of new Set([...(own === null ? [] : [own]), ...calendarsOf(policy)])) {
    const calendar = await newestCalendar(tx, id);
    if (calendar) calendars.set(id, calendar);
  }
  const basis: Basis = {
    promised: child.promised,
    madeAt: child.madeAt,
    target: null,
    customerZone: parent.customerZone,
    companyZone: zone,
    place: 0,
    policyVersion: version,
    calendars: Object.fromEntries([...calendars].map(([id, { version: number }]) => [id, number])),
    ...(child.confirms ? { confirms: true as const } : {}),
    ...(child.news === undefined ? {} : { news: child.news }),
  };
  const rules: Rules = {
    policy: () => policy,
    calendar: (id) => {
      const calendar = calendars.get(id);
      if (!calendar) throw new KeptError(`There is no calendar ${id} to plan by.`);
      return calendar;
    },
  };
  const plan = planOf(basis, policy, bookOf(basis, rules));
  const { customerZone, partner, region, product } = parent;
  const book = bookOf(plan, rules);
  const terms = termsOf(plan, policy, {
    book,
    customerZone,
    follows: true,
    ...(child.confirms ? { confirms: true } : {}),
    news: child.news ?? null,
  });
  return {
    id: child.id ?? uuid(),
    customerId: parent.customerId,
    source: child.source,
    ref: child.ref,
    // Of no request: whoever sends this reference clashes with it.
    bodyHash: Buffer.alloc(32),
    kind: child.kind,
    policyVersion: version,
    // She is known: written again, her row would be locked after the parent's, and whoever sends her a notice locks it first.
    customer: null,
    owner: child.owner,
    ...{ partner, region, product },
    subject: child.subject ?? parent.subject,
    flags: plan.flags,
    terms,
    basis,
    segments: segmentsOf({ clock: { ...basis, toldAt: null, pauses: [] }, plan }, rules),
    parent: child.parent,
    ...(child.value && { value: child.value }),
    facts: [{ kind: 'registered' as const, factKey: 'registered', occurredAt: child.madeAt }],
  };
}

/** The newest policy of a kind, the one that comes with Kept where none is stored. */
export async function usualPolicy(tx: Tx, kind: string): Promise<VersionedPolicy> {
  const stored = await newestPolicy(tx, kind);
  if (stored) return stored;
  const usual = DEFAULT_POLICIES.find((policy) => policy.kind === kind);
  if (!usual) throw new KeptError(`There is no policy for the kind ${kind}.`);
  await savePolicies(tx, [usual]);
  return usualPolicy(tx, kind);
}
