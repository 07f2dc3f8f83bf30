import type { Line } from './file-lines.ts';
import { faultOf, tooLong, type FileRecord, type Split } from './file-record.ts';
import type { FileRow } from './mapping.ts';
import { isBlank } from './csv-lines.ts';

/** Turns the lines of an NDJSON file into records: one object a line. */
export function splitJson(lines: readonly Line[]): Split {
  return { records: lines.filter((line) => !isBlank(line)).map(recordOf), rest: [] };
}

function recordOf(line: Line): FileRecord {
  if (line.tooLong) return { line: line.number, fault: tooLong(line) };
  const row = jsonRow(line.text);
  if (row) return { line: line.number, row };
  const message = 'This line is no JSON object. Write one whole object on each line.';
  return { line: line.number, fault: faultOf(line, 'NOT_JSON', message) };
}

/**
 * One object as the row of a file: what is nested gets names with dots, `customer.name`; null is an empty text, an array
 * its own JSON. Null where the text is no object.
 */
export function jsonRow(text: string): FileRow | null {
  try {
    const value: unknown = JSON.parse(LONG_NUMBER.test(text) ? withLongNumbersAsText(text) : text);
    return isObject(value) ? rowOf(cellsOf(value, '')) : null;
  } catch (error) {
    // Nested too deeply is a RangeError.
    if (error instanceof SyntaxError || error instanceof RangeError) return null;
    throw error;
  }
}

/** Names such as `constructor` are names like others. */
const rowOf = (cells: readonly (readonly [string, string])[]): FileRow =>
  Object.assign(Object.create(null), Object.fromEntries(cells)) as FileRow;

const LONG_NUMBER = /\d{16}/;

/**
 * A long reference would lose its last digits as a number, and two of them become one. A text that is never closed goes to
 * the end of the line: begun again at each quote in it, the search would never end.
 */
const withLongNumbersAsText = (text: string): string =>
  text.replace(/"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );

function cellsOf(value: Readonly<Record<string, unknown>>, prefix: string): readonly (readonly [string, string])[] {
  return Object.entries(value).flatMap(([key, cell]) => {
    const name = `${prefix}${key}`;
    return isObject(cell) ? cellsOf(cell, `${name}.`) : [[name, textOf(cell)] as const];
  });
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Escapes can hide what a text in UTF-8 cannot hold and no database stores. */
function textOf(cell: unknown): string {
  if (cell === null) return '';
  const text = typeof cell === 'string' ? cell : JSON.stringify(cell);
  return text.replace(/[\0\p{Surrogate}]/gu, '\uFFFD');
}
