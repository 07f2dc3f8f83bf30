import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readPolicyFiles } from '../../cli/policies.ts';

const home = mkdtempSync(join(tmpdir(), 'kept-policies-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function folder(files: Readonly<Record<string, string>>): string {
  const made = mkdtempSync(join(home, 'one-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(made, name), text);
  return made;
}

const PEOPLE = `people:
  - { id: kati, name: Kati Kask, email: kati@books.example, phone: "+372 600 0001", lead: jaan }
  - { id: jaan, name: Jaan Tamm, email: jaan@books.example, manager: mall }
  - { id: mall, name: Mall Saar, email: mall@books.example }
hotline: { name: Customer care, email: care@books.example, phone: "+372 600 0000" }
`;

it('reads kinds, people and the zone', () => {
  const files = readPolicyFiles(
    folder({
      'delivery.yaml': 'kind: delivery\nbuffer: { fixed: P1D }\nwhenUnknown: warn\n',
      'repair.yml': 'kind: repair\nbuffer: { share: 20% }\n',
      'people.yaml': PEOPLE,
      'company.yaml': 'zone: Europe/Riga\n',
      'notes.txt': 'not ours',
    }),
  );
  expect(files.people?.people.map(({ id, lead, manager }) => [id, lead, manager])).toEqual([
    ['kati', 'jaan', null],
    ['jaan', null, 'mall'],
    ['mall', null, null],
  ]);
  expect(files.people?.hotline).toMatchObject({ id: 'hotline', email: 'care@books.example' });
  expect(files.zone).toBe('Europe/Riga');
  expect(files.policies.map(({ kind }) => kind)).toEqual(['delivery', 'repair']);
  expect(files.policies.find(({ kind }) => kind === 'delivery')).toMatchObject({
    buffer: { fixed: 'P1D' },
    whenUnknown: 'warn',
  });
});

it.each<[string, Record<string, string>, RegExp]>([
  ['an unknown key', { 'a.yaml': 'kind: a\nbuffer: { fixed: P1D }\nleed: P1D\n' }, /a\.yaml:3: leed: Unknown/],
  [
    'a wrong value',
    { 'a.yaml': 'kind: a\n\nlead: tomorrow\nbuffer: { fixed: P1D }\n' },
    /a\.yaml:3: lead: Not a duration/,
  ],
  ['a key too deep', { 'a.yaml': 'kind: a\nbuffer:\n  share: 20%\n  most: P1D\n' }, /a\.yaml:4: buffer\.most: Unknown/],
  ['no YAML', { 'a.yaml': 'kind: a\nbuffer: { fixed: P1D\n' }, /a\.yaml:\d+: /],
  ['the same key twice', { 'a.yaml': 'kind: a\nkind: b\nbuffer: { fixed: P1D }\n' }, /a\.yaml:2: .*unique/],
  [
    'the same kind twice',
    { 'a.yaml': 'kind: a\nbuffer: { fixed: P1D }\n', 'b.yaml': 'buffer: { fixed: P1D }\nkind: a\n' },
    /b\.yaml:2: kind: kind a stands already in .*a\.yaml/,
  ],
  ['an unknown zone', { 'company.yaml': 'zone: Europe/Tallin\n' }, /company\.yaml:1: zone: Not an IANA/],
  ['a person without a name', { 'people.yaml': PEOPLE.replace('name: Mall Saar, ', '') }, /people\.yaml:4: people\.2/],
  [
    'an unknown lead',
    { 'people.yaml': PEOPLE.replace('lead: jaan', 'lead: jan') },
    /people\.yaml:2: people\.0\.lead: jan/,
  ],
  [
    'a person twice',
    { 'people.yaml': PEOPLE.replace('id: mall', 'id: kati').replace('manager: mall', 'manager: kati') },
    /kati stands here twice/,
  ],
  [
    'a hotline that no mail can be sent from',
    { 'people.yaml': 'people: []\nhotline: { name: Care, phone: "+372 600" }\n' },
    /people\.yaml:2: hotline\.email: .*e-mail address/,
  ],
  ['no hotline', { 'people.yaml': 'people: []\n' }, /people\.yaml:1: hotline: Missing: .*Write hotline: \{ name/],
  ['no people', { 'people.yaml': PEOPLE.replace(/^people:[^]*(?=hotline)/, '') }, /1: people: Missing: a list/],
  [
    'a person who is a text',
    { 'people.yaml': PEOPLE.replace(/\{ id: mall.*/, 'mall') },
    /people\.2: A mapping .*not a text/,
  ],
  ['an empty people.yaml', { 'people.yaml': '' }, /people\.yaml:1: Missing: a mapping/],
  ['an empty name', { 'people.yaml': PEOPLE.replace('Mall Saar', "''") }, /people\.2\.name: Empty/],
  ['an address that is none', { 'people.yaml': PEOPLE.replace('mall@books.example', 'mall') }, /email: Not an e-mail/],
  ['no zone', { 'company.yaml': '{}\n' }, /company\.yaml:1: zone: Missing: a text/],
])('names file, line and key of %s', (_, files, expected) => {
  expect(() => readPolicyFiles(folder(files))).toThrow(expected);
});

it('names the faults of all files together', () => {
  const faulty = folder({ 'a.yaml': 'kind: a\n', 'b.yaml': 'kind: B\nbuffer: { fixed: P1D }\n' });
  expect(() => readPolicyFiles(faulty)).toThrow(/a\.yaml:1[^]*b\.yaml:1/);
});

it('shows nothing of zod, and nothing that people.yaml says of a person', () => {
  const faulty = folder({
    'people.yaml': PEOPLE.replace('mall@books.example', 'mall at home').replace('Mall Saar', '7'),
  });
  const failed = (): unknown => readPolicyFiles(faulty);
  expect(failed).toThrow(/people\.2\.name: A text stands here, not a number/);
  expect(failed).not.toThrow(/Invalid input|at home/);
});

it('says so where the folder cannot be read', () => {
  expect(() => readPolicyFiles(join(home, 'nowhere'))).toThrow(/nowhere cannot be read/);
});
