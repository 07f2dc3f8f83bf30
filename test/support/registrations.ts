import { createHash } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import { savePeople } from '../../db/people.ts';
import { newestPartner } from '../../db/partners.ts';
import { newestPolicy, savePolicies } from '../../db/policies.ts';
import type { Pool } from '../../db/pool.ts';
import type { Registration } from '../../db/shapes.ts';
import { planOf } from '../../domain/calendar/plan.ts';
import { termsOf } from '../../domain/calendar/terms.ts';
import type { Basis, Undertaking } from '../../domain/promise/plan.ts';
import { NO_CALENDARS, type VersionedCalendar } from '../../domain/calendar/book.ts';
import { bookOf, segmentsOf, type Rules } from '../../domain/calendar/planning.ts';
import { parsePolicy } from '../../domain/policy/fields.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { instant, type Instant } from '../../domain/promise/instant.ts';

/** A policy from a document; the test fails where the document is wrong. */
export function policy(document: Record<string, unknown>): Policy {
  const read = parsePolicy(document);
  if ('faults' in read) throw new Error(JSON.stringify(read.faults));
  return read.policy;
}

/** Kati answers to Jaan, Jaan to Mall; customer care is the hotline. */
export const STAFF = {
  people: [
    { id: 'kati', name: 'Kati Kask', email: 'kati@books.example', phone: '+372 600 0001', lead: 'jaan', manager: null },
    { id: 'jaan', name: 'Jaan Tamm', email: 'jaan@books.example', phone: null, lead: null, manager: 'mall' },
    { id: 'mall', name: 'Mall Saar', email: 'mall@books.example', phone: null, lead: null, manager: null },
  ],
  hotline: {
    id: 'hotline',
    name: 'Customer care',
    email: 'care@books.example',
    phone: '+372 600 0000',
    lead: null,
    manager: null,
  },
  zone: 'Europe/Tallinn',
};

export async function seed(pool: Pool, policies: readonly Policy[]): Promise<void> {
  await savePolicies(pool, policies);
  await savePeople(pool, STAFF);
}

export interface RegistrationWish {
  readonly kind: string;
  readonly promised: Undertaking;
  /** The one that the promise or its policy counts by. */
  readonly calendar?: VersionedCalendar;
  readonly madeAt?: Instant;
  readonly ref?: string;
  readonly customer?: string;
  readonly owner?: string | null;
  readonly partner?: string | null;
  readonly content?: string;
  readonly target?: Instant;
  readonly source?: string;
}

/** A registration as the API would make it, under the newest stored policy of its kind. */
export async function registration(pool: Pool, wish: RegistrationWish): Promise<Registration> {
  const stored = await newestPolicy(pool, wish.kind);
  if (!stored) throw new Error(`Seed a policy for ${wish.kind} first.`);
  const id = uuid();
  const ref = wish.ref ?? id.slice(-8);
  const customer = wish.customer ?? `C-${id.slice(-8)}`;
  const partner = wish.partner ? await newestPartner(pool, wish.partner) : null;
  const basis: Basis = {
    promised: wish.promised,
    madeAt: wish.madeAt ?? instant(Date.now()),
    target: wish.target ?? null,
    customerZone: 'Europe/Tallinn',
    companyZone: 'UTC',
    place: 0,
    policyVersion: stored.version,
    calendars: wish.calendar ? { [wish.calendar.calendar.id]: wish.calendar.version } : {},
    ...(partner && { partnerVersion: partner.version }),
  };
  const rules: Rules = {
    policy: () => stored.policy,
    calendar: (name) => wish.calendar ?? NO_CALENDARS.calendar(name),
    ...(partner && { partner: () => partner.partner }),
  };
  const plan = planOf(basis, stored.policy, bookOf(basis, rules));
  return {
    id,
    source: wish.source ?? 'shop',
    ref,
    bodyHash: createHash('sha256')
      .update(wish.content ?? ref)
      .digest(),
    kind: wish.kind,
    policyVersion: stored.version,
    customer: {
      ref: customer,
      name: 'Mari Tamm',
      email: `${customer.toLowerCase()}@customers.example`,
      phone: null,
      language: null,
      zone: 'Europe/Tallinn',
    },
    owner: wish.owner === undefined ? 'kati' : wish.owner,
    partner: wish.partner ?? null,
    region: null,
    product: null,
    subject: `order ${ref}`,
    flags: plan.flags,
    terms: termsOf(plan, stored.policy, { book: bookOf(plan, rules) }),
    basis,
    segments: segmentsOf({ plan, clock: { ...basis, toldAt: null, pauses: [] } }, rules),
  };
}

/** `ms` from now on this machine's clock. */
export const fromNow = (ms: number): Instant => instant(Date.now() + ms);
