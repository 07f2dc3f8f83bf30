import { describe, expect, it } from 'vitest';
import {
  linesAhead,
  shortageAt,
  shortagesAt,
  WAKES_MS,
  type Line,
  type Shortage,
  type Wakes,
} from '../../../domain/promise/capacity.ts';
import { plusMs } from '../../../domain/promise/instant.ts';
import { at } from '../support/build.ts';

const NOON = at('2026-11-27T12:00Z');
const [SECOND, MINUTE] = [1_000, 60_000];
const BEFORE_ALL = 1;
const DAYS = 4;

/** So many last calls, evenly over a time; each with so much lead. */
function herd(
  count: number,
  overMs: number,
  leadMs: number | null,
  { urgency = BEFORE_ALL, fromMs = 0 } = {},
): Wakes[] {
  const buckets = Math.max(1, overMs / WAKES_MS);
  return Array.from({ length: buckets }, (_, n) => ({
    ...{ at: plusMs(NOON, fromMs + n * WAKES_MS), urgency, leadMs, promiseId: `${urgency} ${n}` },
    count: Math.floor((count * (n + 1)) / buckets) - Math.floor((count * n) / buckets),
  }));
}

describe('a herd is woken in time', () => {
  it.each<readonly [name: string, wakes: readonly Wakes[], short: boolean]>([
    ['of nobody', [], false],
    ['of one promise with hardly a lead', herd(1, 0, SECOND), false],
    ['of 20,000 spread over 20 minutes, 80 minutes ahead', herd(20_000, 20 * MINUTE, 80 * MINUTE), false],
    ['of 20,000 spread over 2 minutes, 8 minutes ahead', herd(20_000, 2 * MINUTE, 8 * MINUTE), true],
    ['of 20,000 at once, 80 minutes ahead', herd(20_000, 0, 80 * MINUTE), true],
    ['of 18,000 at once, 80 minutes ahead, of which they lose a quarter', herd(18_000, 0, 80 * MINUTE), false],
    ['of as many as it can for an hour, with a minute ahead', herd(54_000, 60 * MINUTE, MINUTE), false],
    ['of a tenth more for an hour, with a minute ahead', herd(59_400, 60 * MINUTE, MINUTE), true],
    ['of whom nobody is warned, however many', herd(200_000, 0, null), false],
    ['behind those of whom nobody is warned', [...herd(2_000, 0, null), ...herd(1, 0, MINUTE)], true],
    ['long after those', [...herd(2_000, 0, null), ...herd(1, 0, MINUTE, { fromMs: 140 * SECOND })], false],
    [
      'of days, however many are promised to the minute before them',
      [...herd(20_000, 0, null), ...herd(1, 0, MINUTE, { urgency: DAYS })],
      true,
    ],
    [
      'to the minute, however many days there are',
      [...herd(20_000, 0, null, { urgency: DAYS }), ...herd(1, 0, MINUTE)],
      false,
    ],
  ])('%s', (_, wakes, short) => {
    expect(linesAhead(wakes, 15).short.length > 0).toBe(short);
  });

  it('by an engine that is quick enough', () => {
    const wakes = herd(20_000, 2 * MINUTE, 8 * MINUTE);
    expect([linesAhead(wakes, 83).short.length, linesAhead(wakes, 84).short.length]).toEqual([1, 0]);
  });
});

describe('of a herd is said', () => {
  it('how long the engine needs, how long it has, from when to when and how many', () => {
    const { fullest, short } = linesAhead(herd(20_000, 2 * MINUTE, 8 * MINUTE), 15);
    expect(fullest).toEqual({ neededMs: expect.closeTo(1_333_333, -1), haveMs: 240_000 });
    const until = plusMs(NOON, 1_333_334);
    expect(short).toEqual([{ from: NOON, until, count: 20_000, promiseId: '1 0', ...fullest }]);
  });

  it('the same of the fullest one, also where all are in time', () => {
    const { fullest } = linesAhead(
      [...herd(15, 0, MINUTE), ...herd(20_000, 20 * MINUTE, 80 * MINUTE, { fromMs: MINUTE })],
      15,
    );
    expect(fullest).toEqual({ neededMs: expect.closeTo(1_333_333, -1), haveMs: 40 * MINUTE });
  });

  it('nothing where nobody is warned', () => {
    expect(linesAhead(herd(100, 0, null), 15)).toEqual({ fullest: { neededMs: 0, haveMs: 0 }, short: [] });
  });

  it('once, though the days that wait behind it are late, too', () => {
    const late = linesAhead([...herd(20_000, 0, MINUTE), ...herd(9_000, 0, MINUTE, { urgency: DAYS })], 15);
    expect(late.short).toMatchObject([{ count: 20_000, promiseId: '1 0' }]);
  });

  it('each by itself, where two are apart', () => {
    const wakes = [...herd(9_000, 0, MINUTE), ...herd(9_000, 0, MINUTE, { fromMs: 60 * MINUTE })];
    expect(linesAhead(wakes, 15).short.map(({ from }) => from)).toEqual([NOON, plusMs(NOON, 60 * MINUTE)]);
  });

  it('the same in whatever order they were counted', () => {
    const wakes = [...herd(20_000, 2 * MINUTE, 8 * MINUTE), ...herd(90, MINUTE, MINUTE, { urgency: DAYS })];
    expect(linesAhead(wakes.toReversed(), 15)).toEqual(linesAhead(wakes, 15));
  });
});

