import type { NoticeKey, Told } from './facts.ts';
import type { NoticeRecord, PromiseState } from './fold.ts';
import { earliest, later, type Instant } from './instant.ts';
import { isLate, type Plan, type Terms } from './plan.ts';
import type { AlertReason, DropCause, NoticeReason, Outcome, Phase } from './words.ts';

/** A notice that has its reason now. */
export interface OwedNotice extends NoticeKey {
  /** The planned instant; what is owed because of a fact is owed from now on. */
  readonly dueAt: Instant;
  /** At and after this it is no longer true to send it; null: as long as its reason stands. */
  readonly notValidAfter: Instant | null;
}

/** Where a promise stands at one instant, and what is owed. */
export interface Judgement {
  readonly phase: Phase;
  /** Every notice that has its reason now, whether or not a row for it exists already. */
  readonly owed: readonly OwedNotice[];
  /** Alerts not yet given. */
  readonly alerts: readonly AlertReason[];
  /** The next instant at which, without further facts, a new duty is owed; null when there is none. Always after `now`. */
  readonly wakeAt: Instant | null;
  readonly closed: Outcome | null;
}

/**
 * Lets time pass up to `now`: the ladder of `docs/glossary.md`. Pure and total.
 *
 * A rung once climbed voids the lower ones: a warned promise owes no slip alert, a broken one no warning.
 */
export function judge(terms: Terms, state: PromiseState, now: Instant): Judgement {
  const closed = state.end ? outcomeOf(terms.plan, state.end) : null;
  if (terms.history) return { phase: phaseOf(terms, state, now), owed: [], alerts: [], wakeAt: null, closed };
  const owed = [confirmation(terms, state, now), risk(terms, state, now), recovery(terms, state, now)].filter(
    (notice) => notice !== null,
  );
  const alerted = alerts(terms, state, now, owed);
  return {
    phase: phaseOf(terms, state, now),
    owed,
    alerts: alerted,
    wakeAt: state.end ? null : nextDuty(terms, state, now, new Set([...state.alerted, ...alerted]), owed),
    closed,
  };
}

/** The phase at `now`. `overdue` and `at_risk` follow from the clock; the others from facts alone. */
export function phaseOf(terms: Terms, state: PromiseState, now: Instant): Phase {
  if (state.end) return outcomeOf(terms.plan, state.end);
  if (isLate(terms.plan, now)) return 'overdue';
  return knownLate(terms, state, now) ? 'at_risk' : 'open';
}

/** How an ended promise is counted: late or taken back by the company is broken. */
export function outcomeOf(plan: Plan, end: NonNullable<PromiseState['end']>): Outcome {
  if (end.kind === 'fulfilled') return isLate(plan, end.at, end.asDay) ? 'broken' : 'kept';
  if (end.by === 'company') return 'broken';
  return end.by === 'customer' && isLate(plan, end.at) ? 'broken' : 'withdrawn';
}

/** What a notice of this reason can say about time, if it leaves at `now`. */
export function tellable(
  terms: Terms,
  state: PromiseState,
  reason: NoticeReason,
  now: Instant,
): { readonly told: Told | null; readonly nextNewsAt: Instant | null } {
  if (reason === 'promised' || state.end) return { told: null, nextNewsAt: null };
  const estimate = freshEstimate(terms, state, now);
  const told = estimate && isLate(terms.plan, estimate.at) ? terms.newTimeFor(estimate.at) : null;
  return told !== null && told.at > now
    ? { told, nextNewsAt: null }
    : { told: null, nextNewsAt: terms.nextNewsAfter(now) };
}

/** Why an unfinished notice that is owed no longer is given up. */
export function dropCause(state: PromiseState, notValidAfter: Instant | null, now: Instant): DropCause {
  if (state.end) return state.end.kind;
  return notValidAfter !== null && now >= notValidAfter ? 'expired' : 'no_longer_due';
}

function confirmation({ plan, confirms }: Terms, state: PromiseState, now: Instant): OwedNotice | null {
  const given = state.notices.some((notice) => notice.reason === 'promised' && notice.state !== 'dropped');
  if (!confirms || given || state.end || now >= plan.promisedAt) return null;
  return { ...keyOf(state, 'promised'), dueAt: now, notValidAfter: plan.promisedAt };
}

function risk(terms: Terms, state: PromiseState, now: Instant): OwedNotice | null {
  const { plan } = terms;
  if (state.end || now >= plan.sendBy || refused(state, 'risk')) return null;
  const slipped = freshEstimate(terms, state, now);
  const unheard = slipped !== null && isLate(newestTold(plan, state), slipped.at);
  const lastCall = lastCallWithoutNews(terms, state);
  const owed = unheard || (lastCall !== null && now >= lastCall);
  if (!owed) return null;
  const dueAt = unheard ? now : (lastCall ?? now);
  return { ...keyOf(state, 'risk'), dueAt, notValidAfter: plan.sendBy };
}

/** The newest told time as a deadline; what a notice told is a day or an instant. */
function newestTold(plan: Plan, { revision, told }: PromiseState): Pick<Plan, 'precision' | 'promisedAt'> {
  if (revision === 1) return plan;
  return { precision: told.day === null ? 'instant' : 'day', promisedAt: told.at };
}

