import type { FileRow, Rejected } from './mapping.ts';
import { UnreadableFile } from './unreadable-file.ts';

/** One record of a file, or why it cannot be one. `line`: where it begins in the file, the first line being 1. */
export type FileRecord =
  | { readonly line: number; readonly row: FileRow }
  | { readonly line: number; readonly fault: Rejected };

/** How much of the file on disk was read, in bytes as they lie there: of a gzipped file the packed ones. */
export interface ReadProgress {
  readonly bytes: number;
  readonly ofBytes: number;
}

export interface ReadOptions {
  /** Those the mapping cannot do without. */
  readonly columns: readonly string[];
  readonly mappingName: string;
  /** Between the cells of a CSV file; found from its heading where it is not given. */
  readonly separator?: string;
  readonly onProgress?: (progress: ReadProgress) => void;
}

/** The beginning of a file, for whoever does not know it yet. `separator` is null for NDJSON. */
export interface FirstRecords {
  readonly separator: string | null;
  readonly heading: readonly string[];
  readonly rows: readonly FileRow[];
}

export function fileRecords(file: string, _options: ReadOptions): AsyncIterable<readonly FileRecord[]> {
  throw new UnreadableFile(file, 'not written yet.');
}

export function firstRecords(file: string, _limit: number): Promise<FirstRecords> {
  throw new UnreadableFile(file, 'not written yet.');
}

export { UnreadableFile };
