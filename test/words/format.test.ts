import { describe, expect, test } from 'vitest';
import type { Instant } from '../../domain/promise/instant.ts';
import { en } from '../../words/en.ts';
import {
  dayBeforeText,
  deadlineText,
  lengthText,
  shareText,
  shortTimeText,
  shortWhenText,
  timeText,
  whenText,
} from '../../words/format.ts';
import { wordsFor } from '../../words/languages.ts';

const at = (text: string): Instant => new Date(text).toISOString() as Instant;
const zone = 'Europe/Tallinn';
const when = (changes: { at: Instant; day?: string; from?: Instant }) => ({ day: null, from: null, zone, ...changes });

describe('times', () => {
  test.each([
    ['2026-11-27T13:00:00Z', 'Fri 27 Nov 2026, 15:00 (Europe/Tallinn)'],
    ['2026-11-27T13:00:05Z', 'Fri 27 Nov 2026, 15:00:05 (Europe/Tallinn)'],
    ['2026-11-27T13:00:05.900Z', 'Fri 27 Nov 2026, 15:00:05 (Europe/Tallinn)'],
    ['2026-09-30T21:00:00Z', 'Thu 1 Oct 2026, 00:00 (Europe/Tallinn)'],
    ['2026-10-25T00:30:00Z', 'Sun 25 Oct 2026, 03:30 (Europe/Tallinn, UTC+3)'],
    ['2026-10-25T01:30:00Z', 'Sun 25 Oct 2026, 03:30 (Europe/Tallinn, UTC+2)'],
    ['2026-10-25T02:30:00Z', 'Sun 25 Oct 2026, 04:30 (Europe/Tallinn)'],
  ])('%s reads %s', (text, expected) => expect(timeText(en.clock, at(text), zone)).toBe(expected));

  test('windows are ranges, within a day and across midnight', () => {
    const day = when({ from: at('2026-11-27T08:00:00Z'), at: at('2026-11-27T10:00:00Z') });
    expect(deadlineText(en.clock, day)).toBe('on Fri 27 Nov 2026 between 10:00 and 12:00 (Europe/Tallinn)');
    expect(whenText(en.clock, day)).toBe('Fri 27 Nov 2026, 10:00 to 12:00 (Europe/Tallinn)');
    const night = when({ from: at('2026-11-27T20:00:00Z'), at: at('2026-11-28T00:00:00Z') });
    expect(deadlineText(en.clock, night)).toBe(
      'between Fri 27 Nov 2026, 22:00 and Sat 28 Nov 2026, 02:00 (Europe/Tallinn)',
    );
    expect(whenText(en.clock, night)).toBe('Fri 27 Nov 2026, 22:00 to Sat 28 Nov 2026, 02:00 (Europe/Tallinn)');
  });

  test('a day is a day', () => {
    const day = when({ at: at('2026-11-27T22:00:00Z'), day: '2026-11-27' });
    expect(deadlineText(en.clock, day)).toBe('on Fri 27 Nov 2026');
    expect(shortWhenText(en.clock, day, at('2026-11-27T10:00:00Z'))).toBe('Fri 27 Nov 2026');
  });

  test('the midnight that ends a promised day reads as that day, also where a clock changes', () => {
    expect(dayBeforeText(en.clock, at('2026-11-27T22:00:00Z'), zone)).toBe('Fri 27 Nov 2026');
    expect(dayBeforeText(en.clock, at('2026-10-25T22:00:00Z'), zone)).toBe('Sun 25 Oct 2026');
  });

  test('times beside others that show seconds show theirs', () => {
    const now = at('2026-11-27T10:00:00Z');
    expect(shortTimeText(en.clock, at('2026-11-27T13:00:00Z'), zone, now, true)).toBe('15:00:00');
    const window = when({ from: at('2026-11-28T08:00:00Z'), at: at('2026-11-28T10:00:00Z') });
    expect(shortWhenText(en.clock, window, now, true)).toBe('Sat 28 Nov, 10:00:00 to 12:00:00');
  });

  test('on pages the date is left out today and the year this year', () => {
    const now = at('2026-11-27T10:00:00Z');
    expect(shortTimeText(en.clock, at('2026-11-27T13:00:00Z'), zone, now)).toBe('15:00');
    expect(shortTimeText(en.clock, at('2026-11-28T13:00:00Z'), zone, now)).toBe('Sat 28 Nov, 15:00');
    expect(shortTimeText(en.clock, at('2027-01-04T13:00:00Z'), zone, now)).toBe('Mon 4 Jan 2027, 15:00');
    const window = when({ from: at('2026-11-28T08:00:00Z'), at: at('2026-11-28T10:00:00Z') });
    expect(shortWhenText(en.clock, window, now)).toBe('Sat 28 Nov, 10:00 to 12:00');
  });
});

test.each([
  [0, '0 s'],
  [999, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [61_000, '1 min 1 s'],
  [3_600_000, '1 h'],
  [3_605_000, '1 h'],
  [7_500_000, '2 h 5 min'],
  [86_400_000, '1 day'],
  [2 * 86_400_000 + 3_600_000 * 4 + 5_000, '2 days 4 h'],
  [-61_000, '1 min 1 s'],
])('%d ms reads %s', (ms, expected) => expect(lengthText(en.clock, ms)).toBe(expected));

test.each([
  [null, '–'],
  [1, '100 %'],
  [0.9996, '99.9 %'],
  [0.9, '90 %'],
  [0.8975, '89.8 %'],
  [0, '0 %'],
])('the share %s reads %s', (share, expected) => expect(shareText(share)).toBe(expected));

test('a language is found by its tag, its base, or is English', () => {
  for (const tag of ['en', 'en-GB', 'EN_us', 'xx', '', null]) expect(wordsFor(tag).language).toBe('en');
});
