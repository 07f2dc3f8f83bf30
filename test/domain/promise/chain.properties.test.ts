import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../domain/promise/facts.ts';
import { IDLE, instant, later, plusMs, type Instant } from '../../../domain/promise/instant.ts';
import { alertFacts } from '../../../domain/promise/decisions.ts';
import { judge, type Judgement } from '../../../domain/promise/judge.ts';
import { stands } from '../../../domain/promise/plan.ts';
import { NOTICE_REASONS } from '../../../domain/promise/words.ts';
import { tellable } from '../../../domain/promise/tellable.ts';
import { chains, chainCases, type ChainCase } from '../support/chain-arbitraries.ts';
import { brokenAgain, sent } from '../support/build.ts';
import type { Chain } from '../support/chain.ts';

const RUNS = { numRuns: 150, seed: 41 };

/** Does everything that is owed at `now`, until nothing is. */
function done({ chain, facts, now }: ChainCase): { readonly facts: readonly Fact[]; readonly judged: Judgement } {
  let all = facts;
  for (let round = 0; round < 5; round += 1) {
    const state = chain.state(all);
    const terms = chain.terms(state);
    const judged = judge(terms, state, now);
    if (owing(judged) === 0) return { facts: all, judged };
    all = [
      ...all,
      ...alertFacts(terms, state, judged, now),
      ...(judged.again ? [brokenAgain(now, 'chain')] : []),
      ...judged.owed.map((notice) => sent(now, notice.reason, tellable(terms, state, notice.reason, now).told, notice)),
    ];
  }
  throw new Error('Doing what is owed makes ever more owed.');
}

const owing = ({ owed, alerts, missed: checkpoints, calls, again }: Judgement): number =>
  owed.length + alerts.length + checkpoints.length + calls.length + Number(again);

const owedAt = (chain: Chain, facts: readonly Fact[], now: Instant): number => owing(chain.look(facts, now));

