import { startOfDay } from '../../domain/calendar/zones.ts';
import type { Instant } from '../../domain/promise/instant.ts';
import { MISSING_REF, NO_DEADLINE, readCells, type Cells, type Fault } from './cells.ts';
import { LABELS } from './labels.ts';
import type { HistoryRow, Mapping } from './mapping.ts';
import { compiled } from './time-format.ts';
import { dayReader, endOfDay } from './wall-time.ts';

/** The publisher gives days without a zone, for 43 countries. */
const ZONE = 'UTC';

const PROMISED = 'Scheduled Delivery Date';
const DELIVERED = 'Delivered to Client Date';
/** When it was ordered from the vendor; where that is not known, when it was offered to the client. */
const MADE = ['PO Sent to Vendor Date', 'PQ First Sent to Client Date'] as const;

const EMPTY: ReadonlySet<string> = new Set(['N/A', 'N/A - From RDC', 'Date Not Captured', 'Pre-PQ Process']);

const day = dayReader(compiled('d-MMM-yy'), ZONE);
const orderDay = dayReader(compiled('M/d/yy'), ZONE);

/** Scheduled deliveries of health goods (USAID, Supply Chain Management System): everything is known as a day only. */
export const scms: Mapping = {
  name: 'scms',
  zone: ZONE,
  columns: ['ID', PROMISED, DELIVERED, ...MADE, 'Vendor', 'Country', 'Shipment Mode'],
  notes: [
    'Deliveries are known as days and judged as days; no zone is given, so days are read in UTC.',
    'A promise counts as made on the day of the order, else of the quote, else its length is not known; so it is, too, where that day is later than the scheduled or the delivered one.',
  ],
  read: (row) => readCells(row, { empty: EMPTY, promised: PROMISED, fulfilled: DELIVERED }, readDelivery),
};

function readDelivery(cells: Cells): Omit<HistoryRow, 'ignored'> {
  const ref = cells.required('ID', LABELS.ref, MISSING_REF);
  const promised = cells.required(PROMISED, day, NO_DEADLINE);
  const delivered = cells.judged(DELIVERED, day);
  return {
    ref,
    kind: 'delivery',
    madeAt: madeAtOf(cells, promised, delivered),
    promised: { precision: 'day', day: promised, zone: ZONE },
    target: null,
    facts: delivered
      ? [{ factKey: 'delivered', kind: 'fulfilled', asDay: true, occurredAt: endOfDay(delivered, ZONE) }]
      : [],
    owner: null,
    partner: cells.optional('Vendor', LABELS.partner),
    region: cells.optional('Country', LABELS.region),
    product: cells.optional('Shipment Mode', LABELS.product),
    subject: null,
    customer: null,
  };
}

/** An order later than its own delivery cannot be the one meant. */
function madeAtOf(cells: Cells, promised: string, delivered: string | null): Instant | null {
  const column = MADE.find((each) => cells.text(each) !== '');
  const made = column === undefined ? null : cells.optional(column, orderDay);
  if (column === undefined || made === null) return null;
  if (made <= promised && (delivered === null || made <= delivered)) return startOfDay(made, ZONE);
  cells.ignore(column, MADE_TOO_LATE);
  return null;
}

const MADE_TOO_LATE: Fault = { code: 'MADE_TOO_LATE', message: 'Later than the day promised or the day delivered.' };
