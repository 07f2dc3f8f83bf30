import { describe, expect, it } from 'vitest';
import { spanAt } from '../../../domain/calendar/transitions.ts';
import { changesOf } from '../support/minute-oracle.ts';

const HOUR = 3_600_000;

describe('the table of a zone’s transitions', () => {
  it.each([
    ['before a change', '2026-03-29T00:59:59.999Z', 2, '2025-10-26T01:00Z'],
    ['at a change', '2026-03-29T01:00Z', 3, '2026-03-29T01:00Z'],
    ['a day after a change', '2026-03-30T01:00Z', 3, '2026-03-29T01:00Z'],
  ])('tells the offset %s', (_, text, hours) => {
    expect(spanAt('Europe/Tallinn', Date.parse(text)).offsetMs).toBe(hours * HOUR);
  });

  it.each(['Europe/Tallinn', 'Australia/Lord_Howe', 'Pacific/Apia', 'Asia/Gaza', 'Africa/Casablanca', 'Asia/Kolkata'])(
    'tells of every change of %s to the millisecond when it came',
    (zone) => {
      for (const change of changesOf(zone, 2000, 2045)) {
        const before = spanAt(zone, change - 1);
        for (const later of [0, 1, HOUR, 48 * HOUR]) {
          const span = spanAt(zone, change + later);
          expect([zone, change, later, span.fromMs]).toEqual([zone, change, later, change]);
          expect(span.offsetMs).not.toBe(before.offsetMs);
        }
        expect(before.fromMs).toBeLessThan(change);
      }
    },
  );

  it('holds a change at its very end for those who ask from its other side', () => {
    // Pieces of the table are 1,024 days long: somewhere in three hundred years a change lies just before each border.
    const changes = changesOf('America/New_York', 1970, 2270);
    const near = changes.filter((change) => {
      const piece = 1_024 * 24 * HOUR;
      return piece - (((change % piece) + piece) % piece) < 48 * HOUR;
    });
    expect(near.length).toBeGreaterThan(0);
    for (const change of near) expect(spanAt('America/New_York', change + 48 * HOUR).fromMs).toBe(change);
  });

  it.each([Number.NaN, Infinity, -Infinity, 8.65e15])('refuses %d, which is no time', (ms) => {
    expect(() => spanAt('UTC', ms)).toThrow(new RangeError(`Not a time: ${ms} ms`));
  });

  it('reaches from the first year to the last', () => {
    for (const ms of [-8.64e15, Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59Z'), 8.64e15])
      expect(spanAt('UTC', ms).offsetMs).toBe(0);
    expect(spanAt('Europe/Tallinn', Date.parse('9999-07-01T00:00:00Z')).offsetMs).toBe(3 * HOUR);
  });
});
