import type { Grouping } from '../domain/metrics/word-kept.ts';
import type { Picture, ReportFigures } from '../reports/charts/picture.ts';
import type { Fact } from '../domain/promise/facts.ts';
import type { BoardData, BoardRow } from '../domain/metrics/board.ts';
import type { CallsAhead } from './call-shapes.ts';
import type { Line, Load } from '../domain/promise/capacity.ts';
import type { HandOver } from '../domain/promise/hand-over.ts';
import type { HandOverForm } from './people-shapes.ts';
import type { RemediesToday } from './remedy-shapes.ts';
import type { Instant, Zone } from '../domain/promise/instant.ts';
import type { Explanation } from '../domain/promise/explanation.ts';
import type { Basis, Plan } from '../domain/promise/plan.ts';
import type { Flag, HoldReason, NoticeReason, NoticeState, Precision, Withdrawer } from '../domain/promise/words.ts';

/** What pages are made of. Structural, so that `db/` and `api/` hand over what they have and pages fetch nothing. */

/** The times of a promise as a bar draws them. */
export type BarTimes = Pick<
  BoardRow,
  | 'zone'
  | 'day'
  | 'madeAt'
  | 'targetAt'
  | 'lastCallAt'
  | 'promisedAt'
  | 'closedAt'
  | 'estimatedAt'
  | 'toldAt'
  | 'phase'
  | 'clock'
  | 'waitingFor'
  | 'waitingSince'
  | 'waitingUntil'
  | 'checkpoints'
  | 'passed'
>;

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

/** Whether the engine is there and keeps up. */
export interface EngineState {
  readonly up: boolean;
  /** Why all mails are held back; null: they are not. */
  readonly hold: HoldReason | null;
  /** Promises whose time to look has come, and how long the oldest of them has waited, in whole milliseconds. */
  readonly due: number;
  readonly lagMs: number;
  /** Pokes on their way to the engine. */
  readonly backlog: number;
  readonly capacity: Load & {
    /** The times for which it has too little, soonest first. */
    readonly shortages: readonly Line[];
  };
}

/** Everything the first page shows. */
export interface TodayData {
  readonly board: BoardData;
  /** Of today. */
  readonly calls: CallsAhead;
  readonly remedies: RemediesToday;
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
  readonly customerRef: string | null;
  readonly owner: string | null;
  readonly handOver: HandOver | null;
  readonly partner: string | null;
  readonly region: string | null;
  readonly product: string | null;
  readonly flags: readonly Flag[];
  readonly precision: Precision;
  readonly revision: number;
  /** Of the last time that the customer agreed to: the promise is judged by it. */
  readonly agreedRevision: number;
  readonly firstPromisedAt: Instant;
  readonly basis: Pick<Basis, 'promised'>;
  /** Tries to reach the customer that counted. */
  readonly attempts: number;
  readonly plan: Plan;
  readonly fulfilledAt: Instant | null;
  readonly fulfilledAsDay: boolean;
  readonly history: boolean;
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

/** What one of the staff wrote about a promise. */
export interface PageNote {
  readonly promiseId: string;
  readonly at: Instant;
  /** Id of the person. */
  readonly by: string;
  readonly text: string;
}

/** That the customer came to us about a promise. */
export interface PageContact {
  readonly promiseId: string;
  readonly fact: Extract<Fact, { readonly kind: 'contacted' }>;
}

/** The form for a note, as it was typed. */
export interface NoteForm {
  readonly people: readonly { readonly id: string; readonly name: string }[];
  readonly text: string;
  readonly by: string;
  readonly faults: { readonly text?: string; readonly by?: string };
}

/** A promise that Kept made because of another one, or that other one. */
export interface RelatedPromise extends Pick<PagePromise, 'id' | 'source' | 'ref' | 'kind' | 'subject' | 'phase'> {
  /** What it is to the promise of the page. */
  readonly is: 'parent' | 'child';
}

/** Everything the page of one promise shows. */
export interface PromisePageData {
  readonly now: Instant;
  readonly promise: Omit<PagePromise, 'zone' | 'day' | 'clock' | 'checkpoints'>;
  /** The owner's name where the owner is known. */
  readonly ownerName: string | null;
  /** Oldest first. */
  readonly timeline: readonly { readonly recordedAt: Instant; readonly fact: Fact }[];
  readonly notices: readonly PageNotice[];
  /** Oldest first; absent: none. */
  readonly related?: readonly RelatedPromise[];
  /** Oldest first. */
  readonly notes: readonly PageNote[];
  readonly noteForm: NoteForm;
  readonly handOverForm: HandOverForm;
  /** Every time that was told, the first one first. */
  readonly revisions: Explanation['revisions'];
}

/** Everything the page shows that says how a promise was computed. */
export interface ExplainPageData {
  readonly now: Instant;
  readonly promise: Pick<PagePromise, 'subject' | 'partner' | 'plan' | 'withdrawnBy'>;
  readonly timeline: PromisePageData['timeline'];
  readonly explanation: Explanation;
}

/** What the report can be narrowed to by a name. */
export const REPORT_FILTERS = ['source', 'kind', 'partner', 'owner'] as const;
export type ReportFilter = (typeof REPORT_FILTERS)[number];
export type ReportField = ReportFilter | 'from' | 'to' | 'by';

/** A picture as it stands in a page: drawn for wide and for narrow screens, in the colours of the page. */
export interface DrawnPicture extends Pick<Picture, 'name' | 'title' | 'reading' | 'notes'> {
  /** `<svg>` elements, safe to be put into a page. */
  readonly wide: string;
  readonly narrow: string;
}

/** Everything the page of the report shows. */
/** What the report says of one partner beside its figures. */
export interface Scorecard {
  readonly name: string;
  /** The checkpoints it missed, and of how many promises. */
  readonly slips: readonly { readonly checkpoint: string; readonly promises: number }[];
}

export interface ReportsPageData {
  readonly generatedAt: Instant;
  readonly readLagMs: number;
  readonly zone: Zone;
  readonly by: Grouping;
  /** What was asked for, as far as it can be done; absent: not narrowed by it. */
  readonly asked: { readonly [F in ReportField]?: string };
  /** Why something that was asked for cannot be done; then nothing was counted. */
  readonly faults: { readonly [F in ReportField]?: string };
  /** The names there are, in order. */
  readonly choices: { readonly [F in ReportFilter]: readonly string[] };
  /** Null where no promise matches. */
  readonly figures: ReportFigures | null;
  /** Where it is narrowed to a partner; absent: it is not. */
  readonly scorecard?: Scorecard;
  /** In the order in which they are read; those that would show nothing are missing. */
  readonly pictures: readonly DrawnPicture[];
}
