import { describe, expect, it } from 'vitest';
import type { Instant } from '../../../domain/promise/instant.ts';
import {
  afterHandOver,
  claimHoldsMs,
  failedFact,
  handOverAtOnce,
  isQuick,
  NO_SHORT_WAY,
  shortWayAfter,
  sendWithinMs,
  sentFact,
  takeOver,
  takingOf,
  type AfterHandOver,
  type HandOverOutcome,
  type WaitingNotice,
} from '../../../domain/promise/sending.ts';
import { at } from '../support/build.ts';

const [ONE, TWO, THREE] = [at('2026-03-02T01:00Z'), at('2026-03-02T02:00Z'), at('2026-03-02T03:00Z')];
const HOUR_MS = 3_600_000;

describe('a notice that is to be performed', () => {
  const waiting = (id: string, notBefore: Instant, dispatchId: string | null = null): WaitingNotice => {
    return { id, notBefore, dispatchId };
  };

  it('is gone where it has ended meanwhile', () => {
    expect(takingOf([waiting('other', ONE)], 'mine', TWO)).toEqual({ kind: 'gone' });
  });

  it('waits until it is due', () => {
    expect(takingOf([waiting('mine', THREE)], 'mine', TWO)).toEqual({ kind: 'later', afterMs: HOUR_MS });
  });

  it('gets no other text than the one that was frozen for it, due or not', () => {
    expect(takingOf([waiting('mine', ONE, 'text')], 'mine', TWO)).toEqual({ kind: 'frozen', dispatchId: 'text' });
    expect(takingOf([waiting('mine', THREE, 'text')], 'mine', TWO)).toEqual({ kind: 'frozen', dispatchId: 'text' });
  });

  it('leaves with what else is due for its customer and has no text yet', () => {
    const [mine, due, frozen, later] = [
      waiting('mine', TWO),
      waiting('due', ONE),
      waiting('frozen', ONE, 'text'),
      waiting('later', THREE),
    ];
    expect(takingOf([mine, due, frozen, later], 'mine', TWO)).toEqual({
      kind: 'text',
      due: [mine, due],
      others: [later],
    });
  });
});

describe('a text somebody froze', () => {
  it.each<[name: string, claimUntil: Instant, notValidAfter: Instant | null, kind: string]>([
    ['is left to whoever holds it', THREE, null, 'later'],
    ['is left to them though it is no longer true: they may just have sent it', THREE, ONE, 'later'],
    ['goes again when the claim has run out', TWO, THREE, 'same_text'],
    ['goes again as long as its reasons stand', ONE, null, 'same_text'],
    ['is given up once it is no longer true', ONE, TWO, 'give_up'],
  ])('%s', (_, claimUntil, notValidAfter, kind) => {
    expect(takeOver({ claimUntil, notValidAfter }, TWO).kind).toBe(kind);
  });

  it('is asked for again when the claim runs out', () => {
    expect(takeOver({ claimUntil: THREE, notValidAfter: null }, TWO)).toEqual({ kind: 'later', afterMs: HOUR_MS });
  });

  it('is held the longer the more often nobody knew whether it left, an hour at most', () => {
    expect([1, 2, 3, 7, 8, 2_000].map((attempts) => claimHoldsMs(30_000, attempts))).toEqual([
      30_000, 60_000, 120_000, 1_920_000, 3_600_000, 3_600_000,
    ]);
  });
});

describe('a hand-over', () => {
  it('may take no longer than its text is true', () => {
    expect(sendWithinMs(null, 5_000, 20_000)).toBe(15_000);
    expect(sendWithinMs(60_000, 4_999.2, 20_000)).toBe(15_000);
    expect(sendWithinMs(15_000, 5_000, 20_000)).toBe(10_000);
  });

  it('does not begin when that time was spent on the way to it', () => {
    expect(sendWithinMs(5_000, 5_000, 20_000)).toBeNull();
    expect(sendWithinMs(5_000, 90_000, 20_000)).toBeNull();
    expect(sendWithinMs(5_001, 5_000, 20_000)).toBe(1);
  });

  it.each<[HandOverOutcome, attempts: number, AfterHandOver]>([
    ['accepted', 1, 'record_sent'],
    ['accepted', 2, 'record_sent'],
    ['refused', 1, 'record_refused'],
    ['unknown', 1, 'keep'],
    ['not_accepted', 1, 'throw_away'],
    ['not_accepted', 2, 'hand_back'],
  ])('that was %s, attempt %i: %s', (outcome, attempts, then) => {
    expect(afterHandOver(outcome, attempts)).toBe(then);
  });
});

describe('what is recorded of a hand-over', () => {
  const key = { reason: 'risk', revision: 2, occasion: 1 } as const;
  const dispatch = { claimedAt: ONE, messageId: '<m@kept.example>', channel: 'email' } as const;

  it('counts from when the text was claimed, and says what it said', () => {
    const said = { told: { at: THREE, day: null }, nextNewsAt: null, named: null, about: null, remedies: null };
    expect(sentFact({ ...key, ...said }, dispatch)).toEqual({
      ...{ kind: 'notice_sent', factKey: 'notice:risk:2:1:sent', occurredAt: ONE, ...key },
      ...{ told: { at: THREE, day: null }, nextNewsAt: null, channel: 'email', messageId: '<m@kept.example>' },
    });
    const named = { person: 'kati', role: 'owner' } as const;
    const more = { told: null, nextNewsAt: TWO, named, about: 'owner', remedies: ['r1'] } as const;
    expect(sentFact({ ...key, ...more }, dispatch)).toMatchObject(more);
  });

  it('is that it failed, and how, from now on', () => {
    expect(failedFact(key, 'unknown', TWO)).toEqual({
      ...{ kind: 'notice_failed', factKey: 'notice:risk:2:1:failed', occurredAt: TWO, ...key, outcome: 'unknown' },
    });
  });
});

describe('a hand-over within a look', () => {
  it('is quick where the mail server has answered for good in less than four seconds', () => {
    for (const outcome of ['accepted', 'refused'] as const) {
      expect(isQuick(outcome, 3_999.9)).toBe(true);
      expect(isQuick(outcome, 4_000)).toBe(false);
    }
    for (const outcome of ['not_accepted', 'unknown'] as const) expect(isQuick(outcome, 1)).toBe(false);
  });

  it('is tried once one was quick, and after one that was not only when one is quick twenty seconds later', () => {
    expect(NO_SHORT_WAY.isOpen).toBe(false);
    const open = shortWayAfter(NO_SHORT_WAY, true, 1_000);
    expect(open.isOpen).toBe(true);
    expect(shortWayAfter(open, true, 2_000)).toEqual(open);
    const shut = shortWayAfter(open, false, 5_000);
    expect(shut).toEqual({ isOpen: false, shutUntilMs: 25_000 });
    expect(shortWayAfter(shut, true, 24_999)).toEqual(shut);
    expect(shortWayAfter(shut, true, 25_000).isOpen).toBe(true);
    expect(shortWayAfter(shut, false, 20_000).shutUntilMs).toBe(40_000);
  });

  it('is of the first notice that is owed', () => {
    const open = { isOpen: true, shutUntilMs: 0 };
    expect(handOverAtOnce(['a', 'b'], open)).toBe('a');
    expect(handOverAtOnce(['a', 'b'], NO_SHORT_WAY)).toBeNull();
    expect(handOverAtOnce([], open)).toBeNull();
  });
});
