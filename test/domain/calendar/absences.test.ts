import { describe, expect, it } from 'vitest';
import { ABSENCE, absencesWithin, absentAround, type Absence } from '../../../domain/calendar/absences.ts';
import type { Instant } from '../../../domain/promise/instant.ts';

const TALLINN = 'Europe/Tallinn';
const at = (text: string): Instant => new Date(text).toISOString() as Instant;
const span = (absence: Absence, moment: string, zone = TALLINN) => absentAround(absence, at(moment), zone);

describe('an absence', () => {
  const christmas: Absence = { from: '2026-12-24', to: '2026-12-27' };

  it.each([
    ['before its first day begins in the zone of the person', '2026-12-23T21:59:59.999Z', false],
    ['from the first instant of its first day', '2026-12-23T22:00:00Z', true],
    ['up to the day on which they are back', '2026-12-26T21:59:59.999Z', true],
    ['no more when that begins', '2026-12-26T22:00:00Z', false],
  ])('is half-open: %s', (_, moment, away) => {
    expect(span(christmas, moment) !== null).toBe(away);
  });

  it('counts its days in the zone it is read in', () => {
    expect(span(christmas, '2026-12-23T22:00:00Z', 'America/St_Johns')).toBeNull();
    expect(span(christmas, '2026-12-24T03:30:00Z', 'America/St_Johns')).toEqual({
      from: '2026-12-24T03:30:00.000Z',
      to: '2026-12-27T03:30:00.000Z',
    });
  });

  it('may begin and end at a time of the day', () => {
    const dentist: Absence = { from: '2026-11-27T12:00', to: '2026-11-27T14:30' };
    expect(span(dentist, '2026-11-27T12:29:00Z')).toEqual({
      from: '2026-11-27T10:00:00.000Z',
      to: '2026-11-27T12:30:00.000Z',
    });
    expect(span(dentist, '2026-11-27T12:30:00Z')).toBeNull();
  });

  it('keeps its instants where they were given as such', () => {
    const flight: Absence = { from: '2026-11-27T10:00:00.000Z', to: '2026-11-27T12:00:00.000Z' };
    expect(span(flight, '2026-11-27T11:00:00Z', 'Asia/Kolkata')).toEqual(flight);
  });
});

describe('an absence without a beginning or an end that matters', () => {
  it.each(['Pacific/Kiritimati', 'Europe/Tallinn', 'Etc/GMT+12'])('goes as far as times go in %s', (zone) => {
    const ever = { from: '0002-01-01T00:00:00.000Z', to: '9999-01-01T00:00:00.000Z' };
    expect(span({ from: '0001-01-01', to: '9999-12-31' }, '2026-11-27T12:00:00Z', zone)).toEqual(ever);
    expect(span({ from: '0001-01-01T00:00', to: '9999-12-31T23:59' }, '2026-11-27T12:00:00Z', zone)).toEqual(ever);
  });
});

describe('an absence of every week', () => {
  const friday: Absence = { every: 'fri', from: '12:00', to: '17:00' };

  it('comes again on each such day, and on no other', () => {
    expect(span(friday, '2026-11-27T13:00:00Z')).toEqual({
      from: '2026-11-27T10:00:00.000Z',
      to: '2026-11-27T15:00:00.000Z',
    });
    expect(span(friday, '2026-12-04T13:00:00Z')).not.toBeNull();
    expect(span(friday, '2026-11-26T13:00:00Z')).toBeNull();
    expect(span(friday, '2026-11-27T15:00:00Z')).toBeNull();
  });

  it('keeps its wall time when the clock changes', () => {
    expect(span(friday, '2026-07-03T09:00:00Z')?.from).toBe('2026-07-03T09:00:00.000Z');
  });

  it('counts the weekday where the person is', () => {
    expect(span({ every: 'sat', from: '00:00', to: '24:00' }, '2026-11-27T19:00:00Z', 'Asia/Kolkata')).toEqual({
      from: '2026-11-27T18:30:00.000Z',
      to: '2026-11-28T18:30:00.000Z',
    });
  });

  // 29 March 2026: 03:00 to 04:00 is skipped. 25 October 2026: 03:00 to 04:00 comes twice.
  it.each<[string, Absence, string, string | null]>([
    [
      'ends after the skipped hour where it would end in it',
      sunday('02:00', '03:30'),
      '2026-03-29T00:59:00Z',
      '2026-03-29T01:00:00.000Z',
    ],
    [
      'begins after the skipped hour where it would begin in it',
      sunday('03:30', '05:00'),
      '2026-03-29T01:00:00Z',
      '2026-03-29T02:00:00.000Z',
    ],
    ['does not happen where all of it is skipped', sunday('03:10', '03:50'), '2026-03-29T01:00:00Z', null],
    [
      'begins with the first of two hours',
      sunday('03:00', '05:00'),
      '2026-10-25T00:00:00Z',
      '2026-10-25T03:00:00.000Z',
    ],
    [
      'goes on over both where it goes past them',
      sunday('02:00', '05:00'),
      '2026-10-25T01:30:00Z',
      '2026-10-25T03:00:00.000Z',
    ],
    [
      'ends in the first of them where it ends in them',
      sunday('02:00', '03:30'),
      '2026-10-25T00:29:00Z',
      '2026-10-25T00:30:00.000Z',
    ],
    ['is over by then', sunday('02:00', '03:30'), '2026-10-25T01:15:00Z', null],
  ])('%s', (_, absence, moment, until) => {
    expect(span(absence, moment)?.to ?? null).toBe(until);
  });
});

