import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createApp } from '../../api/server.ts';
import { wordKept } from '../../db/report.ts';
import { instant } from '../../domain/promise/instant.ts';
import { tellStories } from '../reports/stories.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { seed } from '../support/registrations.ts';
import { logInto } from './testing.ts';
import { countText, shareText } from '../../words/format.ts';

let full: TestDatabase;
let empty: TestDatabase;
beforeAll(async () => {
  [full, empty] = await Promise.all([testDatabase(), testDatabase()]);
  await tellStories(full.pool);
  await seed(empty.pool, []);
});
afterAll(() => Promise.all([full.drop(), empty.drop()]));

const appOf = ({ pool }: TestDatabase, isLaptop = true) =>
  createApp({
    pool,
    baseUrl: 'http://kept.example',
    log: logInto([]),
    engineUp: () => true,
    now: () => instant(Date.now()),
    ...(isLaptop ? { dev: { mails: () => Promise.resolve([]) } } : {}),
  });
const get = async (path: string, database = full): Promise<Response> => appOf(database).request(path);
const textOf = async (path: string, database = full): Promise<string> =>
  (await (await get(path, database)).text())
    .replace(/<svg[^]*?<\/svg>/g, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('\u00a0', ' ')
    .replace(/\s+/g, ' ');

describe('GET /reports', () => {
  test('needs no key, loads nothing foreign and is kept by nobody', async () => {
    const response = await get('/reports');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await response.text()).not.toMatch(/<script|<style|\sstyle=|\son\w+=/i);
  });

  test('answers under our own names only, and only on a laptop', async () => {
    expect((await get('http://evil.example/reports')).status).toBe(404);
    expect((await appOf(full, false).request('/reports')).status).toBe(404);
  });

  test('is no other page: a browser is told so by one, a program as ever', async () => {
    const nowhere = await appOf(full).request('/nowhere', { headers: { accept: 'text/html,*/*;q=0.8' } });
    expect([nowhere.status, await nowhere.text()]).toEqual([404, expect.stringContaining('There is no page here.')]);
    expect((await get('/nowhere')).headers.get('content-type')).toContain('application/problem+json');
  });

  test('is named in the navigation of the other pages, and knows itself there', async () => {
    expect(await (await get('/')).text()).toContain('<a href="/reports">Reports</a>');
    expect(await (await get('/reports')).text()).toContain('<a href="/reports" aria-current="page">');
  });

  test.each(['kind', 'partner', 'owner', 'source', 'region', 'product', 'week', 'month'] as const)(
    'shows by %s the figures that the report has',
    async (by) => {
      const text = await textOf(`/reports?by=${by}`);
      const { groups } = await wordKept(full.pool, { by });
      for (const { key, promises, kept, broken, overdue, keptRate } of groups)
        expect(text).toContain(`${key ?? '(none)'} ${shareText(keptRate)} ${promises} ${kept} ${broken + overdue} `);
      const all = groups.reduce((sum, { promises }) => sum + promises, 0);
      expect(text).toContain(`Promises ${countText('en', all)} `);
    },
  );

  test('is narrowed as the report is, by names and by days', async () => {
    const [{ groups }, text] = await Promise.all([
      wordKept(full.pool, { by: 'kind', partner: 'dpd', owner: 'kati', source: 'shop' }),
      textOf('/reports?partner=dpd&owner=kati&source=shop&kind=&from=&to='),
    ]);
    const all = groups.reduce((sum, { promises }) => sum + promises, 0);
    expect(all).toBeGreaterThan(0);
    expect(text).toContain(`Promises ${all} `);
    expect(await textOf('/reports?to=1999-12-31')).toContain('No promises match.');
  });

  test('offers the names there are', async () => {
    const html = await (await get('/reports')).text();
    for (const name of ['dpd', 'omniva', 'kati', 'jaan', 'shop', 'phone', 'past', 'delivery'])
      expect(html).toContain(`<option value="${name}">`);
  });

  test('reads the promises once', async () => {
    const query = vi.spyOn(full.pool, 'query');
    await get('/reports?by=owner');
    const texts = query.mock.calls.map(([sent]) => JSON.stringify(sent));
    query.mockRestore();
    expect(texts.filter((text) => text.includes('rollup'))).toHaveLength(1);
  });

  test.each([
    ['from=2026-02-30', '“2026-02-30” is no day of the calendar.'],
    ['to=tomorrow', '“tomorrow” is no day of the calendar.'],
    ['from=2026-03-02&to=2026-03-01', 'The first day lies after the last day'],
    ['by=weather', '“weather” is nothing to group by. Choose one of kind, partner'],
    [`owner=${'x'.repeat(65)}`, 'a name has 1 to 64 characters'],
    ['partner=a%00b', 'This can be no name'],
  ])('refuses %s with the reason at its field', async (search, reason) => {
    const response = await get(`/reports?${search}`);
    expect(response.status).toBe(400);
    expect(await textOf(`/reports?${search}`)).toContain(reason);
  });

  test('says how to import where there are no promises', async () => {
    expect(await textOf('/reports', empty)).toContain('npx kept import FILE --mapping NAME');
  });
});
