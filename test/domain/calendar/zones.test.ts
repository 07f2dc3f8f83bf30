import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { atWall, dayOf, isDay, isZone, plusDays, startOfDay, wallOf } from '../../../domain/calendar/zones.ts';
import { instant, msOf, type Instant } from '../../../domain/promise/instant.ts';
import { at } from '../support/build.ts';
import { ZONES } from '../support/arbitraries.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const wall = (text: string): number => Date.parse(`${text}Z`);

const oracle = {
  zoned: (ms: number, zone: string) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone),
  wallOf: (ms: number, zone: string) =>
    wall(oracle.zoned(ms, zone).toPlainDateTime().toString({ smallestUnit: 'millisecond' })),
  /** In a gap Temporal moves by the gap's length; we take its end. */
  atWall(ms: number, zone: string, repeated: 'earlier' | 'later'): Instant {
    const plain = Temporal.PlainDateTime.from(new Date(ms).toISOString().slice(0, -1));
    const read = plain.toZonedDateTime(zone, { disambiguation: repeated });
    const isSkipped = !read.toPlainDateTime().equals(plain);
    const before = plain.toZonedDateTime(zone, { disambiguation: 'earlier' });
    const end = isSkipped ? before.getTimeZoneTransition('next') : read;
    return instant(Number((end ?? read).epochMilliseconds));
  },
};

describe('a wall time', () => {
  it.each([
    [
      'is read by the offset of its day',
      '2026-01-15T10:00',
      'Europe/Tallinn',
      '2026-01-15T08:00Z',
      '2026-01-15T08:00Z',
    ],
    [
      'in the skipped hour is the first instant after it',
      '2026-03-29T03:30',
      'Europe/Tallinn',
      '2026-03-29T01:00Z',
      '2026-03-29T01:00Z',
    ],
    [
      'in the repeated hour is read as asked',
      '2026-10-25T03:30',
      'Europe/Tallinn',
      '2026-10-25T00:30Z',
      '2026-10-25T01:30Z',
    ],
    ['in New York’s skipped hour', '2026-03-08T02:00', 'America/New_York', '2026-03-08T07:00Z', '2026-03-08T07:00Z'],
    [
      'in New York’s repeated hour',
      '2026-11-01T01:59:59.999',
      'America/New_York',
      '2026-11-01T05:59:59.999Z',
      '2026-11-01T06:59:59.999Z',
    ],
    [
      'at Lord Howe skips half an hour',
      '2026-10-04T02:10',
      'Australia/Lord_Howe',
      '2026-10-03T15:30Z',
      '2026-10-03T15:30Z',
    ],
    [
      'at Lord Howe repeats half an hour',
      '2026-04-05T01:45',
      'Australia/Lord_Howe',
      '2026-04-04T14:45Z',
      '2026-04-04T15:15Z',
    ],
    [
      'on a day that Apia skipped is the first instant after it',
      '2011-12-30T18:00',
      'Pacific/Apia',
      '2011-12-30T10:00Z',
      '2011-12-30T10:00Z',
    ],
  ])('%s', (_, text, zone, earlier, later) => {
    expect(atWall(wall(text), zone, 'earlier')).toBe(at(earlier));
    expect(atWall(wall(text), zone, 'later')).toBe(at(later));
  });

  it('equals the oracle around every change of the clock', () => {
    for (const zone of [
      ...ZONES,
      'Asia/Tehran',
      'America/Havana',
      'Asia/Beirut',
      'Africa/Casablanca',
      'Asia/Gaza',
      'Europe/Dublin',
    ]) {
      let change = oracle.zoned(Date.UTC(2010, 0, 1), zone).getTimeZoneTransition('next');
      for (let count = 0; change && count < 44 && change.year < 2030; count += 1) {
        const ms = Number(change.epochMilliseconds);
        for (const offset of [-90, -60, -30, -15, 0, 15, 30, 60, 90]) {
          const local = oracle.wallOf(ms, zone) + offset * MINUTE;
          for (const repeated of ['earlier', 'later'] as const)
            expect([zone, local, atWall(local, zone, repeated)]).toEqual([
              zone,
              local,
              oracle.atWall(local, zone, repeated),
            ]);
        }
        for (const one of [ms - 1, ms, ms + 1]) expect(wallOf(instant(one), zone)).toBe(oracle.wallOf(one, zone));
        change = change.getTimeZoneTransition('next');
      }
    }
  });

  it('equals the oracle in a sample of all zones', () => {
    const sample = fc.record({
      zone: fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
      ms: fc.integer({ min: Date.UTC(1975, 0, 1), max: Date.UTC(2090, 0, 1) }),
      repeated: fc.constantFrom('earlier' as const, 'later' as const),
    });
    fc.assert(
      fc.property(sample, ({ zone, ms, repeated }) => {
        expect(wallOf(instant(ms), zone)).toBe(oracle.wallOf(ms, zone));
        expect(atWall(ms, zone, repeated)).toBe(oracle.atWall(ms, zone, repeated));
      }),
      { numRuns: 500, seed: 5 },
    );
  });

  it('is what the clock shows at the instant it means, but in a gap', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: Date.UTC(2012, 0, 1), max: Date.UTC(2040, 0, 1) }),
        (zone, ms) => {
          const shown = wallOf(instant(ms), zone);
          const meant = [atWall(shown, zone, 'earlier'), atWall(shown, zone, 'later')];
          expect(meant).toContain(instant(ms));
          for (const one of meant) expect(wallOf(one, zone)).toBe(shown);
        },
      ),
      { numRuns: 300, seed: 6 },
    );
  });
});

