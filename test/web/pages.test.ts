import { describe, expect, test } from 'vitest';
import { PAGE_CSP, asset } from '../../web/assets.ts';
import { instant, msOf } from '../../domain/promise/instant.ts';
import { alertPage } from '../../web/pages/alert.tsx';
import { mailPage } from '../../web/pages/mail.tsx';
import { personPage } from '../../web/pages/person.tsx';
import { missingPage, promisePage } from '../../web/pages/promise.tsx';
import { renderRows, todayPage } from '../../web/pages/today.tsx';
import { BOARD, EMPTY, MAILS, OVERDUE_DAY, PROMISE, TODAY } from '../browser/fixtures.ts';
import { PERSON } from '../browser/person-fixtures.ts';

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
    day: promisePage(OVERDUE_DAY),
    missing: missingPage('promise'),
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
  const sections = BOARD.rows.map(({ section }) => section);
  expect(sections.slice(0, 5)).toEqual(['at_risk', 'at_risk', 'at_risk', 'overdue', 'open']);
});

/** What a reader reads: no tags, single spaces. */
const read = (html: string): string =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .replaceAll(' ,', ',');

/** One row of the first page, as read. */
function rowText(id: string): string {
  const [, row] = new RegExp(`<tr[^>]*id="p-${id}"[^>]*>(.*?)</tr>`, 's').exec(todayPage(TODAY)) ?? [];
  if (row === undefined) throw new Error(`No row ${id}.`);
  return read(row);
}

test('a promise that the customer was told a later time for stays with those at risk, and says so', () => {
  const told = BOARD.rows.find(({ section, phase }) => section !== phase);
  if (!told) throw new Error('The fixture has no such row.');
  expect(told.phase).toBe('open');
  const page = read(todayPage(TODAY));
  expect(page).toContain('At risk or told a later time 3 ');
  expect(rowText(told.id)).toContain('customer told Mon 30 Nov 2026');
  expect(todayPage(TODAY)).toContain(`id="p-${told.id}" class="at_risk"`);
});

test('a customer who was not reached, and news that did not come, are said loudly and only there', () => {
  const late = BOARD.rows.find(({ unreached }) => unreached);
  expect(rowText(late?.id ?? '')).toContain('Customer not reached: please call');
  expect(rowText(late?.id ?? '')).toContain('Promised news by 11:01:48 is overdue');
  expect(todayPage({ ...TODAY, calls: EMPTY.calls }).match(/class="alarm"/g)).toHaveLength(2);
  expect(promisePage(OVERDUE_DAY)).toContain('<strong class="alarm">Customer not reached: please call</strong>');
  expect(promisePage(PROMISE)).not.toContain('class="alarm"');
});

test('news that did not come are said on the page of the promise, unless a later notice told a time', () => {
  const { now, timeline } = PROMISE;
  const nextNewsAt = instant(msOf(now) - 60_000);
  const silent = timeline.map((item) =>
    item.fact.kind === 'notice_sent' ? { ...item, fact: { ...item.fact, told: null, nextNewsAt } } : item,
  );
  expect(read(promisePage({ ...PROMISE, timeline: silent }))).toContain('Promised news by 11:11 is overdue');
  const both = [...silent, ...timeline.slice(-1)];
  expect(promisePage({ ...PROMISE, timeline: both })).not.toContain('is overdue');
});

test('an ended promise asks nobody to call, unless we took it back', () => {
  const closedAt = OVERDUE_DAY.now;
  const ended = (changes: Partial<(typeof OVERDUE_DAY)['promise']>): string =>
    promisePage({ ...OVERDUE_DAY, promise: { ...OVERDUE_DAY.promise, phase: 'broken', closedAt, ...changes } });
  expect(ended({ fulfilledAt: closedAt })).not.toContain('please call');
  expect(ended({ withdrawnBy: 'company' })).toContain('please call');
});

test('a promised day, and a later one that was told, are days wherever they stand', () => {
  const page = read(promisePage(OVERDUE_DAY));
  for (const text of [
    'Promised Mon 23 Nov 2026 ',
    'promised Mon 23 Nov 2026 ',
    'New time told Wed 25 Nov 2026 ',
    'new time told Wed 25 Nov 2026 ',
    'new time Wed 25 Nov 2026 ',
    'before that day begins.',
  ])
    expect(page).toContain(text);
  expect(page).not.toMatch(/(?:promised|told|time) (?:Tue 24|Thu 26) Nov/i);
});

