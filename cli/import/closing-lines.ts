import { basename } from 'node:path';
import type { Example, Examples, ImportResult } from './tally.ts';

/** What else is said of an import, and cannot be told from its figures. */
export interface Told {
  readonly file: string;
  /** Of the mapping. */
  readonly notes: readonly string[];
  readonly examples: Examples;
  /** As it was told, so that the commands named work as they stand. */
  readonly state: string | undefined;
}

/** What an import came to, for a terminal, and what to do next. */
export function closingLines(result: ImportResult, { file, notes, examples, state }: Told): string {
  const { source, rows, imported, existing, updated, rejected } = result;
  const news = updated > 0 ? ` (${counted(updated)} of them with something new)` : '';
  const lines = [
    ...encodingLines(result, file),
    `${source}: ${counted(rows)} rows: ${counted(imported)} ${result.dryRun ? 'would be imported' : 'imported'}, ${counted(existing)} existing${news}, ${counted(rejected)} rejected.`,
    ...livingLines(result),
    ...codeLines('Rejected', result.errors, file, examples.rejected),
    ...codeLines('Taken as empty, or left as it was', result.ignored, file, examples.ignored),
    ...(result.errorFile === null ? [] : [`All rejected rows with their reasons: ${result.errorFile}`]),
    ...notes.map((note) => `Note: ${note}`),
    ...nextLines(result, state),
  ];
  return `${lines.join('\n')}\n`;
}

/** First of all, because the rest is best not read before. */
const encodingLines = ({ errors, ignored }: ImportResult, file: string): readonly string[] =>
  'INVALID_UTF8' in errors || 'INVALID_UTF8' in ignored
    ? [`${basename(file)} is not UTF-8 (perhaps Windows-1252): save it as UTF-8 and import again.`]
    : [];

function livingLines({ live, livePastTime, liveWithoutAddress, openHistory, dryRun }: ImportResult): readonly string[] {
  const late = `${counted(livePastTime)} of them are past their time already: their customers ${dryRun ? 'would be' : 'are'} written to at once, where an address is known`;
  const without = liveWithoutAddress > 0 ? ` (of ${counted(liveWithoutAddress)} of the ${counted(live)} none is)` : '';
  const [ones, them] =
    openHistory === 1 ? [dryRun ? 'one would be' : 'one is', 'it'] : [dryRun ? 'ones would be' : 'ones are', 'them'];
  return [
    ...(live > 0 ? [`${counted(live)} ${dryRun ? 'would live' : 'live'} from now on; ${late}${without}.`] : []),
    ...(openHistory > 0
      ? [`${counted(openHistory)} open ${ones} history: nobody is written to about ${them}; --live makes ${them} live.`]
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

/** Not what stands there: a name or an address would end in the log of whoever imports every night. */
const columnText = ({ column }: Example): string => (column === null ? '' : `, ${column}`);

function nextLines({ source, dryRun, imported, existing }: ImportResult, state: string | undefined): readonly string[] {
  if (dryRun) return ['Nothing was written. Without --dry-run it is.'];
  const where = state === undefined ? '' : ` --state ${state}`;
  return imported + existing === 0 ? [] : [`The report: npx kept report --source ${source}${where}`];
}

const counted = (n: number): string => n.toLocaleString('en');
