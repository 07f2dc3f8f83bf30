import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readPolicyFiles } from '../../cli/policies.ts';

const home = mkdtempSync(join(tmpdir(), 'kept-policies-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function folder(files: Readonly<Record<string, string>>): string {
  const made = mkdtempSync(join(home, 'one-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(made, name)), { recursive: true });
    writeFileSync(join(made, name), text);
  }
  return made;
}

const PEOPLE = `people:
  - { id: kati, name: Kati Kask, email: kati@books.example, phone: "+372 600 0001", lead: jaan }
  - { id: jaan, name: Jaan Tamm, email: jaan@books.example, manager: mall }
  - { id: mall, name: Mall Saar, email: mall@books.example }
hotline: { name: Customer care, email: care@books.example, phone: "+372 600 0000" }
`;

const OFFICE = `calendar: office
zone: Europe/Tallinn
week:
  mon: ["09:00-12:30", "13:00-17:00"]
  fri: ["09:00-16:00"]
holidays: { country: EE, add: ["2026-05-02"], remove: ["2026-12-26"] }
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
  expect(files.company?.zone).toBe('Europe/Riga');
  expect(files.policies.map(({ kind }) => kind)).toEqual(['delivery', 'repair']);
  expect(files.policies.find(({ kind }) => kind === 'delivery')).toMatchObject({
    buffer: { fixed: 'P1D' },
    whenUnknown: 'warn',
  });
});

it('reads calendars, whatever their files are called', () => {
  const files = readPolicyFiles(
    folder({
      'calendars/office.yaml': OFFICE,
      'calendars/b.yml': 'calendar: desk\nzone: UTC\nweek: { mon: ["00:00-24:00"] }\n',
      'calendars/notes.txt': 'not ours',
    }),
  );
  expect(files.calendars).toMatchObject([
    { id: 'desk', zone: 'UTC' },
    { id: 'office', week: { fri: [{ fromMinute: 540, toMinute: 960 }] }, holidays: { country: 'EE' } },
  ]);
});

const DUTIES = `people:
  - id: kati
    name: Kati Kask
    hours: office
    deputy: jaan
    team: care
    parallel: 2
    partner: dpd
    absences:
      - { from: "2026-12-24", to: "2026-12-27" }
      - { every: fri, from: "12:00", to: "17:00" }
  - { id: jaan, name: Jaan Tamm }
hotline: { name: Customer care, email: care@books.example }
teams:
  - { id: care, kinds: [callback, reply] }
`;

it('reads when people work, who stands in for them, and which team serves what', () => {
  const files = readPolicyFiles(folder({ 'people.yaml': DUTIES, 'calendars/office.yaml': OFFICE }));
  expect(files.people?.people).toMatchObject([
    {
      id: 'kati',
      hours: 'office',
      deputy: 'jaan',
      team: 'care',
      parallel: 2,
      partner: 'dpd',
      absences: [
        { from: '2026-12-24', to: '2026-12-27' },
        { every: 'fri', from: '12:00', to: '17:00' },
      ],
    },
    { id: 'jaan', hours: null, deputy: null, team: null, parallel: 1, partner: null, absences: [] },
  ]);
  expect(files.people?.teams).toEqual([{ id: 'care', kinds: ['callback', 'reply'] }]);
  expect(files.calendarsElsewhere).toEqual([]);
});

it('leaves hours that no file holds to whoever knows the database, with the place that names them', () => {
  const [elsewhere] = readPolicyFiles(folder({ 'people.yaml': DUTIES })).calendarsElsewhere;
  expect(elsewhere?.calendar).toBe('office');
  expect(elsewhere?.faultAt('Why.')).toMatch(/people\.yaml:4: people\.0\.hours: Why\.$/);
});

it('needs no calendars and no causes', () => {
  const files = readPolicyFiles(folder({ 'company.yaml': 'zone: Europe/Riga\n' }));
  expect([files.calendars, files.calendarsElsewhere, files.company?.causes]).toEqual([[], [], null]);
});

it('reads the causes that a withdrawal may name', () => {
  const files = readPolicyFiles(folder({ 'company.yaml': 'zone: UTC\ncauses: [stock, no-courier, frost_2]\n' }));
  expect(files.company?.causes).toEqual(['stock', 'no-courier', 'frost_2']);
});

it('leaves a calendar that no file holds to whoever knows the database, with the place that names it', () => {
  const named = folder({
    'calendars/office.yaml': OFFICE,
    'a.yaml': 'kind: a\nbuffer: { working: PT4H, calendar: office }\n',
    'b.yaml': 'kind: b\n\nbuffer: { working: PT4H, calendar: night }\n',
  });
  const files = readPolicyFiles(named);
  expect(files.calendarsElsewhere.map(({ calendar }) => calendar)).toEqual(['night']);
  expect(files.calendarsElsewhere[0]?.faultAt('Why.')).toMatch(/b\.yaml:3: buffer\.calendar: Why\.$/);
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
  [
    'an absence that ends before it begins',
    { 'people.yaml': DUTIES.replace('2026-12-27', '2026-12-20') },
    /people\.yaml:10: people\.0\.absences\.0\.to: to is when they are back/,
  ],
  [
    'an absence with a reason',
    { 'people.yaml': DUTIES.replace('to: "17:00"', 'to: "17:00", why: ill') },
    /people\.yaml:11: people\.0\.absences\.1\.why: Unknown: why/,
  ],
  [
    'an unknown deputy',
    { 'people.yaml': DUTIES.replace('deputy: jaan', 'deputy: jan') },
    /people\.yaml:5: people\.0\.deputy: jan is nobody's id/,
  ],
  [
    'somebody who stands in for themselves',
    { 'people.yaml': DUTIES.replace('deputy: jaan', 'deputy: kati') },
    /own deputy/,
  ],
  [
    'an unknown team',
    { 'people.yaml': DUTIES.replace('team: care', 'team: car') },
    /people\.yaml:6: people\.0\.team: car is no team/,
  ],
  [
    'no calls at once',
    { 'people.yaml': DUTIES.replace('parallel: 2', 'parallel: 0') },
    /parallel: A whole number of calls/,
  ],
  [
    'a team of a kind that is none',
    { 'people.yaml': DUTIES.replace('reply]', 'Reply]') },
    /teams\.0\.kinds\.1: A kind is/,
  ],
  ['a team twice', { 'people.yaml': `${DUTIES}  - { id: care, kinds: [] }\n` }, /teams\.1\.id: care stands here twice/],
  ['a calendar with an unknown key', { 'calendars/a.yaml': `${OFFICE}weak: {}\n` }, /a\.yaml:7: weak: Unknown/],
  [
    'a calendar with a wrong time',
    { 'calendars/a.yaml': OFFICE.replace('13:00-17:00', '13:00-12:00') },
    /calendars\/a\.yaml:4: week\.mon\.1: .*does not end after it begins/,
  ],
  ['a calendar that is no YAML', { 'calendars/a.yaml': 'week: {' }, /calendars\/a\.yaml:\d+: /],
  ['an empty calendar', { 'calendars/a.yaml': '' }, /a\.yaml:1: A calendar is a mapping/],
  [
    'two calendars of one id',
    { 'calendars/a.yaml': OFFICE, 'calendars/b.yaml': `# the same\n${OFFICE}` },
    /b\.yaml:2: calendar: calendar office stands already in .*a\.yaml/,
  ],
  ['calendars that are no folder', { calendars: OFFICE }, /calendars cannot be read: /],
  ['no causes at all', { 'company.yaml': 'zone: UTC\ncauses: []\n' }, /company\.yaml:2: causes: Empty/],
  [
    'causes that are left blank',
    { 'company.yaml': 'zone: UTC\ncauses:\n' },
    /company\.yaml:2: causes: Missing: a list/,
  ],
  [
    'a cause that is a sentence',
    { 'company.yaml': 'zone: UTC\ncauses:\n  - stock\n  - Mari was ill\n' },
    /company\.yaml:4: causes\.1: A cause is a code such as stock/,
  ],
  [
    'a cause twice',
    { 'company.yaml': 'zone: UTC\ncauses: [stock, carrier, stock]\n' },
    /company\.yaml:2: causes\.2: stock stands here twice/,
  ],
  ['no zone', { 'company.yaml': '{}\n' }, /company\.yaml:1: zone: Missing: a text/],
])('names file, line and key of %s', (_, files, expected) => {
  expect(() => readPolicyFiles(folder(files))).toThrow(expected);
});

