import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noticeChanges } from '../../../domain/promise/decisions.ts';
import type { Fact } from '../../../domain/promise/facts.ts';
import { fold } from '../../../domain/promise/fold.ts';
import { msBetween, plusMs, type Instant } from '../../../domain/promise/instant.ts';
import { judge, type Judgement } from '../../../domain/promise/judge.ts';
import { tellable } from '../../../domain/promise/tellable.ts';
import { isLate, type Terms } from '../../../domain/promise/plan.ts';
import { brokenAgain, escalated, sent } from '../support/build.ts';
import { around, cases, outsideFacts, termsArbitrary } from '../support/arbitraries.ts';
import { live, type Arrival, type HandOver, type Life } from '../support/life.ts';

const RUNS = { numRuns: 400, seed: 7 };
const YEAR_MS = 366 * 86_400_000;

/** Does everything that is owed at `now`, until nothing is. */
function done(
  terms: Terms,
  facts: readonly Fact[],
  now: Instant,
): { readonly facts: readonly Fact[]; readonly judged: Judgement } {
  let all = facts;
  for (let round = 0; round < 4; round += 1) {
    const state = fold(terms, all);
    const judged = judge(terms, state, now);
    if (judged.owed.length + judged.alerts.length + Number(judged.again) === 0) return { facts: all, judged };
    const given = judged.alerts.map((reason) => escalated(now, reason));
    const told = judged.owed.map((notice) =>
      sent(now, notice.reason, tellable(terms, state, notice.reason, now).told, notice),
    );
    const again = judged.again ? [brokenAgain(now, 'chain')] : [];
    all = [...all, ...given, ...told, ...again];
  }
  throw new Error('Doing what is owed makes ever more owed.');
}

/** Instants strictly between `now` and the wake, or some in the year after `now` where there is none. */
function between(now: Instant, wakeAt: Instant | null): Instant[] {
  const spanMs = wakeAt === null ? YEAR_MS : msBetween(now, wakeAt);
  const parts = [0, 0.01, 0.3, 0.7, 0.99].map((share) => plusMs(now, Math.floor(spanMs * share)));
  return wakeAt === null ? parts : [...parts, plusMs(wakeAt, -1)].filter((one) => one >= now);
}

