import { byOccurrence, type OutsideFact } from '../../domain/promise/facts.ts';
import { startOfDay } from '../../domain/calendar/zones.ts';
import type { Instant } from '../../domain/promise/instant.ts';
import { MISSING_REF, NO_DEADLINE, readCells, type Cells } from './cells.ts';
import { LABELS } from './labels.ts';
import type { HistoryRow, Mapping } from './mapping.ts';
import { dayReader, instantReader, readIso } from './wall-time.ts';

/** The publisher gives local Brazilian times without a zone; most of its customers live by this clock. */
const ZONE = 'America/Sao_Paulo';

/** These orders never came, even where a delivery date is given. */
const CALLED_OFF: ReadonlySet<string> = new Set(['canceled', 'unavailable']);

const PROMISED = 'order_estimated_delivery_date';
const DELIVERED = 'order_delivered_customer_date';

const time = instantReader(readIso, ZONE, 'earlier');
const day = dayReader(readIso, ZONE);

/**
 * Orders of the Brazilian marketplace Olist. The promised time is always 00:00 of a day: the whole day was promised.
 * `order_approved_at` is not used: some orders are handed over before it. `delivered` without a date stays open.
 */
export const olist: Mapping = {
  name: 'olist',
  zone: ZONE,
  columns: [
    'order_id',
    'order_status',
    'order_purchase_timestamp',
    'order_delivered_carrier_date',
    DELIVERED,
    PROMISED,
  ],
  notes: [
    `The promised time is 00:00 of a day and read as the whole day; times are read in ${ZONE}.`,
    'Cancelled and unavailable orders count as withdrawn, by whom is not known; a delivery without a date stays open.',
  ],
  read: (row) => readCells(row, { promised: PROMISED, fulfilled: DELIVERED }, readOrder),
};

function readOrder(cells: Cells): Omit<HistoryRow, 'ignored'> {
  const promised = cells.required(PROMISED, day, NO_DEADLINE);
  const madeAt = cells.optional('order_purchase_timestamp', time);
  return {
    ref: cells.required('order_id', LABELS.ref, MISSING_REF),
    kind: 'delivery',
    madeAt,
    promised: { precision: 'day', day: promised, zone: ZONE },
    target: null,
    facts: factsOf(cells, madeAt ?? startOfDay(promised, ZONE)),
    owner: null,
    partner: null,
    region: null,
    product: null,
    subject: null,
    customer: null,
  };
}

function factsOf(cells: Cells, start: Instant): readonly OutsideFact[] {
  const carrierAt = cells.optional('order_delivered_carrier_date', time);
  const calledOff = CALLED_OFF.has(cells.text('order_status'));
  const deliveredAt = calledOff ? cells.optional(DELIVERED, time) : cells.judged(DELIVERED, time);
  const facts: OutsideFact[] = [];
  if (carrierAt) facts.push({ factKey: 'carrier', kind: 'progressed', checkpoint: 'carrier', occurredAt: carrierAt });
  if (calledOff) {
    const known = [start, carrierAt, deliveredAt].filter((at) => at !== null).sort();
    facts.push({ factKey: 'withdrawn', kind: 'withdrawn', by: 'unknown', occurredAt: known.at(-1) ?? start });
  } else if (deliveredAt) facts.push({ factKey: 'delivered', kind: 'fulfilled', occurredAt: deliveredAt });
  return facts.sort(byOccurrence);
}
