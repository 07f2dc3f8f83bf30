import type { Offer } from '../domain/promise/facts.ts';
import type { Instant } from '../domain/promise/instant.ts';
import type { RemedyReason, RemedyState } from '../domain/promise/words.ts';
import type { PagePerson } from './spoken-shapes.ts';

/** A remedy in a list; `ListedRemedy` of `db/` fits. */
export interface PageRemedy {
  readonly id: string;
  readonly promiseId: string;
  readonly source: string;
  readonly ref: string;
  readonly subject: string | null;
  readonly state: RemedyState;
  readonly reason: RemedyReason;
  readonly lateMs: number;
  readonly options: readonly Offer[];
  readonly chosen: number;
  readonly at: Instant;
  /** Id of who decided last; null: Kept by itself. */
  readonly by: string | null;
}

/** How much of what a kind may grant in a month is granted. */
export interface PageBudget {
  readonly kind: string;
  readonly currency: string;
  readonly spent: string;
  readonly all: string;
}

/** Everything the page of remedies shows. */
export interface RemediesPageData {
  /** The month of the budgets, as its first day. */
  readonly month: string;
  readonly budgets: readonly PageBudget[];
  /** Newest first. */
  readonly pending: readonly PageRemedy[];
  /** The newest of those that are decided. */
  readonly decided: readonly PageRemedy[];
  /** More than `decided` holds are known. */
  readonly isCut: boolean;
  readonly people: readonly PagePerson[];
  /** Who decides, as chosen. */
  readonly by: string;
  /** Why what was pressed changed nothing. */
  readonly fault: 'closed' | 'unknownPerson' | null;
}
