import { describe, expect, it } from 'vitest';
import type { Fact, Offer } from '../../../domain/promise/facts.ts';
import { fold, type PromiseState } from '../../../domain/promise/fold.ts';
import type { Instant } from '../../../domain/promise/instant.ts';
import { judge } from '../../../domain/promise/judge.ts';
import type { Terms } from '../../../domain/promise/plan.ts';
import {
  breakOf,
  centsOf,
  costOf,
  heldOf,
  moneyText,
  needsApproval,
  wantedFor,
  type Break,
} from '../../../domain/promise/remedies.ts';
import type { RemedyKind } from '../../../domain/promise/words.ts';
import {
  at,
  brokenAgain,
  escalated,
  estimated,
  fulfilled,
  granted,
  sent,
  termsFor,
  withdrawn,
} from '../support/build.ts';
import { attempted } from '../support/moving-facts.ts';

const OFFER = { currency: 'EUR', rows: [{ late: 'PT0S', options: [{ voucher: '5.00' }] }] };
const terms = (remedies: Record<string, unknown> = {}): Terms => termsFor({}, { remedies: { ...OFFER, ...remedies } });
const offer = (kind: RemedyKind, amount: string, currency = 'EUR'): Offer => ({ kind, amount, currency });

// Promised for Friday 6 March 2026, 16:00.
const PROMISED = at('2026-03-06T16:00Z');
const BEFORE = at('2026-03-06T15:59:59.999Z');
// What staff hear of two hours later at most counts as in time: only then it is broken.
const AFTER = at('2026-03-06T19:00Z');
const TOLD = at('2026-03-08T16:00Z');
const NEXT_WEEK = at('2026-03-10T16:00Z');

/** Whether it breaks at `now`, where the last of these facts is the news. */
function breakAt(now: Instant, facts: readonly Fact[], inForce: Terms = terms()): Break | null {
  const state = fold(inForce, facts);
  return breakOf(inForce, state, judge(inForce, state, now), facts.slice(-1), now);
}

describe('a moment at which a remedy is decided', () => {
  it.each<readonly [name: string, expected: Partial<Break> | null, now: Instant, facts: readonly Fact[]]>([
    ['not before the deadline', null, BEFORE, []],
    [
      'when staff are told that it broke',
      { lateAt: AFTER, lateMs: 10_800_000, isFirst: true, again: false },
      AFTER,
      [],
    ],
    ['not once they were told', null, AFTER, [escalated(PROMISED, 'broken')]],
    [
      'as it is fulfilled late',
      { lateAt: AFTER, lateMs: 10_800_000, isFirst: false },
      AFTER,
      [escalated(PROMISED, 'broken'), fulfilled(AFTER)],
    ],
    ['not as it is fulfilled in time', null, AFTER, [fulfilled(BEFORE)]],
    [
      'not by other news after it was fulfilled late',
      null,
      TOLD,
      [escalated(PROMISED, 'broken'), fulfilled(AFTER), estimated(TOLD, TOLD)],
    ],
    ['not as it is withdrawn', null, AFTER, [escalated(PROMISED, 'broken'), withdrawn(AFTER, 'customer')]],
    [
      'by a fresh estimate, as late as that says',
      { lateAt: NEXT_WEEK, lateMs: 345_600_000, isFirst: true },
      AFTER,
      [estimated(BEFORE, NEXT_WEEK)],
    ],
    ['by now, where the estimate has passed', { lateAt: AFTER }, AFTER, [estimated(BEFORE, at('2026-03-06T18:30Z'))]],
    [
      'when the newest time told passes, too',
      { lateAt: NEXT_WEEK, isFirst: false, again: true },
      NEXT_WEEK,
      [escalated(PROMISED, 'broken'), sent(AFTER, 'recovery', { at: TOLD, day: null })],
    ],
    [
      'not while a time told still stands',
      null,
      AFTER,
      [escalated(PROMISED, 'broken'), sent(AFTER, 'recovery', { at: TOLD, day: null })],
    ],
    [
      'not again, once a person is to call',
      null,
      NEXT_WEEK,
      [escalated(PROMISED, 'broken'), sent(AFTER, 'recovery', { at: TOLD, day: null }), brokenAgain(TOLD, 'chain')],
    ],
  ])('comes or does not: %s', (_, expected, now, facts) => {
    const decided = breakAt(now, facts);
    if (expected === null) expect(decided).toBeNull();
    else expect(decided).toMatchObject(expected);
  });

  it('comes as a customer is reached late', () => {
    const calls = termsFor({}, { remedies: OFFER, tries: { max: 3, every: 'PT20M', remind: 'PT15M' } });
    expect(breakAt(AFTER, [escalated(PROMISED, 'broken'), attempted(AFTER, 'reached')], calls)).toMatchObject({
      lateAt: AFTER,
    });
  });

  it('never comes for history, nor for what Kept registered itself', () => {
    expect(breakAt(AFTER, [], { ...terms(), history: true })).toBeNull();
    expect(breakAt(AFTER, [], { ...terms(), follows: true })).toBeNull();
  });
});

