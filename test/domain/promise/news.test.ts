import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../domain/promise/facts.ts';
import type { End } from '../../../domain/promise/fold.ts';
import type { Instant } from '../../../domain/promise/instant.ts';
import { newsFacts, newsInARow } from '../../../domain/promise/news.ts';
import { at, dropped, estimated, fulfilled, sent } from '../support/build.ts';
import { agreed, attempted, contacted } from '../support/moving-facts.ts';

const on = (time: string): Instant => at(`2026-03-03T${time}Z`);
const MADE = on('10:00');
const later = { precision: 'instant', at: on('18:00') } as const;
const ofOwner = (when: Instant): Fact => ({ ...sent(when, 'progress', null), about: 'owner' }) as Fact;
const endedAt = (when: Instant): End => ({ kind: 'fulfilled', at: when, asDay: false, firstContact: null });

describe('a promise to be in touch again', () => {
  it.each<readonly [name: string, word: Fact | null]>([
    ['a notice that was sent', sent(on('12:00'), 'risk', null)],
    ['an apology', sent(on('12:00'), 'recovery', null)],
    ['the customer coming to us', contacted(on('12:00'))],
    ['another time agreed', agreed(on('12:00'), later)],
    ['a try that reached her', attempted(on('12:00'), 'reached')],
  ])('is kept by %s', (_, word) => {
    const facts = word ? [word] : [];
    expect(newsFacts({ madeAt: MADE, closedAt: null }, facts, null)).toEqual([
      { kind: 'fulfilled', factKey: `news:${word?.factKey}`, occurredAt: on('12:00') },
    ]);
  });

  it.each<readonly [name: string, fact: Fact]>([
    ['a notice that was dropped', dropped(on('12:00'), 'risk')],
    ['the word of a new owner', ofOwner(on('12:00'))],
    ['a try in vain', attempted(on('12:00'), 'no_answer')],
    ['an estimate', estimated(on('12:00'), on('20:00'))],
    ['a word said before it was made', contacted(on('09:00'))],
    ['the very notice that made it', sent(MADE, 'risk', null)],
  ])('goes on with %s', (_, fact) => {
    expect(newsFacts({ madeAt: MADE, closedAt: null }, [fact], null)).toEqual([]);
  });

  it('is kept by the first word, in whatever order they arrive', () => {
    const facts = [contacted(on('13:00')), sent(on('11:00'), 'risk', null), contacted(on('12:00'))];
    expect(newsFacts({ madeAt: MADE, closedAt: null }, facts, null)).toMatchObject([{ occurredAt: on('11:00') }]);
  });

  it.each<readonly [name: string, expected: unknown, closedAt: Instant | null, word: Instant | null, end: Instant]>([
    ['is withdrawn', { kind: 'withdrawn', occurredAt: on('14:00'), by: 'unknown' }, null, null, on('14:00')],
    ['is withdrawn, though she heard afterwards', { kind: 'withdrawn' }, null, on('15:00'), on('14:00')],
    ['is kept, where she heard before', { kind: 'fulfilled', occurredAt: on('12:00') }, null, on('12:00'), on('14:00')],
    ['is kept, where she heard in that moment', { kind: 'fulfilled' }, null, on('14:00'), on('14:00')],
    ['is withdrawn as it was made, never before', { kind: 'withdrawn', occurredAt: MADE }, null, null, on('09:00')],
    ['says no more once it is over', null, on('13:00'), null, on('14:00')],
  ])('with the end of what it is about %s', (_, expected, closedAt, word, end) => {
    const facts = word === null ? [] : [contacted(word)];
    const told = newsFacts({ madeAt: MADE, closedAt }, facts, endedAt(end));
    if (expected === null) expect(told).toEqual([]);
    else expect(told).toEqual([expect.objectContaining(expected as object)]);
  });

  it.each<readonly [name: string, isKept: boolean, closedAt: Instant]>([
    ['before', false, on('11:00')],
    ['in that moment', false, on('12:00')],
    ['afterwards, so that it is known late', true, on('13:00')],
  ])('that was over %s is kept by the word of noon or not', (_, isKept, closedAt) => {
    expect(newsFacts({ madeAt: MADE, closedAt }, [contacted(on('12:00'))], null)).toHaveLength(isKept ? 1 : 0);
  });

  it('that ended by itself is named once', () => {
    const facts = newsFacts({ madeAt: MADE, closedAt: null }, [], endedAt(on('14:00')));
    expect(facts.map(({ factKey }) => factKey)).toEqual(['news:over']);
    expect(newsFacts({ madeAt: MADE, closedAt: null }, [fulfilled(on('14:00'))], null)).toEqual([]);
  });
});

describe('how often a customer was put off in a row', () => {
  const [MON, TUE, WED] = [at('2026-03-02T09:00Z'), at('2026-03-03T09:00Z'), at('2026-03-04T09:00Z')];

  it.each<readonly [name: string, facts: readonly Fact[], count: number]>([
    ['is each time, where nobody was in touch', [], 3],
    ['is what came since she came to us', [contacted(TUE)], 2],
    ['is what came since she was reached', [attempted(TUE, 'reached')], 2],
    ['is what came since she was told another time', [agreed(TUE, later)], 2],
    ['is what came since the last of these, whichever was told first', [contacted(WED), contacted(MON)], 1],
    ['is not ended by a try in vain, nor by a notice', [attempted(TUE), sent(TUE, 'progress', null)], 3],
  ])('%s', (_, facts, count) => {
    expect(newsInARow([MON, TUE, WED], facts)).toBe(count);
  });

  it('is none where she never was', () => {
    expect(newsInARow([], [contacted(MON)])).toBe(0);
  });
});
