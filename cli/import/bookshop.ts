import { WITHDRAWERS, type Withdrawer } from '../../domain/promise/words.ts';
import { byOccurrence, type OutsideFact } from '../../domain/promise/facts.ts';
import type { Promised } from '../../domain/promise/plan.ts';
import { MISSING_KIND, MISSING_REF, MISSING_TIME, NO_DEADLINE, readCells, type Cells, type Fault } from './cells.ts';
import { LABELS } from './labels.ts';
import type { HistoryRow, Mapping } from './mapping.ts';
import { dayReader, instantReader, readIso } from './wall-time.ts';

const ZONE = 'Europe/Tallinn';

/** The columns of the shipped sample, in the order of the file. */
export const BOOKSHOP_COLUMNS = [
  'ref',
  'kind',
  'made_at',
  'promised_from',
  'promised',
  'subject',
  'customer',
  'owner',
  'partner',
  'sent_at',
  'estimated_at',
  'estimate',
  'estimated_again_at',
  'estimate_again',
  'done_at',
  'withdrawn_at',
  'withdrawn_by',
] as const;

const day = dayReader(readIso, ZONE);
const happened = instantReader(readIso, ZONE, 'earlier');
const told = instantReader(readIso, ZONE, 'later');

/**
 * The shipped sample, and a simple form for a shop's own export. `promised` is a day, or a time, which with
 * `promised_from` is the end of a window. Times are local to Tallinn; an empty time gives no fact.
 */
export const bookshop: Mapping = {
  name: 'bookshop',
  zone: ZONE,
  columns: BOOKSHOP_COLUMNS,
  notes: [`Times are read in ${ZONE}. What was taken back by nobody named counts as withdrawn by unknown.`],
  read: (row) => readCells(row, { promised: 'promised', fulfilled: 'done_at' }, readPromise),
};

function readPromise(cells: Cells): Omit<HistoryRow, 'ignored'> {
  const ref = cells.required('ref', LABELS.ref, MISSING_REF);
  const name = cells.optional('customer', LABELS.customerName);
  return {
    ref,
    kind: cells.required('kind', LABELS.kind, MISSING_KIND),
    madeAt: cells.optional('made_at', happened),
    promised: promisedOf(cells),
    target: null,
    facts: factsOf(cells),
    owner: cells.optional('owner', LABELS.owner),
    partner: cells.optional('partner', LABELS.partner),
    region: null,
    product: null,
    subject: cells.optional('subject', LABELS.subject),
    customer: name === null ? null : { ref, name, email: null, phone: null, language: null, zone: null },
  };
}

function promisedOf(cells: Cells): Promised {
  const from = cells.judged('promised_from', told);
  if (from) return { precision: 'window', from, to: cells.required('promised', told, NO_DEADLINE) };
  return cells.text('promised').includes(':')
    ? { precision: 'instant', at: cells.required('promised', told) }
    : { precision: 'day', day: cells.required('promised', day, NO_DEADLINE), zone: ZONE };
}

function factsOf(cells: Cells): readonly OutsideFact[] {
  const sentAt = cells.optional('sent_at', happened);
  const doneAt = cells.judged('done_at', happened);
  const withdrawnAt = cells.judged('withdrawn_at', happened);
  const facts: OutsideFact[] = [];
  if (sentAt) facts.push({ factKey: 'sent', kind: 'progressed', checkpoint: 'sent', occurredAt: sentAt });
  for (const [said, estimate] of [
    ['estimated_at', 'estimate'],
    ['estimated_again_at', 'estimate_again'],
  ] as const) {
    const occurredAt = cells.optional(said, happened);
    if (!occurredAt) continue;
    const at = cells.optional(estimate, happened);
    if (at) facts.push({ factKey: said, kind: 'estimated', occurredAt, at });
    else if (cells.text(estimate) === '') cells.ignore(estimate, MISSING_TIME);
  }
  if (doneAt) facts.push({ factKey: 'done', kind: 'fulfilled', occurredAt: doneAt });
  if (withdrawnAt)
    facts.push({
      factKey: 'withdrawn',
      kind: 'withdrawn',
      by: cells.judged('withdrawn_by', withdrawer) ?? 'unknown',
      occurredAt: withdrawnAt,
    });
  return facts.sort(byOccurrence);
}

const withdrawer = (text: string): Withdrawer | Fault =>
  WITHDRAWERS.find((word) => word === text) ?? {
    code: 'UNKNOWN_WITHDRAWER',
    message: `Not one of ${WITHDRAWERS.join(', ')}.`,
  };
