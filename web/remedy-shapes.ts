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

/** The budgets of a month. */
interface MonthlyBudgets {
  /** Its first day. */
  readonly month: string;
  readonly budgets: readonly PageBudget[];
}

/** What the first page shows of remedies. */
export interface RemediesToday extends MonthlyBudgets {
  /** How many wait for approval. */
  readonly pending: number;
}

/** Everything the page of remedies shows. */
export interface RemediesPageData extends MonthlyBudgets {
  /** The newest of those that wait for approval. */
  readonly pending: readonly PageRemedy[];
  /** More wait than `pending` holds. */
  readonly morePending: boolean;
  /** The newest of those that are decided. */
  readonly decided: readonly PageRemedy[];
  /** More are decided than `decided` holds. */
  readonly moreDecided: boolean;
  readonly people: readonly PagePerson[];
  /** Who decides, as chosen. */
  readonly by: string;
  /** Why what was pressed changed nothing. */
  readonly fault: 'closed' | 'unknownPerson' | null;
}
