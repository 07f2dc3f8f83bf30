import { serve, type ServerType } from '@hono/node-server';
import { Hono } from 'hono';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PAGE_CSP, asset } from '../../web/assets.ts';
import { reportsPage } from '../../web/pages/reports.tsx';
import { CHROMIUM_FLAGS, findChromium } from '../support/chromium.ts';
import { FAULTY_REPORTS, NO_REPORTS, REPORTS } from '../web/reports-fixture.ts';

const browser = findChromium();

/** The page of the report on loopback, under the same content security policy as in Kept. */
async function startReports(): Promise<{ readonly url: string; readonly server: ServerType }> {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.header('Content-Security-Policy', PAGE_CSP);
  });
  const html = { full: reportsPage(REPORTS), empty: reportsPage(NO_REPORTS), faulty: reportsPage(FAULTY_REPORTS) };
  app.get('/reports', (c) => c.html(html.full));
  app.get('/empty', (c) => c.html(html.empty));
  app.get('/faulty', (c) => c.html(html.faulty));
  app.get('/assets/:name', (c) => {
    const found = asset(c.req.param('name'));
    return found ? c.body(found.body, 200, { 'Content-Type': found.type }) : c.notFound();
  });
  const server = await new Promise<ServerType>((resolve) => {
    const started = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(started));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

describe.skipIf(browser === null)('the page of the report in a browser', () => {
  let site: Awaited<ReturnType<typeof startReports>>;
  let context: BrowserContext;
  let plain: BrowserContext;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kept-reports-'));
    const options = { executablePath: browser ?? '', headless: true, args: [...CHROMIUM_FLAGS] };
    site = await startReports();
    context = await chromium.launchPersistentContext(join(folder, 'live'), options);
    plain = await chromium.launchPersistentContext(join(folder, 'plain'), { ...options, javaScriptEnabled: false });
  });
  afterAll(async () => {
    await Promise.all([context?.close(), plain?.close()]);
    site?.server.close();
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
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await page.goto(site.url + path);
    return { page, complaints };
  }

  const VIEWS = ['/reports', '/empty', '/faulty'].flatMap((path) =>
    (['light', 'dark'] as const).flatMap((scheme) => [1280, 320].map((width) => [path, scheme, width] as const)),
  );

  test.each(VIEWS)(
    '%s in %s at %d px: nothing for axe to find, no sideways scrolling, nothing that the policy stopped',
    async (path, scheme, width) => {
      const { page, complaints } = await open(path, width, scheme);
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

  /** Every text of the pictures that are shown: whether it lies within its picture, and how large its letters are. */
  const TEXTS = `[...document.querySelectorAll('.picture svg')]
    .filter((svg) => svg.getBoundingClientRect().width > 0)
    .flatMap((svg) => {
      const frame = svg.getBoundingClientRect();
      const scale = frame.width / svg.viewBox.baseVal.width;
      return [...svg.querySelectorAll('text')].map((text) => {
        const box = text.getBoundingClientRect();
        const inside = box.left >= frame.left - 0.5 && box.right <= frame.right + 0.5 && box.top >= frame.top - 0.5 && box.bottom <= frame.bottom + 0.5;
        return { text: text.textContent, inside, px: parseFloat(getComputedStyle(text).fontSize) * scale,
          left: box.left, right: box.right, top: box.top + box.height * 0.2, bottom: box.bottom - box.height * 0.2 };
      });
    })`;

  interface SeenText {
    readonly text: string;
    readonly inside: boolean;
    readonly px: number;
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  }
  const overlap = (a: SeenText, b: SeenText): boolean =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

  test.each([1440, 1280, 1000, 700, 600, 480, 390, 320])(
    'at %d px each picture is shown once, no text in it is cut, touches another or is too small to read',
    async (width) => {
      const { page } = await open('/reports', width);
      expect(await page.locator('.picture:visible').count()).toBe(REPORTS.pictures.length);
      const texts = (await page.evaluate(TEXTS)) as readonly SeenText[];
      expect(texts.length).toBeGreaterThan(60);
      expect(texts.filter(({ inside }) => !inside)).toEqual([]);
      expect(texts.filter(({ px }) => px < 10)).toEqual([]);
      const touching = texts.flatMap((a, index) =>
        texts.slice(index + 1).flatMap((b) => (overlap(a, b) ? [`${a.text} / ${b.text}`] : [])),
      );
      expect(touching).toEqual([]);
      await page.close();
    },
  );

  test('the pictures take the colours of a dark page', async () => {
    const inkOf = async (scheme: 'light' | 'dark') => {
      const { page } = await open('/reports', 1280, scheme);
      const ink = await page.evaluate(
        `getComputedStyle(document.querySelector('.wide-picture text[font-weight=bold]')).fill`,
      );
      await page.close();
      return ink;
    };
    expect(await inkOf('light')).not.toBe(await inkOf('dark'));
  });

  test('the keyboard alone fills in the form, sends it, and scrolls a table that is longer than its place', async () => {
    const { page } = await open('/reports');
    await page.getByLabel('Partner', { exact: true }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    const owner = await page.evaluate('document.activeElement.name');
    expect(owner).toBe('owner');
    await page.getByRole('button', { name: 'Show' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/reports\?.*partner=omniva/);
    const table = page.getByRole('region', { name: /by the week/ });
    await table.focus();
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await page.keyboard.press('End');
    await expect.poll(() => page.evaluate('document.activeElement.scrollTop')).toBeGreaterThan(0);
    await page.close();
  });

  test('without script everything is there: figures, pictures, tables and the form', async () => {
    const page = await plain.newPage();
    await page.goto(`${site.url}/reports`);
    expect(await page.locator('.picture:visible').count()).toBe(3);
    expect(await page.locator('table').count()).toBe(6);
    await page.getByLabel('Kind').selectOption('delivery');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.waitForURL(/kind=delivery/);
    await page.close();
  });
});
