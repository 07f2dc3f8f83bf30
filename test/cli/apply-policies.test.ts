import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyAtStart, applyPolicies } from '../../cli/apply-policies.ts';
import { readPolicyFiles, type PolicyFiles } from '../../cli/policies.ts';
import { newestCalendar, saveCalendar } from '../../db/calendars.ts';
import { causesOf, companyZone, saveCompany } from '../../db/company.ts';
import { savePeople, staffOf } from '../../db/people.ts';
import { newestPartners } from '../../db/partners.ts';
import { newestPolicies, savePolicies } from '../../db/policies.ts';
import { DEFAULT_POLICIES } from '../../domain/policy/defaults.ts';
import { calendar, OFFICE } from '../domain/support/calendars.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { policy, STAFF } from '../support/registrations.ts';
import { tcpProxy } from '../support/tcp-proxy.ts';

const home = mkdtempSync(join(tmpdir(), 'kept-apply-'));
let database: TestDatabase;

beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.drop());
afterAll(() => rmSync(home, { recursive: true, force: true }));

const LAPTOP = { kinds: true, sampleStaff: true };
const FILES_ONLY = { kinds: false, sampleStaff: false };
const OWN_DELIVERY = policy({ kind: 'delivery', buffer: { fixed: 'P2D' } });
const OWN_STAFF = {
  people: [{ id: 'anna', name: 'Anna Aas', email: 'anna@own.example', phone: null, lead: null, manager: null }],
  hotline: { ...STAFF.hotline, email: 'desk@own.example' },
  zone: 'Europe/Riga',
};

const SILENT: PolicyFiles = {
  policies: [],
  calendars: [],
  calendarsElsewhere: [],
  people: null,
  partners: [],
  kindsElsewhere: [],
  company: null,
};

const kinds = async (): Promise<readonly string[]> =>
  (await newestPolicies(database.pool)).map(({ policy: { kind }, version }) => `${kind} ${version}`);
const hotline = async (): Promise<string | null | undefined> =>
  (await staffOf(database.pool, [])).get('hotline')?.email;

describe('the beginnings of a laptop', () => {
  it('are the kinds that come with Kept and the staff of the sample', async () => {
    await applyPolicies(database.pool, null, LAPTOP);
    expect(await kinds()).toEqual(DEFAULT_POLICIES.map(({ kind }) => `${kind} 1`).sort());
    expect(await hotline()).toBe('care@books.example');
    expect(await companyZone(database.pool)).toBe('Europe/Tallinn');
  });

  it('take nothing from a database that somebody works with', async () => {
    await savePolicies(database.pool, [OWN_DELIVERY]);
    await savePeople(database.pool, OWN_STAFF);
    await applyPolicies(database.pool, null, LAPTOP);
    expect(await staffOf(database.pool, ['anna', 'kati'])).toEqual(
      new Map([...OWN_STAFF.people, OWN_STAFF.hotline].map((person) => [person.id, person])),
    );
    expect(await companyZone(database.pool)).toBe('Europe/Riga');
    expect(await kinds()).toEqual(['callback 1', 'delivery 1', 'refund 1', 'repair 1', 'reply 1']);
    const stored = (await newestPolicies(database.pool)).map((each) => each.policy);
    expect(stored.find(({ kind }) => kind === 'delivery')).toEqual(OWN_DELIVERY);
  });

  it('leave a stored zone as it is, also where nobody is stored', async () => {
    await saveCompany(database.pool, { zone: 'Europe/Riga' });
    await applyPolicies(database.pool, null, LAPTOP);
    expect(await hotline()).toBe('care@books.example');
    expect(await companyZone(database.pool)).toBe('Europe/Riga');
  });
});

