import { describe, expect, it } from 'vitest';
import type { Calendar } from '../../../domain/calendar/calendar.ts';
import { addWorking, subtractWorking, workingBetween } from '../../../domain/calendar/working-time.ts';
import { plusMs } from '../../../domain/promise/instant.ts';
import { at } from '../support/build.ts';
import { calendar, daily, OFFICE, roundTheClock } from '../support/calendars.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Tallinn is at +02:00 until 29 March 2026. 24 February is a holiday, 1 January, too; neither is on a week-end. */
describe('working time added to an instant', () => {
  it.each([
    ['ends in the same interval', '2026-02-02T09:15+02:00', 1.5, '2026-02-02T10:45+02:00'],
    ['leaves out lunch', '2026-02-02T12:00+02:00', 1, '2026-02-02T13:30+02:00'],
    ['begins after lunch when asked for at lunch', '2026-02-02T12:45+02:00', 1, '2026-02-02T14:00+02:00'],
    ['ends at the beginning of lunch, not at its end', '2026-02-02T09:00+02:00', 3.5, '2026-02-02T12:30+02:00'],
    ['ends at closing time, not at the next opening', '2026-02-02T15:00+02:00', 2, '2026-02-02T17:00+02:00'],
    ['goes on the next morning', '2026-02-02T16:00+02:00', 2, '2026-02-03T10:00+02:00'],
    ['begins in the morning when asked for at night', '2026-02-02T23:00+02:00', 1, '2026-02-03T10:00+02:00'],
    ['begins at opening time when asked for just then', '2026-02-03T09:00+02:00', 1, '2026-02-03T10:00+02:00'],
    ['leaves out the week-end', '2026-02-06T15:30+02:00', 1, '2026-02-09T09:30+02:00'],
    ['begins on Monday when asked for on Sunday', '2026-02-08T12:00+02:00', 0.5, '2026-02-09T09:30+02:00'],
    ['leaves out a holiday', '2026-02-23T16:00+02:00', 2, '2026-02-25T10:00+02:00'],
    ['begins after a holiday when asked for on it', '2026-02-24T12:00+02:00', 1, '2026-02-25T10:00+02:00'],
    ['crosses the end of the year, a holiday behind it', '2025-12-31T16:00+02:00', 2, '2026-01-02T10:00+02:00'],
    ['crosses a night in which the clock changes', '2026-03-27T15:00+02:00', 4, '2026-03-30T12:00+03:00'],
    ['takes a whole year of holidays into account', '2026-01-01T00:00+02:00', 1_836.5, '2026-12-31T12:00+02:00'],
    [
      'is the instant itself where nothing is added, even on Sunday',
      '2026-02-08T12:00+02:00',
      0,
      '2026-02-08T12:00+02:00',
    ],
    ['goes back where less than nothing is added', '2026-02-03T10:00+02:00', -2, '2026-02-02T16:00+02:00'],
  ])('%s', (_, from, hours, to) => {
    expect(addWorking(at(from), hours * HOUR, OFFICE)).toBe(at(to));
    expect(workingBetween(at(from), at(to), OFFICE)).toBe(hours * HOUR);
    expect(workingBetween(at(to), at(from), OFFICE)).toBe(0 - hours * HOUR);
  });
});