describe('any promise with any facts', () => {
  it('folds to the same state in every order, each fact told any number of times', () => {
    const told = chainCases.chain(({ chain, facts }) =>
      fc.record({
        chain: fc.constant(chain),
        facts: fc.constant(facts),
        order: fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2 }),
      }),
    );
    fc.assert(
      fc.property(told, ({ chain, facts, order }) => {
        expect(chain.state(order)).toEqual(chain.state(facts));
      }),
      RUNS,
    );
  });

  it('has a plan whose instants lie between its making and its deadline, or none has a time', () => {
    fc.assert(
      fc.property(chainCases, ({ chain, facts }) => {
        const { plan, steps, first, told } = chain.state(facts);
        expect(
          first.promisedAt === IDLE || first.promisedAt === chain.plan.promisedAt || chain.plan.clock !== null,
        ).toBe(true);
        expect(told.at >= (chain.basis.madeAt ?? told.at)).toBe(true);
        for (const each of [plan, ...steps.map((step) => step.plan)]) {
          const { madeAt, targetAt, lastCallAt, leadTo, sendBy, promisedAt, recoveryAt, checkpoints, clock } = each;
          if (stands(each)) {
            expect([targetAt, lastCallAt, leadTo, sendBy, recoveryAt]).toEqual(Array(5).fill(IDLE));
            expect(clock?.leftMs).toBeGreaterThan(0);
            expect(clock?.wouldEndAt).not.toBe(IDLE);
            expect(checkpoints).toEqual([]);
            continue;
          }
          const from = madeAt !== null && madeAt < promisedAt ? madeAt : promisedAt;
          for (const one of [targetAt, lastCallAt, ...checkpoints.map(({ at }) => at)])
            expect(from <= one && one <= promisedAt).toBe(true);
          expect(leadTo <= promisedAt && sendBy <= promisedAt && promisedAt <= recoveryAt).toBe(true);
          expect(checkpoints.map(({ at }) => at)).toEqual(checkpoints.map(({ at }) => at).sort());
        }
      }),
      RUNS,
    );
  });

  it('has one revision for each time told, numbered in their order, the first never overwritten', () => {
    fc.assert(
      fc.property(chainCases, ({ chain, facts }) => {
        const { revisions, revision, agreedRevision, told } = chain.state(facts);
        expect(revisions.map((each) => each.revision)).toEqual(revisions.map((_, index) => index + 2));
        expect(revision).toBe(revisions.length + 1);
        expect(agreedRevision).toBe(revisions.findLast((each) => each.agreed)?.revision ?? 1);
        if (revisions.at(-1)?.agreed === false) expect(told).toEqual(revisions.at(-1)?.told);
      }),
      RUNS,
    );
  });

  it('wakes after now at the first instant at which something new is owed, once what is owed has been done', () => {
    fc.assert(
      fc.property(chainCases, ({ chain, facts, now: any }) => {
        // What we do is done after what it is done for.
        const now = facts.reduce((latest, { occurredAt }) => later(latest, occurredAt), any);
        const one = { chain, facts, now };
        const early = chain.look(one.facts, now);
        if (early.wakeAt !== null) expect(early.wakeAt > now).toBe(true);
        const rest = done(one);
        const { wakeAt } = rest.judged;
        const spanMs = wakeAt === null ? 400 * 86_400_000 : Date.parse(wakeAt) - Date.parse(now);
        const moments = [0, 0.01, 0.3, 0.7, 0.99].map((share) => plusMs(now, Math.floor(spanMs * share)));
        if (wakeAt !== null) moments.push(plusMs(wakeAt, -1));
        for (const moment of moments)
          if (moment >= now) expect([owedAt(chain, rest.facts, moment), moment]).toEqual([0, moment]);
        if (wakeAt !== null) expect(owedAt(chain, rest.facts, wakeAt)).toBeGreaterThan(0);
        if (rest.judged.closed !== null) expect(wakeAt).toBeNull();
        // A time that was told can pass, too, and so be the first of what is owed.
        const toldMore = chain.state(rest.facts).revision > chain.state(one.facts).revision;
        if (early.wakeAt !== null && wakeAt !== null && !toldMore) expect(early.wakeAt <= wakeAt).toBe(true);
      }),
      { ...RUNS, numRuns: 250 },
    );
  });

  it('apologises once in its whole chain, warns before sendBy only, and never before it is owed', () => {
    fc.assert(
      fc.property(chainCases, ({ chain, facts, now }) => {
        const state = chain.state(facts);
        const { owed } = judge(chain.terms(state), state, now);
        const apologised = state.notices.some(
          ({ reason, state: became }) => reason === 'recovery' && became === 'sent',
        );
        for (const { reason, dueAt, notValidAfter } of owed) {
          expect(NOTICE_REASONS).toContain(reason);
          if (reason === 'recovery') expect(apologised).toBe(false);
          if (reason === 'risk') expect(now < state.plan.sendBy && dueAt <= state.plan.sendBy).toBe(true);
          if (notValidAfter !== null) expect(now < notValidAfter).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it('owes nothing to anybody as history', () => {
    fc.assert(
      fc.property(chainCases, ({ chain, facts, now }) => {
        const state = chain.state(facts);
        const judged = judge({ ...chain.terms(state), history: true }, state, now);
        expect(judged).toEqual({
          ...chain.look(facts, now),
          owed: [],
          alerts: [],
          missed: [],
          calls: [],
          wakeAt: null,
        });
      }),
      { ...RUNS, numRuns: 100 },
    );
  });
});

describe('any registered promise', () => {
  it('is told nothing of a pause it never had', () => {
    fc.assert(
      fc.property(chains, (chain) => {
        const { clock, promisedAt } = chain.plan;
        expect(instant(Date.parse(promisedAt))).toBe(promisedAt);
        if (clock) expect(clock).toMatchObject({ pauses: [], leftMs: null, wouldEndAt: null });
      }),
      { ...RUNS, numRuns: 100 },
    );
  });
});
