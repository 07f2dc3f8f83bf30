import { csvFormOf, isBlank, splitCsv } from './csv-lines.ts';
import { ForeignForm, type Line } from './file-lines.ts';
import type { Split } from './file-record.ts';
import { splitJson } from './json-lines.ts';

/** How the lines of one file become records. */
export interface FileForm {
  /** Null for NDJSON, which has no heading either. */
  readonly separator: string | null;
  readonly heading: readonly string[];
  /** `atEnd`: no lines come after these. */
  readonly split: (lines: readonly Line[], atEnd: boolean) => Split;
}

/** What is known of a file before it is opened. */
export interface Wanted {
  /** The columns the mapping cannot do without. */
  readonly columns: readonly string[];
  readonly mappingName: string;
  /** Between the cells of a CSV file; found from its heading where it is not given. */
  readonly separator?: string | undefined;
}

/** A heading that spans lines ends within these, or cannot be read. */
const HEADING_LINES = 100;

/**
 * The form of a file by its first lines, and those of them that follow the heading; null where more lines are needed to tell.
 * @throws ForeignForm for an empty file, and for a heading that cannot be read or lacks columns
 */
export function fileFormOf(
  file: string,
  lines: readonly Line[],
  wanted: Wanted,
  atEnd: boolean,
): { readonly form: FileForm; readonly rest: readonly Line[] } | null {
  const place = lines.findIndex((line) => !isBlank(line));
  const first = lines[place]?.text.trimStart();
  if (first === undefined) {
    if (atEnd) throw new ForeignForm('it is empty.');
    return null;
  }
  if (/\.json(\.gz)?$/i.test(file) && first.startsWith('['))
    throw new ForeignForm('it is one JSON array. Write one object on each line, as NDJSON.');
  if (/\.(ndjson|jsonl)(\.gz)?$/i.test(file) || first.startsWith('{'))
    return { form: { separator: null, heading: [], split: splitJson }, rest: lines };
  const found = csvFormOf(lines, place, wanted.columns, wanted.separator);
  const fault = found ? headingFault(found.form.heading, wanted) : NO_HEADING;
  if (found && fault === null) {
    const { form, next } = found;
    return { form: { ...form, split: (some, end) => splitCsv(form, some, end) }, rest: lines.slice(next) };
  }
  if (!atEnd && lines.length < place + HEADING_LINES) return null;
  throw new ForeignForm(fault ?? NO_HEADING);
}

const NO_HEADING = 'its first line is no heading: it is too long, or a quote in it is not closed.';
const SHOWN_CHARS = 200;

function headingFault(heading: readonly string[], { columns, mappingName }: Wanted): string | null {
  if (heading.some((name) => name.includes('\r')))
    return 'its lines end in CR alone, or a CR stands in its heading. Save it with LF or CR LF.';
  const missing = columns.filter((column) => !heading.includes(column));
  const there = heading.join(', ').slice(0, SHOWN_CHARS);
  if (missing.length > 0)
    return `the mapping ${mappingName} needs the columns ${missing.join(', ')}, which its heading lacks. There stands: ${there}`;
  const doubled = columns.filter((column) => heading.indexOf(column) !== heading.lastIndexOf(column));
  if (doubled.length > 0)
    return `its heading has ${doubled.join(', ')} more than once. Rename the columns that are not meant.`;
  return null;
}
