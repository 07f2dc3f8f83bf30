import { MAX_CHARS, type Line } from './file-lines.ts';
import type { FileRow, Rejected } from './mapping.ts';

/** One record of a file, or why it cannot be one. `line`: where it begins in the file, the first line being 1. */
export type FileRecord =
  { readonly line: number; readonly row: FileRow } | { readonly line: number; readonly fault: Rejected };

/** What some lines hold, and those of them that may belong to a record which goes on. */
export interface Split {
  readonly records: readonly FileRecord[];
  readonly rest: readonly Line[];
}

const SHOWN_CHARS = 200;

/** Why a whole line cannot be read. */
export const faultOf = (line: Line, code: string, message: string): Rejected => ({
  rejected: true,
  code,
  column: null,
  value: line.text.slice(0, SHOWN_CHARS),
  message,
});

export const tooLong = (line: Line): Rejected =>
  faultOf(line, 'LINE_TOO_LONG', `This line has more than ${MAX_CHARS.toLocaleString('en')} characters. Shorten it.`);
