import type { Fact, Named, NoticeKey, Told } from './facts.ts';
import { noticeKeyText } from './facts.ts';
import { msBetween, type Instant } from './instant.ts';
import type { Channel, FailOutcome } from './words.ts';

/**
 * What `perform` decides, as pure functions: which notices leave together, who may send a frozen text again and until
 * when, and what becomes of it by what the channel said. So no customer gets a notice twice, and no warning leaves late.
 */

/** A notice row not ended yet, as it is found under its customer's lock. */
export interface WaitingNotice {
  readonly id: string;
  readonly notBefore: Instant;
  /** The text that was frozen for it; null: none is. */
  readonly dispatchId: string | null;
}

/** What is to be done for one notice. */
export type Taking<N extends WaitingNotice> =
  /** It has ended meanwhile. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'later'; readonly afterMs: number }
  /** A text was frozen for it before: that one or none. */
  | { readonly kind: 'frozen'; readonly dispatchId: string }
  /** One text for all of `due`; `others` are not due yet. */
  | { readonly kind: 'text'; readonly due: readonly N[]; readonly others: readonly N[] };

/** `notices`: all that a customer has waiting. A text that was frozen may have left: its notices get no other one. */
export function takingOf<N extends WaitingNotice>(notices: readonly N[], id: string, now: Instant): Taking<N> {
  const notice = notices.find((each) => each.id === id);
  if (!notice) return { kind: 'gone' };
  if (notice.dispatchId !== null) return { kind: 'frozen', dispatchId: notice.dispatchId };
  if (notice.notBefore > now) return { kind: 'later', afterMs: msBetween(now, notice.notBefore) };
  const free = notices.filter(({ dispatchId }) => dispatchId === null);
  return {
    kind: 'text',
    due: free.filter(({ notBefore }) => notBefore <= now),
    others: free.filter(({ notBefore }) => notBefore > now),
  };
}

/** A text somebody froze. */
export interface FrozenText {
  readonly claimUntil: Instant;
  /** The earliest instant at which one of its notices is no longer true; null: as long as their reasons stand. */
  readonly notValidAfter: Instant | null;
}

export type TakeOver =
  { readonly kind: 'later'; readonly afterMs: number } | { readonly kind: 'same_text' | 'give_up' };

/** Whoever froze the text has it until the claim has run out; then the same words go again, unless they are no longer true. */
export function takeOver({ claimUntil, notValidAfter }: FrozenText, now: Instant): TakeOver {
  if (claimUntil > now) return { kind: 'later', afterMs: msBetween(now, claimUntil) };
  return { kind: notValidAfter !== null && now >= notValidAfter ? 'give_up' : 'same_text' };
}

/** Send < claim: nobody takes over a text that may still be on its way. `perform` may take 25 s; `advance`, less than a send, is asked again. */
export const SEND_MS = 20_000;
export const CLAIM_MS = 30_000;
const LONGEST_CLAIM_MS = 3_600_000;

/**
 * How long a text is kept from going again after a hand-over of which nobody knows whether it succeeded. `attempts`: how many
 * there were, this one included; the more of them, the longer we wait before the customer may get the same text once more. A
 * worker that dies keeps it for `claimMs` only.
 */
export const claimHoldsMs = (claimMs: number, attempts: number): number =>
  Math.min(claimMs * 2 ** (attempts - 1), LONGEST_CLAIM_MS);

/** What came of a hand-over is tried to be written down for so long from before its claim: an activity may take 25 s. */
const RECORD_MS = 23_000;
export const RECORD_PAUSE_MS = 500;

/** Whether there is time for one more try to write it down. `spentMs`: since before the text was claimed. */
export const mayRecordAgain = (spentMs: number): boolean => spentMs + RECORD_PAUSE_MS <= RECORD_MS;

/** Until just after the claim of a worker that wrote nothing down has run out, in milliseconds. */
export const claimLeftMs = (spentMs: number): number => Math.max(0, CLAIM_MS - spentMs) + 500;

const [LATER_MS, LATEST_MS] = [1_000, 10_000] as const;

/** How long whoever lives waits after its `attempt`-th try with nothing better to go by, in milliseconds: soon at first, every 10 s at last. */
export const retryPauseMs = (attempt: number): number => Math.min(LATEST_MS, LATER_MS * 2 ** (attempt - 1));

