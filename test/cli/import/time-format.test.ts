import { describe, expect, it } from 'vitest';
import { timeFormat } from '../../../cli/import/time-format.ts';

function read(format: string, text: string): unknown {
  const made = timeFormat(format);
  if ('problem' in made) throw new Error(made.problem);
  const time = made.read(text);
  return 'code' in time ? time.code : new Date(time.wall).toISOString();
}

describe('a format', () => {
  it.each([
    ['dd.MM.yyyy HH:mm', '27.11.2026 15:04', '2026-11-27T15:04:00.000Z'],
    ['d.M.yyyy', '7.1.2026', '2026-01-07T00:00:00.000Z'],
    ['d.M.yyyy', '27.11.2026', '2026-11-27T00:00:00.000Z'],
    ['M/d/yy', '11/13/06', '2006-11-13T00:00:00.000Z'],
    ['d-MMM-yy', '2-Jun-06', '2006-06-02T00:00:00.000Z'],
    ['d MMMM yyyy', '2 SEPTEMBER 2006', '2006-09-02T00:00:00.000Z'],
    ['MMM d, yyyy h:mm a', 'May 4, 2026 12:05 am', '2026-05-04T00:05:00.000Z'],
    ['MMM d, yyyy h:mm a', 'May 4, 2026 12:05 PM', '2026-05-04T12:05:00.000Z'],
    ['MM/dd/yyyy hh:mm:ss a', '05/04/2026 07:08:09 p.m.', '2026-05-04T19:08:09.000Z'],
    ['yyyyMMdd', '20260504', '2026-05-04T00:00:00.000Z'],
    ["yyyy-MM-dd'T'HH:mm:ss.SSS", '2026-05-04T01:02:03.456', '2026-05-04T01:02:03.456Z'],
    ["yyyy-MM-dd' 00:00:00'", '2026-05-04 00:00:00', '2026-05-04T00:00:00.000Z'],
    ['unix', '1777852800', '2026-05-04T00:00:00.000Z'],
    ['unix', '1777852800.25', '2026-05-04T00:00:00.250Z'],
    ['unixms', '1777852800250', '2026-05-04T00:00:00.250Z'],
    ['iso', '2026-05-04 10:00', '2026-05-04T10:00:00.000Z'],
  ])('%s reads %s', (format, text, wall) => {
    expect(read(format, text)).toBe(wall);
  });

  it('takes two digits of a year for 1969 to 2068', () => {
    expect([read('d.M.yy', '1.1.69'), read('d.M.yy', '1.1.68')]).toEqual([
      '1969-01-01T00:00:00.000Z',
      '2068-01-01T00:00:00.000Z',
    ]);
  });

  it.each([
    ['dd.MM.yyyy', '31.04.2026', 'UNREADABLE_TIME'],
    ['dd.MM.yyyy', '29.02.2100', 'UNREADABLE_TIME'],
    ['dd.MM.yyyy', '7.1.2026', 'UNREADABLE_TIME'],
    ['dd.MM.yyyy', '11/27/2026', 'UNREADABLE_TIME'],
    ['dd.MM.yyyy', '27.11.2026 10:00', 'UNREADABLE_TIME'],
    ['d-MMM-yy', '2-Juni-06', 'UNREADABLE_TIME'],
    ['M/d/yyyy h:mm a', '5/4/2026 13:00 pm', 'UNREADABLE_TIME'],
    ['M/d/yyyy h:mm a', '5/4/2026 0:10 am', 'UNREADABLE_TIME'],
    ['dd.MM.yyyy', '01.01.0001', 'TIME_OUT_OF_RANGE'],
    ['unix', '1777852800000', 'TIME_OUT_OF_RANGE'],
    ['unix', 'yesterday', 'UNREADABLE_TIME'],
  ])('%s does not read %s', (format, text, code) => {
    expect(read(format, text)).toBe(code);
  });

  it('tells days from times; in ISO each text shows it by itself', () => {
    const dateOnly = (format: string) => {
      const made = timeFormat(format);
      return 'problem' in made ? made.problem : made.dateOnly;
    };
    expect(['dd.MM.yyyy', "yyyy-MM-dd' 00:00'", 'dd.MM.yyyy HH:mm', 'unix', 'iso'].map(dateOnly)).toEqual([
      true,
      true,
      false,
      false,
      null,
    ]);
  });

  it.each([
    ['DD.MM.YYYY', /DD is not known here; write dd/],
    ['dd.MM.YYYY', /YYYY is not known here; write yyyy/],
    ['dd.MM.yyyy HH:m', /m is not known here; write mm/],
    ['dd.MM.yyyy Q', /Q is not known here. There are yyyy/],
    ['dd.MM', /has a year, a month and a day/],
    ['HH:mm', /has a year, a month and a day/],
    ['dd.MM.yyyy h:mm', /h and a belong together/],
    ['dd.MM.yyyy HH:mm a', /h and a belong together/],
    ['dd.MM.yyyy HH h a', /Either H/],
    ['dd.MM.yyyy d', /d stands twice/],
    ["dd.MM.yyyy'T", /apostrophe stands alone/],
    ['soon', /not known here/],
    ['', /has a year, a month and a day/],
  ])('%j is none, and it is said why', (format, problem) => {
    expect(timeFormat(format)).toMatchObject({ problem: expect.stringMatching(problem) });
  });
});
