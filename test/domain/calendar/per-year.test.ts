import { describe, expect, it } from 'vitest';
import { perYear } from '../../../domain/calendar/per-year.ts';
import { roundTheClock } from '../support/calendars.ts';

const counting = (maxYears: number) => {
  const built: number[] = [];
  const get = perYear((_, year) => built.push(year), maxYears);
  return { built, get };
};

describe('what is built per calendar and year', () => {
  const utc = roundTheClock('UTC');

  it('is built once', () => {
    const { built, get } = counting(9);
    expect([get(utc, 2026), get(utc, 2027), get(utc, 2026), get(utc, 2027)]).toEqual([1, 2, 1, 2]);
    expect(built).toEqual([2026, 2027]);
  });

  it('is built for each calendar, also for one that says the same', () => {
    const { built, get } = counting(9);
    get(utc, 2026);
    get(roundTheClock('UTC'), 2026);
    expect(built).toEqual([2026, 2026]);
  });

  it('is forgotten when a calendar has as many as are kept', () => {
    const { built, get } = counting(2);
    for (const year of [2026, 2027, 2026, 2028, 2028, 2026]) get(utc, year);
    expect(built).toEqual([2026, 2027, 2028, 2026]);
  });
});
