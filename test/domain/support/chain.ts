import { bookOf, planningOf, storedSteps, type Rules } from '../../../domain/calendar/planning.ts';
import { planOf } from '../../../domain/calendar/plan.ts';
import { termsOf } from '../../../domain/calendar/terms.ts';
import type { Policy } from '../../../domain/policy/policy.ts';
import type { Fact } from '../../../domain/promise/facts.ts';
import { fold, type PromiseState } from '../../../domain/promise/fold.ts';
import type { Instant } from '../../../domain/promise/instant.ts';
import { judge, type Judgement } from '../../../domain/promise/judge.ts';
import type { Basis, Lasting, Plan, PlanStep, Planning, Terms } from '../../../domain/promise/plan.ts';
import { at, DOCUMENT, policy } from './build.ts';
import { LONGER_OFFICE, OFFICE } from './calendars.ts';

const OFFICES = [OFFICE, LONGER_OFFICE];

/** Policies by version from 1 on, and the calendar `office` in two. */
export function rulesOf(policies: readonly Policy[]): Rules {
  return {
    policy: (version) => policies[version - 1] ?? missing(`policy ${version}`),
    calendar: (id, version) => {
      const office = id === 'office' ? OFFICES[(version ?? OFFICES.length) - 1] : undefined;
      return { calendar: office ?? missing(`calendar ${id} ${version}`), version: version ?? OFFICES.length };
    },
  };
}

function missing(what: string): never {
  throw new Error(`There is no ${what} at hand.`);
}

/** A promise whose plan its facts can move, as the database keeps it. */
export interface Chain {
  readonly basis: Basis;
  /** As registered. */
  readonly plan: Plan;
  readonly rules: Rules;
  readonly planning: (steps?: readonly PlanStep[]) => Planning;
  readonly state: (facts?: readonly Fact[], steps?: readonly PlanStep[]) => PromiseState;
  /** What would be stored of the plans that these facts lead to. */
  readonly stored: (facts: readonly Fact[], steps?: readonly PlanStep[]) => readonly PlanStep[];
  readonly terms: (state: PromiseState) => Terms;
  readonly look: (facts: readonly Fact[], now: Instant) => Judgement;
}

export function chainOf(basis: Basis, policies: readonly Policy[]): Chain {
  const rules = rulesOf(policies);
  const plan = planOf(basis, rules.policy(basis.policyVersion), bookOf(basis, rules));
  const planning = (steps: readonly PlanStep[] = []): Planning => planningOf({ basis, plan, steps }, rules);
  const state: Chain['state'] = (facts = [], steps = []) => fold(planning(steps), facts);
  const terms: Chain['terms'] = ({ plan: inForce }) =>
    termsOf(inForce, rules.policy(inForce.policyVersion), {
      book: bookOf(inForce, rules),
      customerZone: basis.customerZone,
    });
  return {
    ...{ basis, plan, rules, planning, state, terms },
    stored: (facts, steps = []) => storedSteps(planning(steps), state(facts, steps)),
    look: (facts, now) => judge(terms(state(facts)), state(facts), now),
  };
}

/** Made on Monday 2 March 2026 at 10:00 in Tallinn, planned by the first version of everything. */
export const BASIS: Basis = {
  promised: { precision: 'instant', within: 'PT8H', calendar: 'office' },
  madeAt: at('2026-03-02T08:00Z'),
  target: null,
  customerZone: null,
  companyZone: 'Europe/Tallinn',
  place: 0,
  policyVersion: 1,
  calendars: { office: 1 },
};

/** A chain by documents: what they do not say is as in DOCUMENT. */
export const chainFor = (basis: Partial<Basis> = {}, ...documents: readonly Record<string, unknown>[]): Chain =>
  chainOf(
    { ...BASIS, ...basis },
    (documents.length > 0 ? documents : [{}]).map((document) => policy({ ...DOCUMENT, ...document })),
  );

export const lasting = (within: string, calendar: string | null = 'office'): Lasting => ({
  precision: 'instant',
  within,
  calendar,
});
