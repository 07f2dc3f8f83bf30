import { calendarOf, newestCalendar } from './calendars.ts';
import { partnerOf } from './partners.ts';
import { policyOf, type VersionedPolicy } from './policies.ts';
import type { Queryable } from './pool.ts';
import { KeptError } from './fault-fields.ts';
import type { VersionedCalendar } from '../domain/calendar/book.ts';
import type { Rules } from '../domain/calendar/planning.ts';
import type { Partner } from '../domain/policy/partner.ts';
import { calendarsOf, type Policy } from '../domain/policy/policy.ts';
import type { Fact } from '../domain/promise/facts.ts';
import type { Basis, Plan, PlanStep } from '../domain/promise/plan.ts';

/** A promise as far as it says by what its plans are made. */
export interface Ruled {
  readonly kind: string;
  readonly policyVersion: number;
  /** As it names it; null: nobody. */
  readonly partner: string | null;
  readonly basis: Basis;
  readonly plan: Pick<Plan, 'policyVersion' | 'calendars' | 'partnerVersion'>;
  /** The plans before that, where facts may make it anew. */
  readonly steps?: readonly PlanStep[];
}

/**
 * Every policy, calendar and version of its partner that the plans of a promise may be made by, read before they are: those it was registered
 * with, those its plan in force names, those its facts bring. A version never changes, and is read once per process.
 * `proposed`: a policy that is not stored.
 */
export async function rulesOf(
  q: Queryable,
  { kind, basis, plan, policyVersion, partner, steps = [] }: Ruled,
  facts: readonly Fact[],
  proposed: VersionedPolicy | null = null,
): Promise<Rules> {
  const applied = facts.filter((fact) => fact.kind === 'policy_applied');
  const versions = new Set([
    policyVersion,
    basis.policyVersion,
    plan.policyVersion,
    ...applied.map(({ version }) => version),
  ]);
  const policies = new Map<number, Policy>();
  for (const version of versions)
    policies.set(version, proposed?.version === version ? proposed.policy : await policyOf(q, kind, version));
  const calendars = new Map<string, VersionedCalendar>();
  const ids = new Set([...policies.values()].flatMap(calendarsOf));
  for (const promised of [
    basis.promised,
    ...facts.flatMap((fact) => (fact.kind === 'repromised' ? [fact.promised] : [])),
  ])
    if ('within' in promised && promised.calendar !== null) ids.add(promised.calendar);
  const plans = [...steps.map((step) => step.plan), plan];
  const named = [basis, ...plans, ...applied];
  const counted = named.map((each) => new Map(Object.entries(each.calendars)));
  for (const id of ids) {
    const known = new Set(counted.flatMap((byId) => byId.get(id) ?? []));
    // For a clock that names none: in order, so that the newest of those the promise knows stays, also where a fact before
    // the one that brought it is heard of later.
    for (const version of [...known].sort((a, b) => a - b)) {
      const versioned = { calendar: await calendarOf(q, id, version), version };
      calendars.set(`${id}@${version}`, versioned).set(id, versioned);
    }
    // Brought by a fact of this moment: the plan that it makes names the version, and is asked for it by that name.
    const newest = known.size > 0 ? null : await newestCalendar(q, id);
    if (newest) calendars.set(id, newest).set(`${id}@${newest.version}`, newest);
  }
  const partners = new Map<number, Partner>();
  for (const { partnerVersion } of named)
    if (partner !== null && partnerVersion !== undefined)
      partners.set(partnerVersion, await partnerOf(q, partner, partnerVersion));
  return {
    policy: (version) => policies.get(version) ?? missing(`policy ${kind} version ${version}`),
    calendar: (id, version) => calendars.get(version === null ? id : `${id}@${version}`) ?? missing(`calendar ${id}`),
    partner: (version) => partners.get(version) ?? missing(`partner ${partner} version ${version}`),
  };
}

function missing(what: string): never {
  throw new KeptError(`There is no ${what} to plan by.`);
}