describe('the absences of a time', () => {
  const within = (absence: Absence, from: string, to: string, zone = TALLINN): readonly string[] =>
    absencesWithin(absence, at(from), at(to), zone).map((each) => `${each.from.slice(0, 16)}/${each.to.slice(0, 16)}`);
  const christmas: Absence = { from: '2026-12-24', to: '2026-12-27' };
  const whole = ['2026-12-23T22:00/2026-12-26T22:00'];

  it.each<[string, string, string, readonly string[]]>([
    ['that lies in it', '2026-12-01T00:00Z', '2027-01-01T00:00Z', whole],
    ['that goes on around it', '2026-12-25T00:00Z', '2026-12-25T01:00Z', whole],
    ['not that ends as it begins', '2026-12-26T22:00Z', '2027-01-01T00:00Z', []],
    ['not that begins as it ends', '2026-12-01T00:00Z', '2026-12-23T22:00Z', []],
    ['that reaches into it by a moment', '2026-12-26T21:59:59.999Z', '2027-01-01T00:00Z', whole],
    ['into which it reaches by a moment', '2026-12-01T00:00Z', '2026-12-23T22:00:00.001Z', whole],
  ])('are one %s', (_, from, to, expected) => {
    expect(within(christmas, from, to)).toEqual(expected);
  });

  it('are those of every week that reach into it, in order', () => {
    const nights: Absence = { every: 'fri', from: '00:00', to: '24:00' };
    expect(within(nights, '2026-11-27T21:59Z', '2026-12-10T22:01Z')).toEqual([
      '2026-11-26T22:00/2026-11-27T22:00',
      '2026-12-03T22:00/2026-12-04T22:00',
      '2026-12-10T22:00/2026-12-11T22:00',
    ]);
    expect(within(nights, '2026-11-27T22:00Z', '2026-12-03T22:00Z')).toEqual([]);
  });
});

function sunday(from: string, to: string): Absence {
  return { every: 'sun', from, to };
}

describe('reading an absence', () => {
  const read = (value: unknown): Absence | readonly string[] => {
    const faults: string[] = [];
    const absence = ABSENCE.read(value, (pointer, message) => void faults.push(`${pointer} ${message}`));
    return absence ?? faults;
  };

  it.each<[unknown, Absence]>([
    [
      { from: '2026-12-24', to: '2026-12-27' },
      { from: '2026-12-24', to: '2026-12-27' },
    ],
    [
      { from: '2026-12-24T12:00:00', to: '2026-12-24T13:00' },
      { from: '2026-12-24T12:00', to: '2026-12-24T13:00' },
    ],
    [
      { from: '2026-12-24T12:00:00+02:00', to: '2026-12-24T12:00:00Z' },
      { from: '2026-12-24T10:00:00.000Z', to: '2026-12-24T12:00:00.000Z' },
    ],
    [
      { every: 'fri', from: '12:00', to: '24:00' },
      { every: 'fri', from: '12:00', to: '24:00' },
    ],
  ])('takes %j', (value, absence) => {
    expect(read(value)).toEqual(absence);
  });

  it.each<[unknown, string]>([
    ['friday', ' An absence is'],
    [{ from: '2026-12-24' }, '/to A day'],
    [{ from: '2026-02-30', to: '2026-03-01' }, '/from A day'],
    [{ from: '2026-12-24T25:00', to: '2026-12-27' }, '/from A day'],
    [{ from: '2026-12-24', to: '2026-12-24' }, '/to to is when they are back'],
    [{ from: '2026-12-24', to: '2026-12-24T12:00' }, '/to Write from and to in the same form'],
    [{ from: '2026-12-24', to: '2026-12-27', why: 'ill' }, '/why Unknown: why.'],
    [{ every: 'friday', from: '12:00', to: '17:00' }, '/every every is one of'],
    [{ every: 'fri', from: '12:00' }, '/to A wall time'],
    [{ every: 'fri', from: '12', to: '17:00' }, '/from A wall time'],
    [{ every: 'fri', from: '22:00', to: '06:00' }, '/to to must be later than from. Past midnight'],
  ])('refuses %j and says why', (value, said) => {
    expect(read(value)).toEqual([expect.stringMatching(new RegExp(`^${said.replaceAll(/[.]/g, '\\.')}`))]);
  });
});
