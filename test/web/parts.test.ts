import { describe, expect, test } from 'vitest';
import { IDLE, instant, msOf, type Instant } from '../../domain/promise/instant.ts';
import { en } from '../../words/en.ts';
import { leftText } from '../../web/parts/bar.tsx';
import { numbered } from '../../web/parts/feeds.tsx';
import { sayingOf } from '../../web/parts/saying.ts';
import { scaleOf } from '../../web/parts/scale.ts';
import { waitsFor } from '../../web/parts/waits.ts';
import type { BarTimes } from '../../web/shapes.ts';

const at = (clock: string): Instant => instant(Date.parse(`2026-11-26T${clock}:00Z`));
const midnight = (day: string): Instant => instant(Date.parse(`2026-11-${day}T00:00:00Z`));
const ZONE = 'UTC';

const times = (changes: Partial<BarTimes> = {}): BarTimes => ({
  zone: ZONE,
  day: null,
  madeAt: at('08:00'),
  targetAt: at('12:00'),
  lastCallAt: at('13:00'),
  promisedAt: at('16:00'),
  toldAt: at('16:00'),
  closedAt: null,
  estimatedAt: null,
  phase: 'open',
  clock: null,
  waitingFor: null,
  waitingSince: null,
  waitingUntil: null,
  checkpoints: [],
  passed: {},
  ...changes,
});

describe('a bar', () => {
  test('runs from the making to the promise with some room for its mark, all marks in their order', () => {
    const scale = scaleOf(times(), at('10:00'));
    const places = [at('08:00'), scale.reached, at('12:00'), at('13:00'), at('16:00')].map(scale.at);
    expect(places[0]).toBe(0);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[4]).toBeGreaterThan(90);
    expect(places[4]).toBeLessThan(100);
  });

  test('grows for an estimate, a told time or lateness, so that the promise moves to the left', () => {
    const usual = scaleOf(times(), at('10:00')).at(at('16:00'));
    for (const [changes, now] of [
      [{ estimatedAt: at('18:00') }, at('10:00')],
      [{ toldAt: at('18:00') }, at('10:00')],
      [{}, at('18:00')],
    ] as const)
      expect(scaleOf(times(changes), now).at(at('16:00'))).toBeLessThan(usual);
  });

  test('never draws outside of itself, however late', () => {
    const scale = scaleOf(times({ estimatedAt: at('23:00') }), instant(msOf(at('16:00')) + 90 * 86_400_000));
    for (const instantOf of [at('00:00'), at('16:00'), at('23:00'), scale.reached]) {
      expect(scale.at(instantOf)).toBeGreaterThanOrEqual(0);
      expect(scale.at(instantOf)).toBeLessThanOrEqual(100);
    }
    expect(scale.at(at('16:00'))).toBeGreaterThan(50);
  });

  test('stops at the end of a closed promise and no longer shows its estimate', () => {
    const closed = times({ closedAt: at('14:00'), estimatedAt: at('20:00'), phase: 'kept' });
    const scale = scaleOf(closed, at('22:00'));
    expect(scale.reached).toBe(at('14:00'));
    expect(scale.at(at('16:00'))).toBeGreaterThan(90);
  });

  test('has room where the newest time told has no place in time', () => {
    const usual = scaleOf(times(), at('10:00')).at(at('16:00'));
    expect(scaleOf(times({ toldAt: IDLE }), at('10:00')).at(at('16:00'))).toBe(usual);
  });

  test('of a promise made after its time still has a length', () => {
    const scale = scaleOf(times({ madeAt: at('17:00'), targetAt: at('16:00') }), at('17:00'));
    expect([scale.at(at('16:00')), scale.at(at('17:00'))].every(Number.isFinite)).toBe(true);
  });

  test('says in words how much time is left or how late it is', () => {
    expect(leftText(en, times(), at('13:55'))).toBe('2 h 5 min left');
    expect(leftText(en, times(), at('16:00'))).toBe('due now');
    expect(leftText(en, times(), at('16:05'))).toBe('5 min late');
    expect(leftText(en, times({ closedAt: at('15:00') }), at('20:00'))).toBe('1 h left');
  });
});

