import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spanOf } from '../../db/report-span.ts';
import { dueDay } from '../../domain/calendar/deadline.ts';
import { instant } from '../../domain/promise/instant.ts';

const ZONES = [
  'UTC',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'Asia/Manila',
  'America/Juneau',
  'Europe/Tallinn',
  'Asia/Kathmandu',
];
const DAY = 86_400_000;
/** Manila and Juneau lived on the other side of the date line before 1845 and 1867. */
const FIRST_MS = Date.parse('1840-01-01T00:00:00Z');

const zones = fc.constantFrom(...ZONES);
const times = fc.integer({ min: FIRST_MS, max: Date.parse('2100-01-01T00:00:00Z') }).map(instant);

describe('the days that a bound chooses', () => {
  it('are, for an instant, whole on its right side, and one by one where it may cut them', () => {
    const near = fc.integer({ min: -4 * DAY, max: 4 * DAY });
    fc.assert(
      fc.property(times, near, zones, (bound, distance, zone) => {
        const promisedAt = instant(Date.parse(bound) + distance);
        const day = dueDay({ day: null, promisedAt, zone });
        const from = spanOf({ from: { at: bound } });
        const to = spanOf({ to: { at: bound } });
        if (promisedAt >= bound) expect(day >= (from.dayFrom ?? '')).toBe(true);
        else if (day >= (from.dayFrom ?? '')) expect(from.edges).toContain(day);
        if (promisedAt < bound) expect(day < (to.dayTo ?? '')).toBe(true);
        else if (day < (to.dayTo ?? '')) expect(to.edges).toContain(day);
      }),
      { numRuns: 2_000 },
    );
  });

  it('are few where an instant cuts them', () => {
    fc.assert(
      fc.property(times, (at) => {
        expect(spanOf({ from: { at }, to: { at } }).edges.length).toBeLessThanOrEqual(4);
      }),
    );
  });

  it('are, for a day, this day and no part of another', () => {
    const span = spanOf({ from: { day: '2028-02-28' }, to: { day: '2028-02-29' } });
    expect(span).toEqual({ dayFrom: '2028-02-28', dayTo: '2028-03-01', atFrom: null, atTo: null, edges: [] });
  });

  it('are all without a bound, and at the ends of the calendar no more than there are', () => {
    expect(spanOf({})).toEqual({ dayFrom: null, dayTo: null, atFrom: null, atTo: null, edges: [] });
    expect(spanOf({ to: { day: '9999-12-31' } }).dayTo).toBeNull();
    expect(spanOf({ from: { at: instant(Date.parse('0001-01-01T00:00:00Z')) } }).dayFrom).toBe('0001-01-01');
    expect(spanOf({ to: { at: instant(Date.parse('9999-12-31T23:00:00Z')) } }).dayTo).toBeNull();
  });
});
