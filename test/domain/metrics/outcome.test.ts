import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomeOf, OUTCOMES, STANDINGS, WEIGHTS, type Outcome } from '../../../domain/metrics/outcome.ts';

const outcomes: fc.Arbitrary<Outcome> = fc.record({
  standing: fc.constantFrom(...STANDINGS),
  first: fc.constantFrom(...STANDINGS),
  isByUs: fc.boolean(),
  isEarly: fc.boolean(),
  isWarned: fc.boolean(),
  isWarnedInTime: fc.boolean(),
  isNoticeMissed: fc.boolean(),
  isFirstContact: fc.constantFrom(null, false, true),
  isRecovered: fc.boolean(),
  isHistory: fc.boolean(),
});

/** As the database adds it up. */
function codeOf(outcome: Outcome): number {
  const numbers = {
    ...Object.fromEntries(Object.entries(outcome).map(([field, value]) => [field, value === true ? 1 : 0])),
    standing: STANDINGS.indexOf(outcome.standing),
    first: STANDINGS.indexOf(outcome.first),
    isFirstContact: outcome.isFirstContact === null ? 0 : outcome.isFirstContact ? 2 : 1,
  } as Record<keyof Outcome, number>;
  return Object.entries(WEIGHTS).reduce((sum, [field, weight]) => sum + weight * numbers[field as keyof Outcome], 0);
}

describe('the number of an outcome', () => {
  it('says everything about the outcome and fits 15 bits', () => {
    fc.assert(
      fc.property(outcomes, (outcome) => {
        expect(codeOf(outcome)).toBeLessThan(OUTCOMES);
        expect(outcomeOf(codeOf(outcome))).toEqual(outcome);
      }),
    );
  });

  it('is refused where it is of no outcome', () => {
    expect(() => outcomeOf(STANDINGS.length)).toThrow(`Not the number of an outcome: ${STANDINGS.length}`);
  });
});