/**
 * When the last call falls due without trustworthy news: from `lastCallAt` on, as soon as no fresh estimate says "in
 * time". Null where nothing is to be said: the customer was warned already, or the policy is silent without news.
 */
function lastCallWithoutNews(terms: Terms, state: PromiseState): Instant | null {
  const { plan, whenUnknown } = terms;
  if (whenUnknown === 'silent' || told(state, 'risk')) return null;
  const { estimate } = state;
  const safeUntil = estimate && !isLate(plan, estimate.at) ? terms.freshUntil(estimate.occurredAt) : plan.lastCallAt;
  const at = later(plan.lastCallAt, safeUntil);
  return at < plan.sendBy ? at : null;
}

function recovery(terms: Terms, state: PromiseState, now: Instant): OwedNotice | null {
  if (told(state, 'recovery') || refused(state, 'recovery')) return null;
  if (state.end) {
    const ours = state.end.kind === 'withdrawn' && state.end.by === 'company';
    return ours ? { ...keyOf(state, 'recovery'), dueAt: now, notValidAfter: null } : null;
  }
  const dueAt = recoveryDue(terms, state);
  return now >= dueAt ? { ...keyOf(state, 'recovery'), dueAt, notValidAfter: null } : null;
}

/** A new time that was told and still stands puts the one apology off until it has passed, too. */
function recoveryDue(terms: Terms, state: PromiseState): Instant {
  const { plan } = terms;
  return state.told.at > plan.promisedAt ? later(plan.recoveryAt, terms.recoveryAfter(state.told.at)) : plan.recoveryAt;
}

function alerts(terms: Terms, state: PromiseState, now: Instant, owed: readonly OwedNotice[]): AlertReason[] {
  const { plan } = terms;
  const given = (reason: AlertReason): boolean => state.alerted.includes(reason);
  if (given('broken')) return [];
  if (state.end) return state.end.kind === 'withdrawn' && state.end.by === 'company' ? ['broken'] : [];
  if (now >= plan.recoveryAt) return ['broken'];
  if (isLate(plan, now) || given('at_risk')) return [];
  if (knownLate(terms, state, now) || owed.some((notice) => notice.reason === 'risk')) return ['at_risk'];
  return !given('slip') && slipping(terms, state, now) ? ['slip'] : [];
}

function slipping(terms: Terms, state: PromiseState, now: Instant): boolean {
  const estimate = freshEstimate(terms, state, now);
  return now >= terms.plan.targetAt || (estimate !== null && estimate.at > terms.plan.targetAt);
}

/** Solved for, never polled: the first instant after `now` at which one more rung is due, what is owed now being done. */
function nextDuty(
  terms: Terms,
  state: PromiseState,
  now: Instant,
  alerted: ReadonlySet<AlertReason>,
  owed: readonly OwedNotice[],
): Instant | null {
  const { plan } = terms;
  const settled = (reason: NoticeReason): boolean =>
    refused(state, reason) || owed.some((notice) => notice.reason === reason);
  const instants = [
    alerted.size === 0 && !isLate(plan, plan.targetAt) ? plan.targetAt : null,
    settled('risk') ? null : lastCallWithoutNews(terms, state),
    alerted.has('broken') ? null : plan.recoveryAt,
    settled('recovery') || told(state, 'recovery') ? null : recoveryDue(terms, state),
  ];
  return earliest(instants.map((at) => (at !== null && at > now ? at : null)));
}

function freshEstimate(terms: Terms, state: PromiseState, now: Instant): PromiseState['estimate'] {
  return state.estimate && now < terms.freshUntil(state.estimate.occurredAt) ? state.estimate : null;
}

/** A fresh estimate says the promised time will not be held. */
function knownLate(terms: Terms, state: PromiseState, now: Instant): boolean {
  const estimate = freshEstimate(terms, state, now);
  return estimate !== null && isLate(terms.plan, estimate.at);
}

const told = (state: PromiseState, reason: NoticeReason): boolean =>
  state.notices.some((notice) => notice.reason === reason && notice.state === 'sent');

/**
 * No channel will take it: not tried again until another time has been told. Where the outcome is unknown, the ladder
 * goes on as if the customer had not been told.
 */
const refused = (state: PromiseState, reason: NoticeReason): boolean =>
  state.notices.some((n) => n.reason === reason && n.revision === revisionFor(state, reason) && n.state === 'failed');

/**
 * The key of the next notice of a reason. It names the newest told revision; a notice that may have reached the customer
 * without telling a time is followed by the next number, so that no two of her mails bear the same `reason:revision`.
 * Those that never left count as occasions.
 */
function keyOf(state: PromiseState, reason: NoticeReason): NoticeKey {
  const revision = revisionFor(state, reason);
  const left = (notice: NoticeRecord): boolean => notice.reason === reason && notice.revision === revision;
  return { reason, revision, occasion: state.notices.filter(left).length };
}

function revisionFor(state: PromiseState, reason: NoticeReason): number {
  const untimed = (n: NoticeRecord): boolean =>
    n.reason === reason && ((n.state === 'sent' && n.told === null) || n.outcome === 'unknown');
  return state.revision + state.notices.filter(untimed).length;
}
