import { isRefusedRow } from '../../db/import.ts';
import type { NewPromise } from '../../db/insert-promises.ts';
import type { Change } from '../../db/settle.ts';
import { isLate } from '../../domain/promise/plan.ts';
import type { OutsideFact } from '../../domain/promise/facts.ts';
import { knowing, knownAs, newsOf, type Known } from './known.ts';
import type { Ledger } from './ledger.ts';
import type { BadCell, HistoryRow, Rejected } from './mapping.ts';
import { hasEnded, newPromiseOf, type Frame, type Moment } from './new-promise.ts';

/** A row of the file that was read as a promise. */
export interface Candidate {
  readonly line: number;
  readonly row: HistoryRow;
}

/** What became of a row. */
export type Outcome = { readonly line: number } & (
  | {
      readonly kind: 'imported';
      /** It lives; `late`: its time had passed already. */
      readonly lives: boolean;
      readonly late: boolean;
      readonly ignored: readonly BadCell[];
    }
  | {
      readonly kind: 'existing';
      /** It told something that was not known. */
      readonly updated: boolean;
      /** It has not ended and was to live, but it is history already. */
      readonly staysHistory: boolean;
      readonly ignored: readonly BadCell[];
    }
  | { readonly kind: 'rejected'; readonly why: Rejected }
);

/**
 * Brings the rows in, at most 1,000: those that are new in one statement, so that a kill leaves all of them or none.
 * A row that PostgreSQL refuses is found and left out; the others come in.
 */
export async function importBatch(
  rows: readonly Candidate[],
  ledger: Ledger,
  frame: Frame,
): Promise<readonly Outcome[]> {
  try {
    return await together(rows, ledger, frame);
  } catch (error) {
    if (!isRefusedRow(error)) throw error;
    const [only] = rows;
    if (rows.length === 1 && only) return [{ line: only.line, kind: 'rejected', why: refused(only, error) }];
    const half = Math.ceil(rows.length / 2);
    const first = await importBatch(rows.slice(0, half), ledger, frame);
    return [...first, ...(await importBatch(rows.slice(half), ledger, frame))];
  }
}

async function together(rows: readonly Candidate[], ledger: Ledger, frame: Frame): Promise<readonly Outcome[]> {
  const known = await ledger.known([...new Set(rows.map(({ row }) => row.ref))]);
  const moment = await ledger.moment(frame.live ? ownersOf(rows) : []);
  const decisions = decideAll(rows, known, frame, moment);
  const { lost, clashes } = await ledger.write({
    moment,
    add: decisions.flatMap(({ add }) => add ?? []),
    tell: changesOf(decisions),
    after: new Map(decisions.flatMap(({ row, after }) => (after ? [[row.ref, after]] : []))),
  });
  const isLost = ({ id }: Decision): boolean => id !== null && lost.has(id);
  const outcomes = decisions
    .filter((decision) => !isLost(decision))
    .map(({ row, id, facts, outcome }): Outcome => {
      const clashed = id !== null && clashes.has(id) && facts.length > 0 && outcome.kind === 'existing';
      return clashed ? { line: outcome.line, kind: 'rejected', why: toldMeanwhile(row.ref) } : outcome;
    });
  if (lost.size === 0) return outcomes;
  const again = decisions.filter(isLost).map(({ row, outcome: { line } }) => ({ line, row }));
  return [...outcomes, ...(await importBatch(again, ledger, frame))];
}

/** What is to be done about one row. */
interface Decision {
  readonly row: HistoryRow;
  readonly outcome: Outcome;
  /** The promise it is about; null: of none. */
  readonly id: string | null;
  readonly add: NewPromise | null;
  /** To be told to a promise that is there. */
  readonly facts: readonly OutsideFact[];
  /** What its ref is afterwards, where that changes; asked only for what is met again. */
  readonly after: (() => Known) | null;
}

/** Each row against what is known by the database and by the rows before it. */
function decideAll(
  rows: readonly Candidate[],
  known: ReadonlyMap<string, Known>,
  frame: Frame,
  moment: Moment,
): readonly Decision[] {
  const latest = new Map<string, () => Known>();
  return rows.map((candidate) => {
    const { ref } = candidate.row;
    const twin = latest.get(ref)?.() ?? known.get(ref);
    const decision = twin ? aboutKnown(candidate, twin, frame) : aboutNew(candidate, frame, moment);
    if (decision.after) latest.set(ref, decision.after);
    return decision;
  });
}

function aboutNew({ line, row }: Candidate, frame: Frame, moment: Moment): Decision {
  const promise = newPromiseOf(row, frame, moment);
  if ('rejected' in promise) return rejection(line, row, promise);
  const lives = !promise.terms.history;
  const late = lives && isLate(promise.terms.plan, moment.now);
  return {
    row,
    outcome: { line, kind: 'imported', lives, late, ignored: row.ignored },
    id: promise.id,
    add: promise,
    facts: [],
    after: () => knownAs(promise),
  };
}

function aboutKnown({ line, row }: Candidate, known: Known, { live }: Frame): Decision {
  const news = newsOf(row, known);
  if ('rejected' in news) return rejection(line, row, news);
  const { facts } = news;
  const updated = facts.length > 0;
  const staysHistory = live && known.history && !known.ended && !hasEnded({ facts });
  const ignored = [...row.ignored, ...news.ignored];
  return {
    row,
    outcome: { line, kind: 'existing', updated, staysHistory, ignored },
    id: known.id,
    add: null,
    facts,
    after: updated ? () => knowing(known, facts) : null,
  };
}

const rejection = (line: number, row: HistoryRow, why: Rejected): Decision => ({
  row,
  outcome: { line, kind: 'rejected', why },
  id: null,
  add: null,
  facts: [],
  after: null,
});

function changesOf(decisions: readonly Decision[]): readonly Change[] {
  const byId = new Map<string, OutsideFact[]>();
  for (const { id, facts } of decisions)
    if (id !== null && facts.length > 0) byId.set(id, [...(byId.get(id) ?? []), ...facts]);
  return [...byId].map(([id, facts]) => ({ id, facts }));
}

/** Of rows that may become living promises: only of those it matters whether the owner is known. */
const ownersOf = (rows: readonly Candidate[]): readonly string[] => [
  ...new Set(rows.flatMap(({ row }) => (row.owner === null || hasEnded(row) ? [] : [row.owner]))),
];

const toldMeanwhile = (ref: string): Rejected => ({
  rejected: true,
  code: 'FACT_CLASH',
  column: null,
  value: ref,
  message: 'While it was read, somebody else told the same fact with another content. What was told first stands.',
});

const refused = ({ row }: Candidate, error: unknown): Rejected => ({
  rejected: true,
  code: 'NOT_STORED',
  column: null,
  value: row.ref.slice(0, 200),
  message: `PostgreSQL does not store it: ${error instanceof Error ? error.message : String(error)}`,
});
