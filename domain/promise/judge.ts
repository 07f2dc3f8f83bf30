import { nextCall, type DueCall } from './attempts.ts';
import type { NoticeKey, Told } from './facts.ts';
import type { GrantedRemedy, NoticeRecord, PromiseState } from './fold.ts';
import { isOwnerUntold } from './hand-over.ts';
import { earliest, later, type Instant } from './instant.ts';
import { waitingAt, type Deadline } from './moves.ts';
import { isLate, stands, type Plan, type Terms } from './plan.ts';
import { MOST_NEWS } from './news.ts';
import type { LadderAlert, DropCause, NoticeReason, Outcome, Phase } from './words.ts';

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
  /** Alerts not yet given, but for missed checkpoints. */
  readonly alerts: readonly LadderAlert[];
  /** Checkpoints that were missed and not yet alerted. */
  readonly missed: readonly string[];
  /** Calls that are due and of which the owner has not been reminded yet. */
  readonly calls: readonly string[];
  /** The newest time told has passed, too, and nothing was done about it yet: a person has to call. */
  readonly again: boolean;
  /** The next instant at which, without further facts, a new duty is owed; null when there is none. Always after `now`. */
  readonly wakeAt: Instant | null;
  readonly closed: Outcome | null;
}

/**
 * Lets time pass up to `now`: the ladder of `docs/glossary.md`. Pure and total.
 *
 * A rung once climbed voids the lower ones: a warned promise owes no slip alert, a broken one no warning. A checkpoint is
 * voided by a warning, not by a slip.
 */
export function judge(terms: Terms, state: PromiseState, now: Instant): Judgement {
  const closed = state.end ? outcomeOf(terms.plan, state.end) : null;
  if (terms.history)
    return {
      ...{ phase: phaseOf(terms, state, now), owed: [], alerts: [], missed: [], calls: [] },
      ...{ again: false, wakeAt: null, closed },
    };
  const told = NOTICES.flatMap((noticeOf) => noticeOf(terms, state, now) ?? []);
  const isSorry = told.some(({ reason }) => reason === 'recovery');
  const others = [isSorry ? null : remedy(terms, state, now), newOwner(terms, state, now, told)];
  const owed = [...told, ...others].filter((notice) => notice !== null);
  const againAt = secondBreakAt(terms, state);
  const alerted = alerts(terms, state, now, told);
  const given = new Set([...state.alerted, ...alerted]);
  return {
    phase: phaseOf(terms, state, now),
    owed,
    alerts: alerted,
    missed: pendingCheckpoints(terms, state, now, given).flatMap(({ name, at }) => (at <= now ? [name] : [])),
    calls: pendingCalls(terms, state, now).flatMap(({ call, remindAt }) => (remindAt <= now ? [call] : [])),
    again: againAt !== null && againAt <= now,
    wakeAt: state.end ? null : nextDuty(terms, state, now, given, owed),
    closed,
  };
}

/** Each says whether a notice of its reason is owed. */
const NOTICES = [confirmation, risk, progress, recovery] as const;

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

/**
 * What a notice of this reason can say about time, if it leaves at `now`. `inARow`: how often the customer was put off since
 * a person last was in touch; put off for long enough, she is given no further time at which nobody may write.
 */
export function tellable(
  terms: Terms,
  state: PromiseState,
  reason: NoticeReason,
  now: Instant,
  inARow = 0,
): { readonly told: Told | null; readonly nextNewsAt: Instant | null } {
  if (reason === 'promised' || reason === 'remedy' || state.end) return { told: null, nextNewsAt: null };
  // Who looks after it now is no news of the promise itself.
  const isOfOwner = reason === 'progress' && isOwnerUntold(state) && progress(terms, state, now) === null;
  if (isOfOwner) return { told: null, nextNewsAt: null };
  const estimate = reason === 'progress' ? null : freshEstimate(terms, state, now);
  const newest = estimate && isLate(terms.plan, estimate.at) ? terms.newTimeFor(estimate.at) : null;
  // An apology that goes while a later time stands says that time again, where there is no newer one.
  const told = newest ?? (reason === 'recovery' && newTimeOver(terms, state) !== null ? state.told : null);
  if (told !== null && told.at > now) return { told, nextNewsAt: null };
  return { told: null, nextNewsAt: inARow < MOST_NEWS ? terms.nextNewsAfter(now) : null };
}

