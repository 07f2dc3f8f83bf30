import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isRejected, type FileRow, type HistoryRow, type Mapping, type Rejected } from '../../../cli/import/mapping.ts';
import { fileRecords } from '../../../cli/import/records.ts';
import { deadlineOf } from '../../../domain/calendar/deadline.ts';

/** A row that a mapping can read, with some of its cells changed. */
export const reader =
  (mapping: Mapping, base: FileRow) =>
  (changes: FileRow = {}): HistoryRow => {
    const row = mapping.read({ ...base, ...changes });
    if (isRejected(row)) throw new Error(`${row.code} ${row.column}: ${row.message}`);
    return row;
  };

/** A file of the shared data, which is never part of the project; null, and a line that says so, where it is absent. */
export function sharedFile(name: string): string | null {
  const file = fileURLToPath(new URL(`../../../../shared/data/${name}`, import.meta.url));
  if (existsSync(file)) return file;
  console.warn(`Skipped: ${file} is not there, so nothing is compared with the real file.`);
  return null;
}

export interface Count {
  readonly kept: number;
  readonly broken: number;
  readonly withdrawn: number;
  readonly unfinished: number;
  readonly rejected: Readonly<Record<string, number>>;
  readonly ignored: Readonly<Record<string, number>>;
  readonly refs: number;
}

/** How the promises of a file ended, counted from what the mapping gives, and by nothing else of the product. */
export async function countOf(file: string, mapping: Mapping): Promise<Count> {
  const count = { kept: 0, broken: 0, withdrawn: 0, unfinished: 0 };
  const [rejected, ignored] = [new Map<string, number>(), new Map<string, number>()];
  const add = (to: Map<string, number>, code: string): void => void to.set(code, (to.get(code) ?? 0) + 1);
  const refs = new Set<string>();
  for await (const records of fileRecords(file, { columns: mapping.columns, mappingName: mapping.name }))
    for (const record of records) {
      const row: HistoryRow | Rejected = 'row' in record ? mapping.read(record.row) : record.fault;
      if (isRejected(row)) add(rejected, row.code);
      else {
        refs.add(row.ref);
        count[endOf(row)] += 1;
        for (const cell of row.ignored) add(ignored, cell.code);
      }
    }
  return { ...count, rejected: Object.fromEntries(rejected), ignored: Object.fromEntries(ignored), refs: refs.size };
}

function endOf({ facts, promised }: HistoryRow): 'kept' | 'broken' | 'withdrawn' | 'unfinished' {
  const end = facts.find((fact) => fact.kind === 'fulfilled' || fact.kind === 'withdrawn');
  if (!end) return 'unfinished';
  if (end.kind === 'withdrawn') return 'withdrawn';
  const deadline = deadlineOf(promised);
  const inclusive = promised.precision === 'instant' || (end.kind === 'fulfilled' && end.asDay === true);
  return end.occurredAt < deadline || (inclusive && end.occurredAt === deadline) ? 'kept' : 'broken';
}
