import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { durationMs, minusDuration, plusDuration } from '../../../domain/calendar/durations.ts';
import { instant, msOf, type Instant } from '../../../domain/promise/instant.ts';
import { at } from '../support/build.ts';
import { ZONES } from '../support/arbitraries.ts';

const HOUR = 3_600_000;
const TALLINN = 'Europe/Tallinn';

describe('moving an instant by a duration', () => {
  it.each([
    ['a day over the spring night keeps the wall time', '2026-03-28T10:00Z', 'P1D', '2026-03-29T09:00Z'],
    ['24 hours over it do not', '2026-03-28T10:00Z', 'PT24H', '2026-03-29T10:00Z'],
    ['a day over the autumn night has 25 hours', '2026-10-24T09:00Z', 'P1D', '2026-10-25T10:00Z'],
    ['a day into the skipped hour ends after it', '2026-03-28T01:30Z', 'P1D', '2026-03-29T01:00Z'],
    ['a day into the repeated hour ends in its first', '2026-10-24T00:30Z', 'P1D', '2026-10-25T00:30Z'],
    ['a week', '2026-03-25T10:00Z', 'P1W', '2026-04-01T09:00Z'],
    ['seven weeks', '2026-01-01T10:00Z', 'P7W', '2026-02-19T10:00Z'],
    ['a month from the 31st ends with the month', '2026-01-31T10:00Z', 'P1M', '2026-02-28T10:00Z'],
    ['a year from a leap day', '2024-02-29T10:00Z', 'P1Y', '2025-02-28T10:00Z'],
    ['days first, then hours', '2026-03-28T10:00Z', 'P1DT2H', '2026-03-29T11:00Z'],
    ['fractions of a second', '2026-03-28T10:00Z', 'PT0.167S', '2026-03-28T10:00:00.167Z'],
    ['nothing', '2026-10-25T01:30Z', 'P0D', '2026-10-25T01:30Z'],
  ])('%s', (_, from, duration, to) => {
    expect(plusDuration(at(from), duration, TALLINN)).toBe(at(to));
  });

  it.each([
    ['a day before the spring change', '2026-03-29T09:00Z', 'P1D', '2026-03-28T10:00Z'],
    ['a day before, out of the skipped hour', '2026-03-30T00:30Z', 'P1D', '2026-03-29T01:00Z'],
    ['a month before the 31st', '2026-03-31T09:00Z', 'P1M', '2026-02-28T10:00Z'],
    ['days first, then hours', '2026-03-29T11:00Z', 'P1DT2H', '2026-03-28T10:00Z'],
  ])('back by %s', (_, from, duration, to) => {
    expect(minusDuration(at(from), duration, TALLINN)).toBe(at(to));
  });

  it('reads a repeated hour as asked', () => {
    expect(plusDuration(at('2026-10-24T00:30Z'), 'P1D', TALLINN, 'later')).toBe(at('2026-10-25T01:30Z'));
    expect(minusDuration(at('2026-10-26T01:30Z'), 'P1D', TALLINN, 'later')).toBe(at('2026-10-25T01:30Z'));
    expect(minusDuration(at('2026-10-26T01:30Z'), 'P1D', TALLINN)).toBe(at('2026-10-25T00:30Z'));
  });

  it('says how long a day is where it begins', () => {
    expect(durationMs('P1D', at('2026-03-28T10:00Z'), TALLINN)).toBe(23 * HOUR);
    expect(durationMs('P1D', at('2026-10-24T10:00Z'), TALLINN)).toBe(25 * HOUR);
    expect(durationMs('P1D', at('2026-10-03T00:00Z'), 'Australia/Lord_Howe')).toBe(23.5 * HOUR);
    expect(durationMs('PT36H', at('2026-03-28T10:00Z'), TALLINN)).toBe(36 * HOUR);
  });

  it('equals the oracle', () => {
    const parts = fc.record({
      months: fc.nat(14),
      weeks: fc.nat(2),
      days: fc.nat(40),
      hours: fc.nat(50),
      minutes: fc.nat(90),
    });
    const sample = fc.tuple(
      fc.constantFrom(...ZONES),
      fc.integer({ min: Date.UTC(2009, 0, 1), max: Date.UTC(2036, 0, 1) }),
      parts,
    );
    fc.assert(
      fc.property(sample, ([zone, ms, { months, weeks, days, hours, minutes }]) => {
        const text = `P${months}M${weeks}W${days}DT${hours}H${minutes}M`;
        expect(plusDuration(instant(ms), text, zone)).toBe(
          oracle(ms, zone, 1, { months, weeks, days }, { hours, minutes }),
        );
        expect(minusDuration(instant(ms), text, zone)).toBe(
          oracle(ms, zone, -1, { months, weeks, days }, { hours, minutes }),
        );
      }),
      { numRuns: 500, seed: 9 },
    );
  });

  it('fails outside the calendar instead of answering nonsense', () => {
    expect(() => plusDuration(at('9999-12-31T00:00Z'), 'P1D', 'UTC')).toThrow(RangeError);
    expect(() => minusDuration(at('0001-01-01T00:00Z'), 'PT1S', 'UTC')).toThrow(RangeError);
    expect(() => plusDuration(at('2026-01-01T00:00Z'), 'P99999999Y', 'UTC')).toThrow(RangeError);
  });
});

/** Calendar part on the wall clock, a gap read as its end, then the rest as elapsed time. */
function oracle(
  ms: number,
  zone: string,
  sign: 1 | -1,
  calendar: { months: number; weeks: number; days: number },
  clock: { hours: number; minutes: number },
): Instant {
  const plain = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDateTime();
  const moved = sign === 1 ? plain.add(calendar) : plain.subtract(calendar);
  const read = moved.toZonedDateTime(zone, { disambiguation: 'earlier' });
  const isSkipped = !read.toPlainDateTime().equals(moved);
  const stands = calendar.months + calendar.weeks + calendar.days === 0;
  const day = isSkipped ? (read.getTimeZoneTransition('next') ?? read) : read;
  const from = stands ? ms : Number(day.epochMilliseconds);
  return instant(msOf(instant(from)) + sign * (clock.hours * HOUR + clock.minutes * 60_000));
}
