import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROMIUM_FLAGS, findChromium } from '../support/chromium.ts';
import { BOARD, TODAY } from './fixtures.ts';
import { startSite, type Site } from './site.ts';

const browser = findChromium();

describe.skipIf(browser === null)('the pages in a browser', () => {
  let site: Site;
  let context: BrowserContext;
  let plain: BrowserContext;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kept-browser-'));
    const options = { executablePath: browser ?? '', headless: true, args: [...CHROMIUM_FLAGS] };
    site = await startSite();
    context = await chromium.launchPersistentContext(join(folder, 'live'), options);
    plain = await chromium.launchPersistentContext(join(folder, 'plain'), { ...options, javaScriptEnabled: false });
  });
  afterAll(async () => {
    await Promise.all([context?.close(), plain?.close(), site?.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  async function open(
    path: string,
    width = 1280,
    colorScheme: 'light' | 'dark' = 'light',
  ): Promise<{ page: Page; complaints: string[] }> {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (said) => {
      if (said.type() === 'error' || said.type() === 'warning') complaints.push(said.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 800 });
    await page.goto(site.url + path);
    return { page, complaints };
  }

  /** Looked at in both widths and both schemes; of the others each width in one scheme and each scheme in one width. */
  const WHOLE = ['/', '/promises/x', '/promises/weekend/explain'];
  const PATHS = [
    ...[
      '/',
      '/empty',
      '/moving',
      '/missing',
      '/dev/mail',
      '/callbacks',
      '/callbacks?day=none',
      '/remedies',
      '/remedies?none',
    ],
    ...['/people/kati', '/people/left'],
    ...['x', 'day', 'standing', 'until', 'slipped', 'chain', 'unreached'].map((id) => `/promises/${id}`),
    ...['weekend', 'standing', 'dated', 'chain', 'long'].map((id) => `/promises/${id}/explain`),
  ];
  const VIEWS = PATHS.flatMap((path) =>
    (
      [
        ['light', 1280],
        ['dark', 320],
        ['light', 320],
        ['dark', 1280],
      ] as const
    )
      .slice(0, WHOLE.includes(path) ? 4 : 2)
      .map(([scheme, width]) => [path, scheme, width] as const),
  );

  test.each(VIEWS)(
    '%s in %s at %d px: nothing for axe to find, no sideways scrolling, no word in the console',
    async (path, scheme, width) => {
      const { page, complaints } = await open(path, width, scheme);
      // Not the mails' own HTML: axe waits for ever on a frame that may not run scripts.
      for (const summary of await page.locator('details:not(:has(iframe)) > summary').all()) await summary.click();
      const found = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
        .analyze();
      expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual(
        [],
      );
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  test('without script the first page says everything, and how to renew it', async () => {
    const page = await plain.newPage();
    await page.goto(site.url);
    expect(await page.locator('.rows tbody tr:not(.group)').count()).toBe(BOARD.rows.length);
    expect(await page.getByRole('link', { name: 'Reload for the newest state' }).isVisible()).toBe(true);
    // Only the search has one: nothing that needs a script is offered.
    expect(await page.getByRole('button').allTextContents()).toEqual(['Find']);
    await page.close();
  });

  test('rows move when the server says so, and stay where they are while paused', async () => {
    const { page } = await open('/');
    await site.listening();
    const [first] = BOARD.rows;
    if (!first) throw new Error('The fixture has no row.');
    const told = { ...TODAY, board: { ...BOARD, rows: [{ ...first, subject: 'Another title' }] } };
    await page.locator(`#p-${first.id} a`).first().focus();
    site.tell(told);
    await page.getByRole('link', { name: 'Another title' }).waitFor();
    expect(await page.locator('.rows tbody tr:not(.group)').count()).toBe(1);
    expect(await page.evaluate('document.activeElement?.textContent')).toBe('Another title');

    await page.getByRole('button', { name: 'Pause live rows' }).click();
    await site.listening(0);
    site.tell(TODAY);
    expect(await page.locator('.rows tbody tr:not(.group)').count()).toBe(1);
    await page.getByRole('button', { name: 'Resume live rows' }).click();
    await site.listening();
    site.tell(TODAY);
    await page.getByRole('link', { name: 'Winter Cooking' }).first().waitFor();
    await page.close();
  });

  test('the keyboard alone reaches the promises, and sees where it is', async () => {
    const { page } = await open('/');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement?.textContent?.trim()')).toBe('Skip to the promises');
    await page.keyboard.press('Enter');
    // The search with its button, the form, the pause of live rows, the first row.
    for (let stop = 0; stop < 5; stop += 1) await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    expect(await focused.textContent()).toBe(BOARD.rows[0]?.subject);
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/promises\//);
    await page.close();
  });

  test('a mail in its frame can run nothing', async () => {
    const { page } = await open('/dev/mail');
    expect(
      await page.locator('iframe').evaluateAll((frames) => frames.map((frame) => frame.getAttribute('sandbox'))),
    ).toEqual(['']);
    await page.close();
  });
});
