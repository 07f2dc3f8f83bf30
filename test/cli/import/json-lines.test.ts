import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonRow } from '../../../cli/import/json-lines.ts';
import { file, read, readAll } from './reading.ts';

describe('an NDJSON file', () => {
  it('is one object a line; what is nested has names with dots', async () => {
    const { records } = await readAll(
      file('x.ndjson', '{"ref":"a","customer":{"name":"Mari","address":{"zip":10111}}}\r\n\n{"ref":"b"}'),
    );
    expect(records).toEqual([
      { line: 1, row: { ref: 'a', 'customer.name': 'Mari', 'customer.address.zip': '10111' } },
      { line: 3, row: { ref: 'b' } },
    ]);
  });

  it('takes a text that is never closed for what it is, however many quotes are in it', () => {
    expect(jsonRow(`{"n":1234567890123456,"t":"${'\\"'.repeat(300_000)}`)).toBeNull();
    expect(jsonRow(`{"n":1234567890123456,"t":"${'\\"'.repeat(10)}"}`)).toMatchObject({ n: '1234567890123456' });
  });

  it('may have names that every object has', () => {
    const row = jsonRow('{"constructor":"a","__proto__":"b"}');
    expect(Object.entries(row ?? {})).toEqual([
      ['constructor', 'a'],
      ['__proto__', 'b'],
    ]);
    expect(jsonRow('{"a":"b"}')?.['toString']).toBeUndefined();
  });

  it('is known by its first character, too', async () => {
    expect(await read('\n {"ref":"a"}\n', { columns: ['ref'] }, 'x.txt')).toEqual([[2, 'a']]);
  });

  it.each(['x.jsonl', 'x.ndjson', 'X.NDJSON'])('called %s loses only the lines that are no object', async (name) => {
    const lines = ['nonsense', '{"ref":"a"}', '{"ref":', '[1]', 'null', '"x"', '{"ref":"b"}'];
    expect(await read(lines.join('\n'), {}, name)).toEqual([
      [1, 'NOT_JSON'],
      [2, 'a'],
      [3, 'NOT_JSON'],
      [4, 'NOT_JSON'],
      [5, 'NOT_JSON'],
      [6, 'NOT_JSON'],
      [7, 'b'],
    ]);
  });

  it('that is one array is refused, saying what to write', async () => {
    const { error } = await readAll(file('x.json', '[\n{"ref":"a"}\n]\n'), { columns: ['ref'] });
    expect((error as Error).message).toMatch(/JSON array. Write one object on each line/);
  });
});

describe('a JSON object', () => {
  it.each([
    ['{"a":1.5,"b":true,"c":false,"d":null,"e":""}', { a: '1.5', b: 'true', c: 'false', d: '', e: '' }],
    ['{"a":[1,"x"],"b":{}}', { a: '[1,"x"]' }],
    ['{"a":{"b":[{"c":1}]}}', { 'a.b': '[{"c":1}]' }],
    ['{"a":"\\u0000 \\ud800 \\u00e4"}', { a: '\uFFFD \uFFFD ä' }],
  ])('%s has its cells as texts', (line, row) => {
    expect(jsonRow(line)).toEqual(row);
  });

  it('keeps every digit of a long number, and what looks like one in a text', () => {
    expect(
      jsonRow(
        '{"ref":12345678901234567890,"n":-9007199254740993,"t":"x 12345678901234567890 \\" 1","f":0.12345678901234567}',
      ),
    ).toEqual({
      ref: '12345678901234567890',
      n: '-9007199254740993',
      t: 'x 12345678901234567890 " 1',
      f: '0.12345678901234566',
    });
  });

  it('of any texts and numbers comes through', () => {
    const cells = fc.dictionary(
      fc.string({ unit: 'grapheme' }).filter((key) => key !== '__proto__'),
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.bigInt()),
    );
    fc.assert(
      fc.property(cells, (row) => {
        const line = `{${Object.entries(row)
          .map(([key, cell]) => `${JSON.stringify(key)}:${typeof cell === 'bigint' ? cell : JSON.stringify(cell)}`)
          .join(',')}}`;
        const texts = Object.entries(row).map(([key, cell]) => [key, `${cell}`.replaceAll('\0', '\uFFFD')]);
        // Numbers below the limit are read as numbers, which writes them the same way.
        expect(jsonRow(line)).toEqual(Object.fromEntries(texts));
      }),
      { numRuns: 500 },
    );
  });

  it('nested without end is none', () => {
    expect(jsonRow(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`)).toBeNull();
  });
});
