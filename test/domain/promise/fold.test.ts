import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  byOccurrence,
  FACT_KINDS,
  isOwnFactKey,
  noticeKeyText,
  type Fact,
  type FactKind,
} from '../../../domain/promise/facts.ts';
import { fold } from '../../../domain/promise/fold.ts';
import {
  at,
  dropped,
  escalated,
  estimated,
  failed,
  fulfilled,
  progressed,
  sent,
  termsFor,
  until,
  withdrawn,
} from '../support/build.ts';
import { cases } from '../support/arbitraries.ts';

const { plan } = termsFor();
const MON = at('2026-03-02T12:00Z');
const TUE = at('2026-03-03T12:00Z');
const WED = at('2026-03-04T12:00Z');
const LATE = at('2026-03-07T12:00Z');

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((item, place) =>
    permutations([...items.slice(0, place), ...items.slice(place + 1)]).map((rest) => [item, ...rest]),
  );
}

describe('folding facts', () => {
  it('gives the same state for every order of arrival', () => {
    const facts = [
      progressed(MON, 'packed'),
      estimated(TUE, LATE),
      sent(TUE, 'risk', until('2026-03-08T12:00Z')),
      escalated(TUE, 'at_risk'),
      fulfilled(WED),
      withdrawn(WED, 'customer'),
    ];
    const state = fold({ plan }, facts);
    expect(state).toMatchObject({ revision: 2, checkpoint: 'packed', end: { kind: 'fulfilled', at: WED } });
    for (const order of permutations(facts)) expect(fold({ plan }, order)).toEqual(state);
  });

  it('gives the same state for every order of arrival of any facts, each told any number of times', () => {
    const shuffled = cases.chain(({ terms, facts }) =>
      fc.record({
        terms: fc.constant(terms),
        facts: fc.constant(facts),
        order: fc.shuffledSubarray([...facts, ...facts, ...facts], { minLength: facts.length * 3 }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ terms, facts, order }) => {
        const once = facts.filter(
          (fact, place) => facts.findIndex((other) => other.factKey === fact.factKey) === place,
        );
        const orderOfOnce = order.filter((fact) => once.includes(fact));
        expect(fold(terms, orderOfOnce)).toEqual(fold(terms, once));
      }),
      { numRuns: 150, seed: 3 },
    );
  });

  it('counts a notice told twice once', () => {
    const notice = sent(TUE, 'risk', until('2026-03-08T12:00Z'));
    expect(fold({ plan }, [notice, notice])).toMatchObject({ revision: 2, notices: [{ state: 'sent' }] });
  });

  it('changes neither the facts nor their order', () => {
    const facts = Object.freeze([fulfilled(WED), estimated(TUE, LATE)].map((fact) => Object.freeze(fact)));
    const kinds = facts.map((fact) => fact.kind);
    fold({ plan }, facts);
    expect(facts.map((fact) => fact.kind)).toEqual(kinds);
  });

  it('lets a fact that arrives late change what came before', () => {
    const known = [estimated(WED, LATE)];
    expect(fold({ plan }, [...known, estimated(TUE, at('2026-03-05T12:00Z'))]).estimate?.at).toBe(LATE);
    expect(fold({ plan }, [fulfilled(WED), fulfilled(TUE)]).end).toEqual({
      kind: 'fulfilled',
      at: TUE,
      asDay: false,
      firstContact: null,
    });
    expect(fold({ plan }, [withdrawn(WED, 'company'), fulfilled(TUE)]).end?.kind).toBe('fulfilled');
    expect(fold({ plan }, [fulfilled(WED), withdrawn(TUE, 'customer')]).end).toEqual({
      kind: 'withdrawn',
      at: TUE,
      by: 'customer',
    });
  });

  it('ignores news that occurred after the end, whenever it arrives', () => {
    const late = [estimated(WED, LATE), progressed(WED, 'shipped'), fulfilled(WED), withdrawn(WED, 'company')];
    for (const order of permutations([fulfilled(TUE), ...late]))
      expect(fold({ plan }, order)).toMatchObject({
        end: { kind: 'fulfilled', at: TUE },
        estimate: null,
        checkpoint: null,
      });
  });

  it('counts news of the very instant of the end', () => {
    expect(fold({ plan }, [fulfilled(TUE), estimated(TUE, LATE), progressed(TUE, 'packed')])).toMatchObject({
      end: { at: TUE },
      estimate: { at: LATE },
      checkpoint: 'packed',
    });
  });

  it('counts our own facts after the end', () => {
    const told = until('2026-03-08T12:00Z');
    const state = fold({ plan }, [
      fulfilled(MON),
      sent(TUE, 'recovery', told),
      dropped(TUE, 'risk'),
      failed(WED, 'promised'),
      escalated(WED, 'broken'),
    ]);
    expect(state).toMatchObject({ revision: 2, told, alerted: ['broken'] });
    expect(state.notices.map(({ reason, state: what, cause }) => [reason, what, cause])).toEqual([
      ['recovery', 'sent', null],
      ['risk', 'dropped', 'no_longer_due'],
      ['promised', 'failed', null],
    ]);
  });

  it('makes a revision only of a notice that tells a time', () => {
    expect(fold({ plan }, [])).toMatchObject({ revision: 1, told: { at: plan.promisedAt, day: null } });
    expect(fold({ plan }, [sent(TUE, 'risk', null)])).toMatchObject({ revision: 1, told: { at: plan.promisedAt } });
    const twice = [
      sent(WED, 'recovery', until('2026-03-09T12:00Z'), { revision: 2 }),
      sent(TUE, 'risk', until('2026-03-08T12:00Z')),
    ];
    expect(fold({ plan }, twice)).toMatchObject({ revision: 3, told: until('2026-03-09T12:00Z') });
  });

  it('lists each time that a notice told, beside the notices themselves', () => {
    const told = until('2026-03-08T12:00Z');
    const [risk, recovery] = [sent(TUE, 'risk', told), sent(WED, 'recovery', told, { revision: 2 })];
    const refused = failed(MON, 'promised');
    const { revisions, notices } = fold({ plan }, [recovery, risk, refused]);
    const imposed = { agreed: false, cause: null, precision: 'instant', promised: null };
    expect(revisions).toEqual([
      { ...imposed, revision: 2, at: TUE, factKey: risk.factKey, told },
      { ...imposed, revision: 3, at: WED, factKey: recovery.factKey, told },
    ]);
    const record = {
      revision: 1,
      occasion: 0,
      told: null,
      cause: null,
      outcome: null,
      isOfOwner: false,
      ladder: 'registered',
    };
    expect(notices).toEqual([
      { ...record, reason: 'promised', state: 'failed', at: MON, outcome: 'refused' },
      { ...record, reason: 'risk', state: 'sent', at: TUE, told },
      { ...record, reason: 'recovery', state: 'sent', at: WED, told, revision: 2 },
    ]);
  });

  it('begins with nothing told, given or missed', () => {
    const nothing = { revisions: [], notices: [], given: [], alerted: [], missed: [], steps: [], passed: {} };
    expect(fold({ plan }, [])).toMatchObject({ ...nothing, waiting: null, estimate: null, end: null });
  });

  it('begins a day promise with its day as what was told', () => {
    const day = termsFor({ promised: { precision: 'day', day: '2026-03-06', zone: 'UTC' } }).plan;
    expect(fold({ plan: day }, []).told).toEqual({ at: at('2026-03-07T00:00Z'), day: '2026-03-06' });
  });
});

