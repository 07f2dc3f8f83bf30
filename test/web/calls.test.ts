import { describe, expect, test } from 'vitest';
import { callbacksPage } from '../../web/pages/callbacks.tsx';
import { todayPage } from '../../web/pages/today.tsx';
import { CALLS, NO_CALLS } from '../browser/call-fixtures.ts';
import { EMPTY, TODAY } from '../browser/fixtures.ts';

/** What is read: without tags, white space as one. */
const read = (html: string): string =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&lt;', '<')
    .replace(/\s+/g, ' ');

/** One call of the page, from its place to the next. */
const callOf = (n: number): string => callbacksPage(CALLS).split('<li id="call-')[n] ?? '';

describe('the page of calls', () => {
  test('says of each when, whom, who calls and what came of it', () => {
    expect(read(callbacksPage(CALLS))).toContain('5 calls on Thu 26 Nov 2026, times in Europe/Tallinn');
    expect(read(callOf(2))).toMatch(
      /until 10:00 Overdue C-2 no phone number your call by Kati Kask 2 of 3 tries 09:35 no answer 09:58 wrong number/,
    );
    expect(callOf(3)).toContain('href="tel:+3725110017"');
  });

  test('shows what a customer or a company wrote as text', () => {
    expect(callOf(3)).toContain('&lt;b&gt;here&lt;/b&gt;');
  });

  test('names those for which nobody is free before all others, and leads to them', () => {
    const html = callbacksPage(CALLS);
    expect(read(html)).toContain('For one call nobody on duty is free');
    expect(html).toContain(`href="#call-${CALLS.overflow[0]}"`);
    expect(read(callOf(4))).toContain('nobody yet nobody is free for it');
    expect(read(callbacksPage({ ...CALLS, overflow: [] }))).not.toContain('is free');
  });

  test('has a button for each result, named with whom it is about, as long as something can come of the call', () => {
    for (const result of ['reached', 'no_answer', 'wrong_number', 'declined'])
      expect(callOf(2)).toContain(`name="result" value="${result}"`);
    expect(callOf(4)).toContain('aria-label="No answer: Õnne Lõhmus-Põldsepp, 11:30 to 12:00"');
    expect(callOf(1)).not.toContain('<form');
    expect(callOf(5)).not.toContain('<form');
  });

  test('says where there are none', () => {
    expect(read(callbacksPage(NO_CALLS))).toContain('No call was promised for this day.');
  });
});

describe('the first page', () => {
  test('lists the calls that are still to be made, and how many nobody is free for', () => {
    const text = read(todayPage(TODAY));
    expect(text).toContain('For one call nobody on duty is free 3 calls are still to be made until 10:00 by Kati Kask');
    expect(read(todayPage(EMPTY))).toContain('No call is to be made.');
  });
});
