import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  firstPermitted,
  isQuiet,
  lastPermitted,
  noticeTime,
  type Quiet,
} from '../../../domain/calendar/quiet-hours.ts';
import { IDLE, instant, plusMs, type Instant } from '../../../domain/promise/instant.ts';
import { at } from '../support/build.ts';
import { ZONES } from '../support/arbitraries.ts';
import { changesOf } from '../support/minute-oracle.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const quiet = (from: string, to: string, zone = 'Europe/Tallinn'): Quiet => ({ from, to, zone });
const NIGHT = quiet('21:00', '09:00');
const NOON = quiet('12:00', '14:30');

/** Each instant, whether it is quiet, the first permitted and the last. Tallinn is at +02:00 until 29 March 2026. */
type Row = readonly [
  name: string,
  hours: Quiet,
  asked: string,
  isQuiet: boolean,
  firstPermitted: string,
  lastPermitted: string,
];

const expectRow = (_: string, hours: Quiet, asked: string, expected: boolean, first: string, last: string): void => {
  expect(isQuiet(at(asked), hours)).toBe(expected);
  expect(firstPermitted(at(asked), hours)).toBe(at(first));
  expect(lastPermitted(at(asked), hours)).toBe(at(last));
};

describe('quiet hours', () => {
  it.each<Row>([
    ['are over by day', NIGHT, '2026-03-02T12:00+02:00', false, '2026-03-02T12:00+02:00', '2026-03-02T12:00+02:00'],
    [
      'are not rounded by day, but the last minute is a whole one',
      NIGHT,
      '2026-03-02T12:00:59.999+02:00',
      false,
      '2026-03-02T12:00:59.999+02:00',
      '2026-03-02T12:00+02:00',
    ],
    [
      'have not begun a millisecond before',
      NIGHT,
      '2026-03-02T20:59:59.999+02:00',
      false,
      '2026-03-02T20:59:59.999+02:00',
      '2026-03-02T20:59+02:00',
    ],
    ['begin at once', NIGHT, '2026-03-02T21:00+02:00', true, '2026-03-03T09:00+02:00', '2026-03-02T20:59+02:00'],
    [
      'last into the night',
      NIGHT,
      '2026-03-02T23:59:59.999+02:00',
      true,
      '2026-03-03T09:00+02:00',
      '2026-03-02T20:59+02:00',
    ],
    ['go past midnight', NIGHT, '2026-03-03T00:00+02:00', true, '2026-03-03T09:00+02:00', '2026-03-02T20:59+02:00'],
    [
      'last to the end of their last millisecond',
      NIGHT,
      '2026-03-03T08:59:59.999+02:00',
      true,
      '2026-03-03T09:00+02:00',
      '2026-03-02T20:59+02:00',
    ],
    ['end at once', NIGHT, '2026-03-03T09:00+02:00', false, '2026-03-03T09:00+02:00', '2026-03-03T09:00+02:00'],
    ['may lie within a day', NOON, '2026-03-03T13:00+02:00', true, '2026-03-03T14:30+02:00', '2026-03-03T11:59+02:00'],
    [
      'within a day leave the night alone',
      NOON,
      '2026-03-03T02:00+02:00',
      false,
      '2026-03-03T02:00+02:00',
      '2026-03-03T02:00+02:00',
    ],
    [
      'may leave one minute of the day',
      quiet('09:01', '09:00'),
      '2026-03-03T09:01+02:00',
      true,
      '2026-03-04T09:00+02:00',
      '2026-03-03T09:00+02:00',
    ],
    [
      'may last one minute',
      quiet('23:59', '00:00'),
      '2026-03-03T23:59:30+02:00',
      true,
      '2026-03-04T00:00+02:00',
      '2026-03-03T23:58+02:00',
    ],
    [
      'are those of the customer’s zone',
      quiet('21:00', '09:00', 'America/St_Johns'),
      '2026-01-15T12:00Z',
      true,
      '2026-01-15T12:30Z',
      '2026-01-15T00:29Z',
    ],
    [
      'before 1970 are those of the wall clock, too',
      NIGHT,
      '1960-01-15T05:00Z',
      true,
      '1960-01-15T06:00Z',
      '1960-01-14T17:59Z',
    ],
  ])('%s', expectRow);

  it('are an hour shorter in spring and an hour longer in autumn', () => {
    expectRow('', NIGHT, '2026-03-29T08:00+03:00', true, '2026-03-29T09:00+03:00', '2026-03-28T20:59+02:00');
    expectRow('', NIGHT, '2026-03-28T22:00+02:00', true, '2026-03-29T09:00+03:00', '2026-03-28T20:59+02:00');
    expectRow('', NIGHT, '2026-10-25T08:00+02:00', true, '2026-10-25T09:00+02:00', '2026-10-24T20:59+03:00');
    expectRow('', NIGHT, '2026-10-24T22:00+03:00', true, '2026-10-25T09:00+02:00', '2026-10-24T20:59+03:00');
  });
});

