import type { Promised } from '../../domain/promise/plan.ts';
import type { OutsideFact } from '../../domain/promise/facts.ts';
import type { Instant } from '../../domain/promise/instant.ts';

/** Whom the promise was made to, as far as a history says; all null but `ref`: known by a number only. */
export interface HistoryCustomer {
  readonly ref: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly language: string | null;
  readonly zone: string | null;
}

/** One promise of a history, and everything the history says about it. */
export interface HistoryRow {
  readonly ref: string;
  readonly kind: string;
  /** Null: the history does not say when it was promised; the promise is then in no length. */
  readonly madeAt: Instant | null;
  readonly promised: Promised;
  /** The company's own earlier deadline, where the history has one; null: by the policy of the kind. */
  readonly target: Instant | null;
  /** In the order of their occurrence. */
  readonly facts: readonly OutsideFact[];
  readonly owner: string | null;
  readonly partner: string | null;
  readonly region: string | null;
  readonly product: string | null;
  readonly subject: string | null;
  /** Null: nobody is named in the history. */
  readonly customer: HistoryCustomer | null;
  /** Optional cells that could not be read and were taken as empty. */
  readonly ignored: readonly BadCell[];
}

/** A cell that cannot be read. */
export interface BadCell {
  /** A stable code, e.g. `UNREADABLE_TIME`. */
  readonly code: string;
  /** The column of the file it stands in; null where the row as a whole is meant. */
  readonly column: string | null;
  /** What stands there, cut to 200 characters. */
  readonly value: string;
  /** What is wrong and what to do, in a sentence. */
  readonly message: string;
}

/** Why a row is left out. */
export interface Rejected extends BadCell {
  readonly rejected: true;
}

/** A row of a file, by the names of its columns. */
export type FileRow = Readonly<Record<string, string>>;

/** How the rows of one kind of file are read as promises. To add one: one file here and one line in `mappings.ts`. */
export interface Mapping {
  /** Also the source of the promises. */
  readonly name: string;
  /** In which `--from` and `--to` are days, and times without a zone are read. */
  readonly zone: string;
  /** The columns it cannot do without. */
  readonly columns: readonly string[];
  /** Between the cells of a CSV file; found from its heading where it is not given. */
  readonly separator?: string;
  /** What the user should know about how the file is read; printed by an import. */
  readonly notes: readonly string[];
  readonly read: (row: FileRow) => HistoryRow | Rejected;
}

export const isRejected = (row: HistoryRow | Rejected): row is Rejected => 'rejected' in row;
