import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { isRejected, type FileRow, type HistoryRow, type Mapping } from './mapping.ts';

/** A file that cannot be read as this mapping's: its message says why and what to do. */
export class UnreadableHistory extends Error {
  constructor(file: string, why: string) {
    super(`${file} cannot be read: ${why}`);
    this.name = 'UnreadableHistory';
  }
}

/** A row that was left out; `line` is its line in the file, the heading being the first. */
export interface LeftOut {
  readonly line: number;
  readonly code: string;
  readonly message: string;
}

export interface History {
  readonly rows: readonly HistoryRow[];
  readonly rejected: readonly LeftOut[];
}

/**
 * Reads a CSV file, plain or gzipped, row by row; keeps what `wanted` picks.
 * @throws UnreadableHistory for a file that is missing, damaged, or lacks a column of the mapping.
 */
export async function readHistory(
  file: string,
  mapping: Mapping,
  wanted: (row: HistoryRow) => boolean,
): Promise<History> {
  const rows: HistoryRow[] = [];
  const rejected: LeftOut[] = [];
  const refs = new Set<string>();
  try {
    for await (const { record, info } of await records(file, mapping)) {
      const row = mapping.read(record);
      if (isRejected(row)) rejected.push({ line: info.lines, ...row });
      else if (refs.has(row.ref))
        rejected.push({
          line: info.lines,
          code: 'DOUBLE_REF',
          message: 'This reference stands in an earlier row, too.',
        });
      else {
        refs.add(row.ref);
        if (wanted(row)) rows.push(row);
      }
    }
  } catch (error) {
    throw error instanceof UnreadableHistory ? error : new UnreadableHistory(file, reasonOf(error));
  }
  return { rows, rejected };
}

interface ParsedRecord {
  readonly record: FileRow;
  readonly info: { readonly lines: number };
}

async function records(file: string, mapping: Mapping): Promise<AsyncIterable<ParsedRecord>> {
  const columns = (header: readonly string[]): string[] => {
    const missing = mapping.columns.filter((column) => !header.includes(column));
    if (missing.length === 0) return [...header];
    throw new UnreadableHistory(
      file,
      `the mapping ${mapping.name} needs the columns ${missing.join(', ')}, which its heading lacks.`,
    );
  };
  const zipped = await isGzip(file);
  const parser = parse({ columns, bom: true, info: true, skip_empty_lines: true });
  const input = createReadStream(file);
  const fail = (error: Error): void => void parser.destroy(error);
  input.on('error', fail);
  if (zipped) input.pipe(createGunzip().on('error', fail)).pipe(parser);
  else input.pipe(parser);
  return parser as AsyncIterable<ParsedRecord>;
}

/** By its first two bytes: names lie. */
async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

function reasonOf(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  if (code === 'ENOENT') return 'there is no such file.';
  if (code === 'EACCES') return 'this user may not read it.';
  if (code === 'EISDIR') return 'it is a folder.';
  return error instanceof Error ? error.message : String(error);
}
