import { describe, expect, it } from 'vitest';
import { dayReader, instantReader, readIso } from '../../../cli/import/wall-time.ts';

const happened = instantReader(readIso, 'Europe/Tallinn', 'earlier');
const told = instantReader(readIso, 'Europe/Tallinn', 'later');

describe('a time as ISO 8601', () => {
  it.each([
    ['2026-11-27 15:00', '2026-11-27T13:00:00.000Z'],
    ['2026-11-27T15:00:30', '2026-11-27T13:00:30.000Z'],
    ['2026-11-27 15:00:30.5', '2026-11-27T13:00:30.500Z'],
    ['2026-11-27 15:00:30,123456', '2026-11-27T13:00:30.123Z'],
    ['2026-11-27T15:00:00+05:30', '2026-11-27T09:30:00.000Z'],
    ['2026-11-27 15:00:00-0330', '2026-11-27T18:30:00.000Z'],
    ['2026-11-27 15:00:00 +02', '2026-11-27T13:00:00.000Z'],
    ['2026-11-27t15:00:00z', '2026-11-27T15:00:00.000Z'],
    ['2026-07-01 15:00', '2026-07-01T12:00:00.000Z'],
  ])('is read with or without seconds, fractions and an offset: %s', (text, instant) => {
    expect(happened(text)).toBe(instant);
  });

  it.each([
    ['2026-04-31', 'This day does not exist'],
    ['2100-02-29 10:00', 'This day does not exist'],
    ['2026-00-10', 'This day does not exist'],
    ['2026-11-27 24:00', 'This time of day does not exist'],
    ['2026-11-27 12:60', 'This time of day does not exist'],
    ['2026-11-27 12:00:60', 'This time of day does not exist'],
    ['27.11.2026', 'Not a time as YYYY-MM-DD'],
    ['2026-11-27 3 pm', 'Not a time as YYYY-MM-DD'],
    ['2026-11-27T15:00+99:00', 'Not a time as YYYY-MM-DD'],
    ['soon', 'Not a time as YYYY-MM-DD'],
    ['2026-11-27', 'A day without a time of day'],
  ])('is refused when it is none, with the reason: %s', (text, message) => {
    expect(happened(text)).toMatchObject({ code: 'UNREADABLE_TIME', message: expect.stringContaining(message) });
  });

  it.each(['0001-01-01 00:00', '1899-12-31 23:59', '2201-01-01 00:00', '9999-12-31 00:00'])(
    'is refused outside the years in which times are believed: %s',
    (text) => {
      expect(happened(text)).toMatchObject({
        code: 'TIME_OUT_OF_RANGE',
        message: expect.stringContaining('1900 to 2200'),
      });
    },
  );

  it('knows the leap days', () => {
    expect(happened('2000-02-29 12:00')).toBe('2000-02-29T10:00:00.000Z');
    expect(happened('2024-02-29 12:00')).toBe('2024-02-29T10:00:00.000Z');
    expect(happened('1900-02-29 12:00')).toMatchObject({ code: 'UNREADABLE_TIME' });
  });
});

describe('the nights on which clocks are changed', () => {
  it('a skipped time is the first instant after the gap', () => {
    expect(happened('2026-03-29 02:59:59')).toBe('2026-03-29T00:59:59.000Z');
    expect(happened('2026-03-29 03:30')).toBe('2026-03-29T01:00:00.000Z');
    expect(told('2026-03-29 03:30')).toBe('2026-03-29T01:00:00.000Z');
  });

  it('a repeated time is the earlier one for what happened, the later one for what was promised', () => {
    expect(happened('2026-10-25 03:30')).toBe('2026-10-25T00:30:00.000Z');
    expect(told('2026-10-25 03:30')).toBe('2026-10-25T01:30:00.000Z');
  });

  it('an offset says which one is meant', () => {
    expect(happened('2026-10-25 03:30+02:00')).toBe('2026-10-25T01:30:00.000Z');
    expect(told('2026-10-25 03:30+03:00')).toBe('2026-10-25T00:30:00.000Z');
  });
});

describe('a day', () => {
  const day = dayReader(readIso, 'Europe/Tallinn');

  it('is the day of a time, by the clock of the zone', () => {
    expect(day('2026-11-27')).toBe('2026-11-27');
    expect(day('2026-11-27 23:59:59')).toBe('2026-11-27');
    expect(day('2026-11-27T22:30:00Z')).toBe('2026-11-28');
  });

  it('begins at its first instant where only the beginning is asked', () => {
    const begin = instantReader(readIso, 'Europe/Tallinn', 'earlier', 'begin');
    expect(begin('2026-11-27')).toBe('2026-11-26T22:00:00.000Z');
  });
});
