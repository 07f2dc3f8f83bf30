import type { OutsideFact } from '../../domain/promise/facts.ts';
import type { Instant } from '../../domain/promise/instant.ts';
import { type FileRow, type HistoryRow, type Mapping, type Rejected } from './mapping.ts';
import { readDay, readWallTime } from './wall-time.ts';

/** The publisher gives local Brazilian times without a zone; most of its customers live by this clock. */
const ZONE = 'America/Sao_Paulo';

/** These orders never came, even where a delivery date is given. */
const CALLED_OFF: ReadonlySet<string> = new Set(['canceled', 'unavailable']);

const COLUMNS = [
  'order_id',
  'order_status',
  'order_purchase_timestamp',
  'order_delivered_carrier_date',
  'order_delivered_customer_date',
  'order_estimated_delivery_date',
] as const;

/**
 * Orders of the Brazilian marketplace Olist. The promised time is always 00:00 of a day: the whole day was promised.
 * `order_approved_at` is not used: some orders are handed over before it. `delivered` without a date stays open.
 */
export const olist: Mapping = { name: 'olist', zone: ZONE, columns: COLUMNS, read: readOrder };

function readOrder(row: FileRow): HistoryRow | Rejected {
  const ref = cell(row, 'order_id');
  if (ref === '') return { code: 'MISSING_REF', message: 'order_id is empty.' };
  const madeAt = readWallTime(cell(row, 'order_purchase_timestamp'), ZONE, 'order_purchase_timestamp');
  if (typeof madeAt !== 'string') return madeAt;
  const day = readDay(cell(row, 'order_estimated_delivery_date'), 'order_estimated_delivery_date');
  if (typeof day !== 'string') return day;
  const carrierAt = optionalTime(row, 'order_delivered_carrier_date');
  if (carrierAt !== null && typeof carrierAt !== 'string') return carrierAt;
  const deliveredAt = optionalTime(row, 'order_delivered_customer_date');
  if (deliveredAt !== null && typeof deliveredAt !== 'string') return deliveredAt;
  return {
    ref,
    kind: 'delivery',
    madeAt,
    promised: { precision: 'day', day, zone: ZONE },
    facts: factsOf(cell(row, 'order_status'), madeAt, carrierAt, deliveredAt),
    owner: null,
    partner: null,
    subject: null,
    customerName: null,
  };
}

function factsOf(
  status: string,
  madeAt: Instant,
  carrierAt: Instant | null,
  deliveredAt: Instant | null,
): OutsideFact[] {
  const facts: OutsideFact[] = [];
  if (carrierAt) facts.push({ factKey: 'carrier', kind: 'progressed', checkpoint: 'carrier', occurredAt: carrierAt });
  const known = [madeAt, carrierAt, deliveredAt].filter((at) => at !== null).sort();
  if (CALLED_OFF.has(status))
    facts.push({ factKey: 'withdrawn', kind: 'withdrawn', by: 'unknown', occurredAt: known.at(-1) ?? madeAt });
  else if (deliveredAt) facts.push({ factKey: 'delivered', kind: 'fulfilled', occurredAt: deliveredAt });
  return facts.sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0));
}

const cell = (row: FileRow, column: (typeof COLUMNS)[number]): string => row[column]?.trim() ?? '';

/** An empty time is no fact. */
function optionalTime(row: FileRow, column: (typeof COLUMNS)[number]): Instant | Rejected | null {
  const text = cell(row, column);
  return text === '' ? null : readWallTime(text, ZONE, column);
}
