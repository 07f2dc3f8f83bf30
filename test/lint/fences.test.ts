import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FENCE = 'eslint(no-restricted-imports)';

/** The table of docs/architecture.md: what each folder may import of the others, by value. */
const MAY_IMPORT = {
  workflows: [],
  activities: ['db', 'domain', 'notices', 'reports', 'words'],
  api: ['db', 'domain', 'reports', 'web', 'words'],
  domain: [],
  db: ['domain'],
  temporal: ['db', 'domain'],
  notices: ['domain', 'words'],
  words: ['domain'],
  reports: ['domain', 'words'],
  web: ['domain', 'reports', 'words'],
  cli: ['activities', 'api', 'db', 'domain', 'notices', 'reports', 'temporal', 'web', 'words', 'workflows'],
  test: ['activities', 'api', 'cli', 'db', 'domain', 'notices', 'reports', 'temporal', 'web', 'words', 'workflows'],
} as const satisfies Record<string, readonly string[]>;
const FOLDERS = Object.keys(MAY_IMPORT).toSorted();

interface Case {
  /** Where the line stands. */
  readonly file: string;
  readonly line: string;
  /** The rule that must refuse it; null: it must pass. */
  readonly rule: string | null;
}

const ok = (file: string, line: string): Case => ({ file, line, rule: null });
const refused = (file: string, line: string, rule = FENCE): Case => ({ file, line, rule });

const CONTRACT = `import { POKE_SIGNAL } from '../workflows/contract.ts'; export const all = POKE_SIGNAL;`;
const CONTRACT_TYPES = `import type { Step } from '../workflows/contract.ts'; export type All = Step;`;
const WORKFLOW = `import { promise } from '../workflows/promise.ts'; export const all = promise;`;
const PG = `import pg from 'pg'; export const all = pg;`;
const OWN_POOL = `import { createPool } from '../db/pool.ts'; export const all = createPool;`;
const SQL = `export const all = (pool: { query(text: string): unknown }) => pool.query('select 1');`;
const NESTED_SQL = `export const all = (deps: { pool: { query(text: string): unknown } }) => deps.pool.query('select 1');`;
const BY_NAME_SQL = `export const all = ({ query }: { query(text: string): unknown }) => query('select 1');`;
const DATES = `import { add } from 'date-fns/add'; export const all = add;`;
const HOLIDAYS = `import Holidays from 'date-holidays'; export const all = Holidays;`;
const ENVIRONMENT = `export const all = process.env['HOME'];`;