test('history says that nobody is written to, and what is not known of it', () => {
  const { promise } = OVERDUE_DAY;
  const told = { at: promise.promisedAt, day: promise.plan.day };
  const history = {
    ...promise,
    history: true,
    madeAt: null,
    customerRef: null,
    toldAt: told.at,
    phase: 'kept' as const,
  };
  const done = { closedAt: promise.promisedAt, fulfilledAt: promise.promisedAt, fulfilledAsDay: true };
  const shown = (changes: object): string =>
    read(promisePage({ ...OVERDUE_DAY, notices: [], timeline: [], promise: { ...history, ...changes } }));
  expect(shown(done)).toContain('on the promised day');
  expect(shown(done)).toContain('Fulfilled Mon 23 Nov 2026');
  expect(shown(done)).toContain('Made not known');
  expect(shown(done)).toContain('nobody is written to about it');
  expect(shown({ phase: 'overdue' })).not.toContain('Waits for');
});

test('a failed notice tells nothing, and an alert after the deadline does not call the promise broken', () => {
  const page = read(promisePage(OVERDUE_DAY));
  expect(page).not.toContain('next news by');
  expect(page).toContain('Overdue: deadline passed (alert to owner, manager)');
});

test('recovery is not announced for a time before the later one that was told', () => {
  expect(read(promisePage(PROMISE))).toContain('Alert to the manager, if still open');
  expect(promisePage(PROMISE)).not.toContain('Recovery, if still open');
  expect(promisePage({ ...PROMISE, promise: { ...PROMISE.promise, toldAt: PROMISE.promise.promisedAt } })).toContain(
    'Recovery, if still open',
  );
});

test('what was fulfilled late is never said in green', () => {
  const at = instant(msOf(PROMISE.promise.promisedAt) + 60_000);
  const fact = { factKey: 'end', kind: 'fulfilled', occurredAt: at } as const;
  const promise = { ...PROMISE.promise, phase: 'broken', fulfilledAt: at, closedAt: at } as const;
  const late = promisePage({ ...PROMISE, promise, timeline: [{ recordedAt: at, fact }] });
  expect(late).toContain('<li class="fact bad">');
  expect(late).toContain('<div class="bad"><dt>Fulfilled late</dt>');
  expect(late).not.toMatch(/>Fulfilled</);
});

test('the key names the buffer only where one is drawn', () => {
  const { promise } = PROMISE;
  expect(promisePage(PROMISE)).toMatch(/<\/svg>buffer<\/li>/);
  const none = { ...PROMISE, promise: { ...promise, targetAt: promise.promisedAt } };
  expect(promisePage(none)).not.toMatch(/<\/svg>buffer<\/li>/);
});

test('the first page says how many open promises it does not list', () => {
  const kinds = [
    {
      kind: 'delivery',
      goal: null,
      counts: { open: 230, at_risk: 2, overdue: 1, kept: 0, broken: 0, withdrawn: 0, paused: 0, unreachable: 0 },
    },
  ];
  expect(todayPage({ ...TODAY, board: { ...BOARD, kinds } })).toContain('224 further open promises are not listed.');
});

test('the kept rate counts what is overdue as not kept, and a rate over nothing is none', () => {
  expect(todayPage(TODAY)).toContain('92.9 %');
  expect(todayPage(EMPTY)).toContain('No promised time has come yet.');
});

test('the first page says that mails are held back, and why, while they are', () => {
  expect(todayPage(EMPTY)).toContain('All mails are held back: this database is an older one, put back');
  // The engine is not what is wrong.
  expect(todayPage({ ...EMPTY, engine: { ...EMPTY.engine, up: true } })).toMatch(
    /class="status-good">Engine running<.*class="status-bad">All mails are held back/,
  );
  expect(todayPage(TODAY)).not.toContain('held back');
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

test('an alert about what was taken back does not call it overdue', () => {
  const lines = PERSON.alerts.lines.filter(({ reason }) => reason === 'broken');
  const taken = lines.map((line) => ({ ...line, takenBack: true }));
  const tasks = (of: typeof lines): string =>
    (
      personPage({ ...PERSON, alerts: { lines: of, count: of.length } }).match(/<span class="feed-what[^<]*/g) ?? []
    ).join();
  expect(tasks(lines)).toMatch(/>Overdue$/);
  expect(tasks(taken)).toMatch(/>Taken back by us$/);
  const headings = [...lines, ...taken].map((line) => {
    const alert = { line, alert: { acknowledgedAt: null }, stands: false, acknowledgedBy: null };
    return /<h1>([^<]*)/.exec(alertPage({ ...alert, reader: { partner: null }, all: '/', pages: true }))?.[1];
  });
  expect(headings).toEqual(['Overdue or broken', 'Taken back by us']);
});

test('assets are served by name, and by no other', () => {
  expect(asset('style.css')?.type).toBe('text/css; charset=utf-8');
  expect(asset('live.js')?.body).toContain('/events');
  for (const name of ['../shapes.ts', 'constructor', '', 'README.md']) expect(asset(name)).toBeNull();
});
