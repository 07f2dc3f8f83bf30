import { VARIABLES, type Variable } from '../environment.ts';
import { code, page, table } from './markdown.ts';

/** Every variable of the environment with its meaning and what holds without it. */
export function environmentPage(): string {
  const rows = Object.entries<Variable>(VARIABLES).map(([name, { meaning, fallback, without }]) => [
    code(name),
    meaning,
    fallback === null ? (without ?? '') : code(fallback),
  ]);
  return page(
    'Environment',
    'npm run docs',
    'All variables are read together when a command starts; what cannot be used is named together, without its value. An empty ' +
      'variable counts as not set. The commands stand in [commands.md](commands.md).',
    table(['variable', 'meaning', 'without it'], rows),
  );
}
