import type { NoticeKey, Offer, Told } from '../domain/promise/facts.ts';
import type { Instant, Zone } from '../domain/promise/instant.ts';
import type { Precision, Withdrawer } from '../domain/promise/words.ts';

/** Who a notice names: someone who can be reached, never a no-reply address. */
export interface Contact {
  readonly role: 'owner' | 'deputy' | 'hotline';
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
}

/** What the customer gets for a broken promise. */
export interface Remedy {
  /** At least one. */
  readonly options: readonly Offer[];
  /** The place of the option that holds. */
  readonly chosen: number;
  /** By when it is to reach her; null: not known. */
  readonly arrivesAt: Instant | null;
  /** She was told of another one for the same promise before. */
  readonly isFurther: boolean;
}

/** One promise within a notice. Several due for one customer at the same time leave as one digest. */
export interface Member extends NoticeKey {
  readonly promiseId: string;
  readonly kind: string;
  readonly source: string;
  readonly ref: string;
  /** What was promised, in the company's words: `3 books, order A-1001`. Null: the ref is shown. */
  readonly subject: string | null;
  readonly precision: Precision;
  /** Times are shown in this zone. */
  readonly zone: Zone;
  readonly promisedAt: Instant;
  /** Days only: the promised local day. */
  readonly day: string | null;
  /** Windows only. */
  readonly windowFrom: Instant | null;
  /** The new time this notice tells. */
  readonly told: Told | null;
  /** Where no time can be told: when the customer hears next. Null for a notice that owes none. */
  readonly nextNewsAt: Instant | null;
  /** Set of a promise to be in touch again: the id of the promise that it is about. */
  readonly newsOf: string | null;
  /** Kept made it because of another one, of which it bears the number. */
  readonly follows: boolean;
  /** Set when the promise was taken back; a recovery by the company then says so. */
  readonly withdrawnBy: Withdrawer | null;
  /** The name of who looks after it from now on, where the notice tells that. */
  readonly newOwner?: string | null;
  /** It tells that and nothing else. */
  readonly isOfOwner?: boolean;
  /** The time that counts is not the one first promised: the customer agreed to another one since. */
  readonly isMoved: boolean;
  /** The newest time that the customer was told before this notice; what was promised where that was all. */
  readonly newestTold: Told;
  /** It was kept after all, though it had been called broken. */
  readonly keptAfterAll: boolean;
  /** What a recovery or remedy notice names; of others empty. */
  readonly remedies: readonly Remedy[];
  /** The remedy that the promise itself brings to her; null: it brings none. */
  readonly brings: Offer | null;
  readonly contact: Contact;
}

export interface Recipient {
  readonly name: string | null;
  readonly email: string | null;
  /** BCP 47, e.g. `et`; unknown languages fall back to English. */
  readonly language: string | null;
}

/** A text as it leaves the house. Stored with the dispatch: a repeated hand-over says exactly this again. */
export interface Content {
  readonly to: string;
  readonly replyTo: string | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** `Kept-Notices: <promiseId>:<reason>:<revision>[, …]` and the like. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Message extends Content {
  readonly messageId: string;
}

/**
 * What came of handing a message over. `not_accepted`: nothing left, try again. `refused`: for good. `unknown`: the
 * provider may or may not have it (cut after DATA, timeout), so only the same text under the same id may follow.
 */
export type HandOver =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'not_accepted' | 'refused' | 'unknown'; readonly code: string };

/** One way out of the house. To add one: one file here and one line in `channels/index.ts`. */
export interface NoticeChannel {
  readonly name: 'email';
  /** Never rejects; gives up after `timeoutMs`, whole milliseconds, as `unknown` or `not_accepted`. */
  send(message: Message, timeoutMs: number): Promise<HandOver>;
  close(): Promise<void>;
}