describe('what a promise waits for', () => {
  const waits = (row: Parameters<typeof waitsFor>[1], now: Instant): string =>
    waitsFor(en, row, now, sayingOf(en, row, { now, zone: ZONE }, [row.wakeAt, row.promisedAt, row.toldAt]));
  const waiting = (changes: Partial<Parameters<typeof waitsFor>[1]> = {}, now = at('10:00')): string =>
    waits({ ...times(), recoveryAt: at('18:00'), wakeAt: at('12:00'), notice: null, ...changes }, now);

  test('its target, then the promise', () => expect(waiting()).toBe('target 12:00, then promised 16:00'));
  test('its last call', () => expect(waiting({ wakeAt: at('13:00') })).toBe('last call 13:00, then promised 16:00'));
  test('after the deadline the recovery alone', () =>
    expect(waiting({ wakeAt: at('18:00') }, at('17:00'))).toBe('recovery 18:00'));
  test('where a later time was told the manager hears first, and recovery comes after it', () => {
    expect(waiting({ wakeAt: at('18:00'), toldAt: at('20:00') })).toBe(
      'promised 16:00, then alert to the manager 18:00, then new time 20:00',
    );
    expect(waiting({ wakeAt: at('22:00'), toldAt: at('20:00') }, at('19:00'))).toBe(
      'new time 20:00, then recovery 22:00',
    );
  });
  test('a promised day, and a later one, as days', () => {
    const day = { day: '2026-11-27', promisedAt: midnight('28'), toldAt: midnight('30'), wakeAt: at('13:00') };
    expect(waiting(day)).toBe('last call 13:00, then promised Fri 27 Nov 2026, then new time Sun 29 Nov 2026');
  });
  test('all its times with seconds where one has them', () =>
    expect(waiting({ wakeAt: instant(Date.parse('2026-11-26T15:30:07Z')) })).toBe(
      'next look 15:30:07, then promised 16:00:00',
    ));
  test('a checkpoint by its name, and the end of a wait', () => {
    const checkpoints = [{ name: 'scanned', at: at('11:00'), partner: true, value: '40%' }];
    expect(waiting({ checkpoints, wakeAt: at('11:00') })).toBe('checkpoint scanned 11:00, then promised 16:00');
    const until = { waitingFor: 'customer', waitingUntil: at('11:00') } as const;
    expect(waiting(until)).toBe('end of the wait 11:00, then target 12:00, then promised 16:00');
    expect(waiting({ ...until, wakeAt: at('11:00') })).toBe('end of the wait 11:00, then promised 16:00');
    expect(waiting({ ...until, waitingUntil: at('12:00') })).toBe('target 12:00, then promised 16:00');
  });
  test('word from the customer where its clock stands, and a time that was told beside the plan', () => {
    const standing = { promisedAt: IDLE, targetAt: IDLE, lastCallAt: IDLE, recoveryAt: IDLE, wakeAt: null };
    expect(waiting({ ...standing, toldAt: IDLE })).toBe('word from the customer');
    expect(waiting({ ...standing, toldAt: at('17:00') })).toBe('new time 17:00');
  });
  test('no time where the newest one told has none', () =>
    expect(waiting({ toldAt: IDLE })).toBe('target 12:00, then promised 16:00'));
  test('a notice on its way comes first', () =>
    expect(waiting({ notice: 'risk' })).toBe('Risk notice on its way, then target 12:00, then promised 16:00'));
  test('an instant of no name', () =>
    expect(waiting({ wakeAt: at('15:00') })).toBe('next look 15:00, then promised 16:00'));
  test('nothing but news', () => expect(waiting({ wakeAt: null }, at('19:00'))).toBe('news of it'));
});

test('a mail keeps its number when others arrive, and the newest comes first', () => {
  const mails = ['2026-11-26T08:00:00Z', '2026-11-26T09:00:00Z', '2026-11-26T08:30:00Z'].map((text) => ({ at: text }));
  expect(numbered(mails.slice(0, 1)).map(({ number }) => number)).toEqual([1]);
  expect(numbered(mails).map(({ number, mail }) => [number, mail.at.slice(11, 16)])).toEqual([
    [3, '09:00'],
    [2, '08:30'],
    [1, '08:00'],
  ]);
});