describe('judging any promise with any facts at any instant', () => {
  it('wakes after now, never at or before it', () => {
    fc.assert(
      fc.property(cases, ({ terms, facts, now }) => {
        const { wakeAt, closed } = judge(terms, fold(terms, facts), now);
        if (wakeAt !== null) expect(wakeAt > now).toBe(true);
        if (closed !== null) expect(wakeAt).toBeNull();
      }),
      RUNS,
    );
  });

  it('owes nothing new before it wakes and something new when it does, once what is owed has been done', () => {
    fc.assert(
      fc.property(cases, ({ terms, facts, now }) => {
        const rest = done(terms, facts, now);
        const state = fold(terms, rest.facts);
        const { wakeAt } = rest.judged;
        for (const moment of between(now, wakeAt)) {
          const { owed, alerts, wakeAt: again } = judge(terms, state, moment);
          expect({ owed, alerts, again }).toEqual({ owed: [], alerts: [], again: wakeAt });
        }
        if (wakeAt === null) return;
        const woken = judge(terms, state, wakeAt);
        expect(woken.owed.length + woken.alerts.length + Number(woken.again)).toBeGreaterThan(0);
      }),
      RUNS,
    );
  });

  it('needs no look before it wakes though what is owed is still being done', () => {
    fc.assert(
      fc.property(cases, ({ terms, facts, now }) => {
        const judged = judge(terms, fold(terms, facts), now);
        const state = fold(terms, [...facts, ...judged.alerts.map((reason) => escalated(now, reason))]);
        const rows = judged.owed.map((notice) => ({ ...notice, id: notice.reason, claimed: true }));
        for (const moment of between(now, judged.wakeAt)) {
          const later = judge(terms, state, moment);
          expect(later.alerts).toEqual([]);
          expect(noticeChanges(later, state, rows, moment).insert).toEqual([]);
        }
      }),
      RUNS,
    );
  });

  it('never wakes later because something was done', () => {
    fc.assert(
      fc.property(cases, ({ terms, facts, now }) => {
        const state = fold(terms, facts);
        const before = judge(terms, state, now).wakeAt;
        const rest = done(terms, facts, now);
        const after = rest.judged.wakeAt;
        // A time that was told can pass, too: the answer to who told it says when.
        if (fold(terms, rest.facts).revision > state.revision) return;
        if (after !== null) expect(before !== null && before <= after).toBe(true);
      }),
      RUNS,
    );
  });

  it('owes no warning at or after sendBy, and no apology before the deadline has passed', () => {
    fc.assert(
      fc.property(cases, ({ terms, facts, now }) => {
        const state = fold(terms, facts);
        const { owed } = judge(terms, state, now);
        const reasons = owed.map(({ reason }) => reason);
        expect(new Set(reasons).size).toBe(reasons.length);
        if (now >= terms.plan.sendBy || state.end) expect(reasons).not.toContain('risk');
        if (!isLate(terms.plan, now) && !state.end) expect(reasons).not.toContain('recovery');
        for (const { dueAt, notValidAfter } of owed) {
          expect(dueAt <= now).toBe(true);
          if (notValidAfter !== null) expect(now < notValidAfter).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it('tells a new time only when it is ahead and no earlier than the news', () => {
    fc.assert(
      fc.property(cases, ({ terms, facts, now }) => {
        const state = fold(terms, facts);
        for (const reason of ['risk', 'recovery'] as const) {
          const { told, nextNewsAt } = tellable(terms, state, reason, now);
          if (state.end) expect([told, nextNewsAt]).toEqual([null, null]);
          else expect((told === null) !== (nextNewsAt === null)).toBe(true);
          if (told) expect(told.at > now && told.at >= (state.estimate?.at ?? told.at)).toBe(true);
          if (nextNewsAt) expect(nextNewsAt > now).toBe(true);
        }
      }),
      RUNS,
    );
  });
});

/** Reproducible numbers in [0, 1), the simulation's only chance. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

const lives = (ends: boolean, troubled: boolean): fc.Arbitrary<Life> =>
  termsArbitrary
    .chain((terms) =>
      fc.record({
        terms: fc.constant(terms),
        news: fc.array(fc.record({ at: around(terms.plan), fact: outsideFacts(terms.plan, ends) }), { maxLength: 6 }),
        seed: fc.integer(),
        slow: fc.constantFrom(0, 1, 60_000, 6 * 3_600_000, 30 * 3_600_000),
      }),
    )
    .map(({ terms, news, seed, slow }) => {
      const roll = dice(seed);
      const handOver = (): HandOver => {
        const number = roll();
        if (!troubled || number < 0.6) return 'accepted';
        return number < 0.75 ? 'refused' : 'worker_died';
      };
      const arrivals: readonly Arrival[] = news;
      return live(terms, terms.plan.madeAt ?? terms.plan.leadTo, arrivals, {
        delayMs: () => Math.floor(roll() * slow),
        handOver,
      });
    });

const noticesOf = (life: Life, reason: string) => life.state().notices.filter((notice) => notice.reason === reason);

describe('the life of any promise, its duties done with any delay', () => {
  it('has at most one apology, one manager’s alert, and one warning for each time told', () => {
    fc.assert(
      fc.property(lives(true, true), (life) => {
        const warnings = noticesOf(life, 'risk').filter(({ state }) => state === 'sent');
        const timed = warnings.filter(({ told }) => told !== null);
        expect(noticesOf(life, 'recovery').filter(({ state }) => state === 'sent').length).toBeLessThanOrEqual(1);
        expect(new Set(timed.map(({ revision }) => revision)).size).toBe(timed.length);
        expect(warnings.length - timed.length).toBeLessThanOrEqual(1);
        for (const [index, { told }] of timed.entries()) {
          const before = timed[index - 1]?.told;
          if (told && before) expect(told.at > before.at).toBe(true);
        }
        const { alerted } = life.state();
        expect(new Set(alerted).size).toBe(alerted.length);
        expect(new Set(life.keys).size).toBe(life.keys.length);
      }),
      { numRuns: 200, seed: 11 },
    );
  });

  it('climbs the ladder only upwards', () => {
    fc.assert(
      fc.property(lives(true, true), (life) => {
        const rungs = ['slip', 'at_risk', 'broken'];
        const given = life.moments.flatMap(({ judged }) => judged.alerts.map((alert) => rungs.indexOf(alert)));
        expect(given).toEqual([...given].sort((a, b) => a - b));
        const { plan } = life.terms;
        for (const { now, inserted } of life.moments) if (now >= plan.sendBy) expect(inserted).not.toContain('risk');
      }),
      { numRuns: 120, seed: 12 },
    );
  });

  it('claims no warning at or after sendBy, however slow the world is', () => {
    fc.assert(
      fc.property(lives(true, true), (life) => {
        for (const { at, state } of noticesOf(life, 'risk'))
          if (state === 'sent') expect(at < life.terms.plan.sendBy).toBe(true);
      }),
      { numRuns: 120, seed: 13 },
    );
  });

  it('owes nothing new once it is known to be fulfilled, and leaves nothing behind', () => {
    fc.assert(
      fc.property(lives(true, true), (life) => {
        for (const { state, inserted, judged } of life.moments)
          if (state.end?.kind === 'fulfilled') expect([inserted, judged.alerts]).toEqual([[], []]);
        expect(life.rows).toEqual([]);
      }),
      { numRuns: 120, seed: 14 },
    );
  });

  it('apologises once and tells the manager when it never ends', () => {
    fc.assert(
      fc.property(lives(false, false), (life) => {
        expect(noticesOf(life, 'recovery').map(({ state }) => state)).toContain('sent');
        expect(life.state().alerted).toContain('broken');
      }),
      { numRuns: 120, seed: 15 },
    );
  });
});
