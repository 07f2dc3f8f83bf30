import type { Promised } from '../../domain/calendar/plan.ts';
import { WITHDRAWERS } from '../../domain/promise/words.ts';
import type { OutsideFact } from '../../domain/promise/facts.ts';
import type { Instant } from '../../domain/promise/instant.ts';
import { type FileRow, type HistoryRow, type Mapping, type Rejected } from './mapping.ts';
import { readDay, readWallTime } from './wall-time.ts';

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

type Column = (typeof BOOKSHOP_COLUMNS)[number];

/**
 * The shipped sample, and a simple form for a shop's own export. `promised` is a day, or a time, which with
 * `promised_from` is the end of a window. Times are local to Tallinn; an empty time gives no fact.
 */
export const bookshop: Mapping = { name: 'bookshop', zone: ZONE, columns: BOOKSHOP_COLUMNS, read: readRow };

function readRow(row: FileRow): HistoryRow | Rejected {
  const cells = { text: (column: Column) => row[column]?.trim() ?? '', time: (column: Column) => timeOf(row, column) };
  const ref = cells.text('ref');
  const kind = cells.text('kind');
  if (ref === '' || kind === '') return { code: 'MISSING_REF', message: 'ref or kind is empty.' };
  try {
    return {
      ref,
      kind,
      madeAt: required(cells.time('made_at'), 'made_at'),
      promised: promisedOf(cells),
      facts: factsOf(cells),
      owner: cells.text('owner') || null,
      partner: cells.text('partner') || null,
      subject: cells.text('subject') || null,
      customerName: cells.text('customer') || null,
    };
  } catch (error) {
    if (error instanceof BadCell) return error.rejected;
    throw error;
  }
}

interface Cells {
  readonly text: (column: Column) => string;
  readonly time: (column: Column) => Instant | null;
}

function promisedOf({ text, time }: Cells): Promised {
  const from = time('promised_from');
  if (from) return { precision: 'window', from, to: required(time('promised'), 'promised') };
  if (text('promised').includes(':')) return { precision: 'instant', at: required(time('promised'), 'promised') };
  return { precision: 'day', day: good(readDay(text('promised'), 'promised')), zone: ZONE };
}

function factsOf({ text, time }: Cells): readonly OutsideFact[] {
  const sentAt = time('sent_at');
  const doneAt = time('done_at');
  const withdrawnAt = time('withdrawn_at');
  const facts: OutsideFact[] = [];
  if (sentAt) facts.push({ factKey: 'sent', kind: 'progressed', checkpoint: 'sent', occurredAt: sentAt });
  for (const [said, estimate] of [
    ['estimated_at', 'estimate'],
    ['estimated_again_at', 'estimate_again'],
  ] as const) {
    const occurredAt = time(said);
    if (occurredAt)
      facts.push({ factKey: said, kind: 'estimated', occurredAt, at: required(time(estimate), estimate) });
  }
  if (doneAt) facts.push({ factKey: 'done', kind: 'fulfilled', occurredAt: doneAt });
  if (withdrawnAt)
    facts.push({
      factKey: 'withdrawn',
      kind: 'withdrawn',
      by: withdrawer(text('withdrawn_by')),
      occurredAt: withdrawnAt,
    });
  return facts.sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0));
}

/** Ends the reading of a row; never leaves this file. */
class BadCell extends Error {
  readonly rejected: Rejected;
  constructor(rejected: Rejected) {
    super(rejected.message);
    this.rejected = rejected;
  }
}

function good<T extends string>(value: T | Rejected): T {
  if (typeof value !== 'string') throw new BadCell(value);
  return value;
}

function timeOf(row: FileRow, column: Column): Instant | null {
  const text = row[column]?.trim() ?? '';
  return text === '' ? null : good(readWallTime(text, ZONE, column));
}

function required(at: Instant | null, column: Column): Instant {
  if (!at) throw new BadCell({ code: 'MISSING_TIME', message: `${column} is empty.` });
  return at;
}

function withdrawer(text: string): (typeof WITHDRAWERS)[number] {
  const by = WITHDRAWERS.find((word) => word === (text || 'unknown'));
  if (!by)
    throw new BadCell({ code: 'UNKNOWN_WITHDRAWER', message: `withdrawn_by is one of ${WITHDRAWERS.join(', ')}.` });
  return by;
}
