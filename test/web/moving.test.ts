import { describe, expect, test } from 'vitest';
import { instant, msOf } from '../../domain/promise/instant.ts';
import { explainPage } from '../../web/pages/explain.tsx';
import { promisePage } from '../../web/pages/promise.tsx';
import { renderRows, todayPage } from '../../web/pages/today.tsx';
import { BOARD } from '../browser/fixtures.ts';
import * as moving from '../browser/moving-fixtures.ts';

/** What a reader reads: no tags, single spaces. */
const read = (html: string): string =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .replaceAll(' ,', ',');

const { STANDING, UNTIL, SLIPPED, CHAIN, UNREACHED, WEEKEND, DATED, LONG, MOVING_TODAY } = moving;

const PAGES = {
  today: todayPage(MOVING_TODAY),
  ...Object.fromEntries(
    Object.entries({ STANDING, UNTIL, SLIPPED, CHAIN, UNREACHED, WEEKEND, DATED, LONG }).flatMap(([name, each]) => [
      [name, promisePage(each.page)],
      [`${name} explained`, explainPage(each.explain)],
    ]),
  ),
};

describe('every page of a promise that moves', () => {
  test.each(Object.entries(PAGES))('%s shows no time that is none', (_, html) => {
    expect(html).not.toMatch(/infinity|NaN|Invalid|undefined|null/i);
  });

  test.each(Object.entries(PAGES))('%s keeps to the content security policy', (_, html) => {
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=|<script(?![^>]*src="\/assets\/)/);
  });
});

/** One row of the first page, as read. */
function rowText(id: string): string {
  const [, row] = new RegExp(`<tr[^>]*id="p-${id}"[^>]*>(.*?)</tr>`, 's').exec(todayPage(MOVING_TODAY)) ?? [];
  if (row === undefined) throw new Error(`No row ${id}.`);
  return read(row);
}

describe('a promise whose clock stands', () => {
  test('says what is left of its working time, for whom it waits and since when, and no time', () => {
    const row = rowText(STANDING.row.id);
    expect(row).toContain('2 h 30 min of working time left');
    expect(row).toContain('Paused');
    expect(row).toContain('Waiting for the customer since Wed 25 Nov, 16:30; the clock stands');
    expect(row).toContain('Waits for word from the customer');
    expect(row).toContain('within 4 h of working time');
    expect(row).not.toMatch(/late|target|last call/);
  });

  test('has a bar of its running time, in words as well', () => {
    expect(todayPage(MOVING_TODAY)).toContain(
      'aria-label="Paused: 2 h 30 min of working time left. 1 h 30 min of 4 h of working time used."',
    );
  });

  test('has no plan on its page but the way to how it was computed, and still names the checkpoint missed before', () => {
    const page = read(promisePage(STANDING.page));
    expect(page).toContain('Nothing has a time until the clock goes on. How was this computed?');
    expect(page).toContain('assigned – missed –');
    expect(page).toContain('1 h 30 min of 4 h of working time used.');
  });

  test('is explained up to now: what was used of what was promised, and a plan without a time', () => {
    const page = read(explainPage(STANDING.explain));
    expect(page).toContain('Paused: waiting for the customer Wed 25 Nov, 16:30 until something happens –');
    expect(page).toContain('Working time in all 1 h 30 min of 4 h');
    expect(page).toContain('none, the clock stands');
  });

  test('without a calendar says that the rest counts once it goes on', () => {
    const plain = moving.moved({
      ...{ n: 20, kind: 'reply', subject: 'x', promised: { precision: 'instant', within: 'PT4H', calendar: null } },
      madeAt: moving.local('2026-11-26T08:00'),
      facts: [{ factKey: 'p', kind: 'paused', waitingFor: 'customer', occurredAt: moving.local('2026-11-26T09:00') }],
    });
    expect(read(promisePage(plain.page))).toContain('3 h left once it goes on');
    expect(read(explainPage(plain.explain))).toContain('Time that counts in all 1 h of 4 h');
  });
});

describe('a pause that ends by itself', () => {
  test('says until when the clock stands, and what time is left to the deadline', () => {
    const row = rowText(UNTIL.row.id);
    expect(row).toContain('Waiting for the customer since 09:30; the clock stands until Fri 27 Nov, 10:00');
    expect(row).toContain('23 h 48 min left');
    expect(row).toContain('then promised Fri 27 Nov, 11:00');
  });
});

test('who waits for the partner is told which; a date that waits for the customer stays as it is', () => {
  expect(rowText(SLIPPED.row.id)).toContain('Waiting for the partner (DPD) since 09:40');
  const { page } = SLIPPED;
  const promise = { ...page.promise, waitingFor: 'customer', phase: 'paused' } as const;
  expect(read(promisePage({ ...page, promise }))).toContain(
    'Waiting for the customer since 09:40; the promised time stays as it is',
  );
  const until = { ...page.promise, waitingUntil: moving.local('2026-11-26T15:00') };
  expect(read(promisePage({ ...page, promise: until }))).toContain('since 09:40, until 15:00');
});

test('the first page counts what is paused as open, and lists what has no time last', () => {
  const page = read(todayPage(MOVING_TODAY));
  expect(page).toContain('Open or paused 4');
  const ids = [...todayPage(MOVING_TODAY).matchAll(/<tr[^>]*id="p-([^"]+)"/g)].map(([, id]) => id);
  expect(ids.at(-1)).toBe(STANDING.row.id);
  const none = { open: 0, at_risk: 0, overdue: 0, paused: 1, kept: 0, broken: 0, withdrawn: 0, unreachable: 0 };
  const paused = { ...BOARD, rows: [STANDING.row], kinds: [{ kind: 'reply', goal: null, counts: none }] };
  expect(read(todayPage({ ...MOVING_TODAY, board: paused }))).toContain('Nothing is at risk, nothing overdue.');
});

test('the live line holds the rows that stand as the page does', () => {
  const { rows } = JSON.parse(renderRows(MOVING_TODAY)) as Record<string, string>;
  expect(read(rows ?? '')).toContain('2 h 30 min of working time left');
});

describe('checkpoints', () => {
  test('are listed with target, state and who answers for them', () => {
    const page = read(promisePage(SLIPPED.page));
    expect(page).toContain('packed Wed 25 Nov, 01:12 passed Tue 24 Nov, 14:20 us');
    expect(page).toContain('scanned Wed 25 Nov, 21:27 missed DPD');
    expect(page).toContain('sorted 17:42 not passed yet DPD');
    expect(page).toContain('checkpoint missed: scanned Wed 25 Nov, 21:27');
  });

  test('passed after their target are still missed; what was not needed any more is not', () => {
    const { page } = SLIPPED;
    const passed = { ...page.promise.passed, scanned: moving.local('2026-11-26T10:00') };
    const closedAt = moving.local('2026-11-26T11:00');
    const promise = { ...page.promise, passed, closedAt, fulfilledAt: closedAt, phase: 'kept' } as const;
    const html = read(promisePage({ ...page, promise }));
    expect(html).toContain('missed, passed 10:00 DPD');
    expect(html).toContain('not passed before it ended DPD');
  });

  test('missed are told to staff by name, with the partner whose slip it is', () => {
    expect(read(todayPage(MOVING_TODAY))).toContain('DPD missed checkpoint scanned, to Kati Kask, owner');
    const ours = MOVING_TODAY.board.alerts.map((alert) => ({ ...alert, partner: null }));
    expect(read(todayPage({ ...MOVING_TODAY, board: { ...MOVING_TODAY.board, alerts: ours } }))).toContain(
      'Checkpoint missed: scanned, to Kati Kask, owner',
    );
    expect(read(promisePage(SLIPPED.page))).toContain('DPD missed checkpoint scanned (alert to owner)');
  });

  test('are what a promise waits for', () => {
    expect(rowText(SLIPPED.row.id)).toContain('Waits for checkpoint sorted 17:42, then promised Fri 27 Nov, 18:00');
  });
});

describe('the chain', () => {
  test('stands side by side: first promised, agreed, told later', () => {
    const page = read(promisePage(CHAIN.page));
    expect(page).toContain('First promised Tue 24 Nov 2026 Fri 20 Nov, 12:00 –');
    expect(page).toContain('Agreed later judged by this Thu 26 Nov 2026 Mon 23 Nov, 10:15 customer_wish');
    expect(page).toContain('Told later Fri 27 Nov 2026 Wed 25 Nov, 09:05 carrier');
  });

  test('is judged by what was agreed, and says what the first time would have made of it', () => {
    const page = read(promisePage(CHAIN.page));
    expect(page).toContain('1 day 6 h before the promised time');
    expect(page).toContain('Judged by the time that the customer agreed to, not by the one first promised.');
    expect(page).toContain('By the one first promised it is 17 h 40 min late.');
    const early = moving.local('2026-11-24T12:00');
    const promise = { ...CHAIN.page.promise, fulfilledAt: early, closedAt: early };
    expect(read(promisePage({ ...CHAIN.page, promise }))).toContain('The one first promised was kept, too.');
    expect(read(promisePage(SLIPPED.page))).not.toContain('Judged by');
  });
});

test('tries are counted; a customer who was not reached took nothing back', () => {
  const page = read(promisePage(UNREACHED.page));
  expect(page).toContain('Not reached given up after 3 of 3 tries, 1 h 8 min before the promised time');
  expect(page).toContain('Tries 3 of 3');
  expect(page).not.toContain('taken back');
});

test('who took a promise back is said', () => {
  const ended = (withdrawnBy: 'customer' | 'company' | 'unknown'): string => {
    const closedAt = moving.local('2026-11-26T11:00');
    const promise = { ...SLIPPED.page.promise, phase: 'withdrawn', withdrawnBy, closedAt } as const;
    return read(promisePage({ ...SLIPPED.page, promise }));
  };
  expect(ended('customer')).toContain('withdrawn by the customer 1 day 7 h before the promised time');
  expect(ended('company')).toContain('taken back 1 day 7 h before');
  expect(ended('unknown')).toContain('withdrawn 1 day 7 h before');
});

test('an alert of before a pause moved the deadline does not say that we took the promise back', () => {
  const { page } = STANDING;
  const occurredAt = moving.local('2026-11-25T16:00');
  const fact = { factKey: 'a', kind: 'escalated', reason: 'broken', rungs: ['owner'], occurredAt } as const;
  const html = read(promisePage({ ...page, timeline: [{ recordedAt: occurredAt, fact }] }));
  expect(html).toContain('Overdue: deadline passed (alert to owner)');
});

describe('the page that explains', () => {
  const page = read(explainPage(WEEKEND.explain));

  test('names what it was made by', () =>
    expect(page).toContain('Policy reply, version 3; calendar office, version 2; times in Europe/Tallinn'));

  test('lists every stretch of the clock, and the working time adds up to what was promised', () => {
    expect(page).toContain('Break Fri 20 Feb, 12:30 Fri 20 Feb, 13:00 30 min');
    expect(page).toContain('Closed Fri 20 Feb, 17:00 Mon 23 Feb, 09:00 2 days 16 h');
    expect(page).toContain('Paused: waiting for the customer Mon 23 Feb, 10:30 Mon 23 Feb, 15:00 4 h 30 min');
    expect(page).toContain('Holiday Tue 24 Feb, 00:00 Wed 25 Feb, 00:00 1 day');
    expect(page).toContain('Working time in all 16 h');
  });

  test('says of every instant why it is there and which policy field it comes from', () => {
    expect(page).toContain(
      'Our target Wed 25 Feb, 11:15:00 The promised time less a buffer of 25% of the time promised. buffer.share: 25%',
    );
    expect(page).toContain(
      'Checkpoint drafted Wed 25 Feb, 11:15:00 After 75% of the time promised, by the policy. checkpoints: 75%',
    );
  });

  test('names the fact behind every plan and every change of state', () => {
    expect(page).toContain('Goes on policy version 3 Mon 23 Feb, 15:00 Wed 25 Feb, 15:45');
    expect(page).toContain('Mon 23 Feb, 10:30 Open → Paused Waiting for the customer fact p1');
    expect(read(explainPage(DATED.explain))).toContain('Open → At risk Expected Thu 26 Nov, 16:00 fact e1');
    expect(read(explainPage(DATED.explain))).toContain('At risk → Overdue Its time passed');
  });

  test('reads by the clock stored with the plan, whatever zone data say now', () => {
    const { explanation } = WEEKEND.explain;
    const offsets = [{ from: null, minutes: 300 }];
    const other = read(explainPage({ ...WEEKEND.explain, explanation: { ...explanation, offsets } }));
    expect(other).toContain('Break Fri 20 Feb, 15:30 Fri 20 Feb, 16:00 30 min');
    expect(other).not.toContain('Fri 20 Feb, 12:30');
  });

  test('says which of two equal times of an autumn night is meant', () => {
    const { explanation } = DATED.explain;
    const change = instant(Date.parse('2026-10-25T01:00:00Z'));
    const offsets = [
      { from: null, minutes: 180 },
      { from: change, minutes: 120 },
    ];
    const madeAt = instant(msOf(change) + 60_000);
    const shown = read(explainPage({ ...DATED.explain, explanation: { ...explanation, offsets, madeAt } }));
    expect(shown).toContain('made Sun 25 Oct, 03:01 (UTC+2)');
  });

  test('shows a promised day as a day', () => {
    const chain = read(explainPage(CHAIN.explain));
    expect(chain).toContain('promised Thu 26 Nov 2026');
    expect(chain).toContain('Promise made policy version 3 Fri 20 Nov, 12:00:00 Tue 24 Nov 2026');
    expect(chain).toContain('policy version 3; told, never in force');
    expect(chain).not.toMatch(/romised Fri 27 Nov, 00:00/);
  });

  test('names the fact by which each time was told', () => {
    const chain = read(explainPage(CHAIN.explain));
    expect(chain).toContain('First promised Tue 24 Nov 2026 Fri 20 Nov, 12:00 Promise made');
    expect(chain).toContain('Told later Fri 27 Nov 2026 Wed 25 Nov, 09:05 Told Fri 27 Nov 2026 fact r3');
  });

  test('of a date does not speak of working time', () => {
    const dated = read(explainPage(DATED.explain));
    expect(dated).toContain('A date: no calendar and no pause moves it.');
    expect(dated).toContain('Waiting for the customer Tue 24 Nov, 12:00 Tue 24 Nov, 20:00 8 h');
    expect(dated).not.toMatch(/working time/i);
  });

  test('lists the first stretches of a long life, and adds up all', () => {
    const long = read(explainPage(LONG.explain));
    expect(long).toContain('445 further stretches are not listed.');
    expect(long).toContain('Working time in all 1000 h');
    expect(long).toContain('are too many to be drawn');
  });

  test('draws nothing of a life whose beginning nobody knows', () => {
    const { explanation } = DATED.explain;
    const unknown = { ...explanation, madeAt: null, segments: [] };
    expect(read(explainPage({ ...DATED.explain, explanation: unknown }))).toContain('there is no life to draw');
  });
});

test('leads to the promise that it was made because of, and to those that followed', () => {
  const one = {
    source: 'shop',
    ref: 'A-1',
    subject: null,
    kind: 'delivery',
    phase: 'overdue',
    id: 'p-1',
    is: 'parent',
  };
  const refund = { ...one, kind: 'refund', subject: '3 <b>books</b>', phase: 'kept', id: 'p-2', is: 'child' };
  const page = (related: readonly object[]) => promisePage({ ...CHAIN.page, related } as typeof CHAIN.page);
  expect(page([one, refund])).toMatch(/Because of[^]*href="\/promises\/p-1">delivery: shop A-1<[^]*What followed/);
  expect(page([one, refund])).toContain('href="/promises/p-2">refund: 3 &lt;b&gt;books&lt;/b&gt;<');
  expect(page([one])).not.toContain('What followed');
  expect(page([])).not.toContain('Because of');
});
