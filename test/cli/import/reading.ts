import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { FileRecord } from '../../../cli/import/file-record.ts';
import { fileRecords, type ReadOptions } from '../../../cli/import/records.ts';

/** Where a test file writes what it reads; removed when its tests are over. */
export const folder = mkdtempSync(join(tmpdir(), 'kept-history-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

export function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

export interface Read {
  readonly records: readonly FileRecord[];
  /** What ended the reading, where it did not come to the end of the file. */
  readonly error: unknown;
}

/** Everything that is given out, and the error after it. */
export async function readAll(path: string, options: Partial<ReadOptions> = {}): Promise<Read> {
  const records: FileRecord[] = [];
  try {
    for await (const some of fileRecords(path, { columns: [], mappingName: 'shop', ...options })) records.push(...some);
    return { records, error: null };
  } catch (error) {
    return { records, error };
  }
}

/** As `readAll`; each record as its line and its cells, or the code of its fault. */
export async function read(content: string | Buffer, options: Partial<ReadOptions> = {}, name = 'x.csv') {
  const { records, error } = await readAll(file(name, content), options);
  if (error !== null) throw error as Error;
  return records.map((record) => [
    record.line,
    'row' in record ? Object.values(record.row).join('|') : record.fault.code,
  ]);
}
