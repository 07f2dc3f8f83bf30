import type { Refusal } from '../domain/calendar/earliest.ts';
import type { PageContact, PageNote, PageNotice, PagePromise } from './shapes.ts';
import type { Instant, Zone } from '../domain/promise/instant.ts';

/** The fields of the form for a spoken promise, in their order; `day` and `time` belong to `when`. */
export const SPOKEN_FIELDS = ['customer', 'kind', 'when', 'what', 'owner'] as const;
export type SpokenField = (typeof SPOKEN_FIELDS)[number];

/** As it was typed, or as it is proposed. */
export interface TypedPromise extends Readonly<Record<SpokenField, string>> {
  readonly day: string;
  readonly time: string;
}

/** Hours from now that the form offers. */
export const WITHIN_HOURS = [1, 2, 4] as const;

/** What the form sends for the first call that is free. */
export const NEXT_CALL = 'call';

/** One of the staff, as a choice. */
export interface PagePerson {
  readonly id: string;
  readonly name: string;
}

/** A time that could be held where the one that was asked for cannot. */
export interface Offer {
  readonly reason: Refusal['reason'];
  /** Null: none. A day as `YYYY-MM-DD`, else an instant. */
  readonly time: string | null;
}

/** Everything the form for a spoken promise shows. */
export interface SpokenPageData {
  readonly now: Instant;
  /** Of the company: in it times are typed. */
  readonly zone: Zone;
  readonly kinds: readonly string[];
  readonly people: readonly PagePerson[];
  readonly typed: TypedPromise;
  readonly faults: { readonly [F in SpokenField]?: string };
  /** Whom `customer` may mean, where several are called so. */
  readonly customers: readonly { readonly id: string; readonly ref: string; readonly name: string | null }[];
  readonly offer: Offer | null;
  /** Sent along, so that the same form sent twice makes one promise. */
  readonly token: string;
}

/** A promise as a row among others. */
export type FoundPromise = Pick<
  PagePromise,
  'id' | 'source' | 'ref' | 'kind' | 'subject' | 'phase' | 'promisedAt' | 'plan' | 'owner'
>;

/** A customer who was found, and what is known of her. */
export interface FoundCustomer {
  /** Null for history that names nobody. */
  readonly customer: {
    readonly id: string;
    readonly ref: string;
    readonly name: string | null;
    readonly email: string | null;
    /** As people write it. */
    readonly phone: string | null;
  } | null;
  readonly promises: readonly FoundPromise[];
  readonly notices: readonly (PageNotice & { readonly promiseId: string })[];
  readonly contacts: readonly PageContact[];
  readonly notes: readonly PageNote[];
}

/** Everything the page shows on which customers are found. */
export interface FindPageData {
  readonly now: Instant;
  readonly zone: Zone;
  readonly q: string;
  readonly fault: string | null;
  /** Null: nobody was looked for. */
  readonly found: readonly FoundCustomer[] | null;
  /** Names by id. */
  readonly people: readonly PagePerson[];
}
