import { isRefusedRow } from '../../db/import.ts';
import type { NewPromise } from '../../db/insert-promises.ts';
import type { Change } from '../../db/settle.ts';
import { isLate } from '../../domain/promise/plan.ts';
import type { OutsideFact } from '../../domain/promise/facts.ts';
import { knowing, knownAs, newsOf, type Known } from './known.ts';
import type { Ledger } from './ledger.ts';
import type { BadCell, HistoryRow, Rejected } from './mapping.ts';
import { believed, hasEnded, newPromiseOf, type Frame, type Moment } from './new-promise.ts';

/** A row of the file that was read as a promise. */
export interface Candidate {
  readonly line: number;
  readonly row: HistoryRow;
}

/** What became of a row. */
export type Outcome =
  | (Stored & { readonly kind: 'imported' })
  /** `updated`: it told something that was not known, or the promise lives since. */
  | (Stored & { readonly kind: 'existing'; readonly updated: boolean })
  | { readonly line: number; readonly kind: 'rejected'; readonly why: Rejected };

interface Stored {
  readonly line: number;
  /** Of the promise. */
  readonly id: string;
  /** Null: it does not live, or did so before. */
  readonly lives: Life | null;
  /** It has not ended, and is history. */
  readonly openHistory: boolean;
  readonly ignored: readonly BadCell[];
}

/** A promise that begins to live. */
interface Life {
  /** Its time had passed already. */
  readonly late: boolean;
  /** An address of its customer is known. */
  readonly reachable: boolean;
}

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

async function together(told: readonly Candidate[], ledger: Ledger, frame: Frame): Promise<readonly Outcome[]> {
  const known = await ledger.known([...new Set(told.map(({ row }) => row.ref))]);
  const moment = await momentOf(told, ledger, frame);
  const rows = told.map(({ line, row }) => ({ line, row: believed(row, moment.latest) }));
  const decisions = decideAll(rows, known, frame, moment);
  const { lost, clashes, woken } = await ledger.write({
    moment,
    add: decisions.flatMap(({ add }) => add ?? []),
    tell: changesOf(decisions),
    wake: decisions.flatMap(({ wake }) => wake ?? []),
    after: new Map(decisions.flatMap(({ row, after }) => (after ? [[row.ref, after]] : []))),
  });
  const isLost = ({ id }: Decision): boolean => id !== null && lost.has(id);
  const outcomes = decisions
    .filter((decision) => !isLost(decision))
    .map((decision) => outcomeOf(decision, clashes, woken));
  if (lost.size === 0) return outcomes;
  const again = decisions.filter(isLost).map(({ row, outcome: { line } }) => ({ line, row }));
  return [...outcomes, ...(await importBatch(again, ledger, frame))];
}

/** What became of a row, after others may have come between. */
function outcomeOf(
  { row, id, facts, wake, outcome }: Decision,
  clashes: ReadonlySet<string>,
  woken: ReadonlySet<string>,
): Outcome {
  if (id === null || outcome.kind !== 'existing') return outcome;
  if (clashes.has(id) && facts.length > 0) return { line: outcome.line, kind: 'rejected', why: toldMeanwhile(row.ref) };
  return wake && !woken.has(id) ? { ...outcome, lives: null, updated: facts.length > 0 } : outcome;
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
  /** As what a promise that is there begins to live. */
  readonly wake: NewPromise | null;
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
    const decision = twin ? aboutKnown(candidate, twin, frame, moment) : aboutNew(candidate, frame, moment);
    if (decision.after) latest.set(ref, decision.after);
    return decision;
  });
}

function aboutNew({ line, row }: Candidate, frame: Frame, moment: Moment): Decision {
  const promise = newPromiseOf(row, frame, moment);
  if ('rejected' in promise) return rejection(line, row, promise);
  const { id, terms } = promise;
  const openHistory = terms.history && !hasEnded(row);
  return {
    row,
    outcome: { line, kind: 'imported', id, lives: lifeOf(promise, moment), openHistory, ignored: row.ignored },
    id,
    add: promise,
    facts: [],
    wake: null,
    after: () => knownAs(promise),
  };
}

function aboutKnown({ line, row }: Candidate, known: Known, frame: Frame, moment: Moment): Decision {
  const news = newsOf(row, known);
  if ('rejected' in news) return rejection(line, row, news);
  const { facts } = news;
  const open = known.history && !known.ended && !hasEnded({ facts });
  const wake = open && frame.live ? newPromiseOf(row, frame, moment) : null;
  if (wake && 'rejected' in wake) return rejection(line, row, wake);
  const updated = facts.length > 0 || wake !== null;
  const ignored = [...row.ignored, ...news.ignored];
  const { id } = known;
  return {
    row,
    outcome: {
      line,
      kind: 'existing',
      id,
      updated,
      lives: wake && lifeOf(wake, moment),
      openHistory: open && !wake,
      ignored,
    },
    id,
    add: null,
    facts,
    wake: wake && { ...wake, id },
    after: updated ? () => ({ ...knowing(known, facts), history: known.history && !wake }) : null,
  };
}

function lifeOf({ terms: { plan, history }, customer }: NewPromise, { now, reachable }: Moment): Life | null {
  if (history) return null;
  const hasAddress = customer !== null && (customer.email !== null || reachable.has(customer.ref));
  return { late: isLate(plan, now), reachable: hasAddress };
}

const rejection = (line: number, row: HistoryRow, why: Rejected): Decision => ({
  row,
  outcome: { line, kind: 'rejected', why },
  id: null,
  add: null,
  facts: [],
  wake: null,
  after: null,
});

function changesOf(decisions: readonly Decision[]): readonly Change[] {
  const byId = new Map<string, OutsideFact[]>();
  for (const { id, facts } of decisions)
    if (id !== null && facts.length > 0) byId.set(id, [...(byId.get(id) ?? []), ...facts]);
  return [...byId].map(([id, facts]) => ({ id, facts }));
}

/** Only of rows that may become living promises it matters whom they name. */
async function momentOf(rows: readonly Candidate[], ledger: Ledger, { live }: Frame): Promise<Moment> {
  const open = live ? rows.filter(({ row }) => !hasEnded(row)) : [];
  const owners = new Set(open.flatMap(({ row }) => row.owner ?? []));
  const customers = new Set(open.flatMap(({ row: { customer } }) => customer ?? []));
  const unknown = [...customers].flatMap(({ ref, email }) => (email === null ? ref : []));
  const moment = await ledger.moment({ owners: [...owners], customers: [...new Set(unknown)] });
  const named = [...customers].flatMap(({ ref, email }) => (email === null ? [] : ref));
  return named.length === 0 ? moment : { ...moment, reachable: new Set([...moment.reachable, ...named]) };
}

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
