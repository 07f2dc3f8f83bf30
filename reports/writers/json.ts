import type { WordKept } from '../../domain/metrics/word-kept.ts';

/** The report as the contract has it: every key present, nothing rounded. */
export const writeJson = (report: WordKept): string => `${JSON.stringify(report, null, 2)}\n`;
