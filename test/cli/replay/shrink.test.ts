import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DatedRow } from '../../../cli/import/read-history.ts';
import {
  expectedOf,
  shrinkDuration,
  shrinkInstant,
  shrinkPolicy,
  shrinkRow,
  type Scale,
} from '../../../cli/replay/shrink.ts';
import { planOf } from '../../../domain/calendar/plan.ts';
import type { Promised } from '../../../domain/promise/plan.ts';
import type { OutsideFact } from '../../../domain/promise/facts.ts';
import { fold } from '../../../domain/promise/fold.ts';
import { instant, msBetween, msOf, plusMs, type Instant } from '../../../domain/promise/instant.ts';
import { outcomeOf } from '../../../domain/promise/phase.ts';
import { historyRow } from '../../support/history.ts';
import { policy } from '../../support/registrations.ts';

const DAY = 86_400_000;
const MADE = instant(Date.UTC(2017, 10, 1, 14));
const SCALE: Scale = {
  historyOrigin: instant(Date.UTC(2017, 10, 1, 2)),
  origin: instant(Date.UTC(2026, 10, 27, 9)),
  dayMs: 2_000,
};

const row = (promised: Promised, facts: readonly OutsideFact[]): DatedRow =>
  historyRow({ madeAt: MADE, promised, facts });

describe('the times of a replay', () => {
  it('lie on one straight line: a day of 86,400 s lasts what was asked for, to the millisecond', () => {
    const after = (days: number) => shrinkInstant(SCALE, plusMs(SCALE.historyOrigin, days * DAY));
    expect(after(0)).toBe(SCALE.origin);
    expect(after(1)).toBe('2026-11-27T09:00:02.000Z');
    for (let days = 0; days < 400; days += 1) expect(msBetween(SCALE.origin, after(days))).toBe(days * 2_000);
  });

  it('count a day of 25 hours as 25 hours', () => {
    const day = (name: string) =>
      shrinkRow(SCALE, row({ precision: 'day', day: name, zone: 'America/Sao_Paulo' }, []), '').promised;
    const ends = ['2018-02-16', '2018-02-17', '2018-02-18'].map((name) => {
      const promised = day(name);
      return promised.precision === 'instant' ? msOf(promised.at) : NaN;
    });
    expect([(ends[1] ?? 0) - (ends[0] ?? 0), (ends[2] ?? 0) - (ends[1] ?? 0)]).toEqual([2_083, 2_000]);
  });

  it('turn the end of a promised day into an instant, a window into a window, and name the kind', () => {
    const made = (promised: Promised) => shrinkRow(SCALE, row(promised, []), '-replay');
    expect(made({ precision: 'day', day: '2017-11-02', zone: 'America/Sao_Paulo' })).toMatchObject({
      kind: 'delivery-replay',
      madeAt: '2026-11-27T09:00:01.000Z',
      promised: { precision: 'instant', at: '2026-11-27T09:00:04.000Z' },
    });
    const window = { precision: 'window', from: plusMs(MADE, DAY), to: plusMs(MADE, 2 * DAY) } as const;
    expect(made(window).promised).toEqual({
      precision: 'window',
      from: '2026-11-27T09:00:03.000Z',
      to: '2026-11-27T09:00:05.000Z',
    });
  });

  it('shrink our own earlier deadline', () => {
    const promised = { precision: 'instant', at: plusMs(MADE, 2 * DAY) } as const;
    const { target } = shrinkRow(SCALE, { ...row(promised, []), target: plusMs(MADE, DAY) }, '');
    expect(target).toBe('2026-11-27T09:00:03.000Z');
  });

  it('shrink what an estimate says, as well as when it was said', () => {
    const estimate: OutsideFact = {
      kind: 'estimated',
      factKey: 'e',
      occurredAt: plusMs(MADE, DAY),
      at: plusMs(MADE, 3 * DAY),
    };
    const { facts } = shrinkRow(SCALE, row({ precision: 'instant', at: plusMs(MADE, 2 * DAY) }, [estimate]), '');
    expect(facts).toEqual([{ ...estimate, occurredAt: '2026-11-27T09:00:03.000Z', at: '2026-11-27T09:00:07.000Z' }]);
  });
});