describe('the order of facts', () => {
  it('is by occurrence, then kind, then key', () => {
    const sorted: readonly Fact[] = [
      { kind: 'withdrawn', factKey: 'z', occurredAt: MON, by: 'customer' },
      ...FACT_KINDS.map((kind) => ({ kind, factKey: 'a', occurredAt: TUE }) as Fact),
      { kind: 'rated', factKey: 'b', occurredAt: TUE, score: 5 },
      { kind: 'registered', factKey: 'a', occurredAt: WED },
    ];
    expect([...sorted].reverse().sort(byOccurrence)).toEqual(sorted);
    expect(byOccurrence(sorted[0] as Fact, sorted[0] as Fact)).toBe(0);
    for (const [place, fact] of sorted.slice(1).entries()) {
      expect(byOccurrence(fact, sorted[place] as Fact)).toBeGreaterThan(0);
      expect(byOccurrence(sorted[place] as Fact, fact)).toBeLessThan(0);
    }
  });

  it('knows every kind of fact', () => {
    const all: Readonly<Record<FactKind, true>> = {
      registered: true,
      progressed: true,
      estimated: true,
      fulfilled: true,
      withdrawn: true,
      notice_sent: true,
      notice_dropped: true,
      notice_failed: true,
      escalated: true,
      broken_again: true,
      remedy_granted: true,
      remedy_reversed: true,
      chosen: true,
      policy_applied: true,
      contacted: true,
      repromised: true,
      paused: true,
      resumed: true,
      handed_over: true,
      acknowledged: true,
      attempted: true,
      fulfilment_reversed: true,
      rated: true,
    };
    expect([...FACT_KINDS].sort()).toEqual(Object.keys(all).sort());
  });

  it.each([
    ['registered', true],
    ['alert:slip', true],
    ['notice:risk:1:0', true],
    ['policy:2', true],
    ['registered-by-hand', false],
    ['my-alert:slip', false],
    ['un-registered', false],
  ])('%s may be the key of a fact of our own: %s', (factKey, isOwn) => {
    expect(isOwnFactKey(factKey)).toBe(isOwn);
  });

  it('names a notice by reason, revision and occasion', () => {
    expect(noticeKeyText({ reason: 'risk', revision: 2, occasion: 1 })).toBe('risk:2:1');
  });
});
