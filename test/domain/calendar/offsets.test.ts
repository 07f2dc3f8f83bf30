import { describe, expect, it } from 'vitest';
import { offsetMsAt, offsetsOver } from '../../../domain/calendar/offsets.ts';
import { wallOf } from '../../../domain/calendar/zones.ts';
import { plusMs } from '../../../domain/promise/instant.ts';
import { ZONES } from '../support/arbitraries.ts';
import { at } from '../support/build.ts';
import { chainFor } from '../support/chain.ts';

const HOUR = 3_600_000;
const SPRING = at('2026-03-29T01:00Z');
const AUTUMN = at('2026-10-25T01:00Z');

describe('the clock of a zone over a stretch of time', () => {
  it.each<readonly [name: string, from: string, to: string, offsets: ReturnType<typeof offsetsOver>]>([
    ['is one where it does not change', '2026-03-02T08:00Z', '2026-03-06T16:00Z', [{ from: null, minutes: 120 }]],
    [
      'is put forward in spring',
      '2026-03-28T08:00Z',
      '2026-03-30T16:00Z',
      [
        { from: null, minutes: 120 },
        { from: SPRING, minutes: 180 },
      ],
    ],
    [
      'and back in autumn',
      '2026-10-24T08:00Z',
      '2026-10-26T16:00Z',
      [
        { from: null, minutes: 180 },
        { from: AUTUMN, minutes: 120 },
      ],
    ],
    ['is that of summer from the change on', '2026-03-29T01:00Z', '2026-03-30T16:00Z', [{ from: null, minutes: 180 }]],
    [
      'is that of winter up to the change',
      '2026-03-28T08:00Z',
      '2026-03-29T00:59:59.999Z',
      [{ from: null, minutes: 120 }],
    ],
    [
      'changes at the last instant, too',
      '2026-03-28T08:00Z',
      '2026-03-29T01:00Z',
      [
        { from: null, minutes: 120 },
        { from: SPRING, minutes: 180 },
      ],
    ],
    [
      'is put forward and back in a year, in the order of time',
      '2026-03-02T08:00Z',
      '2026-12-24T16:00Z',
      [
        { from: null, minutes: 120 },
        { from: SPRING, minutes: 180 },
        { from: AUTUMN, minutes: 120 },
      ],
    ],
    [
      'is one where the end is before the beginning',
      '2026-10-26T08:00Z',
      '2026-03-02T08:00Z',
      [{ from: null, minutes: 120 }],
    ],
  ])('%s', (_, from, to, offsets) => {
    expect(offsetsOver('Europe/Tallinn', at(from), at(to))).toEqual(offsets);
  });

  it.each([
    ['Asia/Kolkata', 330],
    ['UTC', 0],
  ])('is one of %s, however long', (zone, minutes) => {
    expect(offsetsOver(zone, at('2011-03-02T08:00Z'), at('2026-03-02T08:00Z'))).toEqual([{ from: null, minutes }]);
  });

  it.each(ZONES)('tells the wall clock of %s at every hour of two years', (zone) => {
    const from = at('2025-06-01T00:00Z');
    const offsets = offsetsOver(zone, from, at('2027-06-01T00:00Z'));
    for (let hour = 0; hour < 2 * 365 * 24; hour += 5) {
      const moment = plusMs(from, hour * HOUR);
      expect(Date.parse(moment) + offsetMsAt(offsets, moment)).toBe(wallOf(moment, zone));
    }
    for (const { from: change } of offsets)
      for (const moment of change === null ? [] : [change, plusMs(change, -1)])
        expect(Date.parse(moment) + offsetMsAt(offsets, moment)).toBe(wallOf(moment, zone));
  });

  it('is kept with a plan from when its time was told until its recovery', () => {
    const promised = { precision: 'instant', at: at('2026-03-28T23:30Z') } as const;
    const { plan } = chainFor({ promised, madeAt: at('2026-03-02T08:00Z') });
    expect(plan.recoveryAt).toBe(at('2026-03-29T01:30Z'));
    expect(plan.offsets).toEqual([
      { from: null, minutes: 120 },
      { from: SPRING, minutes: 180 },
    ]);
    expect(chainFor({ promised: { ...promised, at: at('2026-03-28T22:30Z') } }).plan.offsets).toHaveLength(1);
  });

  it('is that of UTC where nothing is known', () => {
    expect(offsetMsAt([], SPRING)).toBe(0);
    expect(offsetMsAt([{ from: null, minutes: -150 }], SPRING)).toBe(-9_000_000);
  });
});
