import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Mapping } from '../../../cli/import/mapping.ts';
import { olist } from '../../../cli/import/olist.ts';
import { readHistory } from '../../../cli/import/read-history.ts';
import { UnreadableFile } from '../../../cli/import/unreadable-file.ts';
import { historyRow } from '../../support/history.ts';
import { file } from './reading.ts';

const HEADING =
  'order_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date';
const row = (ref: string): string => `${ref},shipped,2017-11-24 06:49:43,,,,2017-12-08 00:00:00`;
const read = (path: string) => readHistory(path, olist, () => true);

describe('a history to be played', () => {
  it('keeps what can be read and names the lines that cannot, and why', async () => {
    const { rows, rejected } = await read(
      file('some.csv', [HEADING, row('a'), row(''), row('a'), 'ragged,row', row('b')].join('\n')),
    );
    expect(rows.map((one) => one.ref)).toEqual(['a', 'b']);
    expect(rejected.map(({ line, code, value }) => [line, code, value])).toEqual([
      [3, 'MISSING_REF', ''],
      [4, 'DOUBLE_REF', 'a'],
      [5, 'WRONG_COLUMNS', 'ragged,row'],
    ]);
  });

  it('has no rows that do not say when the promise was made', async () => {
    const undated: Mapping = {
      ...olist,
      columns: ['ref', 'made'],
      read: ({ ref = '', made }) => ({ ...historyRow({ ref }), ...(made === '' ? { madeAt: null } : {}) }),
    };
    const { rows, rejected } = await readHistory(file('undated.csv', 'ref,made\na,\nb,now\n'), undated, () => true);
    expect(rows.map((one) => one.ref)).toEqual(['b']);
    expect(rejected).toMatchObject([{ line: 2, code: 'MADE_AT_MISSING', value: 'a', rejected: true }]);
  });

  it('gives only the rows that are wanted', async () => {
    const path = file('two.csv', [HEADING, row('a'), row('b')].join('\n'));
    expect((await readHistory(path, olist, (one) => one.ref === 'b')).rows.map((one) => one.ref)).toEqual(['b']);
  });

  it('is not played by half: a file that is cut is refused', async () => {
    const cut = gzipSync([HEADING, row('a'), row('b'), ''].join('\n'), { level: 0 }).subarray(0, -20);
    const reading = read(file('cut.csv.gz', cut));
    await expect(reading).rejects.toBeInstanceOf(UnreadableFile);
    await expect(reading).rejects.toThrow(/beyond line 2: the gzipped file is cut off/);
  });
});
