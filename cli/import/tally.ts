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
  /** Those that live from now on: newly imported, or history until now, which counts as existing and updated. */
  readonly live: number;
  /** Of those that live: their time had passed already. */
  readonly livePastTime: number;
  /** Of those that live: no address is known to which their customer could be written. */
  readonly liveWithoutAddress: number;
  /** Promises of the file that have not ended, and are history. */
  readonly openHistory: number;
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

/** By code. */
export interface Examples {
  readonly rejected: ReadonlyMap<string, Example>;
  readonly ignored: ReadonlyMap<string, Example>;
}

export interface Tally {
  add(outcomes: readonly Outcome[]): void;
  readonly rows: () => number;
  readonly counts: () => Omit<ImportResult, 'source' | 'dryRun' | 'errorFile' | 'unreadable'>;
  readonly examples: () => Examples;
}

export function createTally(): Tally {
  const errors = createCells();
  const ignored = createCells();
  /** By id: a later line may end what an earlier one left open. */
  const open = new Set<string>();
  const count = {
    rows: 0,
    imported: 0,
    existing: 0,
    rejected: 0,
    updated: 0,
    live: 0,
    livePastTime: 0,
    liveWithoutAddress: 0,
  };
  const addOne = (outcome: Outcome): void => {
    const { line } = outcome;
    count.rows += 1;
    count[outcome.kind] += 1;
    if (outcome.kind === 'rejected') return errors.add(line, outcome.why);
    if (outcome.kind === 'existing') count.updated += Number(outcome.updated);
    if (outcome.lives) {
      count.live += 1;
      count.livePastTime += Number(outcome.lives.late);
      count.liveWithoutAddress += Number(!outcome.lives.reachable);
    }
    if (outcome.openHistory) open.add(outcome.id);
    else open.delete(outcome.id);
    for (const cell of outcome.ignored) ignored.add(line, cell);
  };
  return {
    add: (outcomes) => outcomes.forEach(addOne),
    rows: () => count.rows,
    counts: () => ({
      ...count,
      openHistory: open.size,
      errors: byCode(errors.counts),
      ignored: byCode(ignored.counts),
    }),
    examples: () => ({ rejected: errors.examples, ignored: ignored.examples }),
  };
}

/** How many there are of each code, and the first. */
function createCells() {
  const counts = new Map<string, number>();
  const examples = new Map<string, Example>();
  return {
    counts,
    examples,
    add: (line: number, cell: BadCell): void => {
      counts.set(cell.code, (counts.get(cell.code) ?? 0) + 1);
      if (!examples.has(cell.code)) examples.set(cell.code, { line, ...cell });
    },
  };
}

const byCode = (counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> =>
  Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
