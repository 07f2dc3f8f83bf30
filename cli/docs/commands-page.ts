import type { Argument, Command, Option } from 'commander';
import { code, page, prose, table } from './markdown.ts';

/** Every command with its arguments, options and defaults, as commander knows them. */
export function commandsPage(program: Command): string {
  const help = program.createHelp();
  const visible = new Set(help.visibleCommands(program));
  const forUsers = program.commands.filter((command) => visible.has(command));
  const forChanges = program.commands.filter((command) => !visible.has(command));
  return page(
    'Commands',
    'npm run docs',
    'Results go to stdout, progress and logs to stderr. Exit 0: done; 1: failed; 2: wrong usage. Every command takes `--help`; ' +
      'the variables that they read stand in [environment.md](environment.md).',
    ...forUsers.flatMap((command) => sectionsOf(command, '##')),
    '## For who changes Kept',
    'They run in the clone and write files there.',
    ...forChanges.flatMap((command) => sectionsOf(command, '###')),
  );
}

function sectionsOf(command: Command, level: string): readonly string[] {
  if (command.commands.length > 0)
    return [
      `${level} ${nameOf(command)}`,
      sentence(command.description()),
      ...command.commands.flatMap((inner) => sectionsOf(inner, `${level}#`)),
    ];
  return [
    `${level} ${nameOf(command)}`,
    sentence(command.description()),
    `\`\`\`\n${nameOf(command)} ${command.usage().replaceAll(/\n\s+/g, '\n')}\n\`\`\``,
    ...tableOf('argument', command.registeredArguments.map(argumentRow)),
    ...tableOf('option', command.options.filter((option) => !option.hidden).map(optionRow)),
  ];
}

const tableOf = (what: string, rows: readonly (readonly string[])[]): readonly string[] =>
  rows.length > 0 ? [table([what, 'meaning', 'default'], rows)] : [];

const argumentRow = (argument: Argument): readonly string[] =>
  rowOf(argument.name(), argument.description, argument.required, argument.defaultValue);

const optionRow = ({ flags, description, argChoices, mandatory, defaultValue }: Option): readonly string[] => {
  const choices = argChoices ? ` One of ${argChoices.map(code).join(', ')}.` : '';
  return rowOf(flags, description, mandatory, defaultValue, choices);
};

/** Help texts say in brackets at their end what commander does not know: here it has a column of its own. */
function rowOf(
  name: string,
  description: string,
  isRequired: boolean,
  defaultValue: unknown,
  more = '',
): readonly string[] {
  const [, text = '', inBrackets] = /^(.*?)(?:\s*\((?:required|default: (.*))\))?$/s.exec(description) ?? [];
  const fallback = typeof defaultValue === 'string' ? code(defaultValue) : prose(inBrackets ?? '');
  return [code(name), `${sentence(text)}${more}`, isRequired ? 'required' : fallback];
}

/** `kept keys create`. */
const nameOf = (command: Command): string => `${command.parent ? `${nameOf(command.parent)} ` : ''}${command.name()}`;

/** Help texts of options begin small and end without a stop. */
const sentence = (text: string): string => {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return prose(/[.!?]$/.test(begun) ? begun : `${begun}.`);
};
