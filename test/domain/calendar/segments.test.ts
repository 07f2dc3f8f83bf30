import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { segmentsBetween } from '../../../domain/calendar/segments.ts';
import { workingBetween } from '../../../domain/calendar/working-time.ts';
import { instant, msBetween } from '../../../domain/promise/instant.ts';
import { at } from '../support/build.ts';
import { calendar, daily, OFFICE, roundTheClock } from '../support/calendars.ts';

/** Each as its reason and its end, e.g. `open 2026-02-23T12:30`, in the wall time of `hours` east of UTC. */
const told = (from: string, to: string, office = OFFICE, hours = 2): string[] =>
  segmentsBetween(at(from), at(to), office).map(
    (segment) => `${segment.reason} ${new Date(Date.parse(segment.to) + hours * 3_600_000).toISOString().slice(0, 16)}`,
  );

describe('the clock of a calendar', () => {
  it('tells why it runs and why it stands', () => {
    expect(told('2026-02-23T12:00+02:00', '2026-02-25T10:00+02:00')).toEqual([
      'open 2026-02-23T12:30',
      'lunch 2026-02-23T13:00',
      'open 2026-02-23T17:00',
      'closed 2026-02-24T00:00',
      'holiday 2026-02-25T00:00',
      'closed 2026-02-25T09:00',
      'open 2026-02-25T10:00',
    ]);
  });

  it('makes one stretch of a week-end', () => {
    expect(told('2026-02-06T15:00+02:00', '2026-02-09T09:30+02:00')).toEqual([
      'open 2026-02-06T16:00',
      'closed 2026-02-09T09:00',
      'open 2026-02-09T09:30',
    ]);
  });

  it('makes one stretch of time that is never closed', () => {
    expect(told('2025-11-27T10:00Z', '2026-11-27T10:00Z', roundTheClock('Europe/Tallinn'), 0)).toEqual([
      'open 2026-11-27T10:00',
    ]);
  });

  it('runs until noon where a holiday begins then', () => {
    const shop = calendar({
      zone: 'Atlantic/Reykjavik',
      week: daily('09:00-12:00', '12:30-17:00'),
      holidays: { country: 'IS' },
    });
    expect(told('2026-12-24T09:00Z', '2026-12-25T00:00Z', shop, 0)).toEqual([
      'open 2026-12-24T12:00',
      'lunch 2026-12-24T12:30',
      'open 2026-12-24T13:00',
      'holiday 2026-12-25T00:00',
    ]);
  });

  it('calls it closed, not lunch, between the last work and a holiday', () => {
    const shop = calendar({
      zone: 'Atlantic/Reykjavik',
      week: daily('09:00-12:00', '13:00-17:00'),
      holidays: { country: 'IS' },
    });
    expect(told('2026-12-24T11:00Z', '2026-12-25T00:00Z', shop, 0)).toEqual([
      'open 2026-12-24T12:00',
      'closed 2026-12-24T13:00',
      'holiday 2026-12-25T00:00',
    ]);
  });

  it('goes on as of the new day where the clock was put back over midnight', () => {
    const nights = calendar({ zone: 'America/St_Johns', week: daily('00:00-00:30') });
    expect(told('2010-11-07T00:00Z', '2010-11-07T03:00Z', nights, 0)).toEqual([
      'closed 2010-11-07T02:30',
      'open 2010-11-07T03:00',
    ]);
  });

  it('shows nothing where no time passes', () => {
    expect(told('2026-02-06T15:00Z', '2026-02-06T15:00Z')).toEqual([]);
    expect(told('2026-02-06T15:00Z', '2026-02-06T14:00Z')).toEqual([]);
  });

  it('leaves out a day that was skipped', () => {
    const apia = calendar({ zone: 'Pacific/Apia', week: daily('09:00-17:00'), holidays: { add: ['2011-12-30'] } });
    expect(told('2011-12-29T18:00-10:00', '2011-12-31T10:00+14:00', apia, 14)).toEqual([
      'closed 2011-12-31T09:00',
      'open 2011-12-31T10:00',
    ]);
  });

  it('leaves no gap, repeats no reason, and is open as long as there is working time', () => {
    const offices = [
      OFFICE,
      calendar({
        zone: 'America/St_Johns',
        week: daily('00:00-00:30', '02:15-02:45', '23:00-24:00'),
        holidays: { country: 'CA' },
      }),
      calendar({ zone: 'Australia/Lord_Howe', week: daily('01:30-02:00', '02:00-12:00'), holidays: { country: 'AU' } }),
    ];
    const instants = fc.integer({ min: Date.UTC(2010, 9, 1), max: Date.UTC(2011, 4, 1) }).map((ms) => instant(ms));
    fc.assert(
      fc.property(fc.constantFrom(...offices), instants, instants, (office, a, b) => {
        const [from, to] = a < b ? [a, b] : [b, a];
        const segments = segmentsBetween(from, to, office);
        expect([from, ...segments.map((segment) => segment.to)]).toEqual([
          ...segments.map((segment) => segment.from),
          to,
        ]);
        for (const [index, { reason }] of segments.entries()) expect(reason).not.toBe(segments[index + 1]?.reason);
        const open = segments.filter(({ reason }) => reason === 'open');
        const ms = open.reduce((sum, segment) => sum + msBetween(segment.from, segment.to), 0);
        expect(ms).toBe(workingBetween(from, to, office));
      }),
      { numRuns: 150, seed: 13 },
    );
  });
});
