import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { suggestMapping } from '../../../cli/import/suggest.ts';
import { mappingOf, MAPPINGS } from '../../../cli/import/mappings.ts';
import { FIELDS, KEYS, MEANINGS } from '../../../cli/import/yaml-mapping-spec.ts';
import { file } from './reading.ts';

const FOLDER = join(import.meta.dirname, '../../../cli/import');
const README = readFileSync(join(FOLDER, 'README.md'), 'utf8');
const GUIDE = readFileSync(join(FOLDER, '../../docs/guides/import.md'), 'utf8');

/** The first fenced block of a page in a language, as it stands. */
const block = (page: string, language: string): string =>
  new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(page)?.[1] ?? '';

it('every key of a mapping file stands in the README, and what each word of a status may say', () => {
  expect([...KEYS, ...FIELDS, ...MEANINGS].filter((key) => !README.includes(`\`${key}\``))).toEqual([]);
});

it('every code stands in the README, and no code that there is not', () => {
  const codes = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => readFileSync(join(FOLDER, name), 'utf8').match(/'[A-Z]+(_[A-Z\d]+)+'|'NOT_JSON'/g) ?? [])
    .map((quoted) => quoted.slice(1, -1))
    .filter((code) => !/^(OPEN_DT|TARGET_DT|CLOSED_DT|CASE_ENQUIRY_ID|CSV_.*|Z_BUF_ERROR)$/.test(code));
  const listed = README.slice(README.indexOf('## Codes')).match(/`[A-Z]+(_[A-Z\d]+)+`/g) ?? [];
  expect(new Set(listed.map((code) => code.slice(1, -1)))).toEqual(new Set(codes));
});

it('the example of the README is a mapping', async () => {
  expect((await mappingOf(file('readme.yaml', block(README, 'yaml')))).name).toBe('shop');
});

it('the guide shows the draft that its file gives', async () => {
  const { yaml } = await suggestMapping(file('orders-2025.csv', block(GUIDE, '')));
  expect(block(GUIDE, 'yaml')).toBe(yaml);
});

it('the guide names every shipped mapping', () => {
  expect(MAPPINGS.filter(({ name }) => !GUIDE.includes(`| \`${name}\``))).toEqual([]);
});
