import { open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { stringify } from 'csv-stringify/sync';
import type { BadCell } from './mapping.ts';

/** A row that was left out; its line in the file, the first being 1. */
export interface LeftOutRow extends BadCell {
  readonly line: number;
}

/** The list of rows that were left out, as CSV: made with the first of them, in place of the list of an earlier run. */
export interface ErrorFile {
  add(rows: readonly LeftOutRow[]): Promise<void>;
  /** Null where nothing was written. */
  path(): string | null;
  close(): Promise<void>;
}

const HEADING = [['row', 'column', 'code', 'value', 'message']];

export function createErrorFile(path: string): ErrorFile {
  let file: FileHandle | null = null;
  const cannotBeListed = (error: unknown): never => {
    const words = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The rejected rows cannot be listed in ${path}: ${words}. Name another file by --errors; what stands is not lost.`,
    );
  };
  return {
    add: async (rows) => {
      if (rows.length === 0) return;
      const begins = file === null;
      file ??= await open(path, 'w', ONLY_OWN).catch(cannotBeListed);
      const listed = rows.map(({ line, column, code, value, message }) => [line, column, code, value, message]);
      await file.write(lines([...(begins ? HEADING : []), ...listed])).catch(cannotBeListed);
    },
    path: () => (file === null ? null : path),
    close: async () => {
      if (file === null) await forgetEarlier(path);
      await file?.close();
    },
  };
}

/** Cells of customers may stand in it. */
const ONLY_OWN = 0o600;

/** A list of an earlier run would say that rows are missing which are in by now. Another file of that name stays. */
async function forgetEarlier(path: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => '');
  if (text.startsWith(lines(HEADING))) await rm(path);
}

/** Cells that a spreadsheet would take for a formula are marked as text. */
const lines = (rows: readonly (readonly unknown[])[]): string =>
  stringify(rows as unknown[][], { escape_formulas: true });