/** Why an unfinished notice that is owed no longer is given up. */
export function dropCause(
  state: PromiseState,
  { reason, notValidAfter }: { readonly reason: NoticeReason; readonly notValidAfter: Instant | null },
  now: Instant,
): DropCause {
  if (reason === 'remedy') return 'no_longer_due';
  if (state.end) return state.end.kind === 'unreachable' ? 'no_longer_due' : state.end.kind;
  return notValidAfter !== null && now >= notValidAfter ? 'expired' : 'no_longer_due';
}

function confirmation(terms: Terms, state: PromiseState, now: Instant): OwedNotice | null {
  const { plan, confirms } = terms;
  const given = state.notices.some((notice) => notice.reason === 'promised' && notice.state !== 'dropped');
  if (!confirms || terms.news !== null || given || state.end || stands(plan) || now >= plan.promisedAt) return null;
  return { ...keyOf(state, 'promised'), dueAt: terms.decent(now, plan.promisedAt), notValidAfter: plan.promisedAt };
}

function risk(terms: Terms, state: PromiseState, now: Instant): OwedNotice | null {
  const { plan } = terms;
  if (!mayWarn(terms, state, now) || terms.news !== null || refused(state, 'risk')) return null;
  const unheard = isUnheard(terms, state, now);
  const lastCall = terms.withoutNews === 'risk' ? lastCallWithoutNews(terms, state) : null;
  const owed = unheard || (lastCall !== null && now >= lastCall);
  if (!owed) return null;
  const at = unheard ? now : (lastCall ?? now);
  const dueAt = terms.decent(at, plan.lastCallAt);
  return { ...keyOf(state, 'risk'), dueAt, notValidAfter: plan.sendBy };
}

/** Word at the last call that nothing is known yet, for who waits for an answer. It says that the time may not hold. */
function progress(terms: Terms, state: PromiseState, now: Instant): OwedNotice | null {
  const { plan, withoutNews } = terms;
  if (withoutNews !== 'progress' || !mayWarn(terms, state, now) || refused(state, 'progress')) return null;
  const lastCall = lastCallWithoutNews(terms, state);
  if (lastCall === null || now < lastCall || isUnheard(terms, state, now)) return null;
  return {
    ...keyOf(state, 'progress'),
    dueAt: terms.decent(lastCall, plan.lastCallAt),
    notValidAfter: plan.sendBy,
  };
}

/** No text says that a time may not hold where there is none, once it has passed or will while the text is on its way. */
const mayWarn = ({ plan }: Terms, state: PromiseState, now: Instant): boolean =>
  !state.end && !stands(plan) && now < plan.sendBy;

/**
 * A fresh estimate is later than what was promised, and than the newest time that the customer was told: one that was told
 * beside the promise stays where pauses move the deadline past it.
 */
function isUnheard(terms: Terms, state: PromiseState, now: Instant): boolean {
  const slipped = freshEstimate(terms, state, now);
  return slipped !== null && isLate(terms.plan, slipped.at) && isLate(newestTold(terms.plan, state), slipped.at);
}

/** The newest told time as a deadline, as exactly as it was told. */
function newestTold(plan: Plan, { agreedRevision, revisions }: PromiseState): Deadline {
  const newest = revisions.at(-1);
  if (!newest || newest.revision === agreedRevision || stands({ promisedAt: newest.told.at })) return plan;
  return { precision: newest.precision, promisedAt: newest.told.at };
}

/**
 * When the last call falls due without trustworthy news: from `lastCallAt` on, as soon as no fresh estimate says "in
 * time". Null where nothing is to be said: the policy is silent without news, the customer was warned already, or was told
 * a later time that still stands, or has been put off for long enough.
 */
function lastCallWithoutNews(terms: Terms, state: PromiseState): Instant | null {
  const { plan, withoutNews, news } = terms;
  if (withoutNews === null || warningOf(state) !== undefined || isToldLater(plan, state)) return null;
  if (news !== null && news >= MOST_NEWS) return null;
  const { estimate } = state;
  const safeUntil = estimate && !isLate(plan, estimate.at) ? freshUntil(terms, estimate) : plan.lastCallAt;
  const at = later(plan.lastCallAt, safeUntil);
  return at < plan.sendBy ? at : null;
}

