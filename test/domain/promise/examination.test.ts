import { describe, expect, it } from 'vitest';
import {
  engageMend,
  examine,
  noticeEnds,
  wakesOf,
  type EngageMend,
  type Engagement,
  type Examined,
} from '../../../domain/promise/examination.ts';
import type { Fact } from '../../../domain/promise/facts.ts';
import { fold } from '../../../domain/promise/fold.ts';
import { IDLE, type Instant } from '../../../domain/promise/instant.ts';
import { judge, type Judgement } from '../../../domain/promise/judge.ts';
import { at, dropped, escalated, estimated, failed, fulfilled, registered, sent, termsFor } from '../support/build.ts';

const MADE = at('2026-03-02T08:00Z');
const DEADLINE = at('2026-03-06T16:00Z');
const terms = termsFor();

/** A promise as its rows should tell of it, looked at on Tuesday. */
function rows(facts: readonly Fact[], changes: Partial<Examined> = {}): Examined {
  const recordedAt = changes.recordedAt ?? MADE;
  return {
    ...{ planning: terms, termsFor: () => terms, facts, recordedAt, unfinished: [] },
    engaged: { armedAt: null, closed: false },
    wakeAt: judge(terms, fold(terms, facts), recordedAt).wakeAt,
    now: at('2026-03-03T08:00Z'),
    ...changes,
  };
}

describe('a promise that is examined', () => {
  it('is well as long as nothing is due', () => {
    const found = rows([registered(MADE)]);
    const { settled, phases, isUnsettled } = examine(found);
    expect([settled.judged.wakeAt, phases, isUnsettled]).toEqual([found.wakeAt, ['open'], false]);
  });

  it('is well, too, where its instant has come and nobody has looked yet', () => {
    const found = rows([registered(MADE)], { now: at('2026-03-07T08:00Z') });
    const { settled, isUnsettled } = examine(found);
    expect([settled.judged.wakeAt, isUnsettled]).toEqual([found.wakeAt, false]);
  });

  it.each([
    ['too early', at('2026-03-02T20:00Z')],
    ['too late', at('2026-03-20T00:00Z')],
    ['before it was made', at('2026-03-01T00:00Z')],
    ['never', null],
    ['only when poked', IDLE],
  ])('is told when it must look where it is to look %s', (_, wakeAt) => {
    const right = rows([registered(MADE)]).wakeAt;
    const { settled, isUnsettled } = examine(rows([registered(MADE)], { wakeAt }));
    expect([settled.judged.wakeAt, isUnsettled]).toEqual([right, false]);
  });

  it('owes what is owed though no row says so', () => {
    const facts = [registered(MADE), estimated(MADE, at('2026-03-09T12:00Z'))];
    expect(examine(rows(facts, { now: at('2026-03-02T12:00Z') })).isUnsettled).toBe(true);
  });

  it('may be in any phase that it had since it was settled', () => {
    const facts = [registered(MADE), estimated(MADE, at('2026-03-09T12:00Z')), escalated(MADE, 'at_risk')];
    const known = rows(facts, { wakeAt: IDLE, now: at('2026-03-04T08:00Z') });
    expect(examine(known).phases.toSorted()).toEqual(['at_risk', 'open']);
    const late = rows([registered(MADE)], { wakeAt: IDLE, now: at('2026-03-08T08:00Z') });
    expect(examine(late).phases.toSorted()).toEqual(['open', 'overdue']);
    const over = rows([registered(MADE), fulfilled(at('2026-03-02T09:00Z'))]);
    expect(examine(over).phases).toEqual(['kept']);
  });
});

it('a notice stands as the fact about it says', () => {
  const endOf = noticeEnds([
    registered(MADE),
    sent(MADE, 'risk', null),
    dropped(MADE, 'recovery'),
    failed(MADE, 'promised'),
  ]);
  const ends = (['risk', 'recovery', 'promised', 'progress'] as const).map((reason) =>
    endOf({ reason, revision: 1, occasion: 0 }),
  );
  expect(ends).toEqual(['sent', 'dropped', 'failed', 'unfinished']);
  for (const facts of [
    [sent(MADE, 'risk', null), dropped(MADE, 'risk')],
    [dropped(MADE, 'risk'), sent(MADE, 'risk', null)],
  ])
    expect(noticeEnds(facts)({ reason: 'risk', revision: 1, occasion: 0 })).toBe('sent');
});