describe('working time taken from an instant', () => {
  it.each([
    ['begins in the same interval', '2026-02-02T10:45+02:00', 1.5, '2026-02-02T09:15+02:00'],
    ['leaves out lunch', '2026-02-02T13:30+02:00', 1, '2026-02-02T12:00+02:00'],
    ['begins at the end of lunch, not at its beginning', '2026-02-02T17:00+02:00', 4, '2026-02-02T13:00+02:00'],
    ['begins at opening time, not at the closing before', '2026-02-03T11:00+02:00', 2, '2026-02-03T09:00+02:00'],
    ['goes on the evening before', '2026-02-03T10:00+02:00', 2, '2026-02-02T16:00+02:00'],
    ['leaves out the week-end', '2026-02-09T09:30+02:00', 1, '2026-02-06T15:30+02:00'],
    ['leaves out a holiday', '2026-02-25T10:00+02:00', 2, '2026-02-23T16:00+02:00'],
    ['crosses the end of the year', '2026-01-02T10:00+02:00', 2, '2025-12-31T16:00+02:00'],
    ['crosses a night in which the clock changes', '2026-03-30T12:00+03:00', 4, '2026-03-27T15:00+02:00'],
    ['is the instant itself where nothing is taken', '2026-02-08T12:00+02:00', 0, '2026-02-08T12:00+02:00'],
    ['goes forward where less than nothing is taken', '2026-02-02T16:00+02:00', -2, '2026-02-03T10:00+02:00'],
  ])('%s', (_, from, hours, to) => {
    expect(subtractWorking(at(from), hours * HOUR, OFFICE)).toBe(at(to));
    expect(workingBetween(at(to), at(from), OFFICE)).toBe(hours * HOUR);
  });
});

describe('working time between two instants', () => {
  it.each([
    ['is none over a week-end', '2026-02-06T16:00+02:00', '2026-02-09T09:00+02:00', 0],
    ['is none over a holiday', '2026-02-24T00:00+02:00', '2026-02-25T00:00+02:00', 0],
    ['is none over lunch', '2026-02-02T12:30+02:00', '2026-02-02T13:00+02:00', 0],
    ['is none between an instant and itself', '2026-02-02T10:00+02:00', '2026-02-02T10:00+02:00', 0],
    [
      'counts each millisecond of an interval once',
      '2026-02-02T12:29:59.999+02:00',
      '2026-02-02T13:00:00.001+02:00',
      2,
    ],
    ['of a week is that of its days', '2026-02-02T00:00+02:00', '2026-02-09T00:00+02:00', 36.5 * HOUR],
    [
      'of a year is that of its days but the holidays',
      '2026-01-01T00:00+02:00',
      '2027-01-01T00:00+02:00',
      1_841 * HOUR,
    ],
  ])('%s', (_, from, to, ms) => {
    expect(workingBetween(at(from), at(to), OFFICE)).toBe(ms);
  });
});

describe('a clock that never stands', () => {
  it.each(['UTC', 'Europe/Tallinn', 'America/New_York', 'Australia/Lord_Howe'])(
    'loses no minute at midnight, nor where the clock changes, in %s',
    (zone) => {
      const always = roundTheClock(zone);
      const [from, to] = [at('2025-11-27T13:14:15.016Z'), at('2027-12-03T01:02:03.004Z')];
      expect(workingBetween(from, to, always)).toBe(Date.parse(to) - Date.parse(from));
      expect(addWorking(from, 365 * DAY, always)).toBe(at('2026-11-27T13:14:15.016Z'));
      expect(subtractWorking(to, 365 * DAY, always)).toBe(at('2026-12-03T01:02:03.004Z'));
    },
  );

  it('goes on past midnight where a night is written as two intervals', () => {
    const nights = calendar({ zone: 'Europe/Tallinn', week: daily('00:00-06:00', '22:00-24:00') });
    expect(addWorking(at('2026-02-02T23:59+02:00'), 2 * 60_000, nights)).toBe(at('2026-02-03T00:01+02:00'));
    expect(addWorking(at('2026-02-02T21:00+02:00'), 8 * HOUR, nights)).toBe(at('2026-02-03T06:00+02:00'));
    expect(workingBetween(at('2026-02-02T12:00+02:00'), at('2026-02-03T12:00+02:00'), nights)).toBe(8 * HOUR);
  });

  it('goes on where one interval ends as the next begins', () => {
    const halves = calendar({ zone: 'UTC', week: daily('09:00-12:00', '12:00-15:00') });
    expect(addWorking(at('2026-02-02T11:00Z'), 2 * HOUR, halves)).toBe(at('2026-02-02T13:00Z'));
    expect(addWorking(at('2026-02-02T11:00Z'), HOUR, halves)).toBe(at('2026-02-02T12:00Z'));
  });
});

