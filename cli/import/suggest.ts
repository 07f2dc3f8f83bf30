import { basename } from 'node:path';
import type { FileRow } from './mapping.ts';
import { MAPPINGS } from './mappings.ts';
import { firstRecords } from './records.ts';
import { assign, columnOf, type Column } from './suggest-columns.ts';
import { doubtsOf, yamlOf, type DraftLine } from './suggest-draft.ts';
import { checkpointsOf, columnLines, formatLines, precisionLine, statusLine } from './suggest-parts.ts';
import { isNoValue, kindOf, plain } from './suggest-words.ts';

export interface Suggestion {
  /** A mapping file; what is doubtful has a comment that begins with `# ?`. */
  readonly yaml: string;
  /** What somebody has to look at before the file is used: about the file as a whole, then each beginning with its key. */
  readonly unsure: readonly string[];
}

const LOOKED_AT = 1_000;

/**
 * Drafts a mapping from the heading and the first thousand rows of a file.
 * @throws UnreadableFile where there is nothing to look at
 */
export async function suggestMapping(file: string): Promise<Suggestion> {
  const { heading, rows, unreadable } = await firstRecords(file, LOOKED_AT);
  const columns = heading.map((name) => columnOf(name, rows));
  const fields = new Map(assign(columns));
  const status = statusLine(fields);
  if (!status) fields.delete('status');
  const checkpoints = checkpointsOf(columns, fields);
  const used = new Set<Column>([...fields.values(), ...checkpoints.values()]);
  const lines = [
    { key: 'name', value: nameOf(file) },
    zoneLine(columns),
    precisionLine(fields),
    { key: 'columns', value: { lines: columnLines(fields, columns, rows.length) } },
    ...part(
      'checkpoints',
      [...checkpoints].map(([key, { name }]) => ({ key, value: name, doubt: CHECKPOINT })),
    ),
    ...part(
      'values',
      fields.has('kind') ? [] : [{ key: 'kind', value: kindOf(heading), doubt: 'Guessed from the heading.' }],
    ),
    ...part('formats', formatLines([...fields, ...checkpoints], fields, columns)),
    ...(status ? [status] : []),
    ...emptyLine([...new Set([...used].flatMap(({ noValues }) => noValues))]),
  ];
  const unused = columns.filter((column) => !used.has(column)).map(({ name }) => name);
  const from = `# Drafted from the heading and the first ${rows.length} rows of ${oneLine(basename(file))}; look at each "# ?".\n`;
  const rest = unused.length > 0 ? `# Not used: ${unused.map(oneLine).join(', ')}\n` : '';
  const doubts = fileDoubts(heading, rows, unreadable);
  const head = doubts.map((doubt) => `# ? ${doubt}\n`).join('');
  return { yaml: `${from}${head}${yamlOf(lines)}${rest}`, unsure: [...doubts, ...doubtsOf(lines)] };
}

/** What is wrong with the file as a whole. */
const fileDoubts = (heading: readonly string[], rows: readonly FileRow[], unreadable: number): readonly string[] => [
  ...(isGarbled(heading, rows) ? ['This file is not UTF-8 (perhaps Windows-1252): save it as UTF-8.'] : []),
  ...(unreadable > 0
    ? [
        `${unreadable} ${unreadable === 1 ? 'line' : 'lines'} could not be read, and ${unreadable === 1 ? 'is' : 'are'} left out here; a rehearsal (--dry-run) says why.`,
      ]
    : []),
];

/** Bytes that are no UTF-8 were read as U+FFFD. A few cells of a large file can have come so from elsewhere. */
function isGarbled(heading: readonly string[], rows: readonly FileRow[]): boolean {
  const garbled = rows.filter((row) => Object.values(row).some((cell) => cell.includes('\uFFFD'))).length;
  return heading.some((name) => name.includes('\uFFFD')) || (garbled > 0 && garbled >= Math.min(5, rows.length / 100));
}

/** Words that repeat in the place of times may mean something after all. */
function emptyLine(words: readonly string[]): readonly DraftLine[] {
  if (words.length === 0) return [];
  const guessed = words.filter((word) => !isNoValue(word));
  const doubt = `Guessed of ${guessed.join(', ')}: it stands several times in the place of a time.`;
  return [{ key: 'empty', value: words, doubt: guessed.length > 0 ? doubt : undefined }];
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');

const CHECKPOINT = 'A milestone on the way, if it is one.';

/** A part of the file; nothing where it would be empty. */
const part = (key: string, lines: readonly DraftLine[]): readonly DraftLine[] =>
  lines.length === 0 ? [] : [{ key, value: { lines } }];

function zoneLine(columns: readonly Column[]): DraftLine {
  const times = columns.flatMap(({ times: guess, values }) => (guess ? values : []));
  const known =
    times.length > 0 &&
    times.every((value) => value === '' || /\d:\d\d(:\d\d(\.\d+)?)? ?(Z|[+-]\d\d(:?\d\d)?)$|^\d{10,13}$/i.test(value));
  return {
    key: 'zone',
    value: 'UTC',
    doubt: known
      ? 'The times name their offset; the zone tells where a day begins and ends.'
      : 'Times stand here without a zone: write the one of their clock, such as Europe/Tallinn.',
  };
}

/** The name of the file, as a source may be called. */
function nameOf(file: string): string {
  const stem = basename(file).replace(/(\.(csv|tsv|txt|ndjson|jsonl|json|gz))+$/i, '');
  const name =
    plain(stem)
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^[^a-z]+|-+$/g, '')
      .slice(0, 40) || 'history';
  return name === 'kept' || MAPPINGS.some((mapping) => mapping.name === name) ? `${name}-history` : name;
}
