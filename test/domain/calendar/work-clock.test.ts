import { describe, expect, it } from 'vitest';
import { clockSegments, whenWorked, workedBy, type WorkClock } from '../../../domain/calendar/work-clock.ts';
import { IDLE, plusMs } from '../../../domain/promise/instant.ts';
import type { Pause } from '../../../domain/promise/plan.ts';
import { at } from '../support/build.ts';
import { calendar, daily, OFFICE, roundTheClock } from '../support/calendars.ts';

const HOUR = 3_600_000;

/** `2026-02-02T10:00+02:00` to `…`; the second may be missing: without end. */
const pause = (from: string, to?: string): Pause => ({ from: at(from), to: to === undefined ? null : at(to) });

const clock = (from: string, pauses: readonly Pause[] = [], office: WorkClock['calendar'] = OFFICE): WorkClock => ({
  from: at(from),
  calendar: office,
  pauses,
});

/** Tallinn is at +02:00 until 29 March 2026. OFFICE closes at 16:00 on Fridays; 24 February, a Tuesday, is a holiday. */
describe('the clock of a duration promise', () => {
  it.each<[string, string, readonly Pause[], number, string]>([
    ['runs as the calendar says where it is never paused', '2026-02-02T15:00+02:00', [], 4, '2026-02-03T11:00+02:00'],
    [
      'moves by the time paused',
      '2026-02-02T09:00+02:00',
      [pause('2026-02-02T10:00+02:00', '2026-02-02T11:15+02:00')],
      2,
      '2026-02-02T12:15+02:00',
    ],
    [
      'does not count lunch as paused',
      '2026-02-02T12:00+02:00',
      [pause('2026-02-02T12:15+02:00', '2026-02-02T13:15+02:00')],
      1,
      '2026-02-02T14:00+02:00',
    ],
    [
      'loses nothing in a pause over lunch alone',
      '2026-02-02T12:00+02:00',
      [pause('2026-02-02T12:30+02:00', '2026-02-02T13:00+02:00')],
      1,
      '2026-02-02T13:30+02:00',
    ],
    [
      'loses nothing in a pause from Friday evening to Monday morning',
      '2026-02-06T15:00+02:00',
      [pause('2026-02-06T16:00+02:00', '2026-02-09T09:00+02:00')],
      2,
      '2026-02-09T10:00+02:00',
    ],
    [
      'loses nothing in a pause on a holiday',
      '2026-02-23T16:00+02:00',
      [pause('2026-02-23T17:00+02:00', '2026-02-25T09:00+02:00')],
      2,
      '2026-02-25T10:00+02:00',
    ],
    [
      'loses the hours before and after a holiday inside a pause',
      '2026-02-23T15:00+02:00',
      [pause('2026-02-23T16:00+02:00', '2026-02-25T11:00+02:00')],
      2,
      '2026-02-25T12:00+02:00',
    ],
    [
      'is done where a pause begins, if its time is used up just then',
      '2026-02-02T09:00+02:00',
      [pause('2026-02-02T11:00+02:00', '2026-02-02T12:00+02:00')],
      2,
      '2026-02-02T11:00+02:00',
    ],
    [
      'is done at closing time, though a pause begins before the next opening',
      '2026-02-06T15:00+02:00',
      [pause('2026-02-07T00:00+02:00', '2026-02-10T00:00+02:00')],
      1,
      '2026-02-06T16:00+02:00',
    ],
    [
      'is not held up by a pause after its end',
      '2026-02-02T09:00+02:00',
      [pause('2026-02-02T11:30+02:00')],
      2,
      '2026-02-02T11:00+02:00',
    ],
    [
      'begins where a pause ends that was on already',
      '2026-02-02T10:00+02:00',
      [pause('2026-01-30T10:00+02:00', '2026-02-02T11:00+02:00')],
      1,
      '2026-02-02T12:00+02:00',
    ],
    [
      'does not see pauses that were over',
      '2026-02-02T10:00+02:00',
      [
        pause('2026-01-30T10:00+02:00', '2026-02-02T09:30+02:00'),
        pause('2026-01-29T10:00+02:00', '2026-02-02T10:00+02:00'),
      ],
      1,
      '2026-02-02T11:00+02:00',
    ],
    [
      'counts the time of two pauses once where they overlap, whichever is named first',
      '2026-02-02T09:00+02:00',
      [
        pause('2026-02-02T10:30+02:00', '2026-02-02T11:30+02:00'),
        pause('2026-02-02T10:00+02:00', '2026-02-02T11:00+02:00'),
      ],
      2,
      '2026-02-02T12:30+02:00',
    ],
    [
      'is not resumed by the end of a pause within another',
      '2026-02-02T09:00+02:00',
      [
        pause('2026-02-02T10:00+02:00', '2026-02-02T12:00+02:00'),
        pause('2026-02-02T10:15+02:00', '2026-02-02T10:30+02:00'),
      ],
      1.25,
      '2026-02-02T12:15+02:00',
    ],
    [
      'runs between two pauses',
      '2026-02-02T09:00+02:00',
      [
        pause('2026-02-02T11:00+02:00', '2026-02-02T12:00+02:00'),
        pause('2026-02-02T09:30+02:00', '2026-02-02T10:00+02:00'),
      ],
      2,
      '2026-02-02T12:30+02:00',
    ],
    [
      'does not see a pause that is empty, or ends before it begins',
      '2026-02-02T09:00+02:00',
      [
        pause('2026-02-02T10:00+02:00', '2026-02-02T10:00+02:00'),
        pause('2026-02-02T11:00+02:00', '2026-02-02T10:00+02:00'),
      ],
      2,
      '2026-02-02T11:00+02:00',
    ],
    [
      'has used up nothing at its beginning, though it is paused and closed then',
      '2026-02-08T12:00+02:00',
      [pause('2026-02-01T00:00+02:00')],
      0,
      '2026-02-08T12:00+02:00',
    ],
  ])('%s', (_, from, pauses, hours, end) => {
    expect(whenWorked(clock(from, pauses), hours * HOUR)).toBe(at(end));
    expect(workedBy(clock(from, pauses), at(end))).toBe(hours * HOUR);
  });

  it('stands for good in a pause without end, and keeps what has run', () => {
    const waiting = clock('2026-02-02T09:00+02:00', [
      pause('2026-02-02T11:00+02:00'),
      pause('2026-02-02T11:30+02:00', '2026-02-02T12:00+02:00'),
    ]);
    expect(whenWorked(waiting, 2 * HOUR)).toBe(at('2026-02-02T11:00+02:00'));
    expect(whenWorked(waiting, 2 * HOUR + 1)).toBeNull();
    expect(workedBy(waiting, at('2027-02-02T11:00+02:00'))).toBe(2 * HOUR);
    expect(workedBy(waiting, IDLE)).toBe(2 * HOUR);
  });

  it('has not run before its beginning', () => {
    expect(workedBy(clock('2026-02-03T09:00+02:00'), at('2026-02-02T09:00+02:00'))).toBe(0);
    expect(workedBy(clock('2026-02-03T09:00+02:00'), at('2026-02-03T09:00+02:00'))).toBe(0);
    expect(workedBy(clock('2026-02-03T09:00+02:00'), at('2026-02-03T09:00:00.001+02:00'))).toBe(1);
  });

  it('counts every millisecond where it has no calendar, at night and in the hour that is repeated', () => {
    const pauses = [pause('2026-10-24T23:00Z', '2026-10-25T02:00Z')];
    expect(whenWorked(clock('2026-10-24T22:00Z', [], null), 4 * HOUR)).toBe(at('2026-10-25T02:00Z'));
    expect(whenWorked(clock('2026-10-24T22:00Z', pauses, null), 4 * HOUR)).toBe(at('2026-10-25T05:00Z'));
    expect(workedBy(clock('2026-10-24T22:00Z', pauses, null), at('2026-10-25T02:30Z'))).toBe(1.5 * HOUR);
  });

  it('goes on after a pause of centuries', () => {
    const pauses = [pause('2026-02-02T10:00+02:00', '2426-02-02T10:00+02:00')];
    expect(whenWorked(clock('2026-02-02T09:00+02:00', pauses), 2 * HOUR)).toBe(at('2426-02-02T11:00+02:00'));
    expect(workedBy(clock('2026-02-02T09:00+02:00', pauses), at('2426-02-02T11:00+02:00'))).toBe(2 * HOUR);
  });

  it('ends before a pause that is centuries ahead', () => {
    const pauses = [pause('2426-02-02T10:00+02:00', '2427-02-02T10:00+02:00')];
    expect(whenWorked(clock('2026-02-02T09:00+02:00', pauses), 2 * HOUR)).toBe(at('2026-02-02T11:00+02:00'));
  });

  it.each([-1, 0.5, NaN, Infinity])('cannot run for %d ms', (ms) => {
    expect(() => whenWorked(clock('2026-02-02T09:00+02:00', [], null), ms)).toThrow(
      `A clock runs for whole milliseconds from 0 on, not ${ms}.`,
    );
  });
});

