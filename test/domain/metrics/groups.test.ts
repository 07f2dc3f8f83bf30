import { describe, expect, it } from 'vitest';
import { wordKeptBy } from '../../../domain/metrics/groups.ts';
import type { Codes, Measures } from '../../../domain/metrics/measures.ts';
import { STANDINGS, WEIGHTS } from '../../../domain/metrics/outcome.ts';
import { instant } from '../../../domain/promise/instant.ts';

const codes = (...keys: readonly (string | null)[]): Codes => {
  const distinct = [...new Set(keys)];
  return { places: Int32Array.from(keys, (key) => distinct.indexOf(key)), keys: distinct };
};
const BROKEN = STANDINGS.indexOf('broken') * (WEIGHTS.standing + WEIGHTS.first);

function measures(kinds: Codes, rest: Partial<Measures> = {}): Measures {
  const n = kinds.places.length;
  const none = new Float64Array(n).fill(NaN);
  return {
    asOf: instant(0),
    n,
    outcomes: new Int16Array(n),
    marginMs: none,
    promisedLengthMs: none,
    bufferMs: none,
    noticeLeadMs: none,
    recoveryTimeMs: none,
    newTimesKept: none,
    newTimesBroken: none,
    contacts: none,
    askedFirst: none,
    secondBreaks: none,
    handOvers: none,
    remedies: null,
    codes: { kind: kinds },
    goals: new Map(),
    partnerGoals: new Map(),
    partner: null,
    ...rest,
  };
}

