import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApi, type RunningApi } from '../../api/server.ts';
import { saveCompany } from '../../db/company.ts';
import { savePolicies } from '../../db/policies.ts';
import { plusDays } from '../../domain/calendar/zones.ts';
import { completedRules } from '../../domain/policy/company.ts';
import { HOUR, logInto, registered, soon, testApi, type Json, type TestApi } from '../api/testing.ts';
import { CHROMIUM_FLAGS, findChromium } from '../support/chromium.ts';
import { policy } from '../support/registrations.ts';

const browser = findChromium();

const dayAfter = ({ day }: Json): string => plusDays(String(day), 1);

const PROMISE_PAGE = /\/promises\/[\da-f-]{36}$/;

describe.skipIf(browser === null)('a promise made on the phone', () => {
  let api: TestApi;
  let served: RunningApi;
  let folder: string;
  let context: BrowserContext;
  let plain: BrowserContext;

  beforeAll(async () => {
    api = await testApi();
    const { pool } = api.database;
    await saveCompany(pool, { zone: 'Europe/Tallinn', rules: { ...completedRules({}), country: 'EE' } });
    await savePolicies(pool, [
      policy({ kind: 'strict', buffer: { fixed: 'PT2H' }, tooTight: 'refuse', shortest: 'PT3H' }),
    ]);
    const customer = { ref: 'C-17', name: 'Mari Tamm', phone: '511 0017', email: 'mari@customers.example' };
    const id = await registered(api.call, { ref: 'A-1001', subject: '3 books', customer });
    await api.call('POST', `/v1/promises/${id}/facts`, {
      ...{ kind: 'contacted', factKey: 'call', channel: 'phone', about: 'status' },
      occurredAt: soon(0),
    });
    await api.call('POST', `/v1/promises/${id}/notes`, { text: 'After 17:00, please.', by: 'kati' });
    const dev = { mails: () => Promise.resolve([]) };
    served = await startApi({
      pool,
      port: 0,
      host: '127.0.0.1',
      baseUrl: null,
      log: logInto([]),
      engineUp: () => true,
      dev,
    });
    folder = await mkdtemp(join(tmpdir(), 'kept-browser-'));
    const options = { executablePath: browser ?? '', headless: true, args: [...CHROMIUM_FLAGS] };
    context = await chromium.launchPersistentContext(join(folder, 'looked'), options);
    // What works without script works with one.
    plain = await chromium.launchPersistentContext(join(folder, 'plain'), { ...options, javaScriptEnabled: false });
  });
  afterAll(async () => {
    await Promise.all([context?.close(), plain?.close()]);
    await served?.close();
    await rm(folder, { recursive: true, force: true });
    await api.database.drop();
  });

  /** A page, and how often something was loaded into it. */
  async function open(path: string, within = plain): Promise<{ page: Page; loads: () => number }> {
    const page = await within.newPage();
    await page.goto(served.url + path);
    let loads = 0;
    page.on('load', () => (loads += 1));
    return { page, loads: () => loads };
  }

  const press = async (page: Page, ...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };

  /** Sends a form, and waits for the page that answers. */
  const answered = async (page: Page, send: () => Promise<void>): Promise<void> => {
    const loaded = page.waitForEvent('load');
    await send();
    await loaded;
  };

  test('is noted by the keyboard alone: four fields, one submit, one page load to the result with its flags', async () => {
    const { page, loads } = await open('/promises/new');
    expect(
      await page
        .locator('form.form > div > label, form.form > div > div > label, form.form > fieldset > legend')
        .allTextContents(),
    ).toEqual(['To whom', 'What kind', 'By when', 'What about', 'Who sees to it']);
    // The first field has the focus already.
    await page.keyboard.type('511 0099');
    await press(page, 'Tab');
    await page.keyboard.type('delivery');
    // From tomorrow, which is proposed, back to "in 2 hours".
    await press(page, 'Tab', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft');
    await press(page, 'Tab');
    await page.keyboard.type('2 books');
    await answered(page, () => press(page, 'Enter'));
    expect(page.url()).toMatch(PROMISE_PAGE);
    expect(loads()).toBe(1);
    expect(await page.locator('h1').textContent()).toBe('2 books');
    expect(await page.locator('.flags li strong').allTextContents()).toEqual([
      'no room for a buffer',
      'too tight',
      'company time zone assumed',
    ]);
    await page.close();
  });

  test('that the policy refuses is made at the offered time by one click, everything else being kept', async () => {
    const { page, loads } = await open('/promises/new');
    await page.getByLabel('To whom').fill('C-17');
    await page.getByLabel('What kind').selectOption('strict');
    await page.getByLabel('in 1 hour').check();
    await page.getByLabel('What about').fill('A new cover');
    await answered(page, () => page.getByRole('button', { name: 'Note the promise' }).click());
    expect(loads()).toBe(1);
    expect(await page.locator('#field-when-fault').textContent()).toContain('more time');
    expect(await page.getByLabel('What about').inputValue()).toBe('A new cover');
    expect(await page.getByLabel('in 1 hour').isChecked()).toBe(true);
    await answered(page, () => page.getByRole('button', { name: /^Promise / }).click());
    expect(page.url()).toMatch(PROMISE_PAGE);
    expect(loads()).toBe(2);
    expect(await page.locator('h1').textContent()).toBe('A new cover');
    expect(await page.locator('.flags').count()).toBe(1);
    await page.close();
  });

  test('is found again from the first page, whatever the customer names, and nothing stands in the address', async () => {
    const { page } = await open('/');
    await page.getByRole('search').getByRole('searchbox').fill('00372 511-0017');
    await press(page, 'Enter');
    await page.getByRole('heading', { name: 'Mari Tamm' }).waitFor();
    expect(page.url()).toBe(`${served.url}/find`);
    expect(await page.locator('.dossier').textContent()).toContain('After 17:00, please.');
    await page.getByRole('link', { name: 'Note a promise to them' }).click();
    expect(await page.getByLabel('To whom').inputValue()).toBe('C-17');
    await page.close();
  });

  test('that was a call is ended by the keyboard alone, on the page of calls', async () => {
    const id = await registered(api.call, {
      ...{ ref: 'M-1', kind: 'callback', subject: 'A wrong book', promised: { at: soon(HOUR) } },
      customer: { ref: 'C-17' },
    });
    const { body } = await api.call('GET', '/v1/callbacks');
    // Near midnight it is a call of tomorrow.
    const day = (body['items'] as readonly { id: string }[]).some((call) => call.id === id) ? '' : dayAfter(body);
    const { page } = await open(`/callbacks?day=${day}`);
    await page.getByRole('button', { name: 'Reached: Mari Tamm' }).focus();
    await answered(page, () => press(page, 'Tab', 'Shift+Tab', 'Enter'));
    expect(page.url()).toContain(`#call-${id}`);
    expect(await page.locator(`#call-${id}`).textContent()).toMatch(/Kept.*reached/);
    expect(await page.locator(`#call-${id} button`).count()).toBe(0);
    await page.close();
  });

  /** By what is done on a page before it is looked at. */
  const STATES: Readonly<Record<string, readonly [path: string, act: (page: Page) => Promise<void>]>> = {
    form: ['/promises/new', () => Promise.resolve()],
    'form with faults': [
      '/promises/new',
      async (page) => {
        await page.getByLabel('To whom').fill('C-9999');
        await page.getByLabel('What kind').selectOption('strict');
        await page.getByLabel('another day').check();
        await answered(page, () => press(page, 'Enter'));
      },
    ],
    'form with an offer': [
      '/promises/new',
      async (page) => {
        await page.getByLabel('To whom').fill('C-17');
        await page.getByLabel('What kind').selectOption('strict');
        await page.getByLabel('in 1 hour').check();
        await answered(page, () => press(page, 'Enter'));
      },
    ],
    'look-up': ['/find', () => Promise.resolve()],
    'look-up of nobody': [
      '/find',
      async (page) => {
        await page.keyboard.type('C-0');
        await answered(page, () => press(page, 'Enter'));
      },
    ],
    'look-up of somebody': [
      '/find',
      async (page) => {
        await page.keyboard.type('C-17');
        await answered(page, () => press(page, 'Enter'));
      },
    ],
  };

  test.each(
    Object.keys(STATES).flatMap(
      (state) =>
        [
          [state, 'dark', 320],
          [state, 'light', 1280],
        ] as const,
    ),
  )('%s in %s at %d px: nothing for axe to find, no sideways scrolling', async (state, colorScheme, width) => {
    const [path, act] = STATES[state] ?? [];
    if (!path || !act) throw new Error(state);
    const { page } = await open(path, context);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 800 });
    await act(page);
    const found = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .analyze();
    expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    await page.close();
  });

  test('gets a note on its page, by the keyboard alone', async () => {
    const { page } = await open('/find');
    // What is typed before the field has the focus goes nowhere.
    await page.locator('input:focus').waitFor();
    await page.keyboard.type('A-1001');
    await press(page, 'Enter');
    await page.getByRole('link', { name: '3 books' }).first().click();
    await page.getByLabel('New note').focus();
    await page.keyboard.type('She called again.');
    await press(page, 'Tab');
    await page.keyboard.type('Jaan');
    await press(page, 'Tab', 'Enter');
    await page.getByText('She called again.').waitFor();
    expect(await page.getByLabel('New note').inputValue()).toBe('');
    await page.close();
  });
});
