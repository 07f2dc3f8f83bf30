import { describe, expect, it } from 'vitest';
import { overflowOf, slotsOfDay, slotStart, staffed, type Caller } from '../../../domain/calendar/slots.ts';
import type { Instant } from '../../../domain/promise/instant.ts';
import { at } from '../support/build.ts';
import { OFFICE } from '../support/calendars.ts';

const TALLINN = 'Europe/Tallinn';
const times = (day: string, length: string): readonly string[] =>
  slotsOfDay('callback', length, day, TALLINN).map(({ from, to }) => `${from.slice(11, 16)}-${to.slice(11, 16)}`);

describe('the slots of a day', () => {
  it('follow one another on the wall clock from midnight to midnight', () => {
    const slots = slotsOfDay('callback', 'PT30M', '2026-11-27', TALLINN);
    expect(slots).toHaveLength(48);
    expect(slots[0]).toEqual({
      id: 'callback@2026-11-26T22:00:00.000Z',
      from: at('2026-11-26T22:00Z'),
      to: at('2026-11-26T22:30Z'),
    });
    for (const [index, { to }] of slots.entries()) expect(slots[index + 1]?.from ?? at('2026-11-27T22:00Z')).toBe(to);
  });

  it('are in both passes of the repeated hour of autumn, each a slot of its own', () => {
    const slots = slotsOfDay('callback', 'PT30M', '2026-10-25', TALLINN);
    expect(slots).toHaveLength(50);
    expect(new Set(slots.map(({ id }) => id)).size).toBe(50);
  });

  it('are none in the skipped hour of spring', () => {
    expect(slotsOfDay('callback', 'PT30M', '2026-03-29', TALLINN)).toHaveLength(46);
  });

  it('are always as long as they say: where the clock change or midnight leaves less room there is none', () => {
    // 02:00 to 04:00 is only one hour long in the spring night, three in the autumn night.
    expect(times('2026-03-29', 'PT2H').slice(0, 3)).toEqual(['22:00-00:00', '01:00-03:00', '03:00-05:00']);
    expect(times('2026-10-25', 'PT2H').slice(0, 3)).toEqual(['21:00-23:00', '23:00-01:00', '02:00-04:00']);
    expect(times('2026-11-27', 'PT7H')).toEqual(['22:00-05:00', '05:00-12:00', '12:00-19:00']);
  });

  it('have ids by which their start is found again', () => {
    expect(slotStart('callback@2026-11-26T22:00:00.000Z', 'callback')).toBe(at('2026-11-26T22:00Z'));
    for (const wrong of ['reply@2026-11-26T22:00:00.000Z', 'callback@2026-02-30T22:00:00.000Z', 'callback@', 'next'])
      expect(slotStart(wrong, 'callback')).toBeNull();
  });
});

describe('the room in a slot', () => {
  const caller = (id: string, more: Partial<Caller['duty']> = {}, parallel = 1): Caller => ({
    ...{ id, parallel },
    duty: { hours: null, zone: TALLINN, absences: [], ...more },
  });
  const slots = slotsOfDay('callback', 'PT30M', '2026-11-27', TALLINN);
  const capacities = (callers: readonly Caller[]): Readonly<Record<string, number>> =>
    Object.fromEntries(
      staffed(slots, callers).flatMap(({ from, capacity }) => (capacity > 0 ? [[from.slice(11, 16), capacity]] : [])),
    );

  it('is the calls at once of those on duty for the whole of it', () => {
    const all = capacities([caller('kati', {}, 2), caller('mari', { hours: OFFICE })]);
    expect(all['07:00']).toBe(3);
    expect(all['06:30']).toBe(2);
  });

  it('is none while somebody is away in any part of it, once or every week', () => {
    const once = { from: '2026-11-27T10:10', to: '2026-11-27T10:20' };
    const weekly = { every: 'fri', from: '12:00', to: '13:15' } as const;
    const all = capacities([caller('kati', { absences: [once, weekly] })]);
    const away = ['07:30', '08:00', '08:30', '09:30', '10:00', '10:30', '11:00', '11:30'].filter(
      (time) => !(time in all),
    );
    expect(away).toEqual(['08:00', '10:00', '10:30', '11:00']);
  });

  it('is needed by a call each: those that nobody is free for are over', () => {
    const day = staffed(slots, [caller('kati')]);
    const now = at('2026-11-27T08:05Z');
    const call = (id: string, from: string, to: string) => {
      const time = (text: string): Instant => at(`2026-11-27T${text}Z`);
      return { id, from: time(from), to: time(to) };
    };
    expect(overflowOf([call('a', '09:00', '09:30'), call('b', '09:00', '09:30')], day, now)).toEqual(['b']);
    // A wide window gives way to a narrow one; what is late takes what is left of the day.
    expect(
      overflowOf([call('a', '09:00', '10:00'), call('b', '09:30', '10:00'), call('c', '07:00', '07:30')], day, now),
    ).toEqual([]);
    expect(overflowOf([call('a', '09:00', '09:30')], staffed(slots, []), now)).toEqual(['a']);
  });
});
