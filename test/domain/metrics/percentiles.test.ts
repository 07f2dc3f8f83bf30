import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentiles } from '../../../domain/metrics/percentiles.ts';

const SHARES = [0.01, 0.05, 0.1, 0.5, 0.9, 0.99];

/** By the definition: the smallest value that at least this share of the values does not exceed. */
function byDefinition(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.find((_, index) => (index + 1) / sorted.length >= share) ?? null;
}

describe('percentiles', () => {
  it('are those of the definition, of few values and of many, also where many are equal', () => {
    const few = fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 40 });
    const many = fc
      .tuple(fc.integer({ min: 600, max: 3_000 }), fc.integer({ min: 1, max: 5_000 }), fc.integer())
      .map(([n, kinds, seed]) =>
        Array.from({ length: n }, (_, i) => Math.abs(Math.imul(i + seed, 2_654_435_761)) % kinds),
      );
    fc.assert(
      fc.property(fc.oneof(few, many), (values) => {
        const found = percentiles(Float64Array.from(values), SHARES);
        expect(found).toEqual(SHARES.map((share) => byDefinition(values, share)));
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['ascending', (i: number) => i],
    ['descending', (i: number) => -i],
    ['all equal', () => 7],
    ['like a saw', (i: number) => i % 100],
    ['like a roof', (i: number) => -Math.abs(i - 50_000)],
  ])('are found in a hundred thousand values that are %s', (_, valueAt) => {
    const values = Array.from({ length: 100_000 }, (_each, i) => valueAt(i));
    const found = percentiles(Float64Array.from(values), SHARES);
    expect(found).toEqual(SHARES.map((share) => byDefinition(values, share)));
  });

  it('are null over nothing', () => {
    expect(percentiles(new Float64Array(0), [0.1, 0.5])).toEqual([null, null]);
  });
});