/** On 29 March 2026 Tallinn skips 03:00 to 04:00. */
describe('quiet hours with a bound in the skipped hour', () => {
  it.each<Row>([
    [
      'end where the gap ends, the first time of the clock that is not quiet',
      quiet('21:00', '03:30'),
      '2026-03-29T02:59+02:00',
      true,
      '2026-03-29T04:00+03:00',
      '2026-03-28T20:59+02:00',
    ],
    [
      'have ended at the end of the gap',
      quiet('21:00', '03:30'),
      '2026-03-29T04:00+03:00',
      false,
      '2026-03-29T04:00+03:00',
      '2026-03-29T04:00+03:00',
    ],
    [
      'begin where the gap ends',
      quiet('03:30', '09:00'),
      '2026-03-29T05:00+03:00',
      true,
      '2026-03-29T09:00+03:00',
      '2026-03-29T02:59+02:00',
    ],
    [
      'begin at the gap’s end itself',
      quiet('03:30', '09:00'),
      '2026-03-29T04:00+03:00',
      true,
      '2026-03-29T09:00+03:00',
      '2026-03-29T02:59+02:00',
    ],
    [
      'have not begun before the gap',
      quiet('03:30', '09:00'),
      '2026-03-29T02:59:59.999+02:00',
      false,
      '2026-03-29T02:59:59.999+02:00',
      '2026-03-29T02:59+02:00',
    ],
    [
      'are none that night where both are in it',
      quiet('03:10', '03:50'),
      '2026-03-29T04:00+03:00',
      false,
      '2026-03-29T04:00+03:00',
      '2026-03-29T04:00+03:00',
    ],
    [
      'are all but that hour where the one that is not quiet is skipped',
      quiet('04:00', '03:00'),
      '2026-03-29T02:30+02:00',
      true,
      '2026-03-30T03:00+03:00',
      '2026-03-28T03:59+02:00',
    ],
  ])('%s', expectRow);
});

/** On 25 October 2026 Tallinn repeats 03:00 to 04:00, first at +03:00, then at +02:00. */
describe('quiet hours with a bound in the repeated hour', () => {
  it.each<Row>([
    [
      'end the first time the clock says so',
      quiet('21:00', '03:30'),
      '2026-10-25T03:10+03:00',
      true,
      '2026-10-25T03:30+03:00',
      '2026-10-24T20:59+03:00',
    ],
    [
      'are on again when the clock is put back before their end',
      quiet('21:00', '03:30'),
      '2026-10-25T03:10+02:00',
      true,
      '2026-10-25T03:30+02:00',
      '2026-10-25T03:59+03:00',
    ],
    [
      'are on again at the change itself',
      quiet('21:00', '03:30'),
      '2026-10-25T03:00+02:00',
      true,
      '2026-10-25T03:30+02:00',
      '2026-10-25T03:59+03:00',
    ],
    [
      'begin the first time the clock says so, and end when it is put back before their beginning',
      quiet('03:30', '09:00'),
      '2026-10-25T03:45+03:00',
      true,
      '2026-10-25T03:00+02:00',
      '2026-10-25T03:29+03:00',
    ],
    [
      'begin again after the second',
      quiet('03:30', '09:00'),
      '2026-10-25T03:45+02:00',
      true,
      '2026-10-25T09:00+02:00',
      '2026-10-25T03:29+02:00',
    ],
    [
      'are twice that night where both are in it',
      quiet('03:10', '03:50'),
      '2026-10-25T03:20+02:00',
      true,
      '2026-10-25T03:50+02:00',
      '2026-10-25T03:09+02:00',
    ],
    [
      'go on through the change where they last to it and begin with it',
      quiet('03:00', '04:00'),
      '2026-10-25T03:30+03:00',
      true,
      '2026-10-25T04:00+02:00',
      '2026-10-25T02:59+03:00',
    ],
  ])('%s', expectRow);
});

describe('at no time', () => {
  it('nothing is quiet, and nothing is moved', () => {
    expect(isQuiet(IDLE, NIGHT)).toBe(false);
    expect(firstPermitted(IDLE, NIGHT)).toBe(IDLE);
    expect(lastPermitted(IDLE, NIGHT)).toBe(IDLE);
    expect(noticeTime(IDLE, null, NIGHT)).toBe(IDLE);
  });
});

describe('a notice that is owed now', () => {
  const goes = (now: string, lastCall: string | null): string | null =>
    noticeTime(at(now), lastCall === null ? null : at(lastCall), NIGHT);

  it('goes now by day', () => {
    expect(goes('2026-03-02T12:00:01.234+02:00', '2026-03-02T15:00+02:00')).toBe(at('2026-03-02T12:00:01.234+02:00'));
  });

  it('goes now by day when its last call is over: no channel is quiet', () => {
    expect(goes('2026-03-02T12:00+02:00', '2026-03-02T11:00+02:00')).toBe(at('2026-03-02T12:00+02:00'));
  });

  it('waits for the morning where that is not after the last call', () => {
    expect(goes('2026-03-02T22:00+02:00', '2026-03-03T15:00+02:00')).toBe(at('2026-03-03T09:00+02:00'));
    expect(goes('2026-03-02T22:00+02:00', '2026-03-03T09:00+02:00')).toBe(at('2026-03-03T09:00+02:00'));
  });

  it('does not wait where the last call comes first', () => {
    expect(goes('2026-03-02T22:00+02:00', '2026-03-03T08:59:59.999+02:00')).toBeNull();
    expect(goes('2026-03-02T22:00+02:00', '2026-03-02T22:00+02:00')).toBeNull();
    expect(goes('2026-03-02T22:00+02:00', '2026-03-02T20:00+02:00')).toBeNull();
  });

  it('waits for the morning where there is no last call', () => {
    expect(goes('2026-03-02T22:00+02:00', null)).toBe(at('2026-03-03T09:00+02:00'));
    expect(noticeTime(at('2026-03-02T22:00+02:00'), IDLE, NIGHT)).toBe(at('2026-03-03T09:00+02:00'));
  });
});

