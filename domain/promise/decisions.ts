import type { Fact, NoticeKey } from './facts.ts';
import type { PromiseState } from './fold.ts';
import { IDLE, later, type Instant } from './instant.ts';
import type { Judgement } from './judge.ts';
import { FIRST_LADDER } from './moves.ts';
import type { OwedNotice } from './notices.ts';
import type { Terms } from './plan.ts';
import type { DropCause, NoticeReason, Rung } from './words.ts';

/**
 * What the doors to the engine decide, as pure functions: which rows settle writes, when it pokes, what starter and
 * perform may do. Called by `db/`, `temporal/` and `activities/`; they hold rows and queues and decide nothing.
 */

/** A notice row not ended yet. */
export interface UnfinishedNotice extends NoticeKey {
  readonly id: string;
  readonly notValidAfter: Instant | null;
  /** A worker holds it, or died while holding it: its text may have left the house. */
  readonly claimed: boolean;
}

/** What settle does to the notice rows of one promise. */
export interface NoticeChanges {
  readonly insert: readonly OwedNotice[];
  readonly drop: readonly { readonly id: string; readonly key: NoticeKey; readonly cause: DropCause }[];
}

/** Rows for what is newly owed; an end for what lost its reason. A claimed notice is never dropped: it may be out already. */
export function noticeChanges(
  judged: Judgement,
  state: PromiseState,
  unfinished: readonly UnfinishedNotice[],
  now: Instant,
): NoticeChanges {
  const owed = new Map(judged.owed.map((notice) => [notice.reason, notice]));
  const stands = (notice: UnfinishedNotice): boolean => {
    const newest = owed.get(notice.reason);
    return notice.claimed || (newest !== undefined && isSameWord(notice, newest, state));
  };
  const dropped = unfinished.filter((notice) => !stands(notice));
  const held = new Set<NoticeReason>(unfinished.filter(stands).map((notice) => notice.reason));
  return {
    insert: judged.owed
      .filter((notice) => !held.has(notice.reason))
      .map((notice) => ({ ...notice, occasion: notice.occasion + dropped.filter(isNamed(notice)).length })),
    drop: dropped.map((notice) => ({
      id: notice.id,
      key: notice,
      cause: owed.has(notice.reason) ? 'no_longer_due' : dropCause(state, notice, now),
    })),
  };
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

/** A plan that has moved makes another word of it: valid until another time, or about another time that was agreed. */
const isSameWord = (row: UnfinishedNotice, owed: OwedNotice, { agreedRevision }: PromiseState): boolean =>
  row.notValidAfter === owed.notValidAfter &&
  ((row.reason !== 'risk' && row.reason !== 'progress') || row.revision >= agreedRevision);

/** Whether a row bears the key that a notice would have. */
const isNamed =
  (notice: NoticeKey) =>
  (row: NoticeKey): boolean =>
    row.reason === notice.reason && row.revision === notice.revision && row.occasion === notice.occasion;

/**
 * The facts that staff were alerted: of missed checkpoints, then of the ladder, then of calls that are due. Each time that was
 * agreed has a ladder of its own, and its alerts keys of their own.
 */
export function alertFacts(
  { escalation }: Terms,
  state: PromiseState,
  judged: Judgement,
  now: Instant,
): readonly Fact[] {
  const isFirst = state.ladder === FIRST_LADDER;
  const [suffix, ladder] = isFirst ? ['', {}] : [`:${state.ladder}`, { ladder: state.ladder }];
  const given = (
    key: string,
    rungs: readonly Rung[],
    more: Pick<Escalated, 'reason' | 'checkpoint' | 'call'>,
  ): Fact => {
    return { kind: 'escalated', factKey: `alert:${key}${suffix}`, occurredAt: now, rungs, ...more, ...ladder };
  };
  return [
    ...judged.missed.map((checkpoint) =>
      given(`checkpoint:${checkpoint}`, escalation.checkpoint, { reason: 'checkpoint', checkpoint }),
    ),
    ...judged.alerts.map((reason) => given(reason, escalation[reason], { reason })),
    ...judged.calls.map((call) => given(`callback:${call}`, ['owner'], { reason: 'callback', call })),
  ];
}

type Escalated = Extract<Fact, { kind: 'escalated' }>;

/** What the engine knows of a promise: when its workflow looks by itself (`IDLE`: only when poked; null: no workflow). */
export interface Engaged {
  readonly armedAt: Instant | null;
  readonly closed: boolean;
}

/** What settle found out about the same promise. */
export interface Settled {
  readonly wakeAt: Instant | null;
  readonly closed: boolean;
  /** A notice row was inserted. */
  readonly noticeOwed: boolean;
  /** Notice rows still to be worked on. */
  readonly unfinished: boolean;
}

/** Whether the workflow must look earlier than it would by itself. */
export function needsPoke(before: Engaged, after: Settled): boolean {
  if (after.noticeOwed) return true;
  if (after.closed) return !before.closed && before.armedAt !== null;
  if (before.closed) return true;
  return before.armedAt !== null && after.wakeAt !== null && after.wakeAt < before.armedAt;
}

/** `armedAt` once the workflow itself has been answered: it will look at `wakeAt`, or only when poked. */
export function armedByAnswer(after: Settled): Instant | null {
  return after.closed && !after.unfinished ? null : (after.wakeAt ?? IDLE);
}

/** `armedAt` after a change the workflow has not seen: closing disarms, everything else leaves it as it was. */
export function armedByChange(before: Engaged, after: Settled): Instant | null {
  return after.closed ? null : before.armedAt;
}

/**
 * `armedAt` once the starter put a workflow to sleep until `sleepsUntil`. It may have looked and been answered before
 * the starter says so: the later instant costs a poke too many, the earlier one would lose a poke.
 */
export function armedByStart(current: { readonly armedAt: Instant | null }, sleepsUntil: Instant): Instant {
  return current.armedAt === null ? sleepsUntil : later(current.armedAt, sleepsUntil);
}

/**
 * After the starter put a workflow to sleep until `sleepsUntil`: what had changed meanwhile, and needs a poke. A settle
 * that ran between the starter's read and its start saw no workflow, so it sent none.
 */
export function pokeAfterStart(sleepsUntil: Instant, current: { wakeAt: Instant | null; closed: boolean }): boolean {
  return current.closed || (current.wakeAt !== null && current.wakeAt < sleepsUntil);
}

/** A claimed notice whose claim has run out: send the same text again, or give up because it is no longer true. */
export function resend(notValidAfter: Instant | null, now: Instant): 'same_text' | 'give_up' {
  return notValidAfter !== null && now >= notValidAfter ? 'give_up' : 'same_text';
}
