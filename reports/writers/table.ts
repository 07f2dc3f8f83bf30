import type { WordKept, WordKeptGroup } from '../../domain/metrics/word-kept.ts';
import { shareText } from '../../words/format.ts';
import { CELLS, COLUMNS, type Cell, type Unit } from '../columns.ts';

const GAP = '  ';
const NONE = '-';
const PERCENTILES =
  'p50: half of the promises counted have this value or a smaller one; p90: nine in ten; p10: one in ten; p5: one in twenty.';

/**
 * The report for a terminal: a line per figure, a column per group, as many groups side by side as `width` characters
 * hold; below it what each figure means and how it is computed.
 */
export function writeTable(report: WordKept, width: number): string {
  const title = `How the word was kept, by ${report.by}. ${report.generatedAt}, figures ${report.readLagMs} ms old.`;
  const parts =
    report.groups.length > 0 ? [...blocksOf(report, width), ...slipsOf(report), definitions()] : ['No promises match.'];
  return `${[title, ...parts].join('\n\n')}\n`;
}

/** What the partner missed to which the report is narrowed. */
function slipsOf({ slips }: WordKept): readonly string[] {
  if (!slips) return [];
  if (slips.length === 0) return ['No checkpoint that the partner answers for was missed.'];
  const names = slips.map(({ checkpoint }) => printable(checkpoint));
  const counts = lay(names, [slips.map(({ promises }) => String(promises))]);
  return [`Checkpoints that the partner missed, and of how many promises\n${counts}`];
}

/** What is printed under every report that shows something. */
export function definitions(): string {
  const lines = COLUMNS.map(
    ({ name, title, unit, definition, formula }) =>
      `${title} (${name}, ${UNITS[unit]}): ${definition}\n    = ${formula}`,
  );
  return ['What the figures mean', PERCENTILES, ...lines].join('\n');
}

const UNITS: { readonly [U in Unit]: string } = {
  promises: 'number',
  share: 'share',
  duration: 'time',
  facts: 'number',
  money: 'money',
};

function blocksOf(report: WordKept, width: number): string[] {
  const names = ['', ...CELLS.map((cell) => cell.title)];
  const columns = report.groups.map((group) => columnOf(group));
  const nameWidth = widthOf(names);
  const blocks: string[][][] = [];
  let left = 0;
  for (const column of columns) {
    const needed = GAP.length + widthOf(column);
    const block = blocks.at(-1);
    if (!block || left < needed) {
      blocks.push([column]);
      left = width - nameWidth - needed;
    } else {
      block.push(column);
      left -= needed;
    }
  }
  return blocks.map((block) => lay(names, block));
}

function lay(names: readonly string[], columns: readonly (readonly string[])[]): string {
  const widths = columns.map(widthOf);
  const nameWidth = widthOf(names);
  return names
    .map((name, row) => {
      const cells = columns.map((column, index) => GAP + (column[row] ?? '').padStart(widths[index] ?? 0));
      return (name.padEnd(nameWidth) + cells.join('')).trimEnd();
    })
    .join('\n');
}

const columnOf = (group: WordKeptGroup): string[] => [
  group.key === null ? '(none)' : printable(group.key),
  ...CELLS.map((cell) => show(cell, group)),
];

const widthOf = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length));

/** Keys come from outside: a control or direction mark must not move the cursor or turn the line around. */
const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');

function show(cell: Cell, group: WordKeptGroup): string {
  const value = cell.valueOf(group);
  if (value === null) return NONE;
  if (typeof value === 'string') return value;
  if (cell.unit === 'share') return shareText(value);
  if (cell.unit === 'duration') return showDuration(value);
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}

const STEPS = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1_000 },
  { name: 'ms', ms: 1 },
] as const;

/**
 * A duration in its two largest units, the rest cut off.
 * @example showDuration(-94_000_000) //=> '-1 d 2 h'
 */
export function showDuration(ms: number): string {
  const sign = ms < 0 ? '-' : '';
  const size = Math.abs(Math.round(ms));
  const first = STEPS.findIndex((step) => size >= step.ms);
  const largest = STEPS[first];
  if (!largest) return '0 s';
  const second = STEPS[first + 1];
  const whole = Math.floor(size / largest.ms);
  const rest = second ? Math.floor((size % largest.ms) / second.ms) : 0;
  return `${sign}${whole} ${largest.name}${second && rest > 0 ? ` ${rest} ${second.name}` : ''}`;
}
