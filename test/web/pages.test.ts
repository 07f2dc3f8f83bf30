import { describe, expect, test } from 'vitest';
import { PAGE_CSP, asset } from '../../web/assets.ts';
import { mailPage } from '../../web/pages/mail.tsx';
import { missingPage, promisePage } from '../../web/pages/promise.tsx';
import { renderRows, todayPage } from '../../web/pages/today.tsx';
import { BOARD, EMPTY, MAILS, PROMISE, TODAY } from '../browser/fixtures.ts';

const [FIRST] = BOARD.rows;
if (!FIRST) throw new Error('The fixture has no row.');

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'><svg onload=alert(1)>",
  '</title><script>alert(1)</script>',
  'javascript:alert(1)',
  '{{7*7}}${7*7}',
  '\u202Etxt.exe',
];

/** Every page with one text wherever a text from outside can stand. */
function pagesWith(text: string): readonly string[] {
  const row = { ...FIRST, ref: text, source: text, kind: text, subject: text, customerRef: text, owner: text };
  const alert = { ...BOARD.alerts[0], id: text, promiseId: text, subject: text, person: text };
  const board = {
    ...BOARD,
    rows: [row],
    alerts: [alert],
    kinds: BOARD.kinds.map((kind) => ({ ...kind, kind: text })),
  } as typeof BOARD;
  const mail = {
    ...MAILS[0],
    to: [text],
    from: text,
    subject: text,
    messageId: text,
    text,
    html: text,
    headers: [{ key: text, value: text }],
  };
  const mails = [mail] as typeof MAILS;
  const promise = {
    ...PROMISE.promise,
    ref: text,
    source: text,
    kind: text,
    subject: text,
    customerRef: text,
    partner: text,
  };
  const timeline = [
    {
      recordedAt: BOARD.now,
      fact: { factKey: 'f', kind: 'progressed', occurredAt: BOARD.now, checkpoint: text } as const,
    },
  ];
  return [
    todayPage({ ...TODAY, board, mails }),
    Object.values(JSON.parse(renderRows({ ...TODAY, board, mails })) as Record<string, string>).join('\n'),
    promisePage({ ...PROMISE, promise, ownerName: text, timeline }),
    mailPage({ zone: BOARD.zone, mails }),
  ];
}

test.each(HOSTILE)('text from outside stays text on every page: %j', (text) => {
  for (const html of pagesWith(text)) {
    const scripts = html.match(/<script[^>]*>/g) ?? [];
    expect(scripts.filter((tag) => tag !== '<script type="module" src="/assets/live.js">')).toEqual([]);
    expect(html).not.toMatch(/<img|<svg onload|href="javascript:/);
  }
});

describe('every page', () => {
  const pages = {
    today: todayPage(TODAY),
    empty: todayPage(EMPTY),
    promise: promisePage(PROMISE),
    missing: missingPage(),
    mail: mailPage({ zone: BOARD.zone, mails: MAILS }),
  };

  test.each(Object.entries(pages))(
    '%s keeps to the content security policy: no inline script, style or handler, nothing from elsewhere',
    (_, html) => {
      const outside = html.replace(/srcdoc="[^"]*"/g, '');
      expect(outside).not.toMatch(/<style|\sstyle=|\son[a-z]+=|<script(?![^>]*src="\/assets\/)/);
      expect(outside).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
      expect(PAGE_CSP).not.toContain('unsafe');
    },
  );

  test.each(Object.entries(pages))('%s has a language, a title, one main and one first heading', (_, html) => {
    expect(html).toMatch(/^<!doctype html><html lang="en">/);
    expect(html).toMatch(/<title>[^<]+ · Kept<\/title>/);
    expect(html.match(/<main/g)).toHaveLength(1);
    expect(html.match(/<h1/g)).toHaveLength(1);
  });
});

test('the first page lists what is at risk first, then what is overdue, then the rest', () => {
  const ids = [...todayPage(TODAY).matchAll(/<tr[^>]*id="p-([^"]+)"/g)].map(([, id]) => id);
  expect(ids).toEqual(BOARD.rows.map(({ id }) => id));
  expect(BOARD.rows.map(({ phase }) => phase).slice(0, 4)).toEqual(['at_risk', 'at_risk', 'overdue', 'open']);
});

test('the first page says how many open promises it does not list', () => {
  const kinds = [
    { kind: 'delivery', goal: null, counts: { open: 230, at_risk: 2, overdue: 1, kept: 0, broken: 0, withdrawn: 0 } },
  ];
  expect(todayPage({ ...TODAY, board: { ...BOARD, kinds } })).toContain('225 further open promises are not listed.');
});

test('the kept rate counts what is overdue as not kept, and a rate over nothing is none', () => {
  expect(todayPage(TODAY)).toContain('92.8 %');
  expect(todayPage(EMPTY)).toContain('No promised time has come yet.');
});

test('the live line is one line of JSON with the parts of the page', () => {
  const line = renderRows(TODAY);
  expect(line).not.toContain('\n');
  const parts = JSON.parse(line) as Record<string, string>;
  const page = todayPage(TODAY);
  for (const [name, html] of Object.entries(parts)) expect(page).toContain(`<div data-live="${name}">${html}</div>`);
});

test('the mail page shows at most a hundred mails, the newest ones, and says so', () => {
  const [mail] = MAILS;
  if (!mail) throw new Error('The fixture has no mail.');
  const mails = Array.from({ length: 130 }, (_, n) => ({
    ...mail,
    at: new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString(),
  }));
  const html = mailPage({ zone: 'UTC', mails });
  expect(html.match(/<article/g)).toHaveLength(100);
  expect(html).toContain('The newest 100 of 130');
  expect(html).toContain('id="mail-130"');
  expect(html).not.toContain('id="mail-30"');
});

test('assets are served by name, and by no other', () => {
  expect(asset('style.css')?.type).toBe('text/css; charset=utf-8');
  expect(asset('live.js')?.body).toContain('/events');
  for (const name of ['../shapes.ts', 'constructor', '', 'README.md']) expect(asset(name)).toBeNull();
});
