import type {
  LadderAlert,
  AttemptResult,
  Channel,
  ContactChannel,
  ContactRole,
  ContactSubject,
  DropCause,
  FailOutcome,
  HandOverCause,
  NoticeReason,
  RemedyKind,
  RemedyReason,
  Rung,
  SecondBreak,
  WaitedFor,
  Withdrawer,
} from './words.ts';
import type { Instant } from './instant.ts';
import type { Promised, Undertaking } from './plan.ts';

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

/** Whom a notice names as the one to turn to. */
export interface Named {
  /** The id of the person; that of the hotline is `hotline`. */
  readonly person: string;
  readonly role: ContactRole;
}

/** What a customer is offered: an exact amount, as `5.00`, in an ISO 4217 currency. */
export interface Offer {
  readonly kind: RemedyKind;
  readonly amount: string;
  readonly currency: string;
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
    | {
        readonly kind: 'estimated';
        readonly at: Instant;
        /** Until when (exclusive) it is news, as reckoned when it was recorded; absent: by the policy in force. */
        readonly freshUntil?: Instant;
      }
    | {
        readonly kind: 'paused';
        readonly waitingFor: WaitedFor;
        /** When it goes on by itself; absent: when `resumed` says so. */
        readonly until?: Instant;
      }
    | { readonly kind: 'resumed' }
    | { readonly kind: 'attempted'; readonly result: AttemptResult }
    /** The customer came to us. */
    | { readonly kind: 'contacted'; readonly channel: ContactChannel; readonly about: ContactSubject }
    /** Another time was told: agreed if the customer asked for it or accepted it before the old one had passed. */
    | {
        readonly kind: 'repromised';
        readonly promised: Undertaking;
        readonly agreedByCustomer: boolean;
        readonly cause?: string;
      }
    | {
        readonly kind: 'fulfilled';
        readonly inFull?: boolean;
        readonly firstContact?: boolean;
        /** Only the local day is known, and `occurredAt` is its end: the first instant of the next. Day promises only. */
        readonly asDay?: true;
      }
    /** What was told as done was not: the promise is open again. */
    | { readonly kind: 'fulfilment_reversed' }
    | { readonly kind: 'withdrawn'; readonly by: Withdrawer; readonly cause?: string }
    /** The customer's rating, 1 to 5. */
    | { readonly kind: 'rated'; readonly score: number }
  );

/** Facts that Kept states itself. */
export type OwnFact = FactHead &
  /** `slot`: what was reserved for it; see domain/calendar/slots.ts. */
  (
    | { readonly kind: 'registered'; readonly slot?: string }
    /** The customer chose another window, with a place in this slot, or without one. */
    | { readonly kind: 'chosen'; readonly promised: Promised; readonly slot?: string }
    /** A changed policy or calendar holds for this open promise from now on. */
    | {
        readonly kind: 'policy_applied';
        readonly version: number;
        /** The versions of calendars, by id. */
        readonly calendars: Readonly<Record<string, number>>;
        /** The version of the promise's partner; absent: nothing is said of one. */
        readonly partnerVersion?: number;
      }
    /** Another person answers for it, with all that has happened and was noted. */
    | {
        readonly kind: 'handed_over';
        readonly owner: string;
        /** Who said so; null: Kept by itself. */
        readonly by: string | null;
        readonly because: HandOverCause;
        /** By when the new owner is to acknowledge it; null: they need not. */
        readonly acknowledgeBy: Instant | null;
        /** The id of a note about it. */
        readonly note?: string;
      }
    /** The new owner has taken it over. */
    | { readonly kind: 'acknowledged'; readonly by: string }
    | ({
        readonly kind: 'notice_sent';
        /** The new time told, which becomes an imposed revision; null when only the time of the next news was told. */
        readonly told: Told | null;
        readonly nextNewsAt: Instant | null;
        readonly channel: Channel;
        readonly messageId: string;
        /** Whom it named as the one to turn to; absent in notices of before that was recorded. */
        readonly named?: Named;
        /** `owner`: it told nothing but who looks after it from now on, and so warns of nothing. */
        readonly about?: 'owner';
        /** Ids of the remedies that it named; absent: none. */
        readonly remedies?: readonly string[];
      } & NoticeKey)
    | ({ readonly kind: 'notice_dropped'; readonly cause: DropCause } & NoticeKey)
    | ({ readonly kind: 'notice_failed'; readonly outcome: FailOutcome } & NoticeKey)
    | {
        readonly kind: 'escalated';
        /** `callback`: the owner was reminded of a call. */
        readonly reason: LadderAlert | 'callback';
        readonly rungs: readonly Rung[];
        /** The factKey of the agreement in force when it was given, by whose ladder it counts; absent: as registered. */
        readonly ladder?: string;
        /** Which one was missed, of the reason `checkpoint`. */
        readonly checkpoint?: string;
        /** Which call, of the reason `callback`; see attempts.ts. */
        readonly call?: string;
      }
    /** It broke not for the first time: a person calls. */
    | {
        readonly kind: 'broken_again';
        readonly of: SecondBreak;
        /** Of a break of the same customer: the promise that was broken before. */
        readonly earlier?: string;
      }
    /** What the customer gets for the break, at once or when it was approved. */
    | {
        readonly kind: 'remedy_granted';
        /** Id of the remedy. */
        readonly remedy: string;
        readonly reason: RemedyReason;
        /** How late it was taken to be. */
        readonly lateMs: number;
        /** Equal to us; the first holds until the customer chooses. */
        readonly options: readonly Offer[];
        /** Who approved it; absent: nobody had to. */
        readonly by?: string;
      }
    | { readonly kind: 'remedy_reversed'; readonly remedy: string; readonly by: string }
    /** The customer would rather have another of the options. */
    | {
        readonly kind: 'chosen';
        readonly remedy: string;
        /** Its place among the options. */
        readonly option: number;
        readonly by: string;
      }
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
  'policy_applied',
  'contacted',
  'progressed',
  'estimated',
  'repromised',
  'chosen',
  'paused',
  'resumed',
  'handed_over',
  'acknowledged',
  'escalated',
  'broken_again',
  'remedy_granted',
  'remedy_reversed',
  'notice_sent',
  'notice_dropped',
  'notice_failed',
  'attempted',
  'fulfilled',
  'withdrawn',
  'fulfilment_reversed',
  'rated',
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
export const isOwnFactKey = (factKey: string): boolean =>
  /^(registered$|second_break$|alert:|chosen:|notice:|owner:|policy:|news:|remedy:)/.test(factKey);

export const noticeKeyText = (key: NoticeKey): string => `${key.reason}:${key.revision}:${key.occasion}`;
