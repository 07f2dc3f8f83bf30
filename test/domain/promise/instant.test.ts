import { describe, expect, it } from 'vitest';
import {
  earlier,
  earliest,
  IDLE,
  instant,
  inWholes,
  later,
  msBetween,
  msOf,
  plusMs,
} from '../../../domain/promise/instant.ts';
import { at } from '../support/build.ts';

const FIRST = Date.UTC(2001, 0, 1) - (2000 * 365 + 485) * 86_400_000;
const LAST = Date.UTC(10_000, 0, 1) - 1;

describe('an instant', () => {
  it.each([
    [0, '1970-01-01T00:00:00.000Z'],
    [1, '1970-01-01T00:00:00.001Z'],
    [-1, '1969-12-31T23:59:59.999Z'],
    [Date.UTC(2024, 1, 29, 23, 59, 59, 9), '2024-02-29T23:59:59.009Z'],
    [FIRST, '0001-01-01T00:00:00.000Z'],
    [LAST, '9999-12-31T23:59:59.999Z'],
  ])('of %d ms is written %s', (ms, text) => {
    expect(instant(ms)).toBe(text);
    expect(msOf(instant(ms))).toBe(ms);
  });

  it.each([FIRST - 1, LAST + 1, Number.NaN, Infinity, -Infinity, 9e15, -9e15])('does not exist at %d ms', (ms) => {
    expect(() => instant(ms)).toThrow(RangeError);
  });

  it('cannot be moved out of the years 0001 to 9999', () => {
    expect(() => plusMs(instant(LAST), 1)).toThrow('between the years 0001 and 9999');
    expect(() => plusMs(instant(FIRST), -1)).toThrow(RangeError);
  });

  it.each([
    ['12:59:59.001', '13:00:00'],
    ['12:59:58.000', '12:59:58'],
    ['13:00:00.000', '13:00:00'],
    ['13:00:00.001', '13:01:00'],
    ['15:30:59.999', '15:31:00'],
    ['11:00:00.001', '11:00:01'],
  ])('is told at noon of %s as %s: whole minutes an hour ahead, else seconds', (time, told) => {
    expect(inWholes(at(`2026-03-12T${time}Z`), at('2026-03-12T12:00Z'))).toBe(at(`2026-03-12T${told}Z`));
  });

  it('compares as text in the order of time', () => {
    const ordered = [FIRST, -62_000_000_000_000, -1, 0, 1, 999, 1000, Date.UTC(2026, 0, 1), LAST].map(instant);
    expect([...ordered].reverse().sort()).toEqual(ordered);
    for (const one of ordered) expect(one < IDLE).toBe(true);
  });

  it('moves by elapsed time and back', () => {
    const monday = at('2026-03-02T08:00Z');
    expect(plusMs(monday, 90_000)).toBe('2026-03-02T08:01:30.000Z');
    expect(msBetween(monday, plusMs(monday, -5))).toBe(-5);
  });
});

describe('choosing between instants', () => {
  const [a, b] = [at('2026-03-02T08:00Z'), at('2026-03-02T09:00Z')];
  it('takes the earlier or the later, whichever comes first', () => {
    expect([earlier(a, b), earlier(b, a), later(a, b), later(b, a)]).toEqual([a, a, b, b]);
  });

  it('finds the earliest of those that are there', () => {
    expect(earliest([null, b, a, null])).toBe(a);
    expect(earliest([IDLE, b])).toBe(b);
    expect(earliest([null, null])).toBeNull();
    expect(earliest([])).toBeNull();
  });
});