it('names the faults of all files together', () => {
  const faulty = folder({
    'a.yaml': 'kind: a\n',
    'b.yaml': 'kind: B\nbuffer: { fixed: P1D }\n',
    'calendars/c.yaml': 'calendar: c\n',
  });
  expect(() => readPolicyFiles(faulty)).toThrow(/a\.yaml:1[^]*b\.yaml:1[^]*c\.yaml:1/);
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

it('reads partners, and names what is wrong with one by its line', () => {
  const partners = (lines: string) => folder({ 'partners.yaml': `partners:\n${lines}` });
  const dpd = '  - { id: dpd, goal: 97%, checkpoints: { delivery: [{ name: scanned, at: 60% }] } }\n';
  const { partners: read, kindsElsewhere } = readPolicyFiles(partners(dpd));
  expect(read).toEqual([
    {
      ...{ id: 'dpd', name: 'dpd', goal: 0.97, factLag: null },
      checkpoints: { delivery: [{ name: 'scanned', at: { share: 0.6 } }] },
    },
  ]);
  expect(kindsElsewhere.map(({ kind, faultAt }) => [kind, faultAt('?').replace(/^.*\//, '')])).toEqual([
    ['delivery', 'partners.yaml:2: partners.0.checkpoints.delivery: ?'],
  ]);
  expect(() => readPolicyFiles(partners(`${dpd}${dpd}  - { id: gls, goal: 97 }\n`))).toThrow(
    /partners\.yaml:3: partners\.1\.id: dpd stands here twice\.[\s\S]*partners\.yaml:4: partners\.2\.goal: .*Write 97%/,
  );
});