describe('the files of KEPT_POLICIES', () => {
  it('are written, and what they are silent about stays', async () => {
    await savePeople(database.pool, OWN_STAFF);
    await applyPolicies(database.pool, { ...SILENT, policies: [OWN_DELIVERY] }, FILES_ONLY);
    expect(await kinds()).toEqual(['delivery 1']);
    expect(await hotline()).toBe('desk@own.example');
    await applyPolicies(database.pool, { ...SILENT, people: STAFF }, FILES_ONLY);
    expect(await hotline()).toBe('care@books.example');
    expect(await companyZone(database.pool)).toBe('Europe/Riga');
    await applyPolicies(database.pool, { ...SILENT, company: { zone: 'Europe/Oslo' } }, FILES_ONLY);
    expect(await companyZone(database.pool)).toBe('Europe/Oslo');
    expect(await hotline()).toBe('care@books.example');
  });

  it('store calendars: those of files that changed as the next version', async () => {
    const { pool } = database;
    const other = { ...calendar({ zone: 'UTC', week: { mon: ['10:00-11:00'] } }), id: 'desk' };
    await applyPolicies(pool, { ...SILENT, calendars: [OFFICE, other] }, FILES_ONLY);
    const changed = { ...other, zone: 'Europe/Riga' };
    await applyPolicies(pool, { ...SILENT, calendars: [OFFICE, changed] }, FILES_ONLY);
    await applyPolicies(pool, SILENT, FILES_ONLY);
    expect(await newestCalendar(pool, 'office')).toEqual({ calendar: OFFICE, version: 1 });
    expect(await newestCalendar(pool, 'desk')).toEqual({ calendar: changed, version: 2 });
  });

  it('say which causes there are; the usual ones as long as no file does', async () => {
    const { pool } = database;
    const usual = ['stock', 'carrier', 'weather', 'other'];
    expect(await causesOf(pool)).toEqual(usual);
    await applyPolicies(pool, { ...SILENT, company: { zone: 'Europe/Riga' } }, FILES_ONLY);
    expect(await causesOf(pool)).toEqual(usual);
    await applyPolicies(pool, { ...SILENT, company: { zone: 'Europe/Riga', causes: ['strike', 'stock'] } }, FILES_ONLY);
    await applyPolicies(pool, { ...SILENT, company: { zone: 'Europe/Oslo' } }, FILES_ONLY);
    expect([await causesOf(pool), await companyZone(pool)]).toEqual([['strike', 'stock'], 'Europe/Oslo']);
  });

  it('may name the causes before there is a zone', async () => {
    await saveCompany(database.pool, { causes: ['strike'] });
    expect([await causesOf(database.pool), await companyZone(database.pool)]).toEqual([['strike'], 'UTC']);
  });

  it('may name a calendar that only the database holds, and none that nobody does', async () => {
    const { pool } = database;
    const folder = mkdtempSync(join(home, 'named-'));
    const files = (name: string): PolicyFiles => {
      writeFileSync(join(folder, 'delivery.yaml'), `kind: delivery\nbuffer: { working: PT4H, calendar: ${name} }\n`);
      return readPolicyFiles(folder);
    };
    await expect(applyPolicies(pool, files('office'), FILES_ONLY)).rejects.toThrow(
      /delivery\.yaml:2: buffer\.calendar: No calendar office\. There is none yet: write calendars\/office\.yaml\./,
    );
    expect(await kinds()).toEqual([]);
    await saveCalendar(pool, OFFICE);
    await applyPolicies(pool, files('office'), FILES_ONLY);
    expect(await kinds()).toEqual(['delivery 1']);
    await expect(applyPolicies(pool, files('offise'), FILES_ONLY)).rejects.toThrow(/Did you mean office\?/);
    await expect(applyPolicies(pool, files('night'), FILES_ONLY)).rejects.toThrow(/Known: office\. Or write calendars/);
  });

  it('wait at a start for a database that is down, saying so once', async () => {
    const folder = mkdtempSync(join(home, 'one-'));
    writeFileSync(join(folder, 'delivery.yaml'), 'kind: delivery\nbuffer: { fixed: P2D }\n');
    const { hostname, port } = new URL(database.url);
    const proxy = await tcpProxy({ host: hostname, port: Number(port) });
    await proxy.shut();
    const url = database.url.replace(`:${port}/`, `:${proxy.port}/`);
    const lines: string[] = [];
    let applied: Promise<void> = Promise.resolve();
    const told = new Promise<void>((resolve) => {
      const warn = (line: string): void => {
        lines.push(line);
        resolve();
      };
      applied = applyAtStart(url, folder, { ending: new AbortController().signal, warn });
    });
    await told;
    expect(await kinds()).toEqual([]);
    await proxy.open();
    await applied;
    await proxy.shut();
    expect(await kinds()).toEqual(['delivery 1']);
    expect(lines).toEqual(['The database cannot be reached; waiting for it.']);
  });

  it('end their waiting when told to, and a fault of the files is told at once', async () => {
    const folder = mkdtempSync(join(home, 'two-'));
    const ending = new AbortController();
    const nowhere = 'postgres://kept@127.0.0.1:1/kept';
    writeFileSync(join(folder, 'delivery.yaml'), 'kind: delivery\nbuffer: { fixed: P2D }\n');
    const waited = applyAtStart(nowhere, folder, { ending: ending.signal, warn: () => ending.abort() });
    await expect(waited).rejects.toMatchObject({ name: 'AbortError' });
    writeFileSync(join(folder, 'delivery.yaml'), 'kind: delivery\n');
    await expect(
      applyAtStart(nowhere, folder, { ending: new AbortController().signal, warn: () => {} }),
    ).rejects.toThrow(/delivery\.yaml:1/);
  });
});

it('partners are stored; one with checkpoints for a kind that nobody knows is refused, and nothing is stored', async () => {
  const files = (kind: string): PolicyFiles => {
    const made = mkdtempSync(join(home, 'partners-'));
    writeFileSync(
      join(made, 'partners.yaml'),
      `partners: [{ id: dpd, checkpoints: { ${kind}: [{ name: scanned, at: 60% }] } }]\n`,
    );
    return readPolicyFiles(made);
  };
  await expect(applyPolicies(database.pool, files('delivry'), LAPTOP)).rejects.toThrow(
    /No policy for the kind delivry\. Did you mean delivery\?/,
  );
  await expect(applyPolicies(database.pool, files('delivery'), FILES_ONLY)).rejects.toThrow('No policy for the kind');
  expect(await newestPartners(database.pool)).toEqual([]);
  await applyPolicies(database.pool, files('delivery'), LAPTOP);
  expect((await newestPartners(database.pool)).map(({ partner, version }) => [partner.id, version])).toEqual([
    ['dpd', 1],
  ]);
});
