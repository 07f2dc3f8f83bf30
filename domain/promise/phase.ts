import type { PromiseState } from './fold.ts';
import type { Instant } from './instant.ts';
import { waitingAt, type Deadline } from './moves.ts';
import { isLate, type Terms } from './plan.ts';
import type { Outcome, Phase } from './words.ts';

/** What a phase follows from, beside the facts. */
export type PhaseTerms = Pick<Terms, 'plan' | 'freshUntil'>;

/**
 * The phase at `now`. `overdue`, `at_risk` and the end of a pause follow from the clock; the others from facts alone. A
 * promise that is known to be late is at risk, though it waits for the customer.
 */
export function phaseOf(terms: PhaseTerms, state: PromiseState, now: Instant): Phase {
  if (state.end) return outcomeOf(terms.plan, state.end);
  if (isLate(terms.plan, now)) return 'overdue';
  if (knownLate(terms, state, now)) return 'at_risk';
  return waitingAt(state.waiting, now)?.for === 'customer' ? 'paused' : 'open';
}

/** How an ended promise is counted: late or taken back by the company is broken. */
export function outcomeOf(plan: Deadline, end: NonNullable<PromiseState['end']>): Outcome {
  if (end.kind === 'unreachable') return 'unreachable';
  if (end.kind === 'fulfilled') return isLate(plan, end.at, end.asDay) ? 'broken' : 'kept';
  if (end.by === 'company') return 'broken';
  return end.by === 'customer' && isLate(plan, end.at) ? 'broken' : 'withdrawn';
}

/** The newest estimate, as long as it is to be trusted. */
export function freshEstimate(terms: PhaseTerms, state: PromiseState, now: Instant): PromiseState['estimate'] {
  return state.estimate && now < freshUntil(terms, state.estimate) ? state.estimate : null;
}

/** Until when an estimate is to be trusted; at that instant it is not any more. */
export const freshUntil = (terms: PhaseTerms, estimate: NonNullable<PromiseState['estimate']>): Instant =>
  estimate.freshUntil ?? terms.freshUntil(estimate.occurredAt);

/** A fresh estimate says the promised time will not be held. */
export function knownLate(terms: PhaseTerms, state: PromiseState, now: Instant): boolean {
  const estimate = freshEstimate(terms, state, now);
  return estimate !== null && isLate(terms.plan, estimate.at);
}
