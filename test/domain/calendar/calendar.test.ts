import { describe, expect, it } from 'vitest';
import { calendarDocument, parseCalendar } from '../../../domain/calendar/calendar.ts';
import { faultsOf } from '../support/calendars.ts';

const OFFICE = {
  calendar: 'office',
  zone: 'Europe/Tallinn',
  week: {
    mon: ['09:00-12:30', '13:00-17:00'],
    tue: ['09:00-17:00'],
    wed: ['09:00-17:00'],
    thu: ['09:00-17:00'],
    fri: ['09:00-16:00'],
    sat: [],
    sun: ['00:00-24:00'],
  },
  holidays: { country: 'EE', add: ['2026-05-02'], remove: ['2026-12-26'] },
};
const DAY = [{ fromMinute: 540, toMinute: 1_020 }];

const changed = (change: Record<string, unknown>): unknown => ({ ...OFFICE, ...change });
const monday = (...times: unknown[]): unknown => changed({ week: { mon: times } });

describe('a calendar document', () => {
  it('is read with everything in it', () => {
    expect(parseCalendar(OFFICE)).toEqual({
      calendar: {
        id: 'office',
        zone: 'Europe/Tallinn',
        week: {
          mon: [
            { fromMinute: 540, toMinute: 750 },
            { fromMinute: 780, toMinute: 1_020 },
          ],
          tue: DAY,
          wed: DAY,
          thu: DAY,
          fri: [{ fromMinute: 540, toMinute: 960 }],
          sat: [],
          sun: [{ fromMinute: 0, toMinute: 1_440 }],
        },
        holidays: { country: 'EE', region: null, add: ['2026-05-02'], remove: ['2026-12-26'] },
      },
    });
  });

  it.each<readonly [name: string, change: Record<string, unknown>]>([
    ['with everything in it', {}],
    ['without holidays', { holidays: undefined }],
    ['with holidays of a country alone', { holidays: { country: 'EE' } }],
    ['with those of a region', { holidays: { country: 'DE', region: 'BY', remove: ['2026-12-26'] } }],
    ['with added ones alone', { holidays: { add: ['2026-05-02'] } }],
  ])('%s is written as it is read', (_, change) => {
    const document = JSON.parse(JSON.stringify(changed(change))) as unknown;
    const read = parseCalendar(document);
    expect('calendar' in read && calendarDocument(read.calendar)).toEqual(document);
    expect('calendar' in read && Object.keys(calendarDocument(read.calendar))).toEqual(Object.keys(document as object));
  });

  it('needs no holidays, and takes a weekday that is left out for closed', () => {
    expect(parseCalendar({ calendar: 'a', zone: 'UTC', week: { wed: ['09:00-17:00'] } })).toEqual({
      calendar: {
        id: 'a',
        zone: 'UTC',
        week: { mon: [], tue: [], wed: DAY, thu: [], fri: [], sat: [], sun: [] },
        holidays: { country: null, region: null, add: [], remove: [] },
      },
    });
  });

  it('may name its times in any order, and let one begin as another ends', () => {
    const read = parseCalendar(monday('13:00-24:00', '00:00-09:00', '09:00-13:00'));
    expect('calendar' in read && read.calendar.week.mon.map(({ fromMinute }) => fromMinute)).toEqual([0, 540, 780]);
  });
});

describe('a calendar document as long as can be', () => {
  it('has 48 times a day and 1,000 further holidays', () => {
    const halves = Array.from({ length: 48 }, (_, half) => {
      const time = (minute: number): string => new Date(minute * 60_000).toISOString().slice(11, 16);
      return `${time(half * 30)}-${half === 47 ? '24:00' : time(half * 30 + 30)}`;
    });
    const add = Array.from({ length: 1_000 }, () => '2026-05-02');
    expect(faultsOf(changed({ week: { mon: halves }, holidays: { add } }))).toEqual([]);
  });

  it('has a name of 63 letters, figures and hyphens, or of one', () => {
    for (const id of [`b-2${'o'.repeat(60)}`, 'o']) expect(faultsOf(changed({ calendar: id }))).toEqual([]);
  });
});

