import type { PromiseState } from '../promise/fold.ts';
import { IDLE } from '../promise/instant.ts';
import { stands, type Basis, type Plan, type Planning, type PlanStep, type Terms } from '../promise/plan.ts';
import type { Partner } from '../policy/partner.ts';
import type { Policy } from '../policy/policy.ts';
import type { Book, VersionedCalendar } from './book.ts';
import { planOf } from './plan.ts';
import { termsOf } from './terms.ts';
import { clockSegments, type ClockSegment } from './work-clock.ts';

/** The policies and calendars that the plans of a promise may be made by, at hand. */
export interface Rules {
  readonly policy: (version: number) => Policy;
  /** @throws where there is no such calendar. `version` null: the newest */
  readonly calendar: (id: string, version: number | null) => VersionedCalendar;
  /** The promise's partner; absent: none of its plans is made by one. @throws where it has no such version */
  readonly partner?: ((version: number) => Partner) | undefined;
}

/** A promise's plans as they are stored. */
export interface StoredPlans {
  /** Who answered for it when it was registered; absent: not asked for. */
  readonly registeredOwner?: string | null;
  readonly basis: Basis;
  /** The plan in force. */
  readonly plan: Plan;
  /** Empty where nothing has moved the plan; else the registration first. */
  readonly steps: readonly PlanStep[];
}

/** What fold needs to move the plan of a stored promise by its facts. */
export function planningOf({ basis, plan, steps, registeredOwner = null }: StoredPlans, rules: Rules): Planning {
  const [registered, ...later] = steps;
  return {
    plan: registered?.plan ?? plan,
    owner: registeredOwner,
    chain: {
      basis,
      steps: later,
      replan: (clock) => planOf(clock, rules.policy(clock.policyVersion), bookOf(clock, rules)),
    },
  };
}

/** The calendars and the partner in the versions that a plan, or what it is made from, names. */
export function bookOf(
  { policyVersion, calendars, partnerVersion }: Pick<Basis, 'policyVersion' | 'calendars' | 'partnerVersion'>,
  rules: Pick<Rules, 'calendar' | 'partner'>,
): Book {
  const partner = partnerVersion === undefined ? undefined : rules.partner?.(partnerVersion);
  return {
    policyVersion,
    calendar: (id) => rules.calendar(id, new Map(Object.entries(calendars)).get(id) ?? null),
    ...(partner && partnerVersion !== undefined && { partner: { partner, version: partnerVersion } }),
  };
}

/** The terms of a promise under the plan in force. */
export const termsFor = (
  {
    basis,
    history,
    parent = null,
  }: { readonly basis: Basis; readonly history: boolean; readonly parent?: string | null },
  plan: Plan,
  rules: Rules,
): Terms =>
  termsOf(plan, rules.policy(plan.policyVersion), {
    history,
    book: bookOf(plan, rules),
    customerZone: basis.customerZone,
    // A confirmation belongs to the registration: a policy applied later owes none to promises made long ago.
    confirms: basis.confirms ?? rules.policy(basis.policyVersion).notices.promised,
    news: basis.news ?? null,
    follows: parent !== null,
  });

/** The steps to be stored: none where nothing has moved the plan. */
export const storedSteps = ({ plan }: Planning, { steps }: Pick<PromiseState, 'steps'>): readonly PlanStep[] =>
  steps.length === 0 ? [] : [{ factKey: 'registered', plan, imposed: false }, ...steps];

/**
 * What the clock of a duration promise does from when it was made up to its deadline; while it stands, up to `IDLE`. Null
 * for a date, which no calendar and no pause moves.
 */
export function segmentsOf(
  { clock, plan }: Pick<PromiseState, 'clock' | 'plan'>,
  rules: Pick<Rules, 'calendar'>,
): readonly ClockSegment[] | null {
  if (!clock || !('within' in clock.promised) || clock.madeAt === null) return null;
  const { calendar: id } = clock.promised;
  const calendar = id === null ? null : bookOf(plan, rules).calendar(id).calendar;
  return clockSegments({ from: clock.madeAt, calendar, pauses: clock.pauses }, stands(plan) ? IDLE : plan.promisedAt);
}
