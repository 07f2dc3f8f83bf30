import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRejected, type FileRow, type HistoryRow } from '../../../cli/import/mapping.ts';
import { olist } from '../../../cli/import/olist.ts';
import { readHistory, type DatedRow } from '../../../cli/import/read-history.ts';
import { expectedOf } from '../../../cli/replay/shrink.ts';
import { dayOf } from '../../../domain/calendar/zones.ts';

const ROW: FileRow = {
  order_id: 'a1',
  order_status: 'delivered',
  order_purchase_timestamp: '2017-11-24 06:49:43',
  order_approved_at: '2017-11-24 06:57:22',
  order_delivered_carrier_date: '2017-11-24 21:49:31',
  order_delivered_customer_date: '2017-12-01 20:00:00',
  order_estimated_delivery_date: '2017-12-08 00:00:00',
};

function order(changes: FileRow = {}): HistoryRow {
  const row = olist.read({ ...ROW, ...changes });
  if (isRejected(row)) throw new Error(row.message);
  return row;
}

describe('an order of the file', () => {
  it('is a delivery promised for a whole day in São Paulo, with carrier and customer as facts', () => {
    expect(order()).toMatchObject({
      ref: 'a1',
      kind: 'delivery',
      madeAt: '2017-11-24T08:49:43.000Z',
      promised: { precision: 'day', day: '2017-12-08', zone: 'America/Sao_Paulo' },
      facts: [
        { kind: 'progressed', checkpoint: 'carrier', occurredAt: '2017-11-24T23:49:31.000Z' },
        { kind: 'fulfilled', occurredAt: '2017-12-01T22:00:00.000Z' },
      ],
    });
  });

  it('stays open when it is delivered without a date, and has no progress without a carrier date', () => {
    expect(order({ order_delivered_customer_date: '' }).facts.map((fact) => fact.kind)).toEqual(['progressed']);
    expect(order({ order_delivered_customer_date: '', order_delivered_carrier_date: ' ' }).facts).toEqual([]);
  });

  it.each(['canceled', 'unavailable'])(
    'is withdrawn by unknown at the latest time of the row when %s, even with a delivery date',
    (status) => {
      const end = (changes: FileRow) =>
        order({ order_status: status, ...changes }).facts.filter((fact) => fact.kind !== 'progressed');
      expect(end({})).toEqual([
        { factKey: 'withdrawn', kind: 'withdrawn', by: 'unknown', occurredAt: '2017-12-01T22:00:00.000Z' },
      ]);
      expect(end({ order_delivered_customer_date: '' })).toMatchObject([{ occurredAt: '2017-11-24T23:49:31.000Z' }]);
      const bare = { order_delivered_customer_date: '', order_delivered_carrier_date: '' };
      // The time of payment is later, and not used.
      expect(end(bare)).toMatchObject([{ occurredAt: '2017-11-24T08:49:43.000Z' }]);
    },
  );

  it('is read on both sides of the Brazilian summer: the skipped and the repeated hour', () => {
    const later = { order_delivered_customer_date: '', order_estimated_delivery_date: '2018-03-30 00:00:00' };
    const madeAt = (text: string) => order({ ...later, order_purchase_timestamp: text }).madeAt;
    expect(madeAt('2017-10-14 23:59:59')).toBe('2017-10-15T02:59:59.000Z');
    expect(madeAt('2017-10-15 00:30:00')).toBe('2017-10-15T03:00:00.000Z');
    expect(madeAt('2018-02-17 23:30:00')).toBe('2018-02-18T01:30:00.000Z');
    expect(madeAt('2018-02-18 00:00:00')).toBe('2018-02-18T03:00:00.000Z');
  });

  it.each([
    [{ order_id: '' }, 'MISSING_REF'],
    [{ order_estimated_delivery_date: '' }, 'NO_DEADLINE'],
    [{ order_estimated_delivery_date: '2017-02-30 00:00:00' }, 'UNREADABLE_TIME'],
    [{ order_delivered_customer_date: '2017-12-01 25:00:00' }, 'UNREADABLE_TIME'],
  ])('is left out with a reason: %j', (changes: FileRow, code) => {
    expect(olist.read({ ...ROW, ...changes })).toMatchObject({ rejected: true, code });
  });

  it.each(['order_purchase_timestamp', 'order_delivered_carrier_date'])(
    'is read all the same where %s cannot be read, which is named',
    (column) => {
      expect(order({ [column]: 'soon' }).ignored).toEqual([
        expect.objectContaining({ code: 'UNREADABLE_TIME', column, value: 'soon' }),
      ]);
    },
  );

  it('is withdrawn on the promised day where nothing else is known', () => {
    const bare = { order_purchase_timestamp: '', order_delivered_carrier_date: '', order_delivered_customer_date: '' };
    expect(order({ ...bare, order_status: 'canceled' }).facts).toMatchObject([
      { kind: 'withdrawn', occurredAt: '2017-12-08T02:00:00.000Z' },
    ]);
  });
});

const FILE = resolve(import.meta.dirname, '../../../../shared/data/olist_orders.csv.gz');
const there = existsSync(FILE);
if (!there) console.warn(`Skipped: ${FILE} is not there, so the mapping is not compared with the real file.`);

describe.skipIf(!there)('the real file', () => {
  const between = (from: string, to: string) => (row: DatedRow) => {
    const day = dayOf(row.madeAt, olist.zone);
    return day >= from && day <= to;
  };

  it('gives 861 orders and 2,553 calls from November 2017 to January 2018, and how they ended', async () => {
    const { rows, rejected } = await readHistory(FILE, olist, between('2017-11-01', '2018-01-31'));
    const ended = (how: string): number => rows.filter((row) => expectedOf(row) === how).length;
    expect(rejected).toEqual([]);
    expect(rows.length).toBe(861);
    expect(rows.reduce((sum, row) => sum + 1 + row.facts.length, 0)).toBe(2_553);
    expect([ended('kept'), ended('broken'), ended('withdrawn'), ended('overdue')]).toEqual([755, 82, 8, 16]);
  });

  it('is read whole: every row is a promise', async () => {
    const { rows, rejected } = await readHistory(FILE, olist, () => true);
    expect([rows.length, rejected.length]).toEqual([2_857, 0]);
  });
});