describe('the end of a promised day of which only the date is known', () => {
  const zone = 'America/Sao_Paulo';
  const ended = (end: string) =>
    shrinkRow(
      SCALE,
      row({ precision: 'day', day: '2017-11-06', zone }, [
        { kind: 'fulfilled', factKey: 'f', occurredAt: end as Instant, asDay: true },
      ]),
      '',
    );

  it('keeps the promise on the day itself and breaks it on the next, and is an instant in the replay', () => {
    const sameDay = ended('2017-11-07T02:00:00.000Z');
    const nextDay = ended('2017-11-08T02:00:00.000Z');
    expect([sameDay.expected, nextDay.expected]).toEqual(['kept', 'broken']);
    expect(sameDay.facts).toEqual([{ kind: 'fulfilled', factKey: 'f', occurredAt: '2026-11-27T09:00:12.000Z' }]);
    expect(sameDay.promised).toEqual({ precision: 'instant', at: '2026-11-27T09:00:12.000Z' });
  });
});

describe('the durations of a replayed policy', () => {
  it.each([
    ['PT2H', 2_000, 'PT0.167S'],
    ['P1D', 2_000, 'PT2S'],
    ['P2W', 500, 'PT7S'],
    ['P1M', 2_000, 'PT60S'],
    ['P1Y', 2_000, 'PT730S'],
    ['P1DT12H', 20_000, 'PT30S'],
    ['PT30S', 2_000, 'PT0.001S'],
    ['PT0S', 2_000, 'PT0S'],
  ])('%s at a day of %d ms is %s', (duration, dayMs, short) => {
    expect(shrinkDuration(duration, dayMs)).toBe(short);
    expect(policy({ kind: 'delivery', buffer: { fixed: shrinkDuration(duration, dayMs) } }).buffer).toEqual({
      fixed: short,
    });
  });

  it('are all shrunk, shares stay shares, and the rest stays as it is', () => {
    const full = policy({
      kind: 'delivery',
      buffer: { share: '20%', min: 'PT4H', max: 'P3D' },
      whenUnknown: 'warn',
      goal: '95%',
      spread: 'PT1H',
      shortest: 'P1D',
      escalation: { repeat: 'PT4H' },
      checkpoints: [
        { name: 'scanned', at: '60%', partner: true },
        { name: 'checked', at: { fixed: 'P1D' } },
      ],
      tries: { every: 'PT20M' },
      remedies: { currency: 'EUR', rows: [{ late: 'P2D', value: '20.00', options: [{ refund: '10%' }] }] },
    });
    expect(shrinkPolicy(full, 'delivery-replay', 2_000)).toEqual({
      kind: 'delivery-replay',
      buffer: { share: 0.2, min: 'PT0.333S', max: 'PT6S' },
      lead: 'PT2S',
      estimateFresh: 'PT4S',
      whenUnknown: 'warn',
      factLag: 'PT0.167S',
      nextNews: 'PT2S',
      notices: { promised: false },
      goal: 0.95,
      sendGuard: 'PT0.001S',
      spread: 'PT0.083S',
      tooTight: 'flag',
      shortest: 'PT2S',
      longest: 'PT1460S',
      quiet: null,
      escalation: { ...full.escalation, repeat: 'PT0.333S' },
      checkpoints: [
        { name: 'scanned', at: { share: 0.6 }, partner: true },
        { name: 'checked', at: { fixed: 'PT2S' }, partner: false },
      ],
      tries: { max: 3, every: 'PT0.028S', remind: 'PT0.021S' },
      slots: null,
      remedies: {
        currency: 'EUR',
        rows: [{ late: 'PT4S', value: '20.00', options: [{ kind: 'refund', percent: '10' }] }],
        secondBreak: [],
        arrives: 'PT10S',
        limit: null,
        month: null,
      },
    });
  });

  it('leave no duration of the policy as it was', () => {
    const week = 'P7D';
    const document = {
      kind: 'x',
      buffer: { fixed: week },
      lead: week,
      estimateFresh: week,
      factLag: week,
      nextNews: week,
    };
    const full = policy({
      ...document,
      ...{ sendGuard: week, spread: week, shortest: week, longest: 'P49D' },
      escalation: { repeat: week },
      checkpoints: [{ name: 'a', at: { fixed: week } }],
      tries: { every: week, remind: week },
      remedies: {
        currency: 'EUR',
        rows: ['PT0S', week].map((late) => ({ late, options: [{ voucher: '5' }] })),
        arrives: week,
      },
    });
    const long = /"P[1-9]/;
    expect(JSON.stringify(full)).toMatch(long);
    expect(JSON.stringify(shrinkPolicy(full, 'y', 2_000))).not.toMatch(long);
  });

  it('play working time as time that passes, since no calendar opens in a replay', () => {
    const full = policy({ kind: 'x', buffer: { working: 'PT12H', calendar: 'office' } });
    expect(shrinkPolicy(full, 'y', 2_000).buffer).toEqual({ fixed: 'PT1S' });
  });

  it('leave none where there is none', () => {
    const { escalation, tries, remedies } = shrinkPolicy(policy({ kind: 'x', buffer: { fixed: 'P1D' } }), 'y', 2_000);
    expect([escalation.repeat, tries, remedies]).toEqual([null, null, null]);
  });
});

