import type { VersionedCalendar } from '../domain/calendar/book.ts';
import { REMEMBERED_MS } from '../db/behind.ts';
import { newestCalendar } from '../db/calendars.ts';
import { capacityOf, type Capacity } from '../db/capacity.ts';
import { causesOf, companyRules, companyZone } from '../db/company.ts';
import { customerZone } from '../db/customers.ts';
import { membersOf, type StaffMember } from '../db/duty.ts';
import { newestPartner } from '../db/partners.ts';
import { newestPolicies, newestPolicy, type VersionedPolicy } from '../db/policies.ts';
import type { Queryable } from '../db/pool.ts';
import type { VersionedPartner } from '../domain/policy/partner.ts';
import type { CompanyRules } from '../domain/policy/company.ts';
import type { Zone } from '../domain/promise/instant.ts';
import { rememberedFor } from './remembered.ts';

/** Rows that nearly every request needs and that change a few times a year; at most `REMEMBERED_MS` old. */
export interface ReferenceData {
  /** The policy new promises of a kind are made under; null for a kind without one. */
  policy(kind: string): Promise<VersionedPolicy | null>;
  /** The kinds that have a policy, for error texts. */
  kinds(): Promise<readonly string[]>;
  /** The calendar new promises are counted by; null where there is none of this id. */
  calendar(id: string): Promise<VersionedCalendar | null>;
  /** What new promises of a partner are planned by; null where nothing is said of it. */
  partner(id: string): Promise<VersionedPartner | null>;
  companyZone(): Promise<Zone>;
  /** The zone that is known of a customer, asked for each time; null where none is. */
  customerZone(ref: string): Promise<Zone | null>;
  /** The other rules of `company.yaml`. */
  rules(): Promise<CompanyRules>;
  /** The causes that a withdrawal may name. */
  causes(): Promise<readonly string[]>;
  /** Whether the engine can wake all promises ahead in time. */
  capacity(): Promise<Capacity>;
  /** As `membersOf` of db/duty.ts, for one owner or none. */
  staff(owner: string | null): Promise<ReadonlyMap<string, StaffMember>>;
  /** After a change by ourselves: who has just stored something plans by it. */
  forget(): void;
}

export function createReferenceData(q: Queryable): ReferenceData {
  const policies = rememberedFor(REMEMBERED_MS, (kind) => newestPolicy(q, kind));
  const calendars = rememberedFor(REMEMBERED_MS, (id) => newestCalendar(q, id));
  // Of most partners that promises name nothing is said: that is remembered, too.
  const partners = rememberedFor(REMEMBERED_MS, async (id) => ({ said: await newestPartner(q, id) }));
  const zones = rememberedFor(REMEMBERED_MS, () => companyZone(q));
  const rules = rememberedFor(REMEMBERED_MS, () => companyRules(q));
  const causes = rememberedFor(REMEMBERED_MS, () => causesOf(q));
  const capacity = rememberedFor(REMEMBERED_MS, () => capacityOf(q));
  const staff = rememberedFor(REMEMBERED_MS, (owner) => membersOf(q, owner === '' ? [] : [owner]));
  return {
    policy: policies.get,
    kinds: async () => (await newestPolicies(q)).map(({ policy }) => policy.kind),
    calendar: calendars.get,
    partner: async (id) => (await partners.get(id)).said,
    companyZone: () => zones.get(''),
    customerZone: (ref) => customerZone(q, ref),
    rules: () => rules.get(''),
    causes: () => causes.get(''),
    capacity: () => capacity.get(''),
    staff: (owner) => staff.get(owner ?? ''),
    forget: () => {
      for (const each of [policies, calendars, partners, zones, rules, causes, capacity, staff]) each.forget();
    },
  };
}
