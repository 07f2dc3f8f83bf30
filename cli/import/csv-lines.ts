import { CsvError, parse } from 'csv-parse/sync';
import { MAX_CHARS, type Line } from './file-lines.ts';
import type { FileRow, Rejected } from './mapping.ts';
import { faultOf, tooLong, type FileRecord, type Split } from './file-record.ts';

/** What a CSV file's heading says about the lines below it. */
export interface CsvForm {
  readonly separator: string;
  /** The names of the columns, without spaces around them; a name may be empty or stand there twice. */
  readonly heading: readonly string[];
}

/** A cell may hold line feeds; a quote that is never closed must not swallow the file. */
const MAX_LINES = 100;
const SEPARATORS = [',', ';', '\t', '|'] as const;

/**
 * Turns lines into records. A record is the shortest run of lines that has as many cells as the heading; where there is
 * none, its first line alone is the fault and the next one is tried. What may go on beyond `lines` is left over.
 */
export function splitCsv({ separator, heading }: CsvForm, lines: readonly Line[], atEnd: boolean): Split {
  const named = namedPlaces(heading);
  const records: FileRecord[] = [];
  let place = 0;
  while (place < lines.length) {
    const line = lines[place];
    if (!line) break;
    if (isBlank(line)) {
      place += 1;
      continue;
    }
    const read = readCells(lines, place, separator, atEnd);
    if (read === 'more') break;
    if (read && read.cells.length === heading.length) {
      records.push({ line: line.number, row: rowOf(named, read.cells) });
      place += read.lines;
    } else {
      records.push({ line: line.number, fault: whyNone(line, read, heading.length) });
      place += 1;
    }
  }
  return { records, rest: lines.slice(place) };
}

export const isBlank = ({ text, tooLong: cut }: Line): boolean => !cut && text.trim() === '';

/**
 * The form by the heading at `lines[place]`, and where the records begin; null for a heading that cannot be read. Of the
 * separators with which all wanted columns are there, else of all, the one that gives most columns.
 */
export function csvFormOf(
  lines: readonly Line[],
  place: number,
  wanted: readonly string[],
  separator?: string,
): { readonly form: CsvForm; readonly next: number } | null {
  const found = (separator === undefined ? SEPARATORS : [separator]).flatMap((one) => {
    const read = readCells(lines, place, one, true);
    if (!read || read === 'more') return [];
    const heading = read.cells.map((name) => name.trim());
    return [{ form: { separator: one, heading }, next: place + read.lines }];
  });
  const fitting = found.filter(({ form }) => wanted.every((column) => form.heading.includes(column)));
  const [best] = (fitting.length > 0 ? fitting : found).toSorted(
    (a, b) => b.form.heading.length - a.form.heading.length,
  );
  return best ?? null;
}

interface Cells {
  readonly cells: readonly string[];
  /** How many lines they stand in. */
  readonly lines: number;
}

/** The cells of the record that begins at `place`; null: its quotes are never closed; `more`: not in these lines. */
function readCells(lines: readonly Line[], place: number, separator: string, atEnd: boolean): Cells | 'more' | null {
  const first = lines[place];
  if (!first || first.tooLong) return null;
  let text = first.text;
  const alone = parsed(text, separator, 'lenient');
  if (alone !== 'open') return alone && { cells: alone, lines: 1 };
  let odd = hasOddQuotes(text);
  for (let count = 2; count <= MAX_LINES; count += 1) {
    const next = lines[place + count - 1];
    if (!next) return atEnd ? null : 'more';
    text += `\n${next.text}`;
    if (next.tooLong || text.length > MAX_CHARS) return null;
    if (!hasOddQuotes(next.text)) continue;
    odd = !odd;
    // Where all quotes are closed their number is even.
    if (odd) continue;
    const cells = parsed(text, separator, 'strict');
    return cells === 'open' ? null : cells && { cells, lines: count };
  }
  return null;
}

const hasOddQuotes = (text: string): boolean => text.split('"').length % 2 === 0;

/**
 * The cells of one record. `open`: it ends within quotes; null: its quotes are misplaced. `lenient` takes a misplaced quote
 * as a character; not for several lines at once, where it could hide that they do not belong together.
 */
function parsed(text: string, separator: string, quotes: 'lenient' | 'strict'): readonly string[] | 'open' | null {
  const record = text.endsWith('\r') ? text.slice(0, -1) : text;
  if (!record.includes('"')) return record.split(separator);
  try {
    const [cells, ...others] = parse(record, {
      delimiter: separator,
      record_delimiter: '\n',
      relax_column_count: true,
      relax_quotes: quotes === 'lenient',
    });
    return cells && others.length === 0 ? cells : null;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'open' : null;
  }
}

type NamedPlace = readonly [name: string, place: number];

/** Cells under an empty name are left out, as are those under a name that stands further left, too. */
const namedPlaces = (heading: readonly string[]): readonly NamedPlace[] =>
  [...heading.entries()].flatMap(([place, name]) =>
    name === '' || heading.indexOf(name) < place ? [] : [[name, place] as const],
  );

function rowOf(named: readonly NamedPlace[], cells: readonly string[]): FileRow {
  const row: Record<string, string> = {};
  for (const [name, place] of named) row[name] = cells[place] ?? '';
  return row;
}

function whyNone(line: Line, read: Cells | null, columns: number): Rejected {
  if (line.tooLong) return tooLong(line);
  if (!read)
    return faultOf(
      line,
      'UNCLOSED_QUOTE',
      'A quote is opened in this line and not closed where a cell ends. Close it; write it twice ("") where it belongs to the text.',
    );
  const cells = `${read.cells.length} ${read.cells.length === 1 ? 'cell' : 'cells'}`;
  return faultOf(
    line,
    'WRONG_COLUMNS',
    `There are ${cells} where the heading has ${columns}. Put a cell that contains the separator into quotes.`,
  );
}