describe('a faulty calendar document', () => {
  it.each([
    ['is no mapping', ['office'], '', 'A calendar is a mapping with calendar, zone and week.'],
    ['is nothing', null, '', 'A calendar is a mapping with calendar, zone and week.'],
    [
      'has no name',
      changed({ calendar: undefined }),
      '/calendar',
      'calendar is a short lower-case name such as office, not nothing.',
    ],
    ...[
      ['has a name with other signs', 'Office 1'],
      ['has a name that does not begin with a letter', '1office'],
      ['has a name that ends with another sign', 'office.'],
      ['has a name of 64 letters', 'o'.repeat(64)],
      ['has a list for a name', ['office']],
    ].map(([name, id]) => [
      name,
      changed({ calendar: id }),
      '/calendar',
      `calendar is a short lower-case name such as office, not ${JSON.stringify(id)}.`,
    ]),
    [
      'has no zone',
      changed({ zone: undefined }),
      '/zone',
      'zone is an IANA time zone such as Europe/Tallinn, not nothing.',
    ],
    [
      'has an offset for a zone',
      changed({ zone: '+02:00' }),
      '/zone',
      'zone is an IANA time zone such as Europe/Tallinn, not "+02:00".',
    ],
    [
      'has a list for a zone',
      changed({ zone: ['UTC'] }),
      '/zone',
      'zone is an IANA time zone such as Europe/Tallinn, not ["UTC"].',
    ],
    [
      'misspells its zone',
      changed({ zone: 'Europe/Talinn' }),
      '/zone',
      'zone is an IANA time zone such as Europe/Tallinn, not "Europe/Talinn". Did you mean Europe/Tallinn?',
    ],
    ['has an unknown key', changed({ hollidays: {} }), '/hollidays', 'Unknown: hollidays. Did you mean holidays?'],
    [
      'has a key near to none',
      changed({ 'a/b~c': 1 }),
      '/a~1b~0c',
      'Unknown: a/b~c. Known: calendar, zone, week, holidays.',
    ],
    [
      'has no week',
      changed({ week: undefined }),
      '/week',
      'week has no working time. Write e.g. { mon: ["09:00-12:30", "13:00-17:00"], tue: ["09:00-17:00"] }.',
    ],
    [
      'has a week without working time',
      changed({ week: { mon: [], sun: [] } }),
      '/week',
      'week has no working time. Write e.g. { mon: ["09:00-12:30", "13:00-17:00"], tue: ["09:00-17:00"] }.',
    ],
    [
      'misspells a weekday',
      changed({ week: { mon: ['09:00-17:00'], tues: [] } }),
      '/week/tues',
      'Unknown: tues. Did you mean tue?',
    ],
    [
      'writes a weekday out',
      changed({ week: { monday: ['09:00-17:00'] } }),
      '/week/monday',
      'Unknown: monday. Known: mon, tue, wed, thu, fri, sat, sun.',
    ],
    [
      'has no list of times',
      changed({ week: { mon: '09:00-17:00' } }),
      '/week/mon',
      'A day is a list of up to 48 times such as ["09:00-12:30", "13:00-17:00"]; [] is closed.',
    ],
    [
      'has an empty weekday',
      changed({ week: { mon: ['09:00-17:00'], sun: null } }),
      '/week/sun',
      'A day is a list of up to 48 times such as ["09:00-12:30", "13:00-17:00"]; [] is closed.',
    ],
    [
      'has more times a day than can be',
      monday(...Array.from({ length: 49 }, () => '09:00-17:00')),
      '/week/mon',
      'A day is a list of up to 48 times such as ["09:00-12:30", "13:00-17:00"]; [] is closed.',
    ],
    [
      'has a time of another form',
      monday('9:00-17:00'),
      '/week/mon/0',
      'Not a time from 00:00 to 24:00 such as "09:00-17:00": "9:00-17:00".',
    ],
    [
      'has a sign before a time',
      monday('~09:00-17:00'),
      '/week/mon/0',
      'Not a time from 00:00 to 24:00 such as "09:00-17:00": "~09:00-17:00".',
    ],
    [
      'has a sign behind a time',
      monday('09:00-17:00h'),
      '/week/mon/0',
      'Not a time from 00:00 to 24:00 such as "09:00-17:00": "09:00-17:00h".',
    ],
    [
      'has a list for a time',
      monday(['09:00-17:00']),
      '/week/mon/0',
      'Not a time from 00:00 to 24:00 such as "09:00-17:00": ["09:00-17:00"].',
    ],
    ['has a number for a time', monday(9), '/week/mon/0', 'Not a time from 00:00 to 24:00 such as "09:00-17:00": 9.'],
    [
      'has a time past 24:00',
      monday('09:00-24:01'),
      '/week/mon/0',
      'Not a time from 00:00 to 24:00 such as "09:00-17:00": "09:00-24:01".',
    ],
    [
      'has an hour of 75 minutes',
      monday('09:75-17:00'),
      '/week/mon/0',
      'Not a time from 00:00 to 24:00 such as "09:00-17:00": "09:75-17:00".',
    ],
    [
      'begins past 24:00',
      monday('24:30-24:00'),
      '/week/mon/0',
      'Not a time from 00:00 to 24:00 such as "09:00-17:00": "24:30-24:00".',
    ],
    [
      'has a 25th hour',
      monday('25:00-17:00'),
      '/week/mon/0',
      'Not a time from 00:00 to 24:00 such as "09:00-17:00": "25:00-17:00".',
    ],
    [
      'begins as the day ends',
      monday('24:00-24:00'),
      '/week/mon/0',
      '"24:00-24:00" does not end after it begins. The whole day is "00:00-24:00".',
    ],
    [
      'has a time past midnight',
      monday('22:00-06:00'),
      '/week/mon/0',
      '"22:00-06:00" does not end after it begins. Past midnight it is "22:00-24:00", and on the next day "00:00-06:00".',
    ],
    [
      'has a time until 00:00',
      monday('22:00-00:00'),
      '/week/mon/0',
      '"22:00-00:00" does not end after it begins. Past midnight it is "22:00-24:00".',
    ],
    [
      'has a time of no length',
      monday('09:00-09:00'),
      '/week/mon/0',
      '"09:00-09:00" does not end after it begins. The whole day is "00:00-24:00".',
    ],
    [
      'has times that overlap',
      monday('09:00-12:30', '12:29-17:00'),
      '/week/mon/1',
      '"12:29-17:00" overlaps "09:00-12:30".',
    ],
    ['has a time twice', monday('09:00-12:30', '09:00-12:30'), '/week/mon/1', '"09:00-12:30" overlaps "09:00-12:30".'],
  ])('that %s is told so, at its place', (_, document, pointer, message) => {
    expect(faultsOf(document)).toEqual([[pointer, message]]);
  });

  it('is told everything that is wrong at once', () => {
    const document = {
      zone: 'Mars',
      week: { mon: ['9-17', '10:00-09:00'], monday: [] },
      holidays: { country: 'XX', region: 'Y', add: [1] },
    };
    expect(faultsOf(document).map(([pointer]) => pointer)).toEqual([
      '/calendar',
      '/zone',
      '/week/monday',
      '/week/mon/0',
      '/week/mon/1',
      '/holidays/country',
      '/holidays/add/0',
    ]);
  });

  it('is told each overlap, also of one long time with several short ones', () => {
    const document = monday('09:00-17:00', '10:00-11:00', '12:00-13:00');
    expect(faultsOf(document).map(([pointer]) => pointer)).toEqual(['/week/mon/1', '/week/mon/2']);
  });
});
