import type { Outcome } from './batch.ts';
import type { BadCell } from './mapping.ts';

/** What an import came to; with `--json` as it stands. */
export interface ImportResult {
  readonly source: string;
  /** Records of the file: `imported + existing + rejected`. */
  readonly rows: number;
  readonly imported: number;
  /** Promises that were there already. */
  readonly existing: number;
  readonly rejected: number;
  /** Of the rejected rows, by code. */
  readonly errors: Readonly<Record<string, number>>;
  /** Of the existing ones: the file told something new of them. */
  readonly updated: number;
  /** Cells that were taken as empty, by code. */
  readonly ignored: Readonly<Record<string, number>>;
  /** Of the imported ones: they live. */
  readonly live: number;
  /** Of those that live: their time had passed already. */
  readonly livePastTime: number;
  /** With --live: open promises that are history already and stay it. */
  readonly staysHistory: number;
  /** Nothing was written. */
  readonly dryRun: boolean;
  /** Where the rejected rows are listed; null where there are none, or no list was wanted. */
  readonly errorFile: string | null;
  /** Why the file was not read to its end; null: it was. */
  readonly unreadable: string | null;
}

/** The first row of a code. */
export interface Example extends BadCell {
  readonly line: number;
}

export interface Tally {
  add(outcomes: readonly Outcome[]): void;
  readonly rows: () => number;
  readonly counts: () => Omit<ImportResult, 'source' | 'dryRun' | 'errorFile' | 'unreadable'>;
  /** By code. */
  readonly examples: () => ReadonlyMap<string, Example>;
}

export function createTally(): Tally {
  const errors = new Map<string, number>();
  const ignored = new Map<string, number>();
  const examples = new Map<string, Example>();
  const count = {
    rows: 0,
    imported: 0,
    existing: 0,
    rejected: 0,
    updated: 0,
    live: 0,
    livePastTime: 0,
    staysHistory: 0,
  };
  const remember = (to: Map<string, number>, line: number, cell: BadCell): void => {
    to.set(cell.code, (to.get(cell.code) ?? 0) + 1);
    if (!examples.has(cell.code)) examples.set(cell.code, { line, ...cell });
  };
  const addOne = (outcome: Outcome): void => {
    count.rows += 1;
    count[outcome.kind] += 1;
    switch (outcome.kind) {
      case 'rejected':
        return remember(errors, outcome.line, outcome.why);
      case 'imported':
        count.live += Number(outcome.lives);
        count.livePastTime += Number(outcome.late);
        break;
      case 'existing':
        count.updated += Number(outcome.updated);
        count.staysHistory += Number(outcome.staysHistory);
    }
    for (const cell of outcome.ignored) remember(ignored, outcome.line, cell);
  };
  return {
    add: (outcomes) => outcomes.forEach(addOne),
    rows: () => count.rows,
    counts: () => ({ ...count, errors: byCode(errors), ignored: byCode(ignored) }),
    examples: () => examples,
  };
}

const byCode = (counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> =>
  Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