/**
 * How long a hand-over may take, in whole milliseconds, so that a text is cut off when it is no longer true. `spentMs`: since
 * before it was claimed, so that a slow commit makes no late warning. Null: no time is left, and nothing may leave.
 */
export function sendWithinMs(trueForMs: number | null, spentMs: number, mostMs: number): number | null {
  const leftMs = Math.floor(Math.min(mostMs, trueForMs ?? mostMs) - spentMs);
  return leftMs > 0 ? leftMs : null;
}

/** What a channel says of a hand-over. `not_accepted`: nothing left the house; `unknown`: it may have. */
export type HandOverOutcome = 'accepted' | 'refused' | 'not_accepted' | 'unknown';

/**
 * What becomes of a frozen text. `throw_away`: the next try writes a new one, true then. `hand_back`: this hand-over did
 * not happen, but an earlier one may have, so the same text goes again. `keep`: only once the claim has run out.
 */
export type AfterHandOver = 'record_sent' | 'record_refused' | 'throw_away' | 'hand_back' | 'keep';

/** `attempts`: hand-overs of this text, this one included, of which it is not known that they failed. */
export function afterHandOver(outcome: HandOverOutcome, attempts: number): AfterHandOver {
  switch (outcome) {
    case 'accepted':
      return 'record_sent';
    case 'refused':
      return 'record_refused';
    case 'not_accepted':
      return attempts > 1 ? 'hand_back' : 'throw_away';
    case 'unknown':
      return 'keep';
  }
}

/** A hand-over that takes longer, in milliseconds from before its claim until it is recorded, is not worth waiting for. */
export const QUICK_MS = 4_000;
const AFTER_SLOW_MS = 20_000;

/** Whether `advance` hands over by itself, and until when nothing opens that way again, in milliseconds of any clock. */
export interface ShortWay {
  readonly isOpen: boolean;
  readonly shutUntilMs: number;
}

/** Before the first hand-over. */
export const NO_SHORT_WAY: ShortWay = { isOpen: false, shutUntilMs: -Infinity };

/** A hand-over that was not quick shuts the short way; a quick one opens it, but not within 20 s of one that was not. */
export const shortWayAfter = (way: ShortWay, wasQuick: boolean, nowMs: number): ShortWay =>
  wasQuick
    ? { ...way, isOpen: way.isOpen || nowMs >= way.shutUntilMs }
    : { isOpen: false, shutUntilMs: nowMs + AFTER_SLOW_MS };

/** Whether a hand-over was quick, by what came of it and how long it took; an address that does not exist is soon known. */
export const isQuick = (outcome: HandOverOutcome, tookMs: number): boolean =>
  (outcome === 'accepted' || outcome === 'refused') && tookMs < QUICK_MS;

/** Which of the notices that are owed `advance` hands over by itself; null: all are left to `perform`. */
export const handOverAtOnce = <N>(owed: readonly N[], { isOpen }: ShortWay): N | null =>
  isOpen ? (owed[0] ?? null) : null;

/** What a notice says, kept beside it until it was sent. */
export interface Said {
  readonly told: Told | null;
  readonly nextNewsAt: Instant | null;
  /** Absent or null in what an older worker has claimed. */
  readonly named?: Named | null;
  readonly about?: 'owner' | null;
  /** Ids of the remedies that it names. */
  readonly remedies?: readonly string[] | null;
}

/** The fact that the channel took a notice. It counts from when its text was claimed: by then it was true. */
export function sentFact(
  { reason, revision, occasion, told, nextNewsAt, named, about, remedies }: NoticeKey & Said,
  {
    claimedAt,
    messageId,
    channel,
  }: { readonly claimedAt: Instant; readonly messageId: string; readonly channel: Channel },
): Fact {
  return {
    kind: 'notice_sent',
    factKey: `notice:${noticeKeyText({ reason, revision, occasion })}:sent`,
    occurredAt: claimedAt,
    reason,
    revision,
    occasion,
    told,
    nextNewsAt,
    channel,
    messageId,
    ...(named ? { named } : {}),
    ...(about ? { about } : {}),
    ...(remedies ? { remedies } : {}),
  };
}

/** The fact that no channel will take a notice, or that it is not known whether one did. */
export function failedFact({ reason, revision, occasion }: NoticeKey, outcome: FailOutcome, now: Instant): Fact {
  const factKey = `notice:${noticeKeyText({ reason, revision, occasion })}:failed`;
  return { kind: 'notice_failed', factKey, occurredAt: now, reason, revision, occasion, outcome };
}
