import { describe, expect, it } from 'vitest';
import type { FileRow } from '../../../cli/import/mapping.ts';
import { scms } from '../../../cli/import/scms.ts';
import { countOf, reader, sharedFile } from './mapped.ts';

const ROW: FileRow = {
  ID: '5233',
  Country: "Côte d'Ivoire",
  'Shipment Mode': 'Air',
  'PQ First Sent to Client Date': '4/2/06',
  'PO Sent to Vendor Date': '11/13/06',
  'Scheduled Delivery Date': '2-Dec-06',
  'Delivered to Client Date': '4-Dec-06',
  Vendor: 'Standard Diagnostics, Inc.',
};
const delivery = reader(scms, ROW);

describe('a delivery', () => {
  it('is promised and judged as a day, by vendor, country and mode', () => {
    expect(delivery()).toEqual({
      ref: '5233',
      kind: 'delivery',
      madeAt: '2006-11-13T00:00:00.000Z',
      promised: { precision: 'day', day: '2006-12-02', zone: 'UTC' },
      target: null,
      facts: [{ factKey: 'delivered', kind: 'fulfilled', asDay: true, occurredAt: '2006-12-05T00:00:00.000Z' }],
      owner: null,
      partner: 'Standard Diagnostics, Inc.',
      region: "Côte d'Ivoire",
      product: 'Air',
      subject: null,
      customer: null,
      ignored: [],
    });
  });

  it('is made with the order, else with the quote, else nobody knows when', () => {
    const made = (order: string, quote: string) =>
      delivery({ 'PO Sent to Vendor Date': order, 'PQ First Sent to Client Date': quote }).madeAt;
    expect(made('N/A - From RDC', '4/2/06')).toBe('2006-04-02T00:00:00.000Z');
    expect(made('Date Not Captured', 'Pre-PQ Process')).toBeNull();
  });

  it('takes words in place of a date, and N/A, as not known', () => {
    const row = delivery({ 'PO Sent to Vendor Date': 'Date Not Captured', 'Shipment Mode': 'N/A' });
    expect(row).toMatchObject({ product: null, ignored: [] });
  });

  it('does not believe an order later than the day promised or delivered', () => {
    const late = { code: 'MADE_TOO_LATE', column: 'PO Sent to Vendor Date' };
    expect(delivery({ 'PO Sent to Vendor Date': '12/3/06' })).toMatchObject({ madeAt: null, ignored: [late] });
    expect(delivery({ 'PO Sent to Vendor Date': '11/13/06', 'Delivered to Client Date': '12-Nov-06' })).toMatchObject({
      madeAt: null,
      ignored: [late],
    });
    expect(delivery({ 'PO Sent to Vendor Date': '12/2/06' })).toMatchObject({ ignored: [] });
  });

  it.each([
    [{ ID: '' }, 'MISSING_REF'],
    [{ 'Scheduled Delivery Date': 'Date Not Captured' }, 'NO_DEADLINE'],
    [{ 'Scheduled Delivery Date': '31-Apr-06' }, 'UNREADABLE_TIME'],
    [{ 'Delivered to Client Date': '12/4/06' }, 'UNREADABLE_TIME'],
  ])('is left out with a reason: %j', (changes: FileRow, code) => {
    expect(scms.read({ ...ROW, ...changes })).toMatchObject({ rejected: true, code });
  });
});

const FILE = sharedFile('scms_deliveries.csv.gz');

it.skipIf(FILE === null)('the real file: 6,513 kept, 718 broken, 8 orders later than their delivery', async () => {
  expect(await countOf(FILE ?? '', scms)).toEqual({
    kept: 6_513,
    broken: 718,
    withdrawn: 0,
    unfinished: 0,
    rejected: {},
    ignored: { MADE_TOO_LATE: 8 },
    refs: 7_231,
  });
});