/** From Saturday 28 March to Sunday, 03:00 to 04:00 is skipped; on Sunday 25 October it is repeated. */
describe('a pause across the night in which the clock changes', () => {
  const NIGHTS = calendar({ zone: 'Europe/Tallinn', week: daily('22:00-24:00', '00:00-05:00') });
  const ALWAYS = roundTheClock('Europe/Tallinn');

  it.each<[string, WorkClock['calendar'], string, Pause, number, string]>([
    [
      'in spring costs an office what is worked before and after',
      OFFICE,
      '2026-03-27T14:00+02:00',
      pause('2026-03-27T15:00+02:00', '2026-03-30T10:00+03:00'),
      2,
      '2026-03-30T11:00+03:00',
    ],
    [
      'in autumn costs an office what is worked before and after',
      OFFICE,
      '2026-10-23T14:00+03:00',
      pause('2026-10-23T15:00+03:00', '2026-10-26T10:00+02:00'),
      2,
      '2026-10-26T11:00+02:00',
    ],
    [
      'in spring costs the hours that pass',
      ALWAYS,
      '2026-03-29T01:00+02:00',
      pause('2026-03-29T02:00+02:00', '2026-03-29T05:00+03:00'),
      2,
      '2026-03-29T06:00+03:00',
    ],
    [
      'in autumn costs the hours that pass',
      ALWAYS,
      '2026-10-25T01:00+03:00',
      pause('2026-10-25T02:00+03:00', '2026-10-25T05:00+02:00'),
      2,
      '2026-10-25T06:00+02:00',
    ],
    [
      'in spring leaves the night shift the hour that is not skipped',
      NIGHTS,
      '2026-03-28T23:00+02:00',
      pause('2026-03-29T00:00+02:00', '2026-03-29T04:00+03:00'),
      2,
      '2026-03-29T05:00+03:00',
    ],
    [
      'in autumn ends in the second of the repeated hours',
      NIGHTS,
      '2026-10-24T23:00+03:00',
      pause('2026-10-25T00:00+03:00', '2026-10-25T03:30+02:00'),
      2,
      '2026-10-25T04:30+02:00',
    ],
    [
      'in autumn ends in the first of the repeated hours',
      NIGHTS,
      '2026-10-24T23:00+03:00',
      pause('2026-10-25T00:00+03:00', '2026-10-25T03:30+03:00'),
      2,
      '2026-10-25T03:30+02:00',
    ],
  ])('%s', (_, office, from, paused, hours, end) => {
    expect(whenWorked(clock(from, [paused], office), hours * HOUR)).toBe(at(end));
    expect(workedBy(clock(from, [paused], office), at(end))).toBe(hours * HOUR);
  });
});