describe('a year', () => {
  it.each(['Pacific/Kiritimati', 'Pacific/Honolulu', 'UTC', 'Europe/Tallinn', 'America/St_Johns'])(
    'ends where its last local day ends, in %s',
    (zone) => {
      const mornings = calendar({ zone, week: daily('00:00-06:00') });
      const nights = calendar({ zone, week: daily('18:00-24:00') });
      for (let minute = -26 * 60; minute <= 26 * 60; minute += 15) {
        const from = plusMs(at('2027-01-01T00:00Z'), minute * 60_000);
        expect(workingBetween(from, plusMs(from, DAY), mornings)).toBe(6 * HOUR);
        expect(workingBetween(plusMs(from, -DAY), from, nights)).toBe(6 * HOUR);
        expect(Date.parse(addWorking(from, 6 * HOUR, mornings)) - Date.parse(from)).toBeLessThanOrEqual(DAY);
        expect(Date.parse(from) - Date.parse(subtractWorking(from, 6 * HOUR, nights))).toBeLessThanOrEqual(DAY);
      }
    },
  );

  it('long before 1970 has the same weekdays and hours', () => {
    // 7 November 1913 was a Friday.
    const office = calendar({ zone: 'UTC', week: { fri: ['09:00-17:00'], mon: ['09:00-10:00'] } });
    expect(addWorking(at('1913-11-07T10:00Z'), 7.5 * HOUR, office)).toBe(at('1913-11-10T09:30Z'));
    expect(subtractWorking(at('1913-11-10T09:30Z'), 7.5 * HOUR, office)).toBe(at('1913-11-07T10:00Z'));
    expect(workingBetween(at('1913-01-01T00:00Z'), at('1913-01-03T08:00Z'), office)).toBe(0);
  });
});

/** Spring: the hour (at Lord Howe the half hour) from 02:00 is skipped, in Tallinn that from 03:00; autumn: repeated. In 2010
 * St. John's put its clock back at 00:01, so that a minute after midnight came twice. */
describe('an interval in a night in which the clock changes lasts as long as its bounds are apart', () => {
  it.each([
    ['Europe/Tallinn', '02:00-05:00', '2026-03-28T20:00Z', 2],
    ['Europe/Tallinn', '03:15-03:45', '2026-03-28T20:00Z', 0],
    ['Europe/Tallinn', '03:30-05:00', '2026-03-28T20:00Z', 1],
    ['Europe/Tallinn', '02:00-05:00', '2026-10-24T20:00Z', 4],
    ['Europe/Tallinn', '02:00-03:30', '2026-10-24T20:00Z', 1.5],
    ['Europe/Tallinn', '03:30-05:00', '2026-10-24T20:00Z', 2.5],
    ['Europe/Tallinn', '03:00-04:00', '2026-10-24T20:00Z', 2],
    ['America/New_York', '01:00-04:00', '2026-03-08T04:00Z', 2],
    ['America/New_York', '01:00-04:00', '2026-11-01T03:00Z', 4],
    ['America/New_York', '00:00-01:30', '2026-11-01T03:00Z', 1.5],
    ['America/St_Johns', '01:00-04:00', '2026-03-08T02:30Z', 2],
    ['America/St_Johns', '01:30-04:00', '2026-11-01T01:30Z', 3.5],
    ['America/St_Johns', '00:00-00:30', '2010-11-06T22:00Z', 1.5],
    ['America/St_Johns', '23:30-24:00', '2010-11-06T22:00Z', 0.5],
    ['America/St_Johns', '00:30-06:00', '2010-11-06T22:00Z', 5.5],
    ['Australia/Lord_Howe', '01:00-04:00', '2026-10-03T12:00Z', 2.5],
    ['Australia/Lord_Howe', '01:00-04:00', '2026-04-04T12:00Z', 3.5],
    ['Australia/Lord_Howe', '01:00-01:45', '2026-04-04T12:00Z', 0.75],
  ])('in %s, %s of the night after %s: %d h', (zone, times, evening, hours) => {
    const [from, to] = [at(evening), plusMs(at(evening), 12 * HOUR)];
    expect(workingBetween(from, to, calendar({ zone, week: daily(times) }))).toBe(hours * HOUR);
  });
});

