import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ReadProgress } from '../../../cli/import/file-bytes.ts';
import { fileRecords, firstRecords } from '../../../cli/import/records.ts';
import { UnreadableFile } from '../../../cli/import/unreadable-file.ts';
import { file, folder, read, readAll } from './reading.ts';

const text = (...lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
const NUMBERS = Array.from({ length: 2_500 }, (_, index) => `${index},x`);

describe('a file of records', () => {
  it('is read by the names of its columns, each record with its line', async () => {
    const { records } = await readAll(file('plain.csv', text('ref,due', 'a,1', 'b,2')));
    expect(records).toEqual([
      { line: 2, row: { ref: 'a', due: '1' } },
      { line: 3, row: { ref: 'b', due: '2' } },
    ]);
  });

  it('is read the same when gzipped, whatever its name, in one member or several', async () => {
    const whole = text('ref,due', 'a,1', 'b,2');
    const members = Buffer.concat([gzipSync(whole.slice(0, 12)), gzipSync(whole.slice(12))]);
    for (const packed of [gzipSync(whole), members])
      expect(await read(packed, {}, 'packed.txt')).toEqual([
        [2, 'a|1'],
        [3, 'b|2'],
      ]);
  });

  it('may begin with a byte order mark, end its lines with CR LF, have blank lines, and none at its end', async () => {
    expect(await read('\uFEFFref,due\r\n\r\na,1\r\n   \r\nb,"2"', { columns: ['ref'] })).toEqual([
      [3, 'a|1'],
      [5, 'b|2'],
    ]);
  });

  it('may have a heading only', async () => {
    expect(await read(text('ref,due'))).toEqual([]);
  });

  it('comes in chunks of a thousand', async () => {
    const sizes: number[] = [];
    for await (const { length } of fileRecords(file('many.csv', text('ref,x', ...NUMBERS)), {
      columns: ['ref'],
      mappingName: 'shop',
    }))
      sizes.push(length);
    expect(sizes).toEqual([1_000, 1_000, 500]);
  });

  it('tells how far it has been read, in bytes on the disk', async () => {
    const seen: ReadProgress[] = [];
    const packed = gzipSync(text('ref,x', ...NUMBERS));
    await read(packed, { onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toEqual({ bytes: packed.length, ofBytes: packed.length });
  });

  it('keeps a character whole wherever the file is cut into pieces', async () => {
    const euros = Array.from({ length: 20_000 }, () => '€🚲').join('');
    for (const before of ['', 'a', 'ab', 'abc'])
      expect((await readAll(file('euro.csv', text('x', before + euros)))).records).toEqual([
        { line: 2, row: { x: before + euros } },
      ]);
  });

  it('has U+FFFD where bytes are no UTF-8 or U+0000, and nothing else is lost', async () => {
    const latin1 = Buffer.from(text('ref,name', 'a,Jür\0i', 'b,Mari'), 'latin1');
    expect(await read(latin1)).toEqual([
      [2, 'a|J\uFFFDr\uFFFDi'],
      [3, 'b|Mari'],
    ]);
  });
});

describe('a line of ten megabytes', () => {
  const long = 'x'.repeat(10_000_000);

  it.each([
    ['in a CSV file', 'x.csv', text('ref,due', 'a,1', `b,${long}`, 'c,"3"')],
    ['in quotes', 'x.csv', text('ref,due', 'a,1', `b,"${long}"`, 'c,3')],
    ['gzipped', 'x.csv.gz', gzipSync(text('ref,due', 'a,1', `b,${long}`, 'c,3'))],
    ['in an NDJSON file', 'x.ndjson', text('', '{"ref":"a","due":1}', `{"ref":"${long}"}`, '{"ref":"c","due":3}')],
  ])('%s is left out and not kept; the rest is read', async (_where, name, content) => {
    const { records, error } = await readAll(file(name, content));
    expect(error).toBeNull();
    expect(records.map((one) => one.line)).toEqual([2, 3, 4]);
    expect(records[1]).toMatchObject({ fault: { code: 'LINE_TOO_LONG', column: null, rejected: true } });
    expect(JSON.stringify(records[1]).length).toBeLessThan(500);
    expect(records[2]).toMatchObject({ row: { ref: 'c', due: '3' } });
  });

  it('after an open quote does not hide the lines around it', async () => {
    expect(await read(text('ref,due', 'a,"1', `b,${long}`, 'c,3'))).toEqual([
      [2, 'UNCLOSED_QUOTE'],
      [3, 'LINE_TOO_LONG'],
      [4, 'c|3'],
    ]);
  });
});

describe('a gzipped file that is cut or damaged', () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `${index},${(index * 7919) % 10_007}`);
  const packed = gzipSync(text('ref,due', ...lines));

  it.each([0.999, 0.9, 0.5, 0.1])('at %d of its length gives out all whole lines before, in order', async (share) => {
    const { records, error } = await readAll(file('cut.csv.gz', packed.subarray(0, packed.length * share)));
    expect(error).toBeInstanceOf(UnreadableFile);
    const whole = records.map((one) => ('row' in one ? `${one.row['ref']},${one.row['due']}` : 'fault'));
    expect(whole).toEqual(lines.slice(0, whole.length));
    // What zlib holds back is less than one of its blocks.
    expect(whole.length).toBeGreaterThan(lines.length * (share - 0.1));
    expect(whole.length).toBeLessThan(lines.length);
    expect((error as UnreadableFile).lastLine).toBe(whole.length + 1);
    expect((error as UnreadableFile).message).toMatch(
      new RegExp(`cut\\.csv\\.gz cannot be read beyond line ${whole.length + 1}: .* cut off. Get the whole file`),
    );
  });

  it('gives out all of the last line only when the line is whole', async () => {
    // Stored, not squeezed: what was cut off is seen byte for byte.
    const stored = gzipSync(text('ref,due', 'a,1', 'b,23'), { level: 0 });
    const trailer = 8;
    const cut = (bytes: number) => readAll(file('end.csv.gz', stored.subarray(0, stored.length - trailer - bytes)));
    expect((await cut(0)).records.map((one) => one.line)).toEqual([2, 3]);
    expect((await cut(1)).records.map((one) => one.line)).toEqual([2]);
    expect((await cut(2)).records.map((one) => one.line)).toEqual([2]);
    expect((await cut(5)).records.map((one) => one.line)).toEqual([2]);
    expect((await cut(6)).records).toEqual([]);
  });

  it('in the middle says that it is damaged', async () => {
    const damaged = Buffer.from(packed);
    const middle = Math.round(packed.length / 2);
    damaged.fill(0xff, middle, middle + 200);
    const { records, error } = await readAll(file('damaged.csv.gz', damaged));
    expect(records.length).toBeGreaterThan(lines.length * 0.4);
    expect(records.every((one) => 'row' in one)).toBe(true);
    expect(error).toBeInstanceOf(UnreadableFile);
    expect((error as UnreadableFile).message).toMatch(/the gzipped file is damaged \(.+\). Get it anew/);
  });

  it('within a record of several lines gives out none of it', async () => {
    const { records, error } = await readAll(
      file('half.csv.gz', gzipSync(text('ref,due', 'a,1', 'b,"2', '3', '4"'), { level: 0 }).subarray(0, -13)),
    );
    expect(records.map((one) => one.line)).toEqual([2]);
    expect((error as UnreadableFile).lastLine).toBe(2);
  });

  it('is none when it was filled up with zeros', async () => {
    for (const zeros of [3, 40_000])
      expect(await read(Buffer.concat([gzipSync(text('ref', 'a')), Buffer.alloc(zeros)]))).toEqual([[2, 'a']]);
  });
});

describe('a file that cannot be read', () => {
  const utf16 = Buffer.from(`\uFEFF${text('ref,due', 'a,1')}`, 'utf16le');

  it.each([
    ['is missing', () => `${folder}/nowhere.csv`, /nowhere\.csv cannot be read: there is no such file/],
    ['is a folder', () => folder, /it is a folder/],
    ['has no bytes', () => file('empty.csv', ''), /it is empty/],
    ['has blank lines only', () => file('blank.csv', '\uFEFF\r\n  \n\n'), /it is empty/],
    ['unpacks to nothing', () => file('empty.gz', gzipSync('')), /it is empty/],
    ['is in UTF-16', () => file('utf16le.csv', utf16), /UTF-16. Save it as UTF-8/],
    ['is in UTF-16, the other way', () => file('utf16be.csv', Buffer.from(utf16).swap16()), /UTF-16/],
    ['is in UTF-16 and gzipped', () => file('utf16.csv.gz', gzipSync(utf16)), /UTF-16/],
    ['is a workbook', () => file('book.xlsx', Buffer.from('PK\x03\x04rest')), /zip archive, as Excel workbooks/],
    [
      'lacks a column',
      () => file('lacks.csv', text('ref,owner', 'a,b')),
      /shop needs the columns due, which.* ref, owner/,
    ],
    [
      'has a needed column twice',
      () => file('twice.csv', text('ref,due,ref', 'a,1,b')),
      /heading has ref more than once/,
    ],
    ['opens a quote in its heading', () => file('open.csv', text('"ref,due', 'a,1')), /no heading/],
    ['has a heading that is too long', () => file('long.csv', text('x'.repeat(2_000_000), 'a')), /no heading/],
    ['ends its lines in CR alone', () => file('mac.csv', 'ref,due\ra,1\rb,2\r'), /CR alone/],
  ])('is refused with the reason when it %s', async (_why, make, message) => {
    const { records, error } = await readAll(make(), { columns: ['ref', 'due'] });
    expect(records).toEqual([]);
    expect(error).toBeInstanceOf(UnreadableFile);
    expect((error as UnreadableFile).message).toMatch(message);
    expect((error as UnreadableFile).lastLine).toBe(0);
  });
});

describe('the first records', () => {
  it('tell the separator, the heading and so many rows', async () => {
    expect(await firstRecords(file('first.csv', text('ref;due;', 'a;1;', 'b', 'c;3;', 'd;4;')), 2)).toEqual({
      separator: ';',
      heading: ['ref', 'due'],
      rows: [
        { ref: 'a', due: '1' },
        { ref: 'c', due: '3' },
      ],
      unreadable: 1,
    });
  });

  it('of NDJSON have the names of all these objects', async () => {
    expect(await firstRecords(file('first.ndjson', text('{"a":1}', '{"b":{"c":2}}', '{"d":3}')), 2)).toEqual({
      separator: null,
      heading: ['a', 'b.c'],
      rows: [{ a: '1' }, { 'b.c': '2' }],
      unreadable: 0,
    });
  });

  it('are enough: a damage further on is not seen', async () => {
    const packed = gzipSync(
      text('ref,due', ...Array.from({ length: 50_000 }, (_, index) => `${index},${index % 977}`)),
    );
    const { rows } = await firstRecords(file('cut-later.gz', packed.subarray(0, -1_000)), 10);
    expect(rows.length).toBe(10);
  });
});

const NEW_YORK = fileURLToPath(new URL('../../../../shared/data/nyc_flights_2013.csv.gz', import.meta.url));
if (!existsSync(NEW_YORK)) console.warn(`Skipped: ${NEW_YORK} is absent.`);

it.skipIf(!existsSync(NEW_YORK))('New York is read whole: 235,884 records, the last one on the last line', async () => {
  const { records, error } = await readAll(NEW_YORK, { columns: ['dep_time', 'arr_delay'] });
  expect(error).toBeNull();
  expect(records.length).toBe(235_884);
  expect(records.filter((one) => 'fault' in one)).toEqual([]);
  expect(records.at(-1)?.line).toBe(235_885);
});