/** What the table says beside folders: types only, one file only, packages, globals. */
const FINER: Readonly<Record<string, readonly Case[]>> = {
  'of domain/, workflows/ take types only': [
    ok('workflows/a.ts', `import type { Instant } from '../domain/promise/instant.ts'; export type All = Instant;`),
    refused('workflows/a.ts', `import { instant } from '../domain/promise/instant.ts'; export const all = instant;`),
  ],
  'workflows/ know no packages but their SDK': [
    ok('workflows/b.ts', `import { sleep } from '@temporalio/workflow'; export const all = sleep;`),
    refused('workflows/b.ts', `import { Client } from '@temporalio/client'; export const all = Client;`),
    refused('workflows/b.ts', `import { readFileSync } from 'node:fs'; export const all = readFileSync;`),
  ],
  'of workflows/, others take the contract only; db/ its types': [
    ...['activities', 'api', 'temporal'].map((folder) => ok(`${folder}/c.ts`, CONTRACT)),
    ...['activities', 'api', 'temporal', 'db'].map((folder) => refused(`${folder}/c.ts`, WORKFLOW)),
    ok('db/c.ts', CONTRACT_TYPES),
    refused('db/c.ts', CONTRACT),
    refused('notices/c.ts', CONTRACT_TYPES),
  ],
  'only db/ speaks to PostgreSQL, and only cli/ makes pools': [
    ok('db/d.ts', PG),
    ok('cli/d.ts', OWN_POOL),
    ok('db/d.ts', SQL),
    ...['activities', 'api', 'temporal', 'cli'].map((folder) =>
      refused(`${folder}/d.ts`, SQL, 'eslint(no-restricted-properties)'),
    ),
    ...['activities', 'api', 'temporal', 'cli'].flatMap((folder) => [
      refused(`${folder}/d.ts`, NESTED_SQL, 'eslint(no-restricted-properties)'),
      refused(`${folder}/d.ts`, BY_NAME_SQL, 'eslint(no-restricted-properties)'),
    ]),
    ok('api/d.ts', `export const all = (spec: { query: unknown }) => spec.query;`),
    ...['activities', 'api', 'temporal', 'notices', 'reports', 'web', 'words', 'domain/promise'].map((folder) =>
      refused(`${folder}/d.ts`, PG),
    ),
    ...['activities', 'api', 'temporal'].map((folder) => refused(`${folder}/d.ts`, OWN_POOL)),
  ],
  'inside domain/, promise/ knows nobody, policy/ and metrics/ know promise/, calendar/ both and dates': [
    ok('domain/policy/e.ts', `import { PHASES } from '../promise/words.ts'; export const all = PHASES;`),
    ok('domain/metrics/e.ts', `import { PHASES } from '../promise/words.ts'; export const all = PHASES;`),
    ok(
      'domain/calendar/e.ts',
      `import { POLICY_FIELDS } from '../policy/fields.ts'; export const all = POLICY_FIELDS;`,
    ),
    ok('domain/calendar/e.ts', DATES),
    ok('domain/calendar/e.ts', HOLIDAYS),
    ok('domain/policy/e.ts', `import { parse } from 'tinyduration'; export const all = parse;`),
    refused('domain/promise/e.ts', `import { planOf } from '../calendar/plan.ts'; export const all = planOf;`),
    refused('domain/policy/e.ts', `import { planOf } from '../calendar/plan.ts'; export const all = planOf;`),
    refused(
      'domain/metrics/e.ts',
      `import { POLICY_FIELDS } from '../policy/fields.ts'; export const all = POLICY_FIELDS;`,
    ),
    ...['promise', 'policy', 'metrics', 'brand-new'].flatMap((folder) =>
      [DATES, HOLIDAYS].map((line) => refused(`domain/${folder}/e.ts`, line)),
    ),
    refused('domain/calendar/e.ts', `import { readFileSync } from 'node:fs'; export const all = readFileSync;`),
  ],
  'domain/ has no clock, no chance, nothing to wait for': [
    refused('domain/promise/f.ts', `export const all = new Date();`, 'eslint(no-restricted-globals)'),
    refused('domain/calendar/f.ts', `export const all = Date.now();`, 'eslint(no-restricted-properties)'),
    refused('domain/promise/f.ts', `export const all = Math.random();`, 'eslint(no-restricted-properties)'),
    refused('domain/promise/f.ts', `export const all = async () => 1;`, 'oxc(no-async-await)'),
    refused('domain/promise/f.ts', `export const all = fetch;`, 'eslint(no-restricted-globals)'),
  ],
  'web/ fetches nothing, reports/ know no HTTP': [
    refused('web/g.ts', `export const all = fetch('/x');`, 'eslint(no-restricted-globals)'),
    refused('web/g.ts', `import { writeCsv } from '../reports/writers/csv.ts'; export const all = writeCsv;`),
    refused('reports/g.ts', `import { Hono } from 'hono'; export const all = Hono;`),
  ],
  'the environment is read in cli/config.ts, the console used in cli/': [
    ok('cli/config.ts', ENVIRONMENT),
    ...['cli/h.ts', 'api/h.ts', 'db/h.ts', 'temporal/h.ts'].map((file) =>
      refused(file, ENVIRONMENT, 'node(no-process-env)'),
    ),
    refused('cli/h.ts', `import { env } from 'node:process'; export const all = env;`),
    ok('cli/h.ts', `console.log('x');`),
    refused('api/h.ts', `console.log('x');`, 'eslint(no-console)'),
  ],
  'no way of importing gets through': [
    refused('notices/i.ts', `export { settle } from '../db/settle.ts';`),
    refused('notices/i.ts', `export * from '../db/settle.ts';`),
    refused('notices/i.ts', `export const all = import('../db/settle.ts');`),
    refused('notices/i.ts', `import type { Step } from '../db/settle.ts'; export type All = Step;`),
    refused('notices/i.ts', `import '../db/settle.ts';`),
    refused('notices/i.ts', `import './../db/settle.ts';`),
    refused('notices/channels/i.ts', `import { settle } from '../../db/settle.ts'; export const all = settle;`),
    refused('web/pages/i.tsx', `import { settle } from '../../db/settle.ts'; export const all = <p>{settle}</p>;`),
    refused('notices/i.ts', `export type All = import('../db/settle.ts').Step;`, 'typescript(consistent-type-imports)'),
    refused('notices/i.ts', `export const all = require('../db/settle.ts');`, 'typescript(no-require-imports)'),
  ],
};