describe('what is to be granted', () => {
  const inForce = terms({
    rows: [
      { late: 'PT0S', options: [{ voucher: '5.00' }] },
      { late: 'P2D', options: [{ refund: '10.00' }, { voucher: '12.00' }] },
    ],
  });
  const again = terms({ secondBreak: [{ refund: '8.00' }] });
  const earlier = (options: readonly Offer[], chosen = 0) => ({ options, chosen });
  const wanted = (
    lateAt: Instant,
    decided: readonly ReturnType<typeof earlier>[] = [],
    of = inForce,
    isSecond = false,
  ) => wantedFor(of, { lateAt, isSecond, value: null }, decided);

  it('is the row of the table', () => {
    expect(wanted(AFTER)).toEqual({ reason: 'late', options: [offer('voucher', '5.00')] });
    expect(wanted(NEXT_WEEK)).toEqual({
      reason: 'late',
      options: [offer('refund', '10.00'), offer('voucher', '12.00')],
    });
  });

  it('is nothing without a table, or where no row is reached', () => {
    expect(wantedFor(termsFor(), { lateAt: AFTER, isSecond: true, value: null }, [])).toBeNull();
    expect(wanted(BEFORE)).toBeNull();
  });

  it('is the difference to what was decided before, by the same kind where there is one', () => {
    expect(wanted(NEXT_WEEK, [earlier([offer('voucher', '5.00')])])?.options).toEqual([
      offer('refund', '5.00'),
      offer('voucher', '7.00'),
    ]);
    expect(
      wanted(NEXT_WEEK, [earlier([offer('voucher', '5.00')]), earlier([offer('voucher', '6.00')])])?.options,
    ).toEqual([offer('voucher', '1.00')]);
  });

  it('counts an option of another kind by what the customer chose', () => {
    const chosen = earlier([offer('refund', '1.00'), offer('refund', '3.00')], 1);
    expect(wanted(AFTER, [chosen])?.options).toEqual([offer('voucher', '2.00')]);
    expect(wanted(NEXT_WEEK, [earlier([], 0)])).toBeNull();
  });

  it('is nothing where as much or more was decided', () => {
    expect(wanted(AFTER, [earlier([offer('voucher', '5.00')])])).toBeNull();
    expect(wanted(AFTER, [earlier([offer('refund', '10.00')])])).toBeNull();
  });

  it('is nothing where another currency was granted', () => {
    expect(wanted(NEXT_WEEK, [earlier([offer('voucher', '1.00', 'USD')])])).toBeNull();
    expect(
      wanted(NEXT_WEEK, [earlier([offer('voucher', '1.00')]), earlier([offer('voucher', '1.00', 'USD')])]),
    ).toBeNull();
  });

  it('is more at the second break, where that is more', () => {
    const [small, large] = [terms({ secondBreak: [{ refund: '4.99' }] }), again];
    expect(wanted(AFTER, [], large, true)).toEqual({ reason: 'second_break', options: [offer('refund', '8.00')] });
    expect(wanted(AFTER, [], large, false)).toEqual({ reason: 'late', options: [offer('voucher', '5.00')] });
    expect(wanted(AFTER, [], small, true)).toEqual({ reason: 'late', options: [offer('voucher', '5.00')] });
    expect(wanted(AFTER, [], terms({ secondBreak: [{ refund: '5.00' }] }), true)?.reason).toBe('second_break');
    expect(wanted(BEFORE, [], terms(), true)).toBeNull();
  });
});

describe('a remedy', () => {
  it('needs approval above the limit, whichever option it is', () => {
    const limited = terms({ limit: '50.00' });
    expect(needsApproval(limited, [offer('refund', '50.00')])).toBe(false);
    expect(needsApproval(limited, [offer('refund', '50.01')])).toBe(true);
    expect(needsApproval(limited, [offer('refund', '10.00'), offer('voucher', '50.01')])).toBe(true);
    expect(needsApproval(terms(), [offer('refund', '5000.00')])).toBe(false);
    expect(needsApproval(termsFor(), [offer('refund', '5000.00')])).toBe(false);
  });

  it('is counted in hundredths', () => {
    expect([centsOf('20.00'), centsOf('0.05')]).toEqual([2000n, 5n]);
    expect([moneyText(624n), moneyText(5n), moneyText(100n)]).toEqual(['6.24', '0.05', '1.00']);
  });

  it('costs what holds of it', () => {
    const two = [offer('refund', '10.00'), offer('voucher', '12.50')];
    const state = (...facts: readonly Fact[]): PromiseState => fold(terms(), facts);
    const [first, second] = [granted(AFTER, 'r1', two), granted(TOLD, 'r2', [offer('voucher', '0.55')])];
    const chosen: Fact = { kind: 'chosen', factKey: 'chosen', occurredAt: TOLD, remedy: 'r1', option: 1 } as Fact;
    const reversed: Fact = {
      kind: 'remedy_reversed',
      factKey: 'reversed',
      occurredAt: NEXT_WEEK,
      remedy: 'r1',
      by: 'mall',
    } as Fact;
    expect(costOf(state())).toBeNull();
    expect(costOf(state(first))).toEqual({ amount: '10.00', currency: 'EUR' });
    expect(costOf(state(first, second))).toEqual({ amount: '10.55', currency: 'EUR' });
    expect(costOf(state(first, second, chosen))).toEqual({ amount: '13.05', currency: 'EUR' });
    expect(costOf(state(first, second, chosen, reversed))).toEqual({ amount: '0.55', currency: 'EUR' });
    expect(costOf(state(first, reversed))).toBeNull();
    expect(heldOf({ options: two, chosen: 2 })).toBeNull();
  });
});
