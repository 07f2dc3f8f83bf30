import type { ReadProgress } from './file-bytes.ts';
import { fileFormOf, type FileForm, type Wanted } from './file-form.ts';
import { fileLines, ForeignForm, type Line } from './file-lines.ts';
import type { FileRecord } from './file-record.ts';
import type { FileRow } from './mapping.ts';
import { UnreadableFile } from './unreadable-file.ts';

export interface ReadOptions extends Wanted {
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined;
}

/** How many records are given out at once, the last ones aside. */
const CHUNK = 1_000;

/**
 * The records of a CSV or NDJSON file, plain or gzipped, in the order of the file. Blank lines are skipped; what cannot
 * be read as a record is one with a `fault`, and the rest is read all the same.
 * @throws UnreadableFile when nothing can be read, or nothing more: what stands before a damage is given out first
 */
export async function* fileRecords(file: string, options: ReadOptions): AsyncGenerator<readonly FileRecord[]> {
  let out: readonly FileRecord[] = [];
  try {
    for await (const { records } of splits(file, options)) {
      out = [...out, ...records];
      for (; out.length >= CHUNK; out = out.slice(CHUNK)) yield out.slice(0, CHUNK);
    }
  } catch (error) {
    if (out.length > 0) yield out;
    throw error;
  }
  if (out.length > 0) yield out;
}

/** The beginning of a file, for whoever does not know it yet. */
export interface FirstRecords {
  /** Null for NDJSON. */
  readonly separator: string | null;
  /** The names of the columns; for NDJSON those of these rows. */
  readonly heading: readonly string[];
  readonly rows: readonly FileRow[];
  /** How many lines among these rows are no record, and left out. */
  readonly unreadable: number;
}

/**
 * The heading and the first rows, at most `limit`; lines that are no record are left out.
 * @throws UnreadableFile
 */
export async function firstRecords(file: string, limit: number): Promise<FirstRecords> {
  let separator: string | null = null;
  let heading: readonly string[] = [];
  const rows: FileRow[] = [];
  let unreadable = 0;
  for await (const { form, records } of splits(file, { columns: [], mappingName: '' })) {
    ({ separator, heading } = form);
    for (const record of records) {
      if (rows.length >= limit) break;
      if ('row' in record) rows.push(record.row);
      else unreadable += 1;
    }
    if (rows.length >= limit) break;
  }
  const names = separator === null ? rows.flatMap((row) => Object.keys(row)) : heading;
  return { separator, heading: [...new Set(names)].filter((name) => name !== ''), rows, unreadable };
}

interface FormedRecords {
  readonly form: FileForm;
  readonly records: readonly FileRecord[];
}

async function* splits(file: string, options: ReadOptions): AsyncGenerator<FormedRecords> {
  let form: FileForm | null = null;
  let waiting: readonly Line[] = [];
  let lastLine = 0;
  try {
    for await (const { lines, atEnd } of fileLines(file, options.onProgress)) {
      waiting = [...waiting, ...lines];
      if (!form) {
        const begun = fileFormOf(file, waiting, options, atEnd);
        if (!begun) continue;
        form = begun.form;
        waiting = begun.rest;
      }
      const { records, rest } = form.split(waiting, atEnd);
      const [next] = rest;
      lastLine = next ? next.number - 1 : (waiting.at(-1)?.number ?? lastLine);
      waiting = rest;
      yield { form, records };
    }
  } catch (error) {
    const reason = reasonOf(error);
    throw reason === null ? error : new UnreadableFile(file, reason, lastLine);
  }
}

/** Null for what is no fault of the file. */
function reasonOf(error: unknown): string | null {
  if (error instanceof ForeignForm) return error.message;
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (typeof code !== 'string') return null;
  if (code === 'ENOENT') return 'there is no such file.';
  if (code === 'EACCES') return 'this user may not read it.';
  if (code === 'EISDIR') return 'it is a folder.';
  if (code === 'Z_BUF_ERROR') return 'the gzipped file is cut off. Get the whole file and read it again.';
  const said = typeof message === 'string' ? message : code;
  return code.startsWith('Z_') ? `the gzipped file is damaged (${said}). Get it anew and read it again.` : said;
}
