/** Lines of a table under its heading, as prettier writes them: every column as wide as its widest cell. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [heading, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = heading.map((_, column) => Math.max(3, ...cells.map((row) => lengthOf(row[column]))));
  const lineOf = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - lengthOf(cell))).join(' | ')} |`;
  const [first = [], ...rest] = cells;
  return [lineOf(first), lineOf(widths.map((width) => '-'.repeat(width))), ...rest.map(lineOf)].join('\n');
}

/** A whole page: its title, by what it is written, and its parts. */
export const page = (title: string, command: string, ...parts: readonly string[]): string =>
  [`# ${title}`, `Written from the code by \`${command}\`; changes made here are lost.`, ...parts].join('\n\n') + '\n';

export const code = (text: string): string => `\`${text}\``;

/** A sentence written for a terminal: what stands in angle brackets would be taken for HTML. */
export const prose = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replace(/<[^<>\s]+>[\w.-]*/g, code)))
    .join('');

const lengthOf = (text: string | undefined): number => [...(text ?? '')].length;
