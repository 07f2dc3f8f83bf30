import type { Told } from '../promise/facts.ts';
import { inSeconds, inWholes, later, msBetween, plusMs, type Instant, type Zone } from '../promise/instant.ts';
import { stands, type Plan, type Terms } from '../promise/plan.ts';
import { termsWith } from '../policy/partner.ts';
import type { Policy } from '../policy/policy.ts';
import { baseOf, RUNGS, type Rung } from '../promise/words.ts';
import { NO_CALENDARS, type Book } from './book.ts';
import { bufferAfter } from './buffer-rules.ts';
import { plusDuration } from './durations.ts';
import { noticeTime, quietOf } from './quiet-hours.ts';
import { remedyTermsOf } from './remedy-offers.ts';
import { dayOf, plusDays, startOfDay } from './zones.ts';

export interface TermsOptions {
  /** Imported as it was: owes nothing. */
  readonly history?: boolean;
  readonly book?: Book;
  /** Whose quiet hours count; null: those of the promise's own zone. */
  readonly customerZone?: string | null;
  /** Confirmed to the customer at registration; absent: as this policy says. */
  readonly confirms?: boolean;
  /** As `Terms.news`. */
  readonly news?: number | null;
  /** Kept made it itself, because of another promise. */
  readonly follows?: boolean;
}

/** The plan together with what its policy says about times not known yet. */
export function termsOf(plan: Plan, policy: Policy, options: TermsOptions = {}): Terms {
  const { history = false, book = NO_CALENDARS, customerZone = null, news = null, follows = false } = options;
  const { confirms = policy.notices.promised } = options;
  const { zone } = plan;
  const { factLag } = termsWith(policy, book.partner?.partner ?? null);
  const spreadMs = stands(plan) ? 0 : msBetween(plusDuration(plan.promisedAt, factLag, zone), plan.recoveryAt);
  const quiet = quietOf(policy, customerZone ?? zone);
  return {
    plan,
    history,
    confirms,
    withoutNews: withoutNews(policy),
    news,
    freshUntil: (occurredAt) => plusDuration(occurredAt, policy.estimateFresh, zone),
    newTimeFor: (estimate) => newTime(plan, policy, estimate, book),
    nextNewsAfter: (now) => inWholes(plusDuration(now, policy.nextNews, zone, 'later'), now),
    recoveryAfter: (deadline) => plusMs(plusDuration(deadline, factLag, zone), spreadMs),
    decent: (at, before) => (quiet && noticeTime(at, before, quiet)) ?? at,
    remedies: policy.remedies && remedyTermsOf(policy.remedies, plan),
    follows,
    escalation: follows ? { ...policy.escalation, broken: withManager(policy.escalation.broken) } : policy.escalation,
    alertAgainAt: (at) => alertAgainAt(at, policy, zone),
  };
}

/** Who waits for an answer or a repair is told that there is no news yet; of other kinds, that it may take longer. */
function withoutNews({ kind, whenUnknown }: Policy): Terms['withoutNews'] {
  if (whenUnknown === 'silent') return null;
  const base = baseOf(kind);
  return base === 'reply' || base === 'repair' ? 'progress' : 'risk';
}

/** What we owe because a promise was broken, broken itself, is the manager's business. */
const withManager = (rungs: readonly Rung[]): readonly Rung[] =>
  RUNGS.filter((r) => r === 'manager' || rungs.includes(r));

/** The estimate plus the policy's buffer; for a day the whole local day it falls on, which holds the estimate, too. */
function newTime(plan: Plan, policy: Policy, estimate: Instant, book: Book): Told {
  const { zone } = plan;
  const at = inSeconds(bufferAfter(policy.buffer, estimate, plan.madeAt, zone, book));
  if (plan.precision !== 'day') return { at, day: null };
  const day = dayOf(later(plusMs(at, -1), estimate), zone);
  return { at: startOfDay(plusDays(day, 1), zone), day };
}

/** An alert that nobody acknowledges goes again after the policy's `repeat`, counted in the promise's zone. */
export const alertAgainAt = (at: Instant, { escalation }: Pick<Policy, 'escalation'>, zone: Zone): Instant | null =>
  escalation.repeat === null ? null : plusDuration(at, escalation.repeat, zone);