/** One line in a file of `from` that imports something of `to`. */
const crossing = (from: string, to: string): Case => {
  const file = `${homeOf(from)}/to-${to}.ts`;
  const there = relative(dirname(file), `${homeOf(to)}/contract.ts`);
  return ok(file, `import { all } from '${there}'; export const other = all;`);
};
/** Nothing lies in domain/ itself. */
const homeOf = (folder: string): string => (folder === 'domain' ? 'domain/promise' : folder);

/** Says of every line of code which rules refuse it: all of them in one run of the linter, in a copy of the folders. */
function lint(cases: readonly Case[]): ReadonlyMap<Case, readonly string[]> {
  const copy = mkdtempSync(join(tmpdir(), 'kept-lint-'));
  try {
    copyFileSync(join(ROOT, '.oxlintrc.json'), join(copy, '.oxlintrc.json'));
    const files = new Map(cases.map((one, index) => [named(one, index), one]));
    for (const [file, { line }] of files) {
      mkdirSync(join(copy, dirname(file)), { recursive: true });
      writeFileSync(join(copy, file), `${line}\n`);
    }
    const { stdout, stderr } = spawnSync(join(ROOT, 'node_modules/.bin/oxlint'), ['--format', 'json'], {
      cwd: copy,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (!stdout.startsWith('{')) throw new Error(`oxlint did not run: ${stdout}${stderr}`);
    const { diagnostics, number_of_files } = JSON.parse(stdout) as {
      readonly diagnostics: readonly { readonly filename: string; readonly code: string }[];
      readonly number_of_files: number;
    };
    expect(number_of_files).toBe(files.size);
    const codesOf = (file: string): string[] => diagnostics.filter((d) => d.filename === file).map(({ code }) => code);
    return new Map([...files].map(([file, one]) => [one, codesOf(file)]));
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/** A file of its own for every case; `cli/config.ts` is the one whose name matters. */
function named({ file }: Case, index: number): string {
  return file === 'cli/config.ts' ? file : file.replace(/(\.tsx?)$/, `-${index}$1`);
}

const crossings = FOLDERS.flatMap((from) =>
  FOLDERS.filter((to) => to !== from).map((to) => ({ from, to, ...crossing(from, to) })),
);
let verdicts: ReadonlyMap<Case, readonly string[]> = new Map();
beforeAll(() => {
  verdicts = lint([...crossings, ...Object.values(FINER).flat()]);
});

/** The rule a case names where it was refused by it, null where it passed, else what refused it instead. */
function verdictOn(one: Case): string | null {
  const codes = verdicts.get(one) ?? ['not linted'];
  if (codes.length === 0) return null;
  return codes.find((code) => code === one.rule) ?? codes.join(', ');
}

describe('the fences between folders', () => {
  it('know every folder that holds code', () => {
    const holdsCode = (folder: string): boolean =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).some((name) => /\.tsx?$/.test(name));
    const folders = readdirSync(ROOT, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !/^\.|^(node_modules|dist|coverage)$/.test(entry.name))
      .map((entry) => entry.name);
    expect(FOLDERS).toEqual(expect.arrayContaining(folders.filter(holdsCode)));
  });

  it.each(FOLDERS)('%s/ may import what the table says and nothing else', (from) => {
    const passed = crossings.filter((one) => one.from === from && verdicts.get(one)?.length === 0).map(({ to }) => to);
    const contract = ['activities', 'api', 'temporal'].includes(from) ? ['workflows'] : [];
    expect(passed).toEqual([...MAY_IMPORT[from as keyof typeof MAY_IMPORT], ...contract].toSorted());
  });

  it('name their rule', () => {
    const codes = crossings.flatMap((one) => verdicts.get(one) ?? []);
    expect(new Set(codes)).toEqual(new Set([FENCE]));
  });
});

describe.each(Object.entries(FINER))('%s', (_title, cases) => {
  it.each(cases.map((one) => [one.rule ? 'refused' : 'passes', one.file, one.line, one] as const))(
    '%s in %s: %s',
    (_verdict, _file, _line, one) => {
      expect(verdictOn(one)).toBe(one.rule);
    },
  );
});
