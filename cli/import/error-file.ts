import { open, type FileHandle } from 'node:fs/promises';
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
  const begun = async (): Promise<FileHandle> => {
    const made = await open(path, 'w').catch((error: unknown) => {
      const words = error instanceof Error ? error.message : String(error);
      throw new Error(
        `The rejected rows cannot be listed in ${path}: ${words}. Name another file by --errors; what stands is not lost.`,
      );
    });
    await made.write(lines(HEADING));
    return made;
  };
  return {
    add: async (rows) => {
      if (rows.length === 0) return;
      file ??= await begun();
      await file.write(
        lines(rows.map(({ line, column, code, value, message }) => [line, column, code, value, message])),
      );
    },
    path: () => (file === null ? null : path),
    close: async () => file?.close(),
  };
}

/** Cells that a spreadsheet would take for a formula are marked as text. */
const lines = (rows: readonly (readonly unknown[])[]): string =>
  stringify(rows as unknown[][], { escape_formulas: true });
