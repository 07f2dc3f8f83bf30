import type { ReportBound } from '../domain/metrics/word-kept.ts';
import type { Instant } from '../domain/promise/instant.ts';
import type { ClockSegment } from '../domain/calendar/work-clock.ts';
import type { Basis, Plan, Terms } from '../domain/promise/plan.ts';
import type { Fact } from '../domain/promise/facts.ts';
import type { HandOver } from '../domain/promise/hand-over.ts';
import type {
  Channel,
  Flag,
  NoticeReason,
  NoticeState,
  Phase,
  Precision,
  WaitedFor,
  Withdrawer,
} from '../domain/promise/words.ts';
import { NEWS_SOURCE } from '../domain/promise/news.ts';

/** What `db/` hands out and takes in. */

/**
 * Which promises are listed, and counted beside a list. Promises to be in touch again stand with the promise that they are
 * about, which says when its customer hears next.
 */
export const IS_SHOWN = `not history and source <> '${NEWS_SOURCE}'`;

/** One row of `promises` as read: the phase is the one at the moment of reading. */
export interface PromiseRow {
  readonly id: string;
  readonly source: string;
  readonly ref: string;
  readonly kind: string;
  readonly policyVersion: number;
  /** Null only for history that names nobody. */
  readonly customerId: string | null;
  readonly customerRef: string | null;
  readonly owner: string | null;
  /** The newest change of the owner; null: there was none. */
  readonly handOver: HandOver | null;
  readonly partner: string | null;
  readonly region: string | null;
  readonly product: string | null;
  readonly subject: string | null;
  readonly flags: readonly Flag[];
  readonly precision: Precision;
  /** Null only for history that does not say when. */
  readonly madeAt: Instant | null;
  /** Imported as it was: nobody is written to about it, and no workflow looks after it. */
  readonly history: boolean;
  readonly promisedAt: Instant;
  readonly firstPromisedAt: Instant;
  readonly targetAt: Instant;
  readonly lastCallAt: Instant;
  readonly leadTo: Instant;
  readonly basis: Basis;
  /** The plan in force. */
  readonly plan: Plan;
  readonly phase: Phase;
  readonly revision: number;
  /** Of the last time that the customer agreed to; 1: the promise as first made. */
  readonly agreedRevision: number;
  /** Who must act, by the newest word about it; null: nobody but we. */
  readonly waitingFor: WaitedFor | null;
  readonly waitingSince: Instant | null;
  readonly waitingUntil: Instant | null;
  /** Tries to reach the customer that counted. */
  readonly attempts: number;
  /** How often the customer came to us about it. */
  readonly contacts: number;
  /** Id of the slot in which a place is kept for it; null: none is. */
  readonly slot: string | null;
  /** Checkpoints passed, each when first. */
  readonly passed: Readonly<Record<string, Instant>>;
  readonly toldAt: Instant;
  readonly estimatedAt: Instant | null;
  readonly fulfilledAt: Instant | null;
  /** Only the local day is known; fulfilledAt is its end. */
  readonly fulfilledAsDay: boolean;
  readonly withdrawnBy: Withdrawer | null;
  readonly closedAt: Instant | null;
  readonly warnedAt: Instant | null;
  readonly recoveredAt: Instant | null;
  readonly wakeAt: Instant | null;
  readonly armedAt: Instant | null;
  readonly version: number;
  readonly createdAt: Instant;
  /** The promise that this one follows from; set where Kept registered it itself. */
  readonly parent: string | null;
  /** Promises that follow from this one, oldest first. */
  readonly children: readonly string[];
  /** What the promised thing costs; null where nobody said. */
  readonly value: Value | null;
}

/** An amount of money: exact, with two decimals. */
export interface Value {
  readonly amount: string;
  /** ISO 4217. */
  readonly currency: string;
}

export interface CustomerData {
  readonly ref: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly language: string | null;
  readonly zone: string | null;
}

/** A promise to be registered: planned and judged by the caller, stored here. */
export interface Registration {
  /** UUIDv7. */
  readonly id: string;
  readonly source: string;
  readonly ref: string;
  /** SHA-256 of the request as sent, without `customer`. */
  readonly bodyHash: Buffer;
  readonly kind: string;
  readonly policyVersion: number;
  readonly customer: CustomerData;
  readonly owner: string | null;
  readonly partner: string | null;
  readonly region: string | null;
  readonly product: string | null;
  readonly subject: string | null;
  readonly flags: readonly Flag[];
  readonly terms: Terms;
  /** What the plan was made from. */
  readonly basis: Basis;
  /** What the clock of a duration promise does; null for a date. */
  readonly segments: readonly ClockSegment[] | null;
  /** Left out: made by a caller, not by Kept. */
  readonly parent?: string;
  readonly value?: Value;
}

/** `created`; `existing`: the same source, ref and content; `clash`: the same source and ref with other content. */
export interface Registered {
  readonly result: 'created' | 'existing' | 'clash';
  readonly promise: PromiseRow;
}

/** Filters of `GET /v1/promises`; absent ones do not filter. `from` is inside; of `to` an instant is not, a day is. */
export interface PromiseFilter {
  readonly source?: string;
  readonly ref?: string;
  readonly customer?: string;
  readonly phase?: Phase;
  readonly kind?: string;
  readonly owner?: string;
  readonly partner?: string;
  readonly from?: ReportBound;
  readonly to?: ReportBound;
  readonly limit: number;
  /** Keyset: the last item of the page before. */
  readonly after?: { readonly promisedAt: Instant; readonly id: string };
}

export interface TimelineItem {
  readonly recordedAt: Instant;
  readonly fact: Fact;
}

export interface NoticeRow {
  readonly id: string;
  readonly promiseId: string;
  readonly reason: NoticeReason;
  readonly revision: number;
  readonly occasion: number;
  readonly state: NoticeState;
  readonly dueAt: Instant;
  readonly notValidAfter: Instant | null;
  readonly sentAt: Instant | null;
  readonly channel: Channel | null;
  readonly messageId: string | null;
  /** Null unless it was sent, as are messageId and nextNewsAt. */
  readonly told: { readonly at: Instant; readonly day: string | null } | null;
  readonly nextNewsAt: Instant | null;
  /** The text that was sent apologises for this promise. */
  readonly apology: boolean;
}

/** One of the staff, or the hotline. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly lead: string | null;
  readonly manager: string | null;
}

/**
 * What came of `recordFact`. `clash`: the key is known with another content. `past`: the time it tells has passed when it
 * is told. `out_of_range`: a time that would follow from it cannot be written.
 */
export type FactResult =
  | { readonly result: 'applied' | 'known'; readonly promise: PromiseRow }
  | { readonly result: 'clash' | 'unknown' | 'past' | 'out_of_range' };
