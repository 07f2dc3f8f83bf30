import type { Fact } from '../domain/promise/facts.ts';
import type { Instant, Zone } from '../domain/promise/instant.ts';
import type { Plan } from '../domain/promise/plan.ts';
import type {
  AlertReason,
  Flag,
  NoticeReason,
  NoticeState,
  Phase,
  Precision,
  Rung,
  Withdrawer,
} from '../domain/promise/words.ts';

/** What pages are made of. Structural, so that `db/` and `api/` hand over what they have and pages fetch nothing. */

/** The times of a promise as a bar draws them. */
export interface BarTimes {
  readonly zone: Zone;
  readonly madeAt: Instant;
  readonly targetAt: Instant;
  readonly lastCallAt: Instant;
  readonly promisedAt: Instant;
  /** Set where it ended. */
  readonly closedAt: Instant | null;
  readonly estimatedAt: Instant | null;
  /** The newest time told to the customer; equals promisedAt where no other was told. */
  readonly toldAt: Instant;
  readonly phase: Phase;
}

/** One open promise on the first page. */
export interface BoardRow extends BarTimes {
  readonly id: string;
  readonly source: string;
  readonly ref: string;
  readonly kind: string;
  readonly subject: string | null;
  readonly customerRef: string;
  /** The owner's name, else the id as given, else null. */
  readonly owner: string | null;
  readonly day: string | null;
  readonly windowFrom: Instant | null;
  readonly recoveryAt: Instant;
  readonly wakeAt: Instant | null;
  /** A notice that is owed and not out yet. */
  readonly notice: NoticeReason | null;
}

export interface BoardAlert {
  readonly id: string;
  readonly promiseId: string;
  readonly source: string;
  readonly ref: string;
  readonly subject: string | null;
  readonly reason: AlertReason;
  readonly rung: Rung;
  /** Name of the person told; null where nobody is named for the rung. */
  readonly person: string | null;
  readonly at: Instant;
}

/** How many promises of a kind stand where. */
export interface KindCounts {
  readonly kind: string;
  readonly counts: Readonly<Record<Phase, number>>;
  /** The share of promises to be kept; null where none is set. */
  readonly goal: number | null;
}

export interface BoardData {
  readonly now: Instant;
  /** The company's zone: the first page shows all times in it. */
  readonly zone: Zone;
  /** At risk first, then overdue, then by promised time; at most 100. */
  readonly rows: readonly BoardRow[];
  readonly kinds: readonly KindCounts[];
  /** Set where only this many promises, those with the latest promised times, were counted. */
  readonly countedOnly: number | null;
  /** Newest first, at most 10. */
  readonly alerts: readonly BoardAlert[];
}

/** A mail of the laptop's sink. */
export interface PageMail {
  /** ISO 8601. */
  readonly at: string;
  readonly from: string;
  readonly to: string | readonly string[];
  readonly subject: string;
  readonly messageId: string;
  /** Pairs, a record, or whatever the parser gives. */
  readonly headers: unknown;
  readonly text: string | null;
  readonly html: string | null;
}

export interface EngineState {
  readonly up: boolean;
  /** Promises due and not settled yet, and for how long the oldest. */
  readonly due: number;
  readonly lagMs: number;
  /** Pokes on their way to the engine. */
  readonly backlog: number;
}

/** Everything the first page shows. */
export interface TodayData {
  readonly board: BoardData;
  /** Any order, any number: the newest few are shown. */
  readonly mails: readonly Pick<PageMail, 'at' | 'to' | 'subject'>[];
  readonly engine: EngineState;
}

/** One promise as its page shows it; `PromiseRow` of `db/` fits. */
export interface PagePromise extends BarTimes {
  readonly id: string;
  readonly source: string;
  readonly ref: string;
  readonly kind: string;
  readonly subject: string | null;
  readonly customerRef: string;
  readonly owner: string | null;
  readonly partner: string | null;
  readonly flags: readonly Flag[];
  readonly precision: Precision;
  readonly revision: number;
  readonly plan: Plan;
  readonly fulfilledAt: Instant | null;
  readonly withdrawnBy: Withdrawer | null;
  readonly wakeAt: Instant | null;
}

export interface PageNotice {
  readonly id: string;
  readonly reason: NoticeReason;
  readonly state: NoticeState;
  readonly dueAt: Instant;
  readonly sentAt: Instant | null;
  readonly messageId: string | null;
  readonly told: { readonly at: Instant; readonly day: string | null } | null;
  readonly nextNewsAt: Instant | null;
}

/** Everything the page of one promise shows. */
export interface PromisePageData {
  readonly now: Instant;
  readonly promise: Omit<PagePromise, 'zone'>;
  /** The owner's name where the owner is known. */
  readonly ownerName: string | null;
  /** Oldest first. */
  readonly timeline: readonly { readonly recordedAt: Instant; readonly fact: Fact }[];
  readonly notices: readonly PageNotice[];
}
