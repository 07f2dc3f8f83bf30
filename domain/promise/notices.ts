import type { NoticeKey } from './facts.ts';
import type { GrantedRemedy, NoticeRecord, PromiseState } from './fold.ts';
import { isOwnerUntold } from './hand-over.ts';
import { earliest, later, type Instant } from './instant.ts';
import type { Deadline } from './moves.ts';
import { MOST_NEWS } from './news.ts';
import { freshEstimate, freshUntil } from './phase.ts';
import { isLate, stands, type Plan, type Terms } from './plan.ts';
import type { NoticeReason } from './words.ts';

/** A notice that has its reason now. */
export interface OwedNotice extends NoticeKey {
  /** The planned instant; what is owed because of a fact is owed from now on. */
  readonly dueAt: Instant;
  /** At and after this it is no longer true to send it; null: as long as its reason stands. */
  readonly notValidAfter: Instant | null;
}

/** Once of each time that was agreed, the first and any since, before it has passed. */
export function confirmation(terms: Terms, state: PromiseState, now: Instant): OwedNotice | null {
  const { plan, confirms } = terms;
  const given = state.notices.some(
    ({ reason, state: became, ladder }) => reason === 'promised' && became !== 'dropped' && ladder === state.ladder,
  );
  if (!confirms || terms.news !== null || given || state.end || stands(plan) || now >= plan.promisedAt) return null;
  return { ...keyOf(state, 'promised'), dueAt: terms.decent(now, plan.promisedAt), notValidAfter: plan.promisedAt };
}

/** That the time may not hold: a fresh estimate says so, or nothing does at the last call. */
export function risk(terms: Terms, state: PromiseState, now: Instant): OwedNotice | null {
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
export function progress(terms: Terms, state: PromiseState, now: Instant): OwedNotice | null {
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
export function lastCallWithoutNews(terms: Terms, state: PromiseState): Instant | null {
  const { plan, withoutNews, news } = terms;
  if (withoutNews === null || warningOf(state) !== undefined || isToldLater(plan, state)) return null;
  if (news !== null && news >= MOST_NEWS) return null;
  const { estimate } = state;
  const safeUntil = estimate && !isLate(plan, estimate.at) ? freshUntil(terms, estimate) : plan.lastCallAt;
  const at = later(plan.lastCallAt, safeUntil);
  return at < plan.sendBy ? at : null;
}

/** Once per chain; where another promise of the customer was broken before, a person calls instead. */
export function recovery(terms: Terms, state: PromiseState, now: Instant): OwedNotice | null {
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
export function newOwner(
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
export function recoveryDue(terms: Terms, state: PromiseState): Instant {
  const hasNews = untoldRemedies(state).some(({ approved }) => !approved);
  return (hasNews ? null : newTimeOver(terms, state)) ?? terms.plan.recoveryAt;
}

/** When a later time that was told counts as passed; null where none was. */
export function newTimeOver(terms: Terms, { told: newest }: PromiseState): Instant | null {
  const { plan } = terms;
  if (stands({ promisedAt: newest.at }) || newest.at <= plan.promisedAt) return null;
  return later(plan.recoveryAt, terms.recoveryAfter(newest.at));
}

/** Remedies that hold and of which the customer does not know. */
export const untoldRemedies = ({ remedies, reversed, toldOf }: PromiseState): readonly GrantedRemedy[] =>
  remedies.filter(({ id }) => !reversed.includes(id) && !toldOf.includes(id));

/** A remedy that no apology tells of. */
export function remedy(terms: Terms, state: PromiseState, now: Instant): OwedNotice | null {
  if (untoldRemedies(state).length === 0 || refused(state, 'remedy')) return null;
  return { ...keyOf(state, 'remedy'), dueAt: terms.decent(now, null), notValidAfter: null };
}

/** The newest time that the customer was told is one after the deadline. */
const isToldLater = (plan: Plan, { told }: PromiseState): boolean =>
  !stands({ promisedAt: told.at }) && told.at > plan.promisedAt;

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

/** A notice of the reason has left. */
export const told = (state: PromiseState, reason: NoticeReason): boolean =>
  state.notices.some((notice) => notice.reason === reason && notice.state === 'sent');

/**
 * No channel will take it: not tried again until another time has been told. Where the outcome is unknown, the ladder
 * goes on as if the customer had not been told.
 */
export const refused = (state: PromiseState, reason: NoticeReason): boolean =>
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
