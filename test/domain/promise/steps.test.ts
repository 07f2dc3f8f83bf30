import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../domain/promise/facts.ts';
import type { Instant } from '../../../domain/promise/instant.ts';
import type { PlanStep } from '../../../domain/promise/plan.ts';
import { at, estimated, fulfilled, progressed } from '../support/build.ts';
import { agreed, applied, imposed, paused, resumed } from '../support/moving-facts.ts';
import { chainFor, lasting } from '../support/chain.ts';

const hour = (count: number): Instant => at(new Date(Date.UTC(2026, 2, 2, 8 + count)).toISOString());
const NEXT_FRIDAY = { precision: 'instant', at: at('2026-03-13T16:00Z') } as const;
const chain = chainFor({}, { buffer: { fixed: 'PT1H' } }, { buffer: { fixed: 'PT2H' } });
const dated = chainFor({ promised: { precision: 'instant', at: at('2026-03-06T16:00Z') } }, {}, {});

/** What is stored of these facts, as it comes back from the database. */
const storedOf = (facts: readonly Fact[], of = chain): readonly PlanStep[] => structuredClone(of.stored(facts));

describe('a stored step', () => {
  const facts = [
    paused(hour(1)),
    resumed(hour(3)),
    applied(hour(4), 2),
    agreed(hour(5), NEXT_FRIDAY),
    imposed(hour(6), NEXT_FRIDAY),
  ];

  it('is made by each fact that moves the plan, and by no other', () => {
    const news = [progressed(hour(2), 'packed'), estimated(hour(2), hour(9)), paused(hour(4), 'us')];
    const { steps } = chain.state([...facts, ...news]);
    expect(steps.map(({ factKey, imposed: told }) => [factKey, told])).toEqual(
      facts.map(({ factKey, kind }, index) => [factKey, kind === 'repromised' && index === 4]),
    );
    expect(chain.stored(news)).toEqual([]);
    expect(chain.stored(facts)[0]).toEqual({ factKey: 'registered', plan: chain.plan, imposed: false });
  });

  it('is used again as it is, where the same facts lead to it', () => {
    const stored = storedOf(facts);
    const { steps, plan } = chain.state(facts, stored);
    expect(steps).toHaveLength(facts.length);
    for (const [index, step] of steps.entries()) expect(step).toBe(stored[index + 1]);
    expect(plan).toBe(stored[4]?.plan);
    expect(chain.planning(stored).plan).toBe(stored[0]?.plan);
  });

  it('is not reckoned anew, whatever the rules would say today', () => {
    const stored = storedOf(facts);
    const planning = chain.planning(stored);
    const { steps } = chain.state(facts, stored);
    expect(steps.length).toBe(5);
    expect(() => planning.chain?.replan({ ...chain.basis, policyVersion: 9, toldAt: null, pauses: [] })).toThrow(
      'policy 9',
    );
  });

  it('and those before it are used again though more facts follow', () => {
    const stored = storedOf(facts.slice(0, 3));
    const { steps } = chain.state(facts, stored);
    for (const [index, step] of steps.entries()) {
      if (index < 3) expect(step).toBe(stored[index + 1]);
      else expect(stored).not.toContain(step);
    }
  });

  it('is reckoned anew with all that follow, where a fact before it arrived late', () => {
    const late = paused(hour(2), 'customer', hour(7));
    const stored = storedOf(facts);
    const { steps } = chain.state([...facts, late], stored);
    expect(steps).toEqual(chain.state([...facts, late]).steps);
    expect(steps[0]).toBe(stored[1]);
    for (const step of steps.slice(1)) expect(stored).not.toContain(step);
  });

  it('falls away with the fact that counts no more', () => {
    const stored = storedOf(facts);
    const end = fulfilled(hour(2));
    const early = chain.state([...facts, end], stored);
    expect(early.steps.map(({ factKey }) => factKey.replace(/-.*/, ''))).toEqual(['paused', 'fulfilled']);
    expect(early.steps).toEqual(chain.state([...facts, end]).steps);
  });

  it('of a duration that replaced a date knows when that waited, though that was heard later', () => {
    const told = agreed(hour(5), lasting('PT16H'));
    const late = [paused(hour(1)), resumed(hour(3))];
    const stored = storedOf([told], dated);
    const { plan } = dated.state([told, ...late], stored);
    expect(plan.promisedAt).toBe(at('2026-03-04T10:30Z'));
    expect(plan).toEqual(dated.state([told, ...late]).plan);
    expect(dated.state([told], stored).plan).toBe(stored[1]?.plan);
  });
});

const facts = fc.array(
  fc.oneof(
    fc
      .record({ from: fc.nat(60), to: fc.option(fc.nat(80)) })
      .map(({ from, to }) => paused(hour(from), 'customer', to === null ? undefined : hour(from + to))),
    fc.nat(60).map((from) => paused(hour(from), 'partner')),
    fc.nat(60).map((from) => resumed(hour(from))),
    fc.nat(60).map((from) => agreed(hour(from), lasting('PT30H'))),
    fc.nat(60).map((from) => agreed(hour(from), NEXT_FRIDAY)),
    fc.nat(60).map((from) => imposed(hour(from), lasting('PT40H'))),
    fc
      .record({ from: fc.nat(60), version: fc.constantFrom(1, 2) })
      .map(({ from, version }) => applied(hour(from), version, { office: version })),
    fc.integer({ min: 20, max: 90 }).map((from) => fulfilled(hour(from))),
  ),
  { maxLength: 8 },
);

describe('the steps of any facts, told in any order', () => {
  const told = facts.chain((all) =>
    fc.record({
      all: fc.constant(all),
      order: fc.shuffledSubarray(all, { minLength: all.length }),
      cuts: fc.array(fc.nat(8), { maxLength: 3 }),
    }),
  );

  it.each([
    ['a duration', chain],
    ['a date', dated],
  ] as const)('are those that all of them lead to at once: %s', (_, of) => {
    fc.assert(
      fc.property(told, ({ all, order, cuts }) => {
        const stored = [...cuts]
          .sort((a, b) => a - b)
          .reduce<readonly PlanStep[]>((steps, cut) => structuredClone(of.stored(order.slice(0, cut), steps)), []);
        expect(of.state(order, stored)).toEqual(of.state(all));
        expect(of.stored(order, stored)).toEqual(of.stored(all));
      }),
      { numRuns: 250, seed: 31 },
    );
  });
});
