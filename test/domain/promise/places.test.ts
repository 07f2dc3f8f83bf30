import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { APART_MS, hasRoom, nextPlace, secondOf, type Second } from '../../../domain/promise/places.ts';

const NOW = 1_000_000_000_000;
const at = (...offsets: readonly number[]): readonly Second[] =>
  offsets.map((offset) => ({ atMs: NOW + offset * 1_000, mails: 1 }));
/** In seconds from now. */
const placed = (seconds: readonly Second[], cap: number): number => (nextPlace(seconds, cap, NOW + 999) - NOW) / 1_000;

describe('the next place', () => {
  it.each([
    ['is now where nothing has left', at(), 1, 0],
    ['is now as long as fewer have left in the minute than may', at(-10, -5), 3, 0],
    ['comes a minute and some seconds after the first of as many as may', at(-10, -5), 2, 60],
    ['is now where that has been', at(-70, -5), 2, 0],
    ['lies behind all that were kept', at(-10, -5, 60), 2, 65],
    ['is now where one that was kept was given back', at(-70, 40), 2, 0],
    ['is not now where a minute that begins now would hold too many', at(-75, 10, 40), 2, 80],
    ['is together with others where there were many at once', [{ atMs: NOW, mails: 3 }], 3, 70],
    ['is with the last one where that minute has room', [{ atMs: NOW, mails: 3 }, ...at(70)], 3, 70],
  ])('%s', (_, seconds, cap, expected) => {
    expect(placed(seconds, cap)).toBe(expected);
  });

  it('leaves no 60 s with more mails than the cap, whenever they come and each takes its place', () => {
    const arrivals = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 1, max: 20 }), (gaps, cap) => {
        const mails = new Map<number, number>();
        const left: number[] = [];
        let nowMs = NOW;
        for (const gap of gaps) {
          nowMs += gap;
          const seconds = [...mails].map(([atMs, count]) => ({ atMs, mails: count }));
          const place = nextPlace(seconds, cap, nowMs);
          mails.set(place, (mails.get(place) ?? 0) + 1);
          left.push(Math.max(place, nowMs));
        }
        const sorted = left.toSorted((a, b) => a - b);
        expect(sorted.every((atMs, n) => atMs - (sorted[n - cap] ?? -Infinity) > 60_000)).toBe(true);
      }),
    );
  });

  it('leaves room for whoever is to go first, however many come before them within 10 s', () => {
    const [cap, first, others] = [60, 20, 400];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_000 }), (withinMs) => {
        const mails = new Map<number, number>();
        const take = (nowMs: number, before: number): number => {
          const seconds = [...mails].map(([atMs, count]) => ({ atMs, mails: count }));
          const place = nextPlace(seconds, cap, nowMs, before);
          mails.set(place, (mails.get(place) ?? 0) + 1);
          return place - secondOf(nowMs);
        };
        const waits = Array.from({ length: others }, (_, n) => take(NOW + (n * withinMs) / others, first));
        const calls = Array.from({ length: first }, (_, n) => take(NOW + withinMs + 50 * n, 0));
        expect(calls).toEqual(calls.map(() => 0));
        expect(waits.filter((ms) => ms === 0)).toHaveLength(cap - first);
        expect(waits.filter((ms) => ms > 0).every((ms) => ms >= 60_000)).toBe(true);
      }),
    );
  });

  it('keeps one place of each minute for the others, however many are to go first', () => {
    expect(nextPlace([], 3, NOW, 100)).toBe(NOW);
    expect(nextPlace([{ atMs: NOW, mails: 1 }], 3, NOW, 100)).toBeGreaterThan(NOW);
  });
});

describe('a mail that comes later than its place', () => {
  it.each([
    ['may leave where those that have left within the minute are fewer than may', at(-66, -20), 2, true],
    ['may not where they are as many', at(-65, -20), 2, false],
    ['may whatever comes after it', at(-20, 5), 2, true],
  ])('%s', (_, seconds, cap, expected) => {
    expect(hasRoom(seconds, cap, NOW)).toBe(expected);
  });

  it('takes none from those after it, as long as it is late by less than what lies between', () => {
    const kept = nextPlace(at(0), 1, NOW);
    expect(kept).toBe(NOW + APART_MS);
    expect(hasRoom([{ atMs: NOW + 4_000, mails: 1 }], 1, kept)).toBe(true);
    expect(hasRoom([{ atMs: NOW + 5_000, mails: 1 }], 1, kept)).toBe(false);
  });
});

it('counts by whole seconds', () => {
  expect(secondOf(NOW + 999)).toBe(NOW);
  expect(secondOf(NOW)).toBe(NOW);
});