const line = (changes: Partial<Line> = {}): Line => ({
  ...{ from: NOON, until: plusMs(NOON, 20 * MINUTE), count: 20_000, promiseId: 'first' },
  ...{ neededMs: 1_333_333, haveMs: 240_000 },
  ...changes,
});
const hourBefore = plusMs(NOON, -60 * MINUTE);
const seen = (now = hourBefore, changes: Partial<Line> = {}): readonly Shortage[] =>
  shortagesAt([], [line(changes)], now);

describe('a shortage counts', () => {
  it('not at once: its herd may still be handed over', () => {
    expect(seen()).toEqual([{ ...line(), since: hourBefore, told: false }]);
  });

  it.each<readonly [name: string, afterMs: number, count: number, told: boolean]>([
    ['not while it grows', 20 * SECOND, 20_001, false],
    ['once it grows no more', 20 * SECOND, 20_000, true],
    ['once some of it are fulfilled', 20 * SECOND, 19_000, true],
    ['not while it grows, nine minutes later', 9 * MINUTE, 30_000, false],
    ['ten minutes later, though it grows', 10 * MINUTE, 30_000, true],
  ])('%s', (_, afterMs, count, told) => {
    const found = shortagesAt(seen(), [line({ count })], plusMs(hourBefore, afterMs));
    expect(found).toMatchObject([{ count, since: hourBefore, told }]);
  });

  it('at once where the next look would come too late', () => {
    expect(seen(plusMs(NOON, -20 * SECOND))).toMatchObject([{ told: true }]);
    expect(seen(plusMs(NOON, -21 * SECOND))).toMatchObject([{ told: false }]);
  });

  it('on, though it grows again, under the promise that it was told by', () => {
    const told = shortagesAt(seen(), [line()], plusMs(hourBefore, 20 * SECOND));
    const changed = line({ from: plusMs(NOON, -MINUTE), count: 40_000, promiseId: 'another' });
    expect(shortagesAt(told, [changed], plusMs(hourBefore, 40 * SECOND))).toMatchObject([
      { count: 40_000, promiseId: 'first', since: hourBefore, told: true },
    ]);
  });

  it('as another one where it meets none that is remembered', () => {
    const evening = line({ from: plusMs(NOON, 20 * MINUTE), until: plusMs(NOON, 30 * MINUTE), promiseId: 'evening' });
    const told = shortagesAt(seen(), [line()], plusMs(hourBefore, 20 * SECOND));
    const now = plusMs(hourBefore, 40 * SECOND);
    expect(shortagesAt(told, [evening], now)).toEqual([{ ...evening, since: now, told: false }]);
  });
});

describe('who is to be warned', () => {
  const told: readonly Shortage[] = [{ ...line(), since: hourBefore, told: true }];
  it.each<readonly [name: string, shiftMs: number, shortages: readonly Shortage[], met: boolean]>([
    ['before a shortage does not meet it', -1, told, false],
    ['as it begins meets it', 0, told, true],
    ['just before its end meets it', 20 * MINUTE - 1, told, true],
    ['as it ends does not', 20 * MINUTE, told, false],
    ['in one that does not count yet does not', 0, seen(), false],
  ])('%s', (_, shiftMs, shortages, met) => {
    expect(shortageAt(shortages, plusMs(NOON, shiftMs)) !== null).toBe(met);
  });
});
