import type { Promised } from '../../domain/calendar/plan.ts';
import type { OutsideFact } from '../../domain/promise/facts.ts';
import type { Instant } from '../../domain/promise/instant.ts';

/** One promise of a history, and everything the history says about it. */
export interface HistoryRow {
  readonly ref: string;
  readonly kind: string;
  readonly madeAt: Instant;
  readonly promised: Promised;
  /** In the order of their occurrence. */
  readonly facts: readonly OutsideFact[];
  readonly owner: string | null;
  readonly partner: string | null;
  readonly subject: string | null;
  /** Null: nobody is named in the history. */
  readonly customerName: string | null;
}

/** Why a row is left out. */
export interface Rejected {
  readonly code: string;
  readonly message: string;
}

/** A row of a file, by the names of its columns. */
export type FileRow = Readonly<Record<string, string>>;

/** How the rows of one kind of file are read as promises. To add one: one file here and one line in `mappings.ts`. */
export interface Mapping {
  /** Also the source of the promises. */
  readonly name: string;
  /** In which `--from` and `--to` are days, and times without a zone are read. */
  readonly zone: string;
  readonly columns: readonly string[];
  readonly read: (row: FileRow) => HistoryRow | Rejected;
}

export const isRejected = (row: HistoryRow | Rejected): row is Rejected => 'code' in row;
