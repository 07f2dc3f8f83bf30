import { describe, expect, it } from 'vitest';
import { parseCalendar, type Calendar } from '../../../domain/calendar/calendar.ts';
import { awayAround, dutyChangesAt, isAway, isOnDuty, worksBetween, type Duty } from '../../../domain/calendar/duty.ts';
import type { Instant } from '../../../domain/promise/instant.ts';

const at = (text: string): Instant => new Date(text).toISOString() as Instant;

function calendar(): Calendar {
  const week = { mon: ['09:00-12:30', '13:00-17:00'], fri: ['09:00-16:00'], sat: [] };
  const read = parseCalendar({ calendar: 'office', zone: 'Europe/Tallinn', week, holidays: { add: ['2026-12-04'] } });
  if ('faults' in read) throw new Error(JSON.stringify(read.faults));
  return read.calendar;
}

const office: Duty = { hours: calendar(), zone: 'Europe/Tallinn', absences: [] };

describe('being on duty', () => {
  it.each([
    ['not before opening time', '2026-11-27T06:59:59.999Z', false],
    ['from opening time on', '2026-11-27T07:00:00Z', true],
    ['up to closing time', '2026-11-27T13:59:59.999Z', true],
    ['not at closing time', '2026-11-27T14:00:00Z', false],
    ['not at lunch', '2026-11-30T10:45:00Z', false],
    ['not on a day off', '2026-11-28T10:00:00Z', false],
    ['not on a holiday', '2026-12-04T10:00:00Z', false],
  ])('is %s', (_, moment, on) => {
    expect(isOnDuty(office, at(moment))).toBe(on);
  });

  it('is so always where no hours are given, but for absences', () => {
    const duty: Duty = { hours: null, zone: 'Europe/Tallinn', absences: [{ from: '2026-11-27', to: '2026-11-28' }] };
    expect(isOnDuty(duty, at('2026-11-26T01:00:00Z'))).toBe(true);
    expect(isOnDuty(duty, at('2026-11-27T01:00:00Z'))).toBe(false);
    expect(isOnDuty(duty, at('2026-11-27T22:00:00Z'))).toBe(true);
  });

  it('ends with an absence inside the hours and begins again after it', () => {
    const duty: Duty = { ...office, absences: [{ every: 'fri', from: '12:00', to: '14:00' }] };
    expect(['09:59', '10:00', '11:59', '12:00'].map((time) => isOnDuty(duty, at(`2026-11-27T${time}:00Z`)))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});

describe('being on duty changes', () => {
  const friday: Duty = { ...office, absences: [{ every: 'fri', from: '12:00', to: '14:00' }] };
  it.each<[string, Duty, string, string]>([
    ['at closing time', office, '2026-11-27T13:00:00Z', '2026-11-27T14:00:00Z'],
    ['at lunch', office, '2026-11-30T08:00:00Z', '2026-11-30T10:30:00Z'],
    ['after lunch', office, '2026-11-30T10:30:00Z', '2026-11-30T11:00:00Z'],
    ['on the next working day', office, '2026-11-27T14:00:00Z', '2026-11-30T07:00:00Z'],
    ['after a holiday', office, '2026-12-01T07:00:00Z', '2026-12-07T07:00:00Z'],
    ['when an absence begins', friday, '2026-11-27T08:00:00Z', '2026-11-27T10:00:00Z'],
    ['when it is over', friday, '2026-11-27T10:00:00Z', '2026-11-27T12:00:00Z'],
    [
      'not before the hours after it',
      { ...office, absences: [{ from: '2026-11-27', to: '2026-12-05' }] },
      '2026-11-27T10:00:00Z',
      '2026-12-07T07:00:00Z',
    ],
    [
      'weeks ahead where nothing else changes it',
      { hours: null, zone: 'Europe/Tallinn', absences: [{ from: '2026-11-01', to: '2027-02-01' }] },
      '2026-11-27T10:00:00Z',
      '2027-01-31T22:00:00Z',
    ],
  ])('%s', (_, duty, moment, change) => {
    expect(dutyChangesAt(duty, at(moment))).toBe(at(change));
  });

  it('never for who is always there, and for who is away for years', () => {
    expect(dutyChangesAt({ ...office, hours: null }, at('2026-11-27T10:00:00Z'))).toBeNull();
    const duty: Duty = { ...office, absences: [{ from: '2026-11-01', to: '2030-11-01' }] };
    expect(dutyChangesAt(duty, at('2026-11-27T10:00:00Z'))).toBeNull();
  });
});

describe('being away', () => {
  it('does not mean to be off duty: nobody is away at night', () => {
    expect(isAway(office, at('2026-11-27T22:00:00Z'))).toBe(false);
    expect(awayAround(office, at('2026-11-27T22:00:00Z'))).toBeNull();
  });

  it('goes on from one absence into the next one that touches or overlaps it', () => {
    const duty: Duty = {
      ...office,
      absences: [
        { from: '2026-11-28', to: '2026-12-01' },
        { every: 'fri', from: '12:00', to: '24:00' },
        { from: '2026-12-04', to: '2026-12-05' },
      ],
    };
    expect(awayAround(duty, at('2026-11-29T10:00:00Z'))).toEqual({
      from: '2026-11-27T10:00:00.000Z',
      to: '2026-11-30T22:00:00.000Z',
    });
  });

  it('has an end to looking for the next one, where every minute of every week is an absence', () => {
    const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
    const duty: Duty = { ...office, absences: days.map((every) => ({ every, from: '00:00', to: '24:00' })) };
    expect(awayAround(duty, at('2026-11-29T10:00:00Z'))).not.toBeNull();
  });
});

describe('working at some time of a stretch', () => {
  it.each([
    ['2026-11-27T22:00:00Z', '2026-11-30T07:00:00Z', false],
    ['2026-11-27T22:00:00Z', '2026-11-30T07:00:00.001Z', true],
    ['2026-11-27T10:00:00Z', '2026-11-27T10:00:00Z', false],
    ['2026-11-27T10:00:00Z', '9998-01-01T00:00:00Z', true],
  ])('from %s to %s is %s', (from, to, works) => {
    expect(worksBetween(office, at(from), at(to))).toBe(works);
  });

  it('is true of any time for those without hours', () => {
    expect(worksBetween({ ...office, hours: null }, at('2026-11-28T00:00:00Z'), at('2026-11-28T00:00:01Z'))).toBe(true);
  });
});
