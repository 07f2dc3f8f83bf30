import { basename } from 'node:path';
import type { Example, ImportResult } from './tally.ts';

/** What else is said of an import, and cannot be told from its figures. */
export interface Told {
  readonly file: string;
  /** Of the mapping. */
  readonly notes: readonly string[];
  /** The first row of each code. */
  readonly examples: ReadonlyMap<string, Example>;
  /** As it was told, so that the commands named work as they stand. */
  readonly state: string | undefined;
}

/** What an import came to, for a terminal, and what to do next. */
export function closingLines(result: ImportResult, { file, notes, examples, state }: Told): string {
  const { source, rows, imported, existing, updated, rejected } = result;
  const news = updated > 0 ? ` (${counted(updated)} of them with something new)` : '';
  const lines = [
    `${source}: ${counted(rows)} rows: ${counted(imported)} ${result.dryRun ? 'would be imported' : 'imported'}, ${counted(existing)} existing${news}, ${counted(rejected)} rejected.`,
    ...livingLines(result),
    ...codeLines('Rejected', result.errors, file, examples),
    ...codeLines('Taken as empty, or left as it was', result.ignored, file, examples),
    ...(result.errorFile === null ? [] : [`All rejected rows with their reasons: ${result.errorFile}`]),
    ...notes.map((note) => `Note: ${note}`),
    ...nextLines(result, state),
  ];
  return `${lines.join('\n')}\n`;
}

function livingLines({ live, livePastTime, staysHistory, dryRun }: ImportResult): readonly string[] {
  const late = `${counted(livePastTime)} of them are past their time already: their customers ${dryRun ? 'would be' : 'are'} written to at once`;
  return [
    ...(live > 0 ? [`${counted(live)} ${dryRun ? 'would live' : 'live'} from now on; ${late}.`] : []),
    ...(staysHistory > 0
      ? [`${counted(staysHistory)} open ones are history here already and stay it: nobody is written to about them.`]
      : []),
  ];
}

function codeLines(
  title: string,
  counts: Readonly<Record<string, number>>,
  file: string,
  examples: ReadonlyMap<string, Example>,
): readonly string[] {
  const lines = Object.entries(counts).map(([code, n]) => {
    const example = examples.get(code);
    const place = example ? `${basename(file)}:${example.line}${columnText(example)}: ${example.message}` : '';
    return `  ${counted(n).padStart(7)}  ${code}  e.g. ${place}`;
  });
  return lines.length === 0 ? [] : [`${title}:`, ...lines];
}

const columnText = ({ column, value }: Example): string => {
  const shown = value === '' ? '' : ` "${value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value}"`;
  return `${column === null ? '' : `, ${column}`}${shown}`;
};

const SHOWN = 40;

function nextLines({ source, dryRun, imported, existing }: ImportResult, state: string | undefined): readonly string[] {
  if (dryRun) return ['Nothing was written. Without --dry-run it is.'];
  const where = state === undefined ? '' : ` --state ${state}`;
  return imported + existing === 0 ? [] : [`The report: npx kept report --source ${source}${where}`];
}

const counted = (n: number): string => n.toLocaleString('en');
