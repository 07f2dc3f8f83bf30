import { nextCall, type DueCall } from './attempts.ts';
import type { NoticeKey } from './facts.ts';
import type { PromiseState } from './fold.ts';
import { earliest, type Instant } from './instant.ts';
import {
  confirmation,
  lastCallWithoutNews,
  newOwner,
  newTimeOver,
  progress,
  recovery,
  recoveryDue,
  refused,
  remedy,
  risk,
  told,
  type OwedNotice,
} from './notices.ts';
import { freshEstimate, knownLate, outcomeOf, phaseOf } from './phase.ts';
import { isLate, stands, type Plan, type Terms } from './plan.ts';
import type { LadderAlert, NoticeReason, Outcome, Phase } from './words.ts';

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
  const news = NOTICES.flatMap((noticeOf) => noticeOf(terms, state, now) ?? []);
  const isSorry = news.some(({ reason }) => reason === 'recovery');
  const others = [isSorry ? null : remedy(terms, state, now), newOwner(terms, state, now, news)];
  const owed = [...news, ...others].filter((notice) => notice !== null);
  const againAt = secondBreakAt(terms, state);
  const alerted = alerts(terms, state, now, news);
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

const isWarning = ({ reason }: Pick<NoticeKey, 'reason'>): boolean => reason === 'risk' || reason === 'progress';

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

/** When it breaks for the second time, the newest time told having passed, too; null: it does not, or that is known. */
function secondBreakAt(terms: Terms, state: PromiseState): Instant | null {
  if (terms.follows || state.end || state.secondBreak !== null || stands(terms.plan)) return null;
  return state.revision === state.agreedRevision ? null : newTimeOver(terms, state);
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