/** Once per chain; where another promise of the customer was broken before, a person calls instead. */
function recovery(terms: Terms, state: PromiseState, now: Instant): OwedNotice | null {
  if (terms.news !== null) return null;
  if (told(state, 'recovery') || refused(state, 'recovery') || state.secondBreak === 'customer') return null;
  if (state.end) {
    const ours = state.end.kind === 'withdrawn' && state.end.by === 'company';
    return ours ? { ...keyOf(state, 'recovery'), dueAt: terms.decent(now, null), notValidAfter: null } : null;
  }
  const dueAt = recoveryDue(terms, state);
  if (now < dueAt) return null;
  return { ...keyOf(state, 'recovery'), dueAt: terms.decent(dueAt, null), notValidAfter: null };
}

/**
 * Who was told bad news by one of the staff is told at once who looks after it now, where that is somebody else. Any other
 * notice that is on its way names the new one, too.
 */
function newOwner(
  terms: Terms,
  state: PromiseState,
  now: Instant,
  owed: readonly (OwedNotice | null)[],
): OwedNotice | null {
  if (state.end || !isOwnerUntold(state) || refused(state, 'progress')) return null;
  if (owed.some((notice) => notice !== null && notice.reason !== 'promised')) return null;
  return { ...keyOf(state, 'progress'), dueAt: terms.decent(now, null), notValidAfter: null };
}

/**
 * A new time that was told and still stands puts the one apology off until it has passed, too, unless there is a remedy to
 * tell of. One that had to be approved is told by itself.
 */
function recoveryDue(terms: Terms, state: PromiseState): Instant {
  const hasNews = untoldRemedies(state).some(({ approved }) => !approved);
  return (hasNews ? null : newTimeOver(terms, state)) ?? terms.plan.recoveryAt;
}

/** When a later time that was told counts as passed; null where none was. */
function newTimeOver(terms: Terms, { told: newest }: PromiseState): Instant | null {
  const { plan } = terms;
  if (stands({ promisedAt: newest.at }) || newest.at <= plan.promisedAt) return null;
  return later(plan.recoveryAt, terms.recoveryAfter(newest.at));
}

/** When it breaks for the second time, the newest time told having passed, too; null: it does not, or that is known. */
function secondBreakAt(terms: Terms, state: PromiseState): Instant | null {
  if (terms.follows || state.end || state.secondBreak !== null || stands(terms.plan)) return null;
  return state.revision === state.agreedRevision ? null : newTimeOver(terms, state);
}

/** Remedies that hold and of which the customer does not know. */
export const untoldRemedies = ({ remedies, reversed, toldOf }: PromiseState): readonly GrantedRemedy[] =>
  remedies.filter(({ id }) => !reversed.includes(id) && !toldOf.includes(id));

/** A remedy that no apology tells of. */
function remedy(terms: Terms, state: PromiseState, now: Instant): OwedNotice | null {
  if (untoldRemedies(state).length === 0 || refused(state, 'remedy')) return null;
  return { ...keyOf(state, 'remedy'), dueAt: terms.decent(now, null), notValidAfter: null };
}

/** The newest time that the customer was told is one after the deadline. */
const isToldLater = (plan: Plan, { told }: PromiseState): boolean =>
  !stands({ promisedAt: told.at }) && told.at > plan.promisedAt;

function alerts(terms: Terms, state: PromiseState, now: Instant, owed: readonly OwedNotice[]): LadderAlert[] {
  const { plan } = terms;
  const given = (reason: LadderAlert): boolean => state.alerted.includes(reason);
  if (given('broken')) return [];
  if (state.end) return state.end.kind === 'withdrawn' && state.end.by === 'company' ? ['broken'] : [];
  if (now >= plan.recoveryAt) return ['broken'];
  if (isLate(plan, now) || given('at_risk')) return [];
  if (knownLate(terms, state, now) || owed.some(isWarning)) return ['at_risk'];
  return !given('slip') && slipping(terms, state, now) ? ['slip'] : [];
}