describe('the segments of a clock', () => {
  /** Each as its reason and its end in the wall time of Tallinn's winter. */
  const told = (one: WorkClock, to: string): string[] =>
    clockSegments(one, at(to)).map(({ reason, to: end }) => `${reason} ${plusMs(end, 2 * HOUR).slice(0, 16)}`);

  it('tell why it ran and why it stood', () => {
    const pauses = [
      pause('2026-02-24T12:00+02:00', '2026-02-25T10:00+02:00'),
      pause('2026-02-23T12:00+02:00', '2026-02-23T12:45+02:00'),
    ];
    expect(told(clock('2026-02-23T08:00+02:00', pauses), '2026-02-25T20:00+02:00')).toEqual([
      'closed 2026-02-23T09:00',
      'open 2026-02-23T12:00',
      'paused 2026-02-23T12:45',
      'lunch 2026-02-23T13:00',
      'open 2026-02-23T17:00',
      'closed 2026-02-24T00:00',
      'holiday 2026-02-24T12:00',
      'paused 2026-02-25T10:00',
      'open 2026-02-25T12:30',
      'lunch 2026-02-25T13:00',
      'open 2026-02-25T17:00',
      'closed 2026-02-25T20:00',
    ]);
  });

  it('make one stretch of pauses that touch or overlap, from the beginning of the clock on', () => {
    const pauses = [
      pause('2026-02-02T10:00+02:00', '2026-02-02T11:00+02:00'),
      pause('2026-02-02T08:00+02:00', '2026-02-02T10:00+02:00'),
      pause('2026-02-02T10:30+02:00', '2026-02-02T11:30+02:00'),
    ];
    const one = clock('2026-02-02T09:00+02:00', pauses);
    expect(clockSegments(one, at('2026-02-02T12:00+02:00'))).toEqual([
      { from: at('2026-02-02T09:00+02:00'), to: at('2026-02-02T11:30+02:00'), reason: 'paused' },
      { from: at('2026-02-02T11:30+02:00'), to: at('2026-02-02T12:00+02:00'), reason: 'open' },
    ]);
  });

  it('are not cut in two by an empty pause', () => {
    const one = clock('2026-02-02T09:00+02:00', [pause('2026-02-02T10:00+02:00', '2026-02-02T10:00+02:00')]);
    expect(told(one, '2026-02-02T11:00+02:00')).toEqual(['open 2026-02-02T11:00']);
  });

  it('end where asked, within a pause and without end', () => {
    const one = clock('2026-02-02T09:00+02:00', [pause('2026-02-02T10:00+02:00')]);
    expect(told(one, '2026-02-02T09:30+02:00')).toEqual(['open 2026-02-02T09:30']);
    expect(told(one, '2026-02-02T10:00+02:00')).toEqual(['open 2026-02-02T10:00']);
    expect(told(one, '2026-03-02T10:00+02:00')).toEqual(['open 2026-02-02T10:00', 'paused 2026-03-02T10:00']);
    expect(clockSegments(one, IDLE).at(-1)).toEqual({ from: at('2026-02-02T10:00+02:00'), to: IDLE, reason: 'paused' });
  });

  it('are open but for the pauses where it has no calendar', () => {
    const one = clock('2026-02-07T09:00+02:00', [pause('2026-02-07T10:00+02:00', '2026-02-07T12:00+02:00')], null);
    expect(told(one, '2026-02-09T09:00+02:00')).toEqual([
      'open 2026-02-07T10:00',
      'paused 2026-02-07T12:00',
      'open 2026-02-09T09:00',
    ]);
  });

  it('are open until midnight, and on, where work lasts until 24:00', () => {
    const late = calendar({ zone: 'Europe/Tallinn', week: { mon: ['13:00-24:00'], tue: ['00:00-01:00'] } });
    const one = clock('2026-02-02T20:00+02:00', [pause('2026-02-02T22:00+02:00', '2026-02-02T23:30+02:00')], late);
    expect(whenWorked(one, 3 * HOUR)).toBe(at('2026-02-03T00:30+02:00'));
    expect(told(one, '2026-02-03T09:00+02:00')).toEqual([
      'open 2026-02-02T22:00',
      'paused 2026-02-02T23:30',
      'open 2026-02-03T01:00',
      'closed 2026-02-03T09:00',
    ]);
  });

  it('are none where no time passes', () => {
    const one = clock('2026-02-02T09:00+02:00', [pause('2026-02-02T08:00+02:00', '2026-02-02T10:00+02:00')]);
    expect(told(one, '2026-02-02T09:00+02:00')).toEqual([]);
    expect(told(one, '2026-02-02T08:30+02:00')).toEqual([]);
  });
});