/** What the clock on the wall shows in each minute. */
const walk = (zone: string, first: number, minutes: number): readonly string[] =>
  Array.from({ length: minutes }, (_, minute) => {
    const ms = first + minute * MINUTE;
    const { offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
    return new Date(ms + offsetNanoseconds / 1e6).toISOString().slice(11, 16);
  });

/** Both ways, by an hour and by half of one, at night, at midnight and for a month; and the day that was skipped. */
const CHANGES = [
  ['Europe/Tallinn', '2026-03-29T01:00Z'],
  ['Europe/Tallinn', '2026-10-25T01:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ['America/St_Johns', '2010-11-07T02:31Z'],
  ['America/Havana', '2026-03-08T05:00Z'],
  ['Africa/Casablanca', '2026-02-15T02:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00Z'],
] as const;

const times = fc
  .tuple(fc.nat(95), fc.constantFrom(0, 1, 14))
  .map(([quarter, more]) => new Date(quarter * 15 * MINUTE + more * MINUTE).toISOString().slice(11, 16));
/** Often with a bound in the hours at which clocks change. */
const nightTimes = fc.oneof(times, fc.constantFrom('00:00', '00:30', '01:30', '01:45', '02:00', '02:30', '03:00'));

const hours = fc.tuple(nightTimes, nightTimes).filter(([from, to]) => from !== to);

describe('quiet hours equal a walk over every minute', () => {
  it.each(CHANGES)('in %s around %s', (zone, change) => {
    // Six hours around the change are asked about, and more is walked over than quiet hours may last.
    const [first, minutes] = [Date.parse(change) - 32 * HOUR, 64 * 60];
    const asked = Array.from({ length: 12 * 60 }, (_, index) => 26 * 60 + index);
    const minute = (index: number): Instant => instant(first + index * MINUTE);
    const year = Number(change.slice(0, 4));
    expect(changesOf(zone, year, year + 1)).toContain(Date.parse(change));
    const shown = walk(zone, first, minutes);
    for (const [from, to] of fc.sample(hours, { numRuns: 12, seed: 16 })) {
      const one = quiet(from, to, zone);
      const walked = shown.map((time) => (from < to ? from <= time && time < to : from <= time || time < to));
      expect({
        one,
        quiet: asked.map((index) => isQuiet(minute(index), one)),
        first: asked.map((index) => firstPermitted(minute(index), one)),
        last: asked.map((index) => lastPermitted(minute(index), one)),
      }).toEqual({
        one,
        quiet: asked.map((index) => walked[index]),
        first: asked.map((index) => minute(walked.indexOf(false, index))),
        last: asked.map((index) => minute(walked.lastIndexOf(false, index))),
      });
    }
  });

  it('and between two minutes are as in the one before', () => {
    const moments = fc.integer({ min: Date.UTC(2010, 0, 1), max: Date.UTC(2040, 0, 1) });
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), hours, moments, (zone, bounds, ms) => {
        const one = quiet(...bounds, zone);
        const [whole, between] = [instant(Math.floor(ms / MINUTE) * MINUTE), instant(ms)];
        expect(isQuiet(between, one)).toBe(isQuiet(whole, one));
        expect(firstPermitted(between, one)).toBe(isQuiet(whole, one) ? firstPermitted(whole, one) : between);
        expect(lastPermitted(between, one)).toBe(lastPermitted(whole, one));
      }),
      { numRuns: 300, seed: 17 },
    );
  });

  it('and a notice never goes in them, nor after its last call but at once', () => {
    const near = fc.integer({ min: Date.UTC(2026, 9, 23), max: Date.UTC(2026, 9, 27) }).map((ms) => instant(ms));
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        hours,
        near,
        fc.integer({ min: -9, max: 40 }),
        (zone, bounds, now, ahead) => {
          const one = quiet(...bounds, zone);
          const lastCall = plusMs(now, ahead * HOUR);
          const goes = noticeTime(now, lastCall, one);
          if (goes === null) {
            expect(isQuiet(now, one)).toBe(true);
            // All is quiet up to the last call.
            expect(lastCall < now || lastPermitted(lastCall, one) < now).toBe(true);
            return;
          }
          expect(isQuiet(goes, one)).toBe(false);
          expect(goes === now || goes <= lastCall).toBe(true);
        },
      ),
      { numRuns: 300, seed: 18 },
    );
  });
});
