import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { olist } from '../../../cli/import/olist.ts';
import { readHistory, UnreadableHistory } from '../../../cli/import/read-history.ts';

const folder = mkdtempSync(join(tmpdir(), 'kept-history-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HEADING =
  'order_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date';
const row = (ref: string): string => `${ref},shipped,2017-11-24 06:49:43,,,,2017-12-08 00:00:00`;

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
const read = (path: string) => readHistory(path, olist, () => true);

describe('a history file', () => {
  it('is read plain, gzipped whatever its name, and with a byte order mark', async () => {
    const text = `\uFEFF${HEADING}\r\n${row('a')}\r\n"b",shipped,2017-11-24 06:49:43,,,,2017-12-08 00:00:00\r\n`;
    const plain = await read(file('plain.csv', text));
    expect(plain.rows.map((one) => one.ref)).toEqual(['a', 'b']);
    expect(await read(file('zipped.csv', gzipSync(text)))).toEqual(plain);
  });

  it('keeps what can be read and names the lines that cannot', async () => {
    const { rows, rejected } = await read(
      file('some.csv', [HEADING, row('a'), row(''), row('a'), row('b')].join('\n')),
    );
    expect(rows.map((one) => one.ref)).toEqual(['a', 'b']);
    expect(rejected.map(({ line, code }) => [line, code])).toEqual([
      [3, 'MISSING_REF'],
      [4, 'DOUBLE_REF'],
    ]);
  });

  it('gives only the rows that are wanted', async () => {
    const path = file('two.csv', [HEADING, row('a'), row('b')].join('\n'));
    expect((await readHistory(path, olist, (one) => one.ref === 'b')).rows.map((one) => one.ref)).toEqual(['b']);
  });

  it.each([
    ['is missing', () => join(folder, 'nowhere.csv'), /no such file/],
    ['is a folder', () => folder, /it is a folder/],
    [
      'lacks a column',
      () => file('columns.csv', 'order_id,order_status\na,shipped\n'),
      /order_purchase_timestamp, .*lacks/,
    ],
    ['is cut off', () => file('cut.csv.gz', gzipSync(`${HEADING}\n${row('a')}`).subarray(0, 60)), /cannot be read: /],
    ['has a row with other columns', () => file('ragged.csv', `${HEADING}\na,b\n`), /cannot be read: /],
  ])('is refused with the reason when it %s', async (_why, make, message) => {
    const reading = read(make());
    await expect(reading).rejects.toBeInstanceOf(UnreadableHistory);
    await expect(reading).rejects.toThrow(message);
  });
});
