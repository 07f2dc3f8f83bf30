/** A line of a drafted mapping. */
export interface DraftLine {
  readonly key: string;
  /** A text, a list, or further lines; null: nothing was found, and the line stands as a comment. */
  readonly value: string | readonly string[] | DraftPart | null;
  /** Why somebody should look at it. */
  readonly doubt?: string | undefined;
}

export interface DraftPart {
  readonly lines: readonly DraftLine[];
}

/** The lines as YAML; what is doubtful has a comment that begins with `# ?`. */
export const yamlOf = (lines: readonly DraftLine[], indent = ''): string =>
  lines.map((line) => yamlLine(line, indent)).join('');

/** What is doubtful, each beginning with its key. */
export const doubtsOf = (lines: readonly DraftLine[], path = ''): readonly string[] =>
  lines.flatMap(({ key, value, doubt }) => [
    ...(doubt === undefined ? [] : [`${path}${key}: ${doubt}`]),
    ...(isPart(value) ? doubtsOf(value.lines, `${path}${key}.`) : []),
  ]);

function yamlLine({ key, value, doubt }: DraftLine, indent: string): string {
  // A name from the heading may hold a line break.
  const comment = doubt === undefined ? '' : ` # ? ${doubt.replaceAll(/\s+/g, ' ')}`;
  const head = `${indent}${scalar(key)}:`;
  if (value === null) return `${indent}# ${scalar(key)}:${comment}\n`;
  if (isPart(value)) return `${head}${comment}\n${yamlOf(value.lines, `${indent}  `)}`;
  return `${head} ${typeof value === 'string' ? scalar(value) : `[${value.map(scalar).join(', ')}]`}${comment}\n`;
}

const isPart = (value: DraftLine['value']): value is DraftPart =>
  value !== null && typeof value === 'object' && 'lines' in value;

/** JSON is YAML: whatever could mean something else is written that way. */
const scalar = (text: string): string =>
  /^[\p{L}_]([\p{L}\p{N} _./()-]|:(?=[\p{L}\p{N}]))*$/u.test(text) &&
  !/^(true|false|null|yes|no|on|off|y|n)$|\s$/i.test(text)
    ? text
    : JSON.stringify(text);