describe('what the engine is thought to know', () => {
  const NOW = at('2026-03-03T08:00Z');
  const [EARLIER, WAKE, LATER] = [at('2026-03-04T08:00Z'), at('2026-03-05T04:00Z'), at('2026-03-06T04:00Z')];
  const judged = (changes: Partial<Judgement>): { judged: Judgement } => ({
    judged: { ...judge(terms, fold(terms, []), MADE), wakeAt: WAKE, closed: null, ...changes },
  });
  const ASLEEP: Engagement = { armedAt: WAKE, wasStarted: true, poke: 'none', notices: 'none' };

  it.each<[string, Partial<Engagement>, Partial<Judgement>, EngageMend | null]>([
    ['is right where it looks when it must', {}, {}, null],
    ['is right where nothing is to come', { armedAt: IDLE }, { wakeAt: null }, null],
    ['is right where it looks earlier, as it once had to', { armedAt: EARLIER }, {}, null],
    ['is wrong where it looks earlier, as it never had to', { armedAt: at('2026-03-04T09:00Z') }, {}, 'poke'],
    ['is wrong where it should have looked', { armedAt: at('2026-03-03T07:00Z') }, {}, 'poke'],
    ['is wrong where it looks too late', { armedAt: LATER }, {}, 'poke'],
    ['is right where it looks too late and is poked', { armedAt: LATER, poke: 'waiting' }, {}, null],
    ['is right where it has not been started yet', { armedAt: null, wasStarted: false }, {}, null],
    ['is wrong where it is started and sleeps nowhere', { armedAt: null }, {}, 'start'],
    ['is right where it was opened again, and is poked', { armedAt: null, poke: 'waiting' }, {}, null],
    ['is wrong where a notice is due and nobody was told', { armedAt: EARLIER, notices: 'owing' }, {}, 'poke'],
    [
      'is for the engine to say where a notice is due and it looks in time',
      { notices: 'owing' },
      {},
      'poke_unless_heard',
    ],
    ['is right where somebody has begun with the notice', { notices: 'busy' }, {}, null],
    [
      'is right where a notice is due and it is poked',
      { armedAt: EARLIER, notices: 'owing', poke: 'waiting' },
      {},
      null,
    ],
    ['is wrong where its poke will never be taken', { poke: 'stuck', armedAt: LATER }, {}, 'free_poke'],
    ['is wrong where a poke for nothing will never be taken', { poke: 'stuck' }, {}, 'unneeded_poke'],
    ['is wrong where it is poked for nothing', { poke: 'waiting' }, {}, 'unneeded_poke'],
    ['is right where it is poked for a notice', { poke: 'waiting', notices: 'busy' }, {}, null],
    ['is right where it is over', { armedAt: null }, { closed: 'kept', wakeAt: null }, null],
    ['is right where it is over and is told', { poke: 'waiting' }, { closed: 'kept', wakeAt: null }, null],
    ['is right where it is over but for a notice', { notices: 'busy' }, { closed: 'kept', wakeAt: null }, null],
    ['is wrong where it is over and sleeps on', {}, { closed: 'kept', wakeAt: null }, 'forget'],
  ])('%s', (_, changes, says, mend) => {
    expect(engageMend({ ...ASLEEP, ...changes }, judged(says), () => [EARLIER, WAKE], NOW)).toBe(mend);
  });

  it('knows every instant at which it was to look, whatever came and however time went', () => {
    const at0 = (fact: Fact, recordedAt: Instant) => ({ ...fact, recordedAt });
    const target = judge(terms, fold(terms, []), MADE).wakeAt;
    const first = [at0(registered(MADE), MADE)];
    expect(wakesOf({ planning: terms, termsFor: () => terms }, first, at('2026-03-03T00:00Z'))).toEqual([target]);
    const all = wakesOf({ planning: terms, termsFor: () => terms }, first, DEADLINE);
    expect(all.length).toBeGreaterThan(1);
    expect(all).toEqual([...all].toSorted());
    const estimate = at0(estimated(MADE, at('2026-03-05T12:00Z')), at('2026-03-02T09:00Z'));
    const both = wakesOf({ planning: terms, termsFor: () => terms }, [...first, estimate], at('2026-03-02T10:00Z'));
    expect(both[0]).toBe(target);
    expect(both).toHaveLength(2);
  });
});
