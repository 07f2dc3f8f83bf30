import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answersAround, changesOf, WEEKS } from '../support/minute-oracle.ts';

/** One place for each way clocks are changed: at 01:00 UTC, at 02:00, by half an hour, at midnight, for Ramadan. */
const PLACES = [
  'Europe/Tallinn',
  'America/New_York',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'America/Havana',
  'Africa/Cairo',
  'Africa/Casablanca',
];

describe('around a change of the clock, working time equals a look at every minute', () => {
  it.each(PLACES)('in %s, both ways, with every week', (zone) => {
    const changes = changesOf(zone, 2024, 2025);
    expect(changes).toHaveLength(2);
    for (const change of changes)
      for (const week of WEEKS) {
        const { ours, oracle } = answersAround(change, zone, week);
        expect({ zone, change, week, ...ours }).toEqual({ zone, change, week, ...oracle });
      }
  });

  it('in a sample of all zones', () => {
    const sample = fc.sample(
      fc.record({
        zone: fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
        year: fc.integer({ min: 2005, max: 2044 }),
        week: fc.constantFrom(...WEEKS),
      }),
      { numRuns: 60, seed: 11 },
    );
    const cases = sample.flatMap((one) =>
      changesOf(one.zone, one.year, one.year + 1).map((change) => ({ ...one, change })),
    );
    expect(cases.length).toBeGreaterThan(20);
    for (const { zone, change, week } of cases) {
      const { ours, oracle } = answersAround(change, zone, week);
      expect({ zone, change, week, ...ours }).toEqual({ zone, change, week, ...oracle });
    }
  });

  it('where midnight was repeated, and where a day was skipped', () => {
    for (const [zone, change] of [
      ['America/St_Johns', Date.UTC(2010, 10, 7, 2, 31)],
      ['Pacific/Apia', Date.UTC(2011, 11, 30, 10)],
    ] as const)
      for (const week of WEEKS) {
        const { ours, oracle } = answersAround(change, zone, week);
        expect({ zone, week, ...ours }).toEqual({ zone, week, ...oracle });
      }
  });
});
