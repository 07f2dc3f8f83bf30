import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calendarDocument, parseCalendar, type Calendar } from '../../../domain/calendar/calendar.ts';
import { WEEKDAYS, type Interval, type Week } from '../../../domain/calendar/week.ts';
import { ZONES } from '../support/arbitraries.ts';
import { calendar, OFFICE } from '../support/calendars.ts';

/** Up to four intervals of a day in order, to the minute; some touch, and some end at 24:00. */
const intervals: fc.Arbitrary<readonly Interval[]> = fc
  .uniqueArray(fc.oneof(fc.integer({ min: 0, max: 1_440 }), fc.constantFrom(0, 1_440)), { maxLength: 8 })
  .map((minutes) => {
    const bounds = minutes.toSorted((a, b) => a - b);
    return bounds.slice(1).flatMap((toMinute, index) => {
      const fromMinute = bounds[index];
      return fromMinute === undefined || index % 3 === 2 ? [] : [{ fromMinute, toMinute }];
    });
  });

const weeks: fc.Arbitrary<Week> = fc
  .record({
    mon: intervals,
    tue: intervals,
    wed: intervals,
    thu: intervals,
    fri: intervals,
    sat: intervals,
    sun: intervals,
  })
  .filter((week) => WEEKDAYS.some((day) => week[day].length > 0));

const days = (year: number): fc.Arbitrary<readonly string[]> =>
  fc.uniqueArray(
    fc
      .date({ min: new Date(`${year}-01-01`), max: new Date(`${year}-12-31`), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10)),
    { maxLength: 3 },
  );

/** Days are removed of another year than they are added, since the same day cannot be both. */
const holidays = fc.oneof(
  fc.record({ country: fc.constant(null), region: fc.constant(null), add: days(2026), remove: fc.constant([]) }),
  fc.record({ country: fc.constant('EE'), region: fc.constant(null), add: days(2026), remove: days(2027) }),
  fc.record({
    country: fc.constant('DE'),
    region: fc.constantFrom(null, 'BY', 'BY-A'),
    add: days(2026),
    remove: days(2027),
  }),
);

const calendars: fc.Arbitrary<Calendar> = fc.record({
  id: fc.stringMatching(/^[a-z][a-z0-9-]{0,62}$/),
  zone: fc.constantFrom(...ZONES),
  week: weeks,
  holidays,
});

describe('the document of a calendar', () => {
  it('is read as an equal calendar, also after a way through JSON', () => {
    fc.assert(
      fc.property(calendars, (one) => {
        expect(parseCalendar(calendarDocument(one))).toEqual({ calendar: one });
        expect(parseCalendar(JSON.parse(JSON.stringify(calendarDocument(one))))).toEqual({ calendar: one });
      }),
      { numRuns: 300, seed: 12 },
    );
  });

  it('names every weekday, and of holidays what there is', () => {
    expect(calendarDocument(OFFICE)).toEqual({
      calendar: 'office',
      zone: 'Europe/Tallinn',
      week: {
        mon: ['09:00-12:30', '13:00-17:00'],
        tue: ['09:00-12:30', '13:00-17:00'],
        wed: ['09:00-12:30', '13:00-17:00'],
        thu: ['09:00-12:30', '13:00-17:00'],
        fri: ['09:00-12:30', '13:00-16:00'],
        sat: [],
        sun: [],
      },
      holidays: { country: 'EE' },
    });
  });

  it('says nothing of holidays where there are none', () => {
    const plain = calendar({ zone: 'UTC', week: { sun: ['00:00-24:00'] } });
    expect(calendarDocument(plain)).not.toHaveProperty('holidays');
    expect(calendarDocument(plain)).toMatchObject({ week: { sun: ['00:00-24:00'] } });
  });
});
