import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastOf, readDockerfile, type Stage } from './dockerfile.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The image as a folder: what it holds, and how it is started. */
export interface Image {
  /** What starts it, in front of the command; paths are those of this machine. */
  readonly entrypoint: readonly string[];
  /** Variables that the image brings. */
  readonly variables: Readonly<Record<string, string>>;
  /** A word of a command with the image's paths made those of this machine. */
  here(word: string): string;
}

/** Does what the Dockerfile says, stage by stage, in folders; only what asks for another system is left out. */
export function buildImage(folder: string, say: (line: string) => void): Image {
  const built = new Map<string, string>();
  const stages = readDockerfile();
  stages.forEach((stage, at) => buildStage(stage, join(folder, String(at)), built, say));
  const image = stages.at(-1);
  if (!image) throw new Error('The Dockerfile has no stage.');
  const root = join(folder, String(stages.length - 1));
  const here = (word: string): string => (word.startsWith(`${WORK}/`) ? join(root, word) : word);
  return {
    entrypoint: lastOf(image, 'entrypoint').words.map((word) => (word === 'node' ? process.execPath : here(word))),
    variables: lastOf(image, 'env').variables,
    here,
  };
}

const STEP_MS = 600_000;
/** Where the image has everything. */
const WORK = '/kept';

function buildStage(stage: Stage, root: string, built: Map<string, string>, say: (line: string) => void): void {
  let work = root;
  for (const step of stage.steps) {
    if (step.kind === 'workdir') work = join(root, step.folder);
    mkdirSync(work, { recursive: true });
    if (step.kind === 'copy')
      for (const source of step.sources) {
        const from = step.from === null ? join(ROOT, source) : join(built.get(step.from) ?? '', source);
        copy(from, join(work, step.to), step.from === null ? shown() : null);
      }
    if (step.kind === 'run') run(step.command, work, say);
  }
  if (stage.name !== null) built.set(stage.name, root);
}

/** As COPY does: a folder's content, a file into a folder where the target is one. `visible`: what .dockerignore lets through. */
function copy(from: string, to: string, visible: ReadonlySet<string> | null): void {
  if (!statSync(from).isDirectory())
    return cpSync(from, to.endsWith('/') ? join(to, basename(from)) : intoFolder(from, to));
  cpSync(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => visible === null || path === ROOT || visible.has(path.slice(ROOT.length).split('/')[0] ?? ''),
  });
}

const intoFolder = (from: string, to: string): string =>
  existsSync(to) && statSync(to).isDirectory() ? join(to, basename(from)) : to;

const shown = (): ReadonlySet<string> =>
  new Set([
    '',
    ...readFileSync(join(ROOT, '.dockerignore'), 'utf8')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : [])),
  ]);

function run(command: string, folder: string, say: (line: string) => void): void {
  if (command.startsWith('apt-get ')) return say(`  left out, since it changes the system: ${command}`);
  say(`  ${command}`);
  const { status, stderr } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8', timeout: STEP_MS });
  if (status !== 0)
    throw new Error(`${command}: ${status === null ? `no end after ${STEP_MS / 60_000} minutes` : stderr}`);
}
