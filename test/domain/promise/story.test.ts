import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../domain/promise/facts.ts';
import { fold } from '../../../domain/promise/fold.ts';
import { plusMs, type Instant } from '../../../domain/promise/instant.ts';
import { phaseOf } from '../../../domain/promise/phase.ts';
import { phaseAt, storyOf, type Transition } from '../../../domain/promise/story.ts';
import { around, movedPromises } from '../support/arbitraries.ts';
import { at, estimated, estimatedUntil, fulfilled, paused, registered, reversed, termsFor } from '../support/build.ts';

const RUNS = { numRuns: 150, seed: 31 };
const { plan } = termsFor();
const MON = at('2026-03-02T08:00Z');
const [TUE, WED, THU] = [at('2026-03-03T12:00Z'), at('2026-03-04T12:00Z'), at('2026-03-05T12:00Z')];
const FRI = at('2026-03-06T16:00Z');
const SAT = at('2026-03-07T10:00Z');
const SUN = at('2026-03-08T10:00Z');
const LATE = estimatedUntil(TUE, SAT, WED);
const WAIT = paused(plusMs(WED, 1), 'customer', THU);
const DONE = fulfilled(SAT);
const UNDONE = reversed(SUN);

const lines = (story: readonly Transition[]): readonly unknown[] =>
  story.map(({ at: when, from, to, because, factKey }) => [when, from, to, because, factKey]);
const story = (facts: readonly Fact[], now: Instant, of = plan): readonly unknown[] =>
  lines(storyOf({ plan: of }, facts, now));

describe('the story of a promise', () => {
  it('says every change of phase with the fact or the turn of the clock that made it', () => {
    expect(story([registered(MON), LATE, WAIT, DONE, UNDONE], SUN)).toEqual([
      [MON, null, 'open', 'registered', 'registered'],
      [TUE, 'open', 'at_risk', 'fact', LATE.factKey],
      [WED, 'at_risk', 'open', 'estimate_stale', null],
      [WAIT.occurredAt, 'open', 'paused', 'fact', WAIT.factKey],
      [THU, 'paused', 'open', 'wait_over', null],
      [plusMs(FRI, 1), 'open', 'overdue', 'deadline', null],
      [SAT, 'overdue', 'broken', 'fact', DONE.factKey],
      [SUN, 'broken', 'overdue', 'fact', UNDONE.factKey],
    ]);
  });

  it.each([
    ['an instant', termsFor().plan, 1],
    ['a day', termsFor({ promised: { precision: 'day', day: '2026-03-06', zone: 'UTC' } }).plan, 0],
    ['a window', termsFor({ promised: { precision: 'window', from: at('2026-03-06T12:00Z'), to: FRI } }).plan, 0],
  ])('lets the deadline of %s pass where judging does', (_, of, ms) => {
    const first = plusMs(of.promisedAt, ms);
    expect(story([registered(MON)], plusMs(first, -1), of)).toHaveLength(1);
    expect(story([registered(MON)], first, of)[1]).toEqual([first, 'open', 'overdue', 'deadline', null]);
  });

  it('lets a deadline pass before a fact of the same instant', () => {
    const done = fulfilled(plusMs(FRI, 1));
    expect(story([registered(MON), done], SUN).slice(1)).toEqual([
      [plusMs(FRI, 1), 'open', 'overdue', 'deadline', null],
      [plusMs(FRI, 1), 'overdue', 'broken', 'fact', done.factKey],
    ]);
  });

  it('goes on waiting for the customer when the estimate that said more has grown old', () => {
    const wait = paused(TUE, 'customer');
    expect(story([registered(MON), LATE, wait], THU).slice(1)).toEqual([
      [TUE, 'open', 'at_risk', 'fact', LATE.factKey],
      [WED, 'at_risk', 'paused', 'estimate_stale', null],
    ]);
  });

  it.each(['partner', 'us'] as const)('has no turn where it waits for the %s', (whom) => {
    expect(story([registered(MON), paused(TUE, whom, WED)], THU)).toHaveLength(1);
  });

  it('begins with the phase that earlier facts gave it', () => {
    expect(story([estimatedUntil(plusMs(MON, -1), SAT, TUE), registered(MON)], MON)).toEqual([
      [MON, null, 'at_risk', 'registered', 'registered'],
    ]);
  });

  it('takes an estimate for no news of which it is not stored until when it is some', () => {
    expect(story([registered(MON), estimated(TUE, SAT)], WED)).toHaveLength(1);
  });
});

describe('the story of any promise, moved by any facts', () => {
  const cases = movedPromises.chain((moved) => fc.record({ moved: fc.constant(moved), now: around(moved.terms.plan) }));

  it('says at every instant the phase that judging gives', () => {
    fc.assert(
      fc.property(cases, ({ moved: { planning, terms, facts }, now }) => {
        const known = facts.filter(({ occurredAt }) => occurredAt <= now);
        if (!known.some(({ kind }) => kind === 'registered')) return;
        const state = fold(planning, known);
        const phase = phaseOf({ ...terms, plan: state.plan }, state, now);
        expect(phaseAt(state, now)).toBe(phase);
        expect(storyOf(planning, known, now).at(-1)?.to).toBe(phase);
      }),
      RUNS,
    );
  });

  it('is one chain: in order, each from where the last one led, none from a phase to itself', () => {
    fc.assert(
      fc.property(cases, ({ moved: { planning, facts }, now }) => {
        let before: Transition | null = null;
        for (const turn of storyOf(planning, facts, now)) {
          expect(turn.from).toBe(before?.to ?? null);
          expect(turn.from).not.toBe(turn.to);
          expect(before === null || before.at <= turn.at).toBe(true);
          expect(turn.factKey === null).toBe(!['registered', 'fact'].includes(turn.because));
          if (turn.factKey === null) expect(turn.at <= now).toBe(true);
          before = turn;
        }
      }),
      RUNS,
    );
  });

  it('is told later as it was told before, with more at its end', () => {
    fc.assert(
      fc.property(cases, fc.nat(200), ({ moved: { planning, facts }, now }, hours) => {
        const known = facts.filter(({ occurredAt }) => occurredAt <= now);
        const earlier = storyOf(planning, known, now);
        expect(storyOf(planning, known, plusMs(now, hours * 3_600_000)).slice(0, earlier.length)).toEqual(earlier);
      }),
      RUNS,
    );
  });
});
