import type { Instant } from '../../domain/promise/instant.ts';
import { isRejected, type HistoryRow, type Mapping, type Rejected } from './mapping.ts';
import { fileRecords } from './records.ts';

/** A row that can be played: it says when the promise was made. */
export interface DatedRow extends HistoryRow {
  readonly madeAt: Instant;
}

/** Why a row was left out, and at which line of the file it begins, the first line being 1. */
export interface LeftOut extends Rejected {
  readonly line: number;
}

export interface History {
  readonly rows: readonly DatedRow[];
  readonly rejected: readonly LeftOut[];
}

/**
 * Reads a whole file to be played; keeps what `wanted` picks.
 * @throws UnreadableFile for a file that is missing, damaged, or lacks a column of the mapping
 */
export async function readHistory(
  file: string,
  mapping: Mapping,
  wanted: (row: DatedRow) => boolean,
): Promise<History> {
  const rows: DatedRow[] = [];
  const rejected: LeftOut[] = [];
  const refs = new Set<string>();
  const { name: mappingName, columns, separator } = mapping;
  for await (const records of fileRecords(file, { mappingName, columns, separator })) {
    for (const record of records) {
      const row = 'fault' in record ? record.fault : datedRow(mapping.read(record.row), refs);
      if (isRejected(row)) rejected.push({ line: record.line, ...row });
      else {
        refs.add(row.ref);
        if (wanted(row)) rows.push(row);
      }
    }
  }
  return { rows, rejected };
}

function datedRow(row: HistoryRow | Rejected, refs: ReadonlySet<string>): DatedRow | Rejected {
  if (isRejected(row)) return row;
  const { madeAt } = row;
  const left = { rejected: true, column: null, value: row.ref } as const;
  if (refs.has(row.ref))
    return { ...left, code: 'DOUBLE_REF', message: 'This reference stands in an earlier row, too.' };
  if (madeAt === null)
    return { ...left, code: 'MADE_AT_MISSING', message: 'The row does not say when the promise was made.' };
  return { ...row, madeAt };
}
