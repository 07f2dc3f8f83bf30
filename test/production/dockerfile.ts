import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const FILE = fileURLToPath(new URL('../../Dockerfile', import.meta.url));

/** One step of a stage, its variables filled in. */
export type Step =
  | { readonly kind: 'run'; readonly command: string }
  | { readonly kind: 'copy'; readonly from: string | null; readonly sources: readonly string[]; readonly to: string }
  | { readonly kind: 'workdir'; readonly folder: string }
  | { readonly kind: 'env'; readonly variables: Readonly<Record<string, string>> }
  | { readonly kind: 'user'; readonly user: string }
  | { readonly kind: 'expose'; readonly port: number }
  | { readonly kind: 'entrypoint'; readonly words: readonly string[] }
  | { readonly kind: 'cmd'; readonly words: readonly string[] };

export interface Stage {
  readonly name: string | null;
  readonly base: string;
  readonly steps: readonly Step[];
}

/** The stages of our Dockerfile in their order; the last one is the image. @throws on what it does not know */
export function readDockerfile(): readonly Stage[] {
  const stages: { name: string | null; base: string; steps: Step[] }[] = [];
  const args = new Map<string, string>();
  for (const line of linesOf(readFileSync(FILE, 'utf8'))) {
    const [, keyword = '', rest = ''] = /^([A-Z]+) +(.*)$/.exec(line) ?? [];
    const stage = stages.at(-1);
    if (keyword === 'ARG' && !stage) {
      const [name = '', value = ''] = rest.split('=', 2);
      args.set(name, value);
    } else if (keyword === 'FROM') {
      const [, image = '', name = null] = /^(\S+)(?: AS (\S+))?$/.exec(rest) ?? [];
      stages.push({ name, base: image.replace(/^\$\{(\w+)\}$/, (_, arg: string) => args.get(arg) ?? ''), steps: [] });
    } else if (stage) stage.steps.push(stepOf(keyword, rest));
    else throw new Error(`The Dockerfile begins with ${line}.`);
  }
  return stages;
}

/** Without comments and empty lines; one that ends in a backslash goes on in the next. */
const linesOf = (text: string): readonly string[] =>
  text
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '');

function stepOf(keyword: string, rest: string): Step {
  const words = rest.split(/ +/);
  switch (keyword) {
    case 'RUN':
      return { kind: 'run', command: rest };
    case 'COPY': {
      const [, from = null] = /^--from=(.+)$/.exec(words[0] ?? '') ?? [];
      const paths = from === null ? words : words.slice(1);
      return { kind: 'copy', from, sources: paths.slice(0, -1), to: paths.at(-1) ?? '' };
    }
    case 'WORKDIR':
      return { kind: 'workdir', folder: rest };
    case 'ENV':
      return { kind: 'env', variables: Object.fromEntries(words.map((word) => word.split('=', 2))) };
    case 'USER':
      return { kind: 'user', user: rest };
    case 'EXPOSE':
      return { kind: 'expose', port: Number(rest) };
    case 'ENTRYPOINT':
      return { kind: 'entrypoint', words: z.array(z.string()).parse(JSON.parse(rest)) };
    case 'CMD':
      return { kind: 'cmd', words: z.array(z.string()).parse(JSON.parse(rest)) };
    default:
      throw new Error(`Nobody here knows what ${keyword} does: test/production/dockerfile.ts must learn it.`);
  }
}

/** The last step of that kind: the one that counts. @throws where there is none */
export function lastOf<K extends Step['kind']>({ steps }: Stage, kind: K): Extract<Step, { kind: K }> {
  const found = steps.findLast((step): step is Extract<Step, { kind: K }> => step.kind === kind);
  if (!found) throw new Error(`The Dockerfile says no ${kind.toUpperCase()} in this stage.`);
  return found;
}
