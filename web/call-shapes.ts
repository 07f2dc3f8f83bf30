import type { Instant, Zone } from '../domain/promise/instant.ts';
import type { AttemptResult, Phase } from '../domain/promise/words.ts';
import type { PagePerson } from './spoken-shapes.ts';

/** A call as the first page lists it; `Callback` of `db/` fits. */
export interface PageCall {
  readonly id: string;
  readonly source: string;
  readonly ref: string;
  readonly subject: string | null;
  /** Null: no window was told. */
  readonly from: Instant | null;
  readonly to: Instant;
  /** Their name; null where nobody is named. */
  readonly ownerName: string | null;
  readonly phase: Phase;
  readonly attempts: { readonly counted: number; readonly max: number };
}

/** Today's calls that are still to be made, as the first page shows them. */
export interface CallsAhead {
  readonly zone: Zone;
  /** How many. */
  readonly open: number;
  /** The next ones. */
  readonly next: readonly PageCall[];
  /** For how many of them nobody on duty is free. */
  readonly overflow: number;
}

/** A call on the page on which it is made. */
export interface CallToMake extends PageCall {
  /** `phone` as people write it. */
  readonly customer: { readonly ref: string; readonly name: string | null; readonly phone: string | null } | null;
  /** Oldest first. */
  readonly tries: readonly { readonly at: Instant; readonly result: AttemptResult }[];
  /** Sent along with a result, so that the same button pressed twice tells of one try. */
  readonly token: string;
}

/** Everything the page of calls shows: those of a day, by when they are due. */
export interface CallsPageData {
  readonly now: Instant;
  readonly zone: Zone;
  readonly day: string;
  readonly items: readonly CallToMake[];
  /** Ids of those for which nobody on duty is free. */
  readonly overflow: readonly string[];
  /** Whose; empty: everybody's. */
  readonly owner: string;
  readonly people: readonly PagePerson[];
  /** What was asked for as a day and is none. */
  readonly fault: string | null;
}
