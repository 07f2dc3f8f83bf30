import { describe, expect, test } from 'vitest';
import { lifeOf, type LifeScale } from '../../web/parts/life-scale.ts';
import { DATED, LONG, STANDING, WEEKEND, local } from '../browser/moving-fixtures.ts';

function drawn({ explain: { explanation, now } }: typeof WEEKEND): LifeScale {
  const life = lifeOf(explanation, null, now);
  if (!life) throw new Error('There is a life to draw.');
  return life;
}

describe('the picture of a life', () => {
  test.each(Object.entries({ WEEKEND, DATED, STANDING, LONG }))(
    '%s fills its width without gap or overlap',
    (_, each) => {
      const { stretches } = drawn(each);
      let end = 0;
      for (const { x, width } of stretches) {
        expect(x).toBeCloseTo(end, 1);
        expect(width).toBeGreaterThan(0);
        end = x + width;
      }
      expect(end).toBeCloseTo(96, 1);
    },
  );

  test('draws working time to scale, and nights and days off as narrow strips', () => {
    const { stretches, shortened } = drawn(WEEKEND);
    const widths = (look: string): number[] => stretches.filter((each) => each.look === look).map(({ width }) => width);
    const [first = 0, second = 0] = widths('open');
    expect(second / first).toBeCloseTo(4 / 2.25, 1);
    const total = (look: string): number => widths(look).reduce((sum, width) => sum + width, 0);
    expect(total('closed') + total('lunch') + total('holiday')).toBeLessThan(total('open') * 0.51);
    expect(shortened).toBe(true);
  });

  test('keeps the order of time, at both ends and within a stretch', () => {
    const life = drawn(WEEKEND);
    const places = ['2026-02-19T00:00', '2026-02-20T10:15', '2026-02-20T11:00', '2026-02-22T12:00', '2026-02-25T12:00']
      .map((text) => local(text))
      .map(life.at);
    expect(places.slice(0, 2)).toEqual([0, 0]);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(life.at(local('2027-01-01T00:00'))).toBeCloseTo(96, 1);
  });

  test('of a date is to scale throughout, and goes on past a deadline that was missed', () => {
    const { stretches } = drawn(DATED);
    expect(stretches.map(({ look }) => look)).toEqual(['open', 'paused', 'open', 'late']);
    const [before, paused] = stretches;
    expect((paused?.width ?? 0) / (before?.width ?? 1)).toBeCloseTo(8 / 26, 1);
  });

  test('that ended in time shows nothing late', () => {
    const { explanation } = DATED.explain;
    const life = lifeOf(explanation, local('2026-11-25T10:00'), local('2026-12-24T10:00'));
    expect(life?.stretches.some(({ look }) => look === 'late')).toBe(false);
  });

  test('whose clock stands goes up to now', () => {
    const last = drawn(STANDING).stretches.at(-1);
    expect([last?.look, last?.to]).toEqual(['paused', STANDING.explain.now]);
  });

  test('of very many stretches draws working days as one', () => {
    expect(drawn(LONG).stretches.map(({ look }) => look)).toEqual(['merged', 'late']);
  });
});
