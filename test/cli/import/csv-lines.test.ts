import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvFormOf, splitCsv } from '../../../cli/import/csv-lines.ts';
import type { Line } from '../../../cli/import/file-lines.ts';
import { file, read, readAll } from './reading.ts';

const text = (...lines: readonly string[]): string => lines.join('\n');

describe('the separator of a CSV file', () => {
  it.each([',', ';', '\t', '|'])('%j is found from the heading', async (separator) => {
    const others = [',', ';', '|'].filter((one) => one !== separator).join('');
    const content = text(['ref', 'due', 'on'].join(separator), ['a', others, '2'].join(separator));
    const { records } = await readAll(file('separated.csv', content));
    expect(records).toEqual([{ line: 2, row: { ref: 'a', due: others, on: '2' } }]);
  });

  it('is the one with which the needed columns are there, though another one gives more', async () => {
    expect(await read(text('ref;a,b,c,d', 'x;1,2,3,4'), { columns: ['ref'] })).toEqual([[2, 'x|1,2,3,4']]);
  });

  it('may be given', async () => {
    expect(await read(text('ref^due', 'a^1'), { separator: '^' })).toEqual([[2, 'a|1']]);
  });
});

describe('the heading of a CSV file', () => {
  it('may have quotes, spaces around its names, and a name of two lines', async () => {
    const { records } = await readAll(file('heading.csv', text('"ref", due ,"on', 'hand"', 'a,1,2')));
    expect(records).toEqual([{ line: 3, row: { ref: 'a', due: '1', 'on\nhand': '2' } }]);
  });

  it('may have columns without a name, which are left out, and doubled ones, of which the first counts', async () => {
    const { records } = await readAll(file('doubled.csv', text('ref,,note,note,', 'a,1,2,3,4')), { columns: ['ref'] });
    expect(records).toEqual([{ line: 2, row: { ref: 'a', note: '2' } }]);
  });
});

describe('the quotes of a CSV file', () => {
  const COLUMNS = 'ref,name,due';

  it('hold separators, quotes and line ends', async () => {
    const { records } = await readAll(
      file('quotes.csv', text(COLUMNS, 'a,"Tamm, ""Mari""",1', 'b,"two', '', 'lines\r', '",2', 'c,,3')),
    );
    expect(records).toEqual([
      { line: 2, row: { ref: 'a', name: 'Tamm, "Mari"', due: '1' } },
      { line: 3, row: { ref: 'b', name: 'two\n\nlines\r\n', due: '2' } },
      { line: 7, row: { ref: 'c', name: '', due: '3' } },
    ]);
  });

  it.each([
    ['5" pipe', '5" pipe'],
    ['"5" pipe"', '"5" pipe"'],
    ['the "Emma"', 'the "Emma"'],
    ['"Emma" or so', '"Emma" or so'],
    ['a""b', 'a""b'],
  ])('are taken as they stand where they are misplaced: %s', async (cell, name) => {
    expect(await read(text(COLUMNS, `a,${cell},1`, 'b,x,2'))).toEqual([
      [2, `a|${name}|1`],
      [3, 'b|x|2'],
    ]);
  });

  it('that are never closed cost one line', async () => {
    const many = Array.from({ length: 300 }, (_, index) => `r${index},x,"${index}"`);
    const { records } = await readAll(file('unclosed.csv', text(COLUMNS, 'a,"x,1', ...many)));
    expect(records[0]).toMatchObject({ line: 2, fault: { code: 'UNCLOSED_QUOTE', value: 'a,"x,1' } });
    expect(records.slice(1).map((one) => ('row' in one ? one.row['due'] : null))).toEqual(many.map((_, i) => `${i}`));
  });

  it.each([
    ['without any quote', (index: number) => `r${index},x,1`],
    ['with quotes in pairs', (index: number) => `r${index},"",1`],
  ])('that are never closed cost one line also before lines %s', async (_how, line) => {
    const many = Array.from({ length: 300 }, (_, index) => line(index));
    const { records } = await readAll(file('unclosed.csv', text(COLUMNS, 'a,"x,1', ...many)));
    expect(records.map((one) => one.line)).toEqual(Array.from({ length: 301 }, (_, index) => index + 2));
    expect(records.filter((one) => 'fault' in one).map((one) => one.line)).toEqual([2]);
  });

  it('that are never closed in the last line cost that line', async () => {
    expect(await read(text(COLUMNS, 'a,x,1', 'b,"y,2'))).toEqual([
      [2, 'a|x|1'],
      [3, 'UNCLOSED_QUOTE'],
    ]);
  });

  it('may be open for a hundred lines, not for more', async () => {
    const cell = (lines: number): string => `"${'\n'.repeat(lines - 1)}"`;
    expect(await read(text(COLUMNS, `a,${cell(100)},1`, 'b,x,2'))).toEqual([
      [2, `a|${'\n'.repeat(99)}|1`],
      [102, 'b|x|2'],
    ]);
    const { records } = await readAll(file('open.csv', text(COLUMNS, `a,${cell(101)},1`, 'b,x,2')));
    expect(records[0]).toMatchObject({ line: 2, fault: { code: 'UNCLOSED_QUOTE' } });
    expect(records.at(-1)).toEqual({ line: 103, row: { ref: 'b', name: 'x', due: '2' } });
  });

  it('that span more than a megabyte are not closed either', async () => {
    const lines = Array.from({ length: 20 }, () => 'x'.repeat(60_000));
    const { records } = await readAll(file('wide.csv', text(COLUMNS, 'a,"', ...lines, '",1', 'b,x,2')));
    expect(records[0]).toMatchObject({ line: 2, fault: { code: 'UNCLOSED_QUOTE' } });
    expect(records.at(-1)).toMatchObject({ line: 24, row: { ref: 'b' } });
  });
});