describe('an outcome', () => {
  const zone = 'America/Sao_Paulo';
  const times = fc.integer({ min: -50_000, max: 50_000 });
  const promises: fc.Arbitrary<Promised> = fc.oneof(
    fc.constantFrom<Promised>(
      { precision: 'day', day: '2017-12-05', zone },
      // The day before the clock is set back: its end is no whole number of milliseconds after the origin.
      { precision: 'day', day: '2018-02-18', zone },
    ),
    fc.integer({ min: 1, max: 90 * DAY }).map((ms): Promised => ({ precision: 'instant', at: plusMs(MADE, ms) })),
    fc
      .integer({ min: 1, max: 90 * DAY })
      .map((ms): Promised => ({ precision: 'window', from: plusMs(MADE, ms), to: plusMs(MADE, ms + DAY / 4) })),
  );
  const deadline = (promised: Promised): Instant =>
    promised.precision === 'day'
      ? promised.day === '2017-12-05'
        ? ('2017-12-06T02:00:00.000Z' as Instant)
        : ('2018-02-19T03:00:00.000Z' as Instant)
      : promised.precision === 'window'
        ? promised.to
        : promised.at;

  it('is the same in the replay, however near the deadline the promise ended', () => {
    fc.assert(
      fc.property(
        promises,
        times,
        fc.constantFrom('fulfilled', 'customer', 'company', 'unknown'),
        fc.constantFrom(500, 2_000, 20_000),
        (promised, ms, how, dayMs) => {
          const occurredAt = plusMs(deadline(promised), ms);
          const end: OutsideFact =
            how === 'fulfilled'
              ? { kind: 'fulfilled', factKey: 'end', occurredAt }
              : { kind: 'withdrawn', by: how as 'customer', factKey: 'end', occurredAt };
          const history = row(promised, [end]);
          const played = shrinkRow({ ...SCALE, dayMs }, history, '');
          expect(judged(played.madeAt, played.promised, played.facts)).toBe(expectedOf(history));
          expect(played.expected).toBe(judged(MADE, promised, history.facts));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  /** What the product's own rules say. */
  function judged(madeAt: Instant, promised: Promised, facts: readonly OutsideFact[]): string {
    const plan = planOf(
      { promised, madeAt, target: null, customerZone: zone, companyZone: zone, place: 0 },
      policy({ kind: 'delivery', buffer: { fixed: 'PT0S' } }),
    );
    const { end } = fold({ plan }, facts);
    return end ? outcomeOf(plan, end) : 'none';
  }
});
