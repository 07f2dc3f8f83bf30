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

/** A promise as the starter finds it. */
export interface Startable extends Engaged {
  readonly wakeAt: Instant | null;
  /** The engine that is known to have its workflow; 0: none is. */
  readonly engineEpoch: number;
  /** Notice rows are still to be worked on. */
  readonly unfinished: boolean;
  /**
   * `waiting`: it will start it. `carried`: somebody has just taken it, and it may have gone to an engine that was emptied since.
   * `none`: there is none, or whoever took it has been silent for too long.
   */
  readonly poke: 'none' | 'waiting' | 'carried';
}

/**
 * Until when the starter lets a workflow sleep that it starts now, in the engine of this epoch; null: there is one that is
 * known to sleep there, a poke will start it, or it has nothing to wait for. The same question answers the first start, a
 * start that failed, and an emptied engine.
 */
export function sleepsUntil(found: Startable, epoch: number, now: Instant): Instant | null {
  if (found.armedAt !== null && found.engineEpoch >= epoch) return null;
  if (found.unfinished && found.poke === 'none') return now;
  if (found.unfinished && found.poke === 'carried') return null;
  return found.closed || found.wakeAt === null ? null : later(found.wakeAt, now);
}

/**
 * `armedAt` once the starter put a workflow to sleep until then. It may have looked and been answered before the starter
 * says so: the later instant costs a poke too many, the earlier one would lose a poke. What has closed meanwhile and owes
 * nothing needs no workflow.
 */
export function armedByStart(current: Engaged & Pick<Startable, 'unfinished'>, asleepUntil: Instant): Instant | null {
  if (current.closed && !current.unfinished) return null;
  return current.armedAt === null ? asleepUntil : later(current.armedAt, asleepUntil);
}

/**
 * After the starter put a workflow to sleep until `asleepUntil`: what had changed meanwhile, and needs a poke. A settle
 * that ran between the starter's read and its start saw no workflow, so it sent none.
 */
export function pokeAfterStart(asleepUntil: Instant, current: { wakeAt: Instant | null; closed: boolean }): boolean {
  return current.closed || (current.wakeAt !== null && current.wakeAt < asleepUntil);
}

/**
 * What a failed call says of the engine. `down`: it is not there, nobody else needs to try. `busy`: later. `attributes`: it
 * does not know our search attributes. `refused`: it will not take this one call, whatever the reason.
 */
export type EngineFailure = 'down' | 'busy' | 'attributes' | 'refused';

/**
 * What becomes of a poke that the engine did not take, tried so often already. `back`: whoever asks next gets it; `again`:
 * tried after a pause; `stays`: it comes back when its claim has run out.
 */
export function pokeNotTaken(failure: EngineFailure, tries: number): 'back' | 'again' | 'stays' {
  if (failure === 'down') return 'back';
  return failure === 'busy' && tries < BUSY_TRIES ? 'again' : 'stays';
}

/** An engine that is busy: one run per id and second, or simply too much. */
const BUSY_TRIES = 4;

/** So long may what is due wait, and so much is no herd: its workflows look, and the sweep takes what they have missed. */
const [RELIEF_AFTER_MS, HERD] = [5_000, 200] as const;

/**
 * Whether more is due than the engine gets to in time. Then the sweep settles it, many in one transaction, and only what owes
 * a notice goes through the engine.
 */
export const needsRelief = ({ due, lagMs }: { readonly due: number; readonly lagMs: number }): boolean =>
  lagMs > RELIEF_AFTER_MS && due > HERD;