describe('a line with another number of cells', () => {
  it.each([
    ['a,1', /There are 2 cells where the heading has 3/],
    ['a', /There are 1 cell where/],
    ['a,b,1,2', /There are 4 cells/],
    ['a,"b","1","2"', /There are 4 cells/],
  ])('%s is left out, saying how many there are', async (line, message) => {
    const { records } = await readAll(file('ragged.csv', text('ref,name,due', line, 'b,x,2')));
    expect(records[0]).toMatchObject({ line: 2, fault: { code: 'WRONG_COLUMNS', column: null, value: line } });
    expect(records[0] && 'fault' in records[0] ? records[0].fault.message : '').toMatch(message);
    expect(records[1]).toEqual({ line: 3, row: { ref: 'b', name: 'x', due: '2' } });
  });

  it('shows the first 200 characters', async () => {
    const { records } = await readAll(file('wide.csv', text('ref,name', 'x'.repeat(5_000))));
    expect(records[0]).toMatchObject({ fault: { value: 'x'.repeat(200) } });
  });
});

const linesOf = (content: string): readonly Line[] =>
  content.split('\n').map((line, index) => ({ number: index + 1, text: line, tooLong: false }));

describe('any table', () => {
  const cell = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('"', ',', ';', '\t', '|', '\n', '\r', ' ', 'a', 'ä', '🚲') }),
  );
  const table = fc
    .integer({ min: 1, max: 6 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 12 }));
  const settings = fc.record({
    delimiter: fc.constantFrom(',', ';', '\t', '|'),
    quoted: fc.boolean(),
    record_delimiter: fc.constantFrom('\n', '\r\n'),
    eof: fc.boolean(),
  });

  it('that was written as CSV reads back equal, each record at its line', () => {
    fc.assert(
      fc.property(table, settings, (rows, options) => {
        // A first cell that is never blank, as a reference: a blank line is no record.
        const written = rows.map((cells, index) => [`r${index}`, ...cells]);
        const heading = written[0]?.map((_, index) => `c${index}`) ?? ['c0'];
        const lines = linesOf(stringify([heading, ...written], { quoted_match: /[\r\n]/, ...options }));
        const found = csvFormOf(lines, 0, heading);
        if (!found) throw new Error('no heading');
        const { records, rest } = splitCsv(found.form, lines.slice(found.next), true);
        expect(rest).toEqual([]);
        expect(records.map((one) => ('row' in one ? Object.values(one.row) : one))).toEqual(written);
        const starts = records.map((one) => lines[one.line - 1]?.text ?? '');
        expect(starts.every((start, index) => start.replace('"', '').startsWith(`r${index}`))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is read the same in one go and line by line', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a') }), (content) => {
        const form = { separator: ',', heading: ['x', 'y'] };
        const lines = linesOf(content);
        const whole = splitCsv(form, lines, true);
        let waiting: readonly Line[] = [];
        const records = lines.flatMap((line, index) => {
          const split = splitCsv(form, [...waiting, line], index === lines.length - 1);
          waiting = split.rest;
          return split.records;
        });
        expect(records).toEqual(whole.records);
      }),
      { numRuns: 1_000 },
    );
  });
});