describe('what cannot be', () => {
  const never: Calendar = { ...OFFICE, week: { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] } };
  const from = at('2026-02-02T10:00Z');

  it('is working time of a calendar that has none', () => {
    expect(() => addWorking(from, HOUR, never)).toThrow(
      new RangeError(
        'Calendar office has less than 1 h of working time in the 100 years after 2026-02-02T10:00:00.000Z.',
      ),
    );
    expect(() => subtractWorking(from, HOUR, never)).toThrow(
      new RangeError(
        'Calendar office has less than 1 h of working time in the 100 years before 2026-02-02T10:00:00.000Z.',
      ),
    );
    expect(addWorking(from, 0, never)).toBe(from);
    expect(workingBetween(from, at('2030-02-02T10:00Z'), never)).toBe(0);
  });

  it('is a deadline more than a hundred years away', () => {
    expect(() => addWorking(from, 300_000 * HOUR, OFFICE)).toThrow(RangeError);
    expect(() => subtractWorking(from, 300_000 * HOUR, OFFICE)).toThrow(RangeError);
    expect(() => workingBetween(from, at('2127-02-02T10:00Z'), OFFICE)).toThrow(/more than 100 years apart/);
    expect(addWorking(from, 150_000 * HOUR, OFFICE) > at('2100-01-01T00:00Z')).toBe(true);
  });

  it('reaches over a hundred years, and not into the next', () => {
    const mondays = calendar({ zone: 'UTC', week: { mon: ['00:00-00:01'] } });
    const [begin, end] = [at('2026-01-01T00:00Z'), at('2126-12-31T23:59:59.999Z')];
    // The first Monday is the 5th.
    const weeks = Math.ceil((Date.UTC(2127, 0, 1) - Date.UTC(2026, 0, 5)) / (7 * DAY));
    const ms = weeks * 60_000;
    expect(workingBetween(begin, end, mondays)).toBe(ms);
    expect(addWorking(begin, ms, mondays)).toBe(plusMs(at('2026-01-05T00:01Z'), (weeks - 1) * 7 * DAY));
    expect(subtractWorking(end, ms, mondays)).toBe(at('2026-01-05T00:00Z'));
    expect(() => workingBetween(begin, plusMs(end, 1), mondays)).toThrow(RangeError);
    expect(() => addWorking(begin, ms + 1, mondays)).toThrow(RangeError);
    expect(() => subtractWorking(end, ms + 1, mondays)).toThrow(RangeError);
  });

  it.each([0.5, Number.NaN, Infinity, -Infinity, 2 ** 60])('is working time of %d ms', (ms) => {
    expect(() => addWorking(from, ms, OFFICE)).toThrow(/whole milliseconds/);
    expect(() => subtractWorking(from, ms, OFFICE)).toThrow(/whole milliseconds/);
  });
});

describe('less than no working time', () => {
  const MONDAY_11 = at('2026-02-09T11:00+02:00');

  it('added is taken away: when it is used up at opening time, that is opening time', () => {
    expect(addWorking(MONDAY_11, -2 * HOUR, OFFICE)).toBe(at('2026-02-09T09:00+02:00'));
    expect(addWorking(MONDAY_11, -3 * HOUR, OFFICE)).toBe(at('2026-02-06T15:00+02:00'));
  });

  it('taken away is added: when it is used up at closing time, that is closing time', () => {
    expect(subtractWorking(MONDAY_11, -5.5 * HOUR, OFFICE)).toBe(at('2026-02-09T17:00+02:00'));
    expect(subtractWorking(MONDAY_11, -6.5 * HOUR, OFFICE)).toBe(at('2026-02-10T10:00+02:00'));
  });
});
