import type { AlertReason, Channel, DropCause, FailOutcome, NoticeReason, Rung, Withdrawer } from './words.ts';
import type { Instant } from './instant.ts';

/** A time told to a customer: an instant, or a whole local day (then `at` is the first instant of the next one). */
export interface Told {
  readonly at: Instant;
  readonly day: string | null;
}

/** What tells one notice of a promise from another; `key` in the duties table is `reason:revision:occasion`. */
export interface NoticeKey {
  readonly reason: NoticeReason;
  /** The newest told revision when the notice became owed. */
  readonly revision: number;
  /** How many notices of the same reason and revision ended before this one without telling a time. */
  readonly occasion: number;
}

/** Fields of every fact. */
export interface FactHead {
  /** Chosen by the sender; the same key twice is the same fact. */
  readonly factKey: string;
  /** When it happened, by the sender's word. Order of arrival never matters. */
  readonly occurredAt: Instant;
}

/** Facts that come from outside, through the API or an import. */
export type OutsideFact = FactHead &
  (
    | { readonly kind: 'progressed'; readonly checkpoint: string }
    | { readonly kind: 'estimated'; readonly at: Instant }
    | {
        readonly kind: 'fulfilled';
        readonly inFull?: boolean;
        readonly firstContact?: boolean;
        /** Only the local day is known, and `occurredAt` is its end: the first instant of the next. Day promises only. */
        readonly asDay?: true;
      }
    | { readonly kind: 'withdrawn'; readonly by: Withdrawer; readonly cause?: string }
  );

/** Facts that Kept states itself. */
export type OwnFact = FactHead &
  (
    | { readonly kind: 'registered' }
    | ({
        readonly kind: 'notice_sent';
        /** The new time told, which becomes an imposed revision; null when only the time of the next news was told. */
        readonly told: Told | null;
        readonly nextNewsAt: Instant | null;
        readonly channel: Channel;
        readonly messageId: string;
      } & NoticeKey)
    | ({ readonly kind: 'notice_dropped'; readonly cause: DropCause } & NoticeKey)
    | ({ readonly kind: 'notice_failed'; readonly outcome: FailOutcome } & NoticeKey)
    | { readonly kind: 'escalated'; readonly reason: AlertReason; readonly rungs: readonly Rung[] }
  );

/** Something that happened: append-only, told once per `factKey`. */
export type Fact = OutsideFact | OwnFact;
export type FactKind = Fact['kind'];

/**
 * All kinds, in the order in which facts of one instant count: what was told first, then news, then what we did, then
 * endings. An ending of the same instant as news therefore wins.
 */
export const FACT_KINDS = [
  'registered',
  'progressed',
  'estimated',
  'escalated',
  'notice_sent',
  'notice_dropped',
  'notice_failed',
  'fulfilled',
  'withdrawn',
] as const satisfies readonly FactKind[];

const kindRank = new Map<string, number>(FACT_KINDS.map((kind, rank) => [kind, rank]));

/** The one order of facts: `(occurredAt, kind, factKey)`. Total, so that every order of arrival folds to the same state. */
export function byOccurrence(a: Fact, b: Fact): number {
  if (a.occurredAt !== b.occurredAt) return a.occurredAt < b.occurredAt ? -1 : 1;
  const rank = (kindRank.get(a.kind) ?? 0) - (kindRank.get(b.kind) ?? 0);
  if (rank !== 0) return rank;
  return a.factKey < b.factKey ? -1 : a.factKey > b.factKey ? 1 : 0;
}

/** Whether Kept states facts of its own under this key: taken by somebody else, it would hide ours. */
export const isOwnFactKey = (factKey: string): boolean => /^(registered$|alert:|notice:)/.test(factKey);

export const noticeKeyText = (key: NoticeKey): string => `${key.reason}:${key.revision}:${key.occasion}`;
