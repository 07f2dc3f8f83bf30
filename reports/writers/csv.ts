import { stringify } from 'csv-stringify/sync';
import type { WordKept } from '../../domain/metrics/word-kept.ts';
import { CELLS } from '../columns.ts';

/**
 * One line per group under one heading line; durations in milliseconds, shares between 0 and 1, nothing for null.
 * Texts that a spreadsheet would run as a formula are made harmless.
 */
export function writeCsv(report: WordKept): string {
  const heading = [report.by, ...CELLS.map((cell) => cell.path)];
  const lines = report.groups.map((group) => [group.key, ...CELLS.map((cell) => cell.valueOf(group))]);
  return stringify([heading, ...lines], { escape_formulas: true });
}