describe('a local day', () => {
  it.each([
    ['in Tallinn', '2026-03-29', 'Europe/Tallinn', '2026-03-28T22:00Z', 23],
    ['of the autumn change', '2026-10-25', 'Europe/Tallinn', '2026-10-24T21:00Z', 25],
    ['whose midnight is skipped begins at 01:00', '2017-10-15', 'America/Sao_Paulo', '2017-10-15T03:00Z', 23],
    ['before a skipped midnight ends where that is', '2017-10-14', 'America/Sao_Paulo', '2017-10-14T03:00Z', 24],
    ['whose last hour is repeated is longer', '2018-02-17', 'America/Sao_Paulo', '2018-02-17T02:00Z', 25],
    ['whose midnight is repeated begins at the first', '2026-11-01', 'America/Havana', '2026-11-01T04:00Z', 25],
    ['in Cairo, where midnight is skipped', '2026-04-24', 'Africa/Cairo', '2026-04-23T22:00Z', 23],
    ['at Lord Howe', '2026-10-04', 'Australia/Lord_Howe', '2026-10-03T13:30Z', 23.5],
    ['that Apia skipped has no length', '2011-12-30', 'Pacific/Apia', '2011-12-30T10:00Z', 0],
    ['before the one that Apia skipped', '2011-12-29', 'Pacific/Apia', '2011-12-29T10:00Z', 24],
  ])('%s', (_, day, zone, begins, hours) => {
    const start = startOfDay(day, zone);
    expect(start).toBe(at(begins));
    expect((msOf(startOfDay(plusDays(day, 1), zone)) - msOf(start)) / 3_600_000).toBe(hours);
  });

  it('begins where the oracle says, holds its instants, and ends where the next begins', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: Date.UTC(2008, 0, 1), max: Date.UTC(2038, 0, 1) }),
        (zone, ms) => {
          const day = dayOf(instant(ms), zone);
          expect(day).toBe(oracle.zoned(ms, zone).toPlainDate().toString());
          expect(msOf(startOfDay(day, zone))).toBe(Number(oracle.zoned(ms, zone).startOfDay().epochMilliseconds));
          expect(startOfDay(day, zone) <= instant(ms)).toBe(true);
          expect(startOfDay(plusDays(day, 1), zone) > instant(ms)).toBe(true);
        },
      ),
      { numRuns: 400, seed: 8 },
    );
  });

  it.each([
    ['2026-02-28', 1, '2026-03-01'],
    ['2024-02-28', 1, '2024-02-29'],
    ['2026-01-01', -1, '2025-12-31'],
    ['2026-03-29', 0, '2026-03-29'],
    ['2026-12-31', 366, '2028-01-01'],
  ])('%s plus %d is %s', (day, days, sum) => {
    expect(plusDays(day, days)).toBe(sum);
  });

  it('is none where the text is none', () => {
    for (const day of ['', 'tomorrow', '2026-13-01', '9999-12-32'])
      expect(() => startOfDay(day, 'UTC')).toThrow(RangeError);
    expect(() => startOfDay(plusDays('9999-12-31', 1), 'UTC')).toThrow(RangeError);
    expect(DAY).toBe(msOf(startOfDay('2026-03-02', 'UTC')) - msOf(startOfDay('2026-03-01', 'UTC')));
  });
});

describe('a day as text', () => {
  it.each(['0001-01-01', '1970-01-01', '2024-02-29', '2026-12-31', '9999-12-31'])('is %s', (text) => {
    expect(isDay(text)).toBe(true);
  });

  it.each([
    '',
    '0000-12-31',
    '2026-02-29',
    '2026-13-01',
    '2026-00-01',
    '2026-1-01',
    '2026-01-1',
    '+2026-01-01',
    '12026-01-01',
    '2026-01-011',
    '2026-01-01T00:00',
    '2026/01/01',
    'tomorrow',
  ])('is not %j', (text) => {
    expect(isDay(text)).toBe(false);
  });
});

describe('a zone', () => {
  it.each(['UTC', 'Europe/Tallinn', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5', 'Asia/Kolkata'])(
    '%s is known',
    (name) => {
      expect(isZone(name)).toBe(true);
    },
  );

  it.each([
    '',
    ' ',
    'Mars/Olympus',
    '+02:00',
    '-05',
    'x+05:00',
    'Foo/Bar-03',
    'constructor',
    'toString',
    '__proto__',
    'Europe/Tallinn ',
    'GMT+2',
  ])('%j is not', (name) => {
    expect(isZone(name)).toBe(false);
  });
});
