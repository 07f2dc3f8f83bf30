import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { prose, table } from '../../../cli/docs/markdown.ts';
import { referencePages } from '../../../cli/docs/reference-pages.ts';
import { createProgram } from '../../../cli/program.ts';

const PAGES = [
  'api/openapi.json',
  'docs/reference/commands.md',
  'docs/reference/environment.md',
  'docs/reference/events.md',
  'docs/reference/metrics.md',
  'docs/reference/policy.md',
  'docs/reference/partner.schema.json',
  'docs/reference/policy.schema.json',
];

describe('the files that are made from the code', () => {
  let pages: Readonly<Record<string, string>>;
  beforeAll(async () => {
    pages = await referencePages();
  });

  it('are these', () => {
    expect(Object.keys(pages)).toEqual(PAGES);
  });

  it.each(PAGES)('%s is committed as the code makes it (to write it: npm run docs)', async (path) => {
    expect(await readFile(path, 'utf8')).toBe(pages[path]);
  });

  it('have a section for every command of kept', async () => {
    const { commands } = await createProgram();
    const page = pages['docs/reference/commands.md'];
    for (const command of commands) expect(page).toMatch(new RegExp(`^##+ kept ${command.name()}$`, 'm'));
  });
});

it('a word in angle brackets is not taken for HTML', () => {
  expect(prose('Send <key>, or `<key>`; default <file>.errors.csv')).toBe(
    'Send `<key>`, or `<key>`; default `<file>.errors.csv`',
  );
});

describe('a table', () => {
  it('has columns as wide as their widest cell, and no cell that ends it early', () => {
    expect(table(['a', 'meaning'], [['one', 'this | that']])).toBe(
      ['| a   | meaning      |', '| --- | ------------ |', '| one | this \\| that |'].join('\n'),
    );
  });
});