describe('the groups of a report', () => {
  it('come in the order of their keys, none last, and only those that have promises', () => {
    const kinds = { places: Int32Array.from([0, 2, 1]), keys: [null, 'b', 'a', 'unused'] };
    expect(wordKeptBy(measures(kinds), 'kind').map((group) => group.key)).toEqual(['a', 'b', null]);
  });

  it('are all there, however many', () => {
    const keys = Array.from({ length: 70_000 }, (_, i) => String(i).padStart(5, '0'));
    const places = Int32Array.from({ length: 2 * keys.length }, (_, i) => i % keys.length);
    const kind = { places: new Int32Array(places.length), keys: ['delivery'] };
    const groups = wordKeptBy(measures(kind, { codes: { kind, product: { places, keys } } }), 'product');
    expect(groups.map((group) => group.key)).toEqual(keys);
    expect(groups.every((group) => group.promises === 2)).toBe(true);
  });

  it('take a measure only of those that have it', () => {
    const marginMs = Float64Array.from([5, NaN, 1, NaN]);
    const [a, b] = wordKeptBy(measures(codes('a', 'a', 'a', 'b'), { marginMs }), 'kind');
    expect(a?.marginMs).toEqual({ p5: 1, p10: 1, p50: 1, p90: 5 });
    expect(b?.marginMs).toEqual({ p5: null, p10: null, p50: null, p90: null });
  });

  it.each([
    ['none of it where it came before the target', 150, 0],
    ['a part of it', 75, 0.25],
    ['all of it where it came at the promised time', 0, 1],
    ['no more than all of it where it came late', -50, 1],
  ])('use of a buffer of 100 ms %s', (_, margin, use) => {
    const rest = { marginMs: Float64Array.of(margin), bufferMs: Float64Array.of(100) };
    expect(wordKeptBy(measures(codes('a'), rest), 'kind')[0]?.bufferUse).toEqual({ p50: use, p90: use });
  });

  it('have a goal where all their promises have the same', () => {
    const goals = new Map([
      ['a', 0.9],
      ['b', 0.9],
      ['c', 0.8],
    ]);
    const owner = codes('same', 'same', 'other', 'other', 'none', 'none');
    const kind = codes('a', 'b', 'b', 'c', 'a', 'd');
    const groups = wordKeptBy(measures(kind, { codes: { kind, owner }, goals }), 'owner');
    expect(groups.map(({ key, goal }) => [key, goal])).toEqual([
      ['none', null],
      ['other', null],
      ['same', 0.9],
    ]);
  });

  it('of a partner are held to its own goal, where it has one, and so is all that is narrowed to it', () => {
    const kind = codes('a', 'a', 'b', 'a');
    const partner = codes('dpd', 'omniva', 'omniva', null);
    const goals = new Map([['a', 0.9]]);
    const held = measures(kind, { codes: { kind, partner }, goals, partnerGoals: new Map([['dpd', 0.97]]) });
    const goalsBy = (by: 'partner' | 'kind', more: object = {}) =>
      wordKeptBy({ ...held, ...more }, by).map(({ key, goal }) => [key, goal]);
    expect(goalsBy('partner')).toEqual([
      ['dpd', 0.97],
      ['omniva', null],
      [null, 0.9],
    ]);
    expect(goalsBy('kind')).toEqual([
      ['a', 0.9],
      ['b', null],
    ]);
    expect(goalsBy('kind', { partner: 'dpd' })).toEqual([
      ['a', 0.97],
      ['b', 0.97],
    ]);
  });

  it.each([
    [0.9, 10, 1],
    [0.95, 100, 5],
    [0.99, 1_000, 10],
    [0.999, 999, 0],
    [1, 50, 0],
  ])('with a goal of %d and %d counted may break %d', (goal, counted, allowed) => {
    const kind = codes(...Array.from({ length: counted }, () => 'a'));
    const [group] = wordKeptBy(measures(kind, { goals: new Map([['a', goal]]) }), 'kind');
    expect(group?.brokenAllowed).toBe(allowed);
  });

  it('leave history out of the figures about notices, not out of the others', () => {
    const missed = BROKEN + WEIGHTS.isNoticeMissed;
    const outcomes = Int16Array.from([missed, missed + WEIGHTS.isHistory, missed + WEIGHTS.isHistory]);
    const [group] = wordKeptBy(measures(codes('a', 'a', 'a'), { outcomes }), 'kind');
    expect(group).toMatchObject({ broken: 3, noticeMissed: 1, noticeRecall: 0 });
  });

  it('add up what few promises have, each group for itself', () => {
    const of = (...values: readonly number[]): Float64Array => Float64Array.from(values);
    const kinds = codes('a', 'a', 'a', 'b');
    const [a, b] = wordKeptBy(
      measures(kinds, {
        newTimesKept: of(1, NaN, NaN, NaN),
        newTimesBroken: of(2, 1, NaN, NaN),
        contacts: of(2, NaN, 1, NaN),
        secondBreaks: of(1, NaN, 1, NaN),
        handOvers: of(NaN, 3, NaN, 2),
        remedies: { cents: of(1_250, 5, 100, NaN), currency: codes('SEK', 'EUR', 'EUR', null) },
      }),
      'kind',
    );
    expect(a).toMatchObject({ newTimeKeptRate: 0.25, contactsPerPromise: 1, secondBreaks: 2, handOvers: 3 });
    expect(Object.entries(a?.remedyCost ?? {})).toEqual([
      ['EUR', '1.05'],
      ['SEK', '12.50'],
    ]);
    expect(b).toMatchObject({ newTimeKeptRate: null, contactsPerPromise: 0, remedyCost: {}, handOvers: 2 });
  });

  it('count contacts of what is not history, and who asked first among what is kept, broken or overdue', () => {
    const history = BROKEN + WEIGHTS.isHistory;
    const open = STANDINGS.indexOf('open') * (WEIGHTS.standing + WEIGHTS.first);
    const outcomes = Int16Array.from([BROKEN, BROKEN, open, history]);
    const columns = { contacts: Float64Array.of(1, NaN, 2, NaN), askedFirst: Float64Array.of(1, NaN, NaN, NaN) };
    const [group] = wordKeptBy(measures(codes('a', 'a', 'a', 'a'), { outcomes, ...columns }), 'kind');
    expect(group).toMatchObject({ contactsPerPromise: 1, askedFirst: 0.5 });
  });

  it('are refused for a grouping that was not read', () => {
    expect(() => wordKeptBy(measures(codes('a')), 'owner')).toThrow('not read for a report by owner');
  });
});
