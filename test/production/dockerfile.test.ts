import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readDockerfile, lastOf, type Stage, type Step } from './dockerfile.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const text = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const { bin, engines } = JSON.parse(text('package.json')) as {
  readonly bin: Readonly<Record<string, string>>;
  readonly engines: Readonly<Record<string, string>>;
};

const stages = readDockerfile();
const image = stages.at(-1) as Stage;

/** What a stage takes from where; absolute where it comes from another stage. */
const copies = (stage: Stage): readonly Extract<Step, { kind: 'copy' }>[] =>
  stage.steps.filter((step) => step.kind === 'copy');
const commands = (stage: Stage): readonly string[] =>
  stage.steps.flatMap((step) => (step.kind === 'run' ? [step.command] : []));

it('builds in stages of their own, on one base that is pinned by version and new enough', () => {
  expect(stages.length).toBeGreaterThan(1);
  expect(new Set(stages.map(({ base }) => base)).size).toBe(1);
  const [, major, minor] = /^node:(\d+)\.(\d+)\.\d+-bookworm-slim$/.exec(image.base) ?? [];
  const [, leastMajor, leastMinor] = /^>=(\d+)\.(\d+)$/.exec(engines['node'] ?? '') ?? [];
  expect(Number(major) * 1_000 + Number(minor)).toBeGreaterThanOrEqual(Number(leastMajor) * 1_000 + Number(leastMinor));
});

it('runs as nobody special, in UTC, as production', () => {
  expect(lastOf(image, 'user').user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  expect(lastOf(image, 'env').variables).toEqual({ NODE_ENV: 'production', TZ: 'UTC' });
  const at = image.steps.findIndex(({ kind }) => kind === 'user');
  expect(image.steps.slice(at).filter(({ kind }) => kind === 'run' || kind === 'copy')).toEqual([]);
});

it('starts what package.json calls kept, so that api, worker and migrate are what it is told', () => {
  const folder = lastOf(image, 'workdir').folder;
  expect(lastOf(image, 'entrypoint').words).toEqual(['node', `${folder}/${bin['kept']}`]);
});

it('brings packages without those of development and of a laptop, by the lock file', () => {
  const packages = copies(image).find(({ sources }) => sources.some((source) => source.endsWith('/node_modules')));
  const stage = stages.find(({ name }) => name === packages?.from) as Stage;
  expect(commands(stage)).toEqual(['npm ci --omit=dev --omit=optional --ignore-scripts']);
  expect(copies(stage).flatMap(({ sources }) => sources)).toContain('package-lock.json');
});

it('copies from stages and files that there are', () => {
  for (const stage of stages)
    for (const { from, sources } of copies(stage))
      for (const source of sources) {
        if (from === null) expect(existsSync(join(ROOT, source)), source).toBe(true);
        else expect(stages.map(({ name }) => name)).toContain(from);
      }
});

/** Names on the lists of build.mjs. */
function built(list: 'CODE' | 'SETTINGS'): readonly string[] {
  const [, words = ''] = new RegExp(`const ${list} = \\[([^\\]]*)\\]`).exec(text('build.mjs')) ?? [];
  return [...words.matchAll(/'([^']+)'/g)].map(([, name]) => name ?? '');
}

it('shows a builder everything that is built and copied, and nothing else', () => {
  const [first, ...shown] = text('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(first).toBe('*');
  const own = stages.flatMap((stage) => copies(stage)).filter(({ from }) => from === null);
  const named = own.flatMap(({ sources }) => sources).filter((source) => source !== '.');
  const needed = new Set([...built('CODE'), ...built('SETTINGS'), ...named.map((name) => name.split('/')[0] ?? '')]);
  expect(shown.map((line) => line.replace(/^!/, '')).toSorted()).toEqual([...needed].toSorted());
});
