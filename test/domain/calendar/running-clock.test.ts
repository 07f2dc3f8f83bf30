import { expect, it } from 'vitest';
import { clockOf, hoursMs, whenLeft } from '../../../domain/calendar/running-clock.ts';
import type { Instant } from '../../../domain/promise/instant.ts';
import type { Pause } from '../../../domain/promise/plan.ts';
import { at } from '../support/build.ts';
import { OFFICE } from '../support/calendars.ts';
import { lasting } from '../support/chain.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
// In Tallinn it is 15:00 on Monday 2 February; the office closes at 17:00.
const FROM = at('2026-02-02T13:00Z');
const PAUSE: Pause = { from: at('2026-02-02T13:30Z'), to: at('2026-02-02T14:30Z') };
const clock = (calendar: typeof OFFICE | null, pauses: readonly Pause[] = []) =>
  clockOf(lasting('PT4H'), FROM, calendar, pauses, 'Europe/Tallinn');

it.each([
  ['PT4H', 4 * HOUR],
  ['PT1M30S', 1.5 * MINUTE],
  ['P1DT1H', 25 * HOUR],
  ['PT0S', 0],
])('%s that begins on no day lasts %d ms', (duration, ms) => {
  expect(hoursMs(duration)).toBe(ms);
});

it('a clock counts what was promised from then on, whole milliseconds', () => {
  expect(clock(OFFICE, [PAUSE])).toEqual({
    work: { from: FROM, calendar: OFFICE, pauses: [PAUSE] },
    withinMs: 4 * HOUR,
  });
  expect(clockOf(lasting('PT0.0015S'), FROM, OFFICE, [], 'UTC').withinMs).toBe(2);
});

it('days without a calendar are those of the zone, as long as they are there and then', () => {
  // From noon to noon over the night in which the clock goes forward.
  const withinMs = (zone: string) => clockOf(lasting('P1D'), at('2026-03-28T10:00Z'), null, [], zone).withinMs;
  expect([withinMs('Europe/Tallinn'), withinMs('UTC')]).toEqual([23 * HOUR, 24 * HOUR]);
});

it.each<
  readonly [name: string, calendar: typeof OFFICE | null, pauses: readonly Pause[], leftMs: number, when: string]
>([
  ['all of it where it began', OFFICE, [], 4 * HOUR, '2026-02-02T13:00Z'],
  ['half of it in between', OFFICE, [], 2 * HOUR, '2026-02-02T15:00Z'],
  ['nothing at its end, the next morning', OFFICE, [], 0, '2026-02-03T09:00Z'],
  ['more than half of it the next morning, after a pause', OFFICE, [PAUSE], 2.5 * HOUR, '2026-02-03T07:30Z'],
  ['half of it where every hour counts', null, [PAUSE], 2 * HOUR, '2026-02-02T16:00Z'],
  ['more than all before it began, by time that passes', OFFICE, [PAUSE], 5 * HOUR, '2026-02-02T12:00Z'],
  ['a part of a millisecond as the nearest whole one', null, [], 4 * HOUR - 0.6, '2026-02-02T13:00:00.001Z'],
])('has left %s', (_, calendar, pauses, leftMs, when) => {
  expect(whenLeft(clock(calendar, pauses), leftMs)).toBe(at(when));
});

it('has never so little left while it stands for good', () => {
  const standing = clock(null, [{ from: PAUSE.from, to: null }]);
  const left = (ms: number): Instant | null => whenLeft(standing, ms);
  expect([left(3.5 * HOUR), left(3.5 * HOUR - 1)]).toEqual([PAUSE.from, null]);
});
