import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whenWorked, workedBy } from '../../../domain/calendar/work-clock.ts';
import type { Fact } from '../../../domain/promise/facts.ts';
import { IDLE, instant, later, plusMs, type Instant } from '../../../domain/promise/instant.ts';
import type { Pause } from '../../../domain/promise/plan.ts';
import { LONGER_OFFICE, OFFICE } from '../support/calendars.ts';
import { BASIS, chainFor, lasting } from '../support/chain.ts';
import { agreed, applied, imposed, paused, resumed } from '../support/moving-facts.ts';

const MADE_AT = BASIS.madeAt ?? instant(0);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Long enough that nothing that is told comes after the deadline: more than a fortnight of the office. */
const LONG = [90, 100, 120, 150] as const;
const chain = chainFor(
  { promised: lasting('PT90H') },
  {},
  { buffer: { share: '20%' } },
  { buffer: { working: 'PT4H', calendar: 'office' } },
);

/** In the first ten days. */
const when = fc.integer({ min: 0, max: 10 * 24 * 60 }).map((minutes) => plusMs(MADE_AT, minutes * MINUTE));

/** When we waited for the customer: told as pauses that are ended, that end by themselves, or that replace one another. */
interface Waited {
  readonly pauses: readonly Pause[];
  readonly facts: readonly Fact[];
}

const waits: fc.Arbitrary<Waited> = fc
  .record({
    bounds: fc.uniqueArray(when, { maxLength: 8 }).map((all) => [...all].sort()),
    ways: fc.array(fc.constantFrom('resumed', 'by itself', 'partner', 'early'), { minLength: 4, maxLength: 4 }),
  })
  .map(({ bounds, ways }) => {
    const facts: Fact[] = [];
    const pauses: Pause[] = [];
    for (let index = 0; index < bounds.length; index += 2) {
      const [from, to] = [bounds[index] ?? MADE_AT, bounds[index + 1] ?? null];
      const way = ways[index / 2];
      pauses.push({ from, to });
      facts.push(
        paused(
          from,
          'customer',
          to !== null && way === 'by itself' ? to : to !== null && way === 'early' ? plusMs(to, HOUR) : undefined,
        ),
      );
      if (to !== null && way !== 'by itself') facts.push(way === 'partner' ? paused(to, 'partner') : resumed(to));
    }
    return { pauses, facts };
  });

interface Moves {
  readonly within: readonly number[];
  /** In their order, wherever the pauses lie. */
  readonly at: readonly Instant[];
  readonly versions: readonly number[];
  readonly appliedAt: readonly Instant[];
}

const moves: fc.Arbitrary<Moves> = fc.record({
  within: fc.array(fc.constantFrom(...LONG), { minLength: 3, maxLength: 3 }),
  at: fc.uniqueArray(when, { minLength: 3, maxLength: 3 }).map((all) => [...all].sort()),
  versions: fc.array(fc.constantFrom(1, 2, 3), { minLength: 2, maxLength: 2 }),
  appliedAt: fc.uniqueArray(when, { minLength: 2, maxLength: 2 }).map((all) => [...all].sort()),
});

const factsOf = ({ within, at, versions, appliedAt }: Moves): readonly Fact[] => [
  ...within.map((hours, index) => agreed(at[index] ?? MADE_AT, lasting(`PT${hours}H`))),
  ...versions.map((version, index) => applied(appliedAt[index] ?? MADE_AT, version, { office: version === 3 ? 2 : 1 })),
];

describe('the working time left of any duration promise', () => {
  it('is what was promised last less what was worked, whenever and in whatever order it was told again or planned anew', () => {
    fc.assert(
      fc.property(waits, moves, ({ pauses, facts }, told) => {
        const { plan } = chain.state([...factsOf(told), ...facts]);
        const withinMs = (told.within[2] ?? 0) * HOUR;
        const calendar = told.versions[1] === 3 ? LONGER_OFFICE : OFFICE;
        const clock = { from: MADE_AT, calendar, pauses };
        expect(plan.clock?.withinMs).toBe(withinMs);
        const endless = pauses.find(({ to }) => to === null);
        expect(plan.promisedAt).toBe(whenWorked(clock, withinMs) ?? IDLE);
        if (endless) expect(plan.clock?.leftMs).toBe(withinMs - workedBy(clock, endless.from));
        else expect(workedBy(clock, plan.promisedAt)).toBe(withinMs);
      }),
      { numRuns: 100, seed: 51 },
    );
  });

  it('is the same wherever the other time and the other policy lie between the pauses', () => {
    fc.assert(
      fc.property(waits, moves, moves, fc.boolean(), ({ facts }, told, other, tells) => {
        const elsewhere = { ...told, at: other.at, appliedAt: other.appliedAt };
        const noise = tells ? [imposed(other.at[0] ?? MADE_AT, lasting('PT200H'))] : [];
        const here = chain.state([...factsOf(told), ...facts]);
        const there = chain.state([...noise, ...facts, ...factsOf(elsewhere)]);
        expect(there.plan).toEqual(here.plan);
        expect(there.clock).toEqual(here.clock);
      }),
      { numRuns: 100, seed: 52 },
    );
  });

  it('of one that was told beside it is the same wherever it was told, and what it would be had it been agreed', () => {
    fc.assert(
      fc.property(waits, moves, moves, ({ facts }, told, other) => {
        const policies = factsOf({ ...told, within: [] });
        const toldAt = (at: Instant): readonly Fact[] => [...facts, ...policies, imposed(at, lasting('PT95H'))];
        const here = chain.state(toldAt(told.at[0] ?? MADE_AT));
        const there = chain.state(toldAt(other.at[0] ?? MADE_AT));
        const inForce = chain.state([...facts, ...policies, agreed(told.at[0] ?? MADE_AT, lasting('PT95H'))]);
        expect(there.told).toEqual(here.told);
        expect(here.told).toEqual(inForce.told);
        expect(here.revisions.at(-1)?.told).toEqual(here.told);
      }),
      { numRuns: 100, seed: 54 },
    );
  });

  it('is at any instant less by what was worked since, and by nothing while the clock stands', () => {
    fc.assert(
      fc.property(waits, moves, when, when, ({ facts }, told, one, two) => {
        const state = chain.state([...facts, ...factsOf(told)]);
        const pauses = state.clock?.pauses ?? [];
        const clock = { from: MADE_AT, calendar: null, pauses };
        const [from, to] = one <= two ? [one, two] : [two, one];
        const stood = pauses.reduce((ms, pause) => ms + overlapMs(pause, from, to), 0);
        expect(workedBy(clock, to) - workedBy(clock, from)).toBe(Date.parse(to) - Date.parse(from) - stood);
      }),
      { numRuns: 100, seed: 53 },
    );
  });
});

function overlapMs(pause: Pause, from: Instant, to: Instant): number {
  const end = pause.to === null || pause.to > to ? to : pause.to;
  return Math.max(0, Date.parse(end) - Date.parse(later(pause.from, from)));
}