function slipping(terms: Terms, state: PromiseState, now: Instant): boolean {
  const estimate = freshEstimate(terms, state, now);
  return now >= terms.plan.targetAt || (estimate !== null && estimate.at > terms.plan.targetAt);
}

/**
 * Checkpoints not passed nor alerted yet, as long as the customer's slip is not known and the promise is not late. That our
 * own target has passed says nothing of a partner: both are alerted.
 */
function pendingCheckpoints(
  { plan }: Terms,
  state: PromiseState,
  now: Instant,
  alerted: ReadonlySet<LadderAlert>,
): Plan['checkpoints'] {
  if (state.end || alerted.has('at_risk') || alerted.has('broken') || isLate(plan, now)) return [];
  return plan.checkpoints.filter(
    ({ name, at }) => !Object.hasOwn(state.passed, name) && !state.missed.includes(name) && !isLate(plan, at),
  );
}

/** The call of which whoever is the owner now is still to be reminded, as long as the promise is not late. */
function pendingCalls({ plan }: Terms, state: PromiseState, now: Instant): readonly DueCall[] {
  if (state.end || isLate(plan, now)) return [];
  const next = nextCall(plan, state.tried, state.handOvers);
  return next === null || state.reminded.includes(next.call) ? [] : [next];
}

/** Solved for, never polled: the first instant after `now` at which one more rung is due, what is owed now being done. */
function nextDuty(
  terms: Terms,
  state: PromiseState,
  now: Instant,
  alerted: ReadonlySet<LadderAlert>,
  owed: readonly OwedNotice[],
): Instant | null {
  const { plan } = terms;
  const settled = (reason: NoticeReason): boolean =>
    refused(state, reason) || owed.some((notice) => notice.reason === reason);
  if (stands(plan)) return null;
  const instants = [
    ...pendingCheckpoints(terms, state, now, alerted).map(({ at }) => at),
    ...pendingCalls(terms, state, now).map(({ remindAt }) => remindAt),
    alerted.size === 0 && !isLate(plan, plan.targetAt) ? plan.targetAt : null,
    settled(terms.withoutNews ?? 'risk') ? null : lastCallWithoutNews(terms, state),
    alerted.has('broken') ? null : plan.recoveryAt,
    settled('recovery') || told(state, 'recovery') || terms.news !== null || state.secondBreak === 'customer'
      ? null
      : recoveryDue(terms, state),
    secondBreakAt(terms, state),
  ];
  return earliest(instants.map((at) => (at !== null && at > now ? at : null)));
}

export function freshEstimate(terms: PhaseTerms, state: PromiseState, now: Instant): PromiseState['estimate'] {
  return state.estimate && now < freshUntil(terms, state.estimate) ? state.estimate : null;
}

const freshUntil = (terms: PhaseTerms, estimate: NonNullable<PromiseState['estimate']>): Instant =>
  estimate.freshUntil ?? terms.freshUntil(estimate.occurredAt);

/** A fresh estimate says the promised time will not be held. */
function knownLate(terms: PhaseTerms, state: PromiseState, now: Instant): boolean {
  const estimate = freshEstimate(terms, state, now);
  return estimate !== null && isLate(terms.plan, estimate.at);
}

const isWarning = ({ reason }: Pick<NoticeKey, 'reason'>): boolean => reason === 'risk' || reason === 'progress';

/**
 * The first warning about the time in force: what was said about one agreed before warns of nothing any more, nor does word
 * of who looks after it; and word of progress after the deadline comes too late for one.
 */
const warningOf = ({ notices, ladder, plan }: PromiseState): NoticeRecord | undefined =>
  notices.find(
    (notice) =>
      notice.state === 'sent' &&
      notice.ladder === ladder &&
      !notice.isOfOwner &&
      (notice.reason === 'risk' || (notice.reason === 'progress' && notice.at < plan.promisedAt)),
  );

/** When the customer first learnt that the time in force may not hold: by a notice, or by a later time told before it. */
export function warnedAt(state: PromiseState): Instant | null {
  const { plan, revisions, agreedRevision } = state;
  const told = revisions.find(
    ({ revision, at, told: time }) =>
      revision > agreedRevision && at < plan.promisedAt && isToldLater(plan, { ...state, told: time }),
  );
  return earliest([warningOf(state)?.at ?? null, told?.at ?? null]);
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
