import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { marginHistogram } from '../../../domain/metrics/margins.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;
const of = (margins: readonly number[], buffers: readonly number[] = []) =>
  marginHistogram({ marginMs: Float64Array.from(margins), bufferMs: Float64Array.from(buffers) });
const range = (n: number, valueAt: (i: number) => number): number[] => Array.from({ length: n }, (_, i) => valueAt(i));

describe('the histogram of margins', () => {
  it('puts every margin into its bin: at the begin of a bin inside, at its end in the next', () => {
    const histogram = of([-1, 0, MINUTE - 1, MINUTE]);
    expect(histogram).toMatchObject({ binMs: MINUTE, promiseAtMs: 0, below: 0, above: 0 });
    expect(histogram?.bins).toEqual([
      { fromMs: -MINUTE, toMs: 0, n: 1 },
      { fromMs: 0, toMs: MINUTE, n: 2 },
      { fromMs: MINUTE, toMs: 2 * MINUTE, n: 1 },
    ]);
  });

  it('loses none, has a bin that begins at the promised time, and never more than 60', () => {
    const margin = fc.oneof(fc.integer({ min: -100 * DAY, max: 100 * DAY }), fc.constant(NaN), fc.integer());
    const centuries = fc.integer({ min: -4_000_000 * DAY, max: 4_000_000 * DAY });
    fc.assert(
      fc.property(fc.array(fc.oneof(margin, centuries), { maxLength: 300 }), (margins) => {
        const histogram = of(margins);
        const known = margins.filter((each) => !Number.isNaN(each));
        expect(histogram === null).toBe(known.length === 0);
        if (histogram === null) return;
        const { bins, below, above, binMs } = histogram;
        expect(bins.reduce((sum, bin) => sum + bin.n, below + above)).toBe(known.length);
        expect(bins.filter((bin) => bin.fromMs === 0)).toHaveLength(1);
        expect(bins.length).toBeLessThanOrEqual(60);
        expect(
          bins.every((bin, i) => bin.toMs - bin.fromMs === binMs && bin.toMs === (bins[i + 1]?.fromMs ?? bin.toMs)),
        ).toBe(true);
        expect(below).toBeLessThan(known.length / 10);
        expect(above).toBeLessThanOrEqual(known.length / 10);
      }),
    );
  });

  it.each([
    ['an hour', 3_600_000, MINUTE],
    ['half a day', DAY / 2, 15 * MINUTE],
    ['four weeks', 28 * DAY, 12 * 3_600_000],
    ['two years', 730 * DAY, 20 * DAY],
  ])('has 20 to 60 bins of a length people count in, for margins of up to %s', (_, most, binMs) => {
    const histogram = of(range(1_000, (i) => (i / 1_000) * most));
    expect(histogram?.binMs).toBe(binMs);
    expect(histogram?.bins.length).toBeGreaterThanOrEqual(20);
  });

  it('gathers a few that lie far out, so that they squeeze nobody', () => {
    const histogram = of([...range(998, (i) => (i % 60) * MINUTE), -500 * DAY, 500 * DAY]);
    expect(histogram).toMatchObject({ binMs: MINUTE, below: 1, above: 1 });
  });

  it('leaves out a few of a hundred that lie far out, rather than press all others into one bar', () => {
    const histogram = of([...range(980, (i) => (i % 60) * MINUTE), ...range(20, () => 700 * DAY)]);
    expect(histogram).toMatchObject({ binMs: 5 * MINUTE, below: 0, above: 20 });
  });

  it('shows the whole of what lies far apart in equal parts', () => {
    expect(of([...range(50, () => 0), ...range(50, () => 700 * DAY)])).toMatchObject({ below: 0, above: 0 });
  });

  it('has bins of a day or more where promises are known to be fulfilled by the day', () => {
    expect(of(range(100, (i) => ((i % 6) - 2) * DAY))).toMatchObject({ binMs: DAY });
    expect(of(range(100, (i) => ((i % 6) - 2) * DAY + (i % 10 === 0 ? HOUR : 0)))).toMatchObject({ binMs: DAY });
    expect(of(range(100, (i) => ((i % 6) - 2) * DAY + i * MINUTE))?.binMs).toBeLessThan(DAY);
  });

  it('has the median buffer as the target, and none where there is no buffer', () => {
    expect(of([0], [NaN, 3, 1, 2])?.targetMs).toBe(2);
    expect(of([0], [NaN])?.targetMs).toBeNull();
  });

  it('is null where nothing was fulfilled', () => {
    expect(of([NaN, NaN])).toBeNull();
  });
});
