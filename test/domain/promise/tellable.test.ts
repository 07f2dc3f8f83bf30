import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../domain/promise/facts.ts';
import { fold } from '../../../domain/promise/fold.ts';
import type { Instant } from '../../../domain/promise/instant.ts';
import { dropCause } from '../../../domain/promise/decisions.ts';
import { warnedAt } from '../../../domain/promise/notices.ts';
import { isOfOwner, tellable } from '../../../domain/promise/tellable.ts';
import type { NoticeReason } from '../../../domain/promise/words.ts';
import {
  at,
  estimated,
  fulfilled,
  handedOver,
  naming,
  repromised,
  sent,
  termsFor,
  until,
  withdrawn,
} from '../support/build.ts';
import { chainFor } from '../support/chain.ts';
import { agreed } from '../support/moving-facts.ts';
import { SILENT, PROMISED, RECOVERY, TUE, WED, just, onTime, late } from '../support/ladder.ts';

describe('what a notice can tell', () => {
  const say = (facts: readonly Fact[], reason: NoticeReason, now: Instant) =>
    tellable(SILENT, fold(SILENT, facts), reason, now);

  it('is the fresh estimate plus the buffer', () => {
    expect(say([late(WED)], 'risk', WED)).toEqual({ told: until('2026-03-08T22:00Z'), nextNewsAt: null });
    expect(say([late(RECOVERY)], 'recovery', RECOVERY)).toEqual({ told: until('2026-03-08T22:00Z'), nextNewsAt: null });
  });

  it('is the time of the next news where no estimate is fresh or late', () => {
    const next = { told: null, nextNewsAt: at('2026-03-05T12:00Z') };
    expect(say([], 'risk', WED)).toEqual(next);
    expect(say([late(TUE)], 'risk', WED)).toEqual(next);
    expect(say([onTime(WED)], 'risk', WED)).toEqual(next);
  });

  it('is never a time that has passed', () => {
    const soon = termsFor({}, { buffer: { fixed: 'PT1H' }, estimateFresh: 'P9D' });
    const state = fold(soon, [estimated(PROMISED, at('2026-03-06T18:00Z'))]);
    expect(tellable(soon, state, 'recovery', at('2026-03-06T18:59:59.999Z')).told).toEqual(until('2026-03-06T19:00Z'));
    expect(tellable(soon, state, 'recovery', at('2026-03-06T19:00Z'))).toEqual({
      told: null,
      nextNewsAt: at('2026-03-07T19:00Z'),
    });
  });

  it('is a whole second, of the next news a whole minute', () => {
    expect(say([estimated(WED, at('2026-03-07T10:00:00.001Z'))], 'risk', WED).told).toEqual(
      until('2026-03-08T22:00:01Z'),
    );
    expect(say([], 'risk', just(WED, 1)).nextNewsAt).toBe('2026-03-05T12:01:00.000Z');
  });

  it('is nothing about time in a confirmation or once the promise has ended', () => {
    const nothing = { told: null, nextNewsAt: null };
    expect(say([late(WED)], 'promised', WED)).toEqual(nothing);
    expect(say([late(TUE), withdrawn(WED, 'company')], 'recovery', WED)).toEqual(nothing);
  });

  it('of progress is when the next news comes, whatever is estimated', () => {
    expect(say([late(WED)], 'progress', WED)).toEqual({ told: null, nextNewsAt: at('2026-03-05T12:00Z') });
  });

  it('in an apology is the later time that stands, and else what is new', () => {
    const facts = [sent(WED, 'risk', until('2026-03-08T22:00Z'))];
    expect(say(facts, 'recovery', RECOVERY)).toEqual({ told: until('2026-03-08T22:00Z'), nextNewsAt: null });
    expect(say(facts, 'risk', RECOVERY).told).toBeNull();
    expect(say([], 'recovery', RECOVERY).told).toBeNull();
  });

  it('is no further time of news once they were put off too often', () => {
    const after = (inARow: number) => tellable(SILENT, fold(SILENT, []), 'risk', WED, inARow).nextNewsAt;
    expect([2, 3].map(after)).toEqual([at('2026-03-05T12:00Z'), null]);
  });
});

describe('who has been warned', () => {
  const chain = chainFor({ promised: { precision: 'instant', at: PROMISED } });
  const warned = (occurredAt: Instant, told: string) =>
    warnedAt(chain.state([repromised(occurredAt, { precision: 'instant', at: at(told) }, false)]));

  it('is who was told a later time before the deadline, by whomever', () => {
    expect(warned(WED, '2026-03-09T16:00Z')).toBe(WED);
    expect(warned(just(PROMISED), '2026-03-09T16:00Z')).toBe(just(PROMISED));
  });

  it('is nobody who was told at the deadline, or an earlier time, or who agreed to it', () => {
    expect(warned(PROMISED, '2026-03-09T16:00Z')).toBeNull();
    expect(warned(WED, '2026-03-06T12:00Z')).toBeNull();
    const anew = agreed(WED, { precision: 'instant', at: at('2026-03-09T16:00Z') });
    expect(warnedAt(chain.state([anew]))).toBeNull();
  });
});

describe('word of progress', () => {
  // The last call of the time that was agreed is on Thursday, 16:00.
  const chain = chainFor(
    { promised: { precision: 'instant', at: at('2026-03-04T16:00Z') } },
    { kind: 'repair', whenUnknown: 'warn' },
  );
  const state = chain.state([
    naming(sent(at('2026-03-03T16:00Z'), 'progress', null), 'kati'),
    agreed(at('2026-03-03T17:00Z'), { precision: 'instant', at: PROMISED }),
    handedOver(at('2026-03-03T18:00Z'), 'jaan'),
  ]);
  const isMere = (reason: NoticeReason, now: Instant) => isOfOwner(chain.terms(state), state, reason, now);

  it('says who looks after it now and nothing else, before there is more to say', () => {
    expect(isMere('progress', at('2026-03-05T15:59:59.999Z'))).toBe(true);
    expect(isMere('progress', at('2026-03-05T16:00Z'))).toBe(false);
    expect(isMere('risk', at('2026-03-05T15:00Z'))).toBe(false);
  });

  it('tells no time where it says who looks after it now', () => {
    const says = (now: Instant) => tellable(chain.terms(state), state, 'progress', now);
    expect(says(at('2026-03-05T15:00Z'))).toEqual({ told: null, nextNewsAt: null });
    expect(says(at('2026-03-05T16:00Z')).nextNewsAt).not.toBeNull();
  });
});

describe('the cause of a drop', () => {
  const open = fold(SILENT, []);
  it.each([
    [
      'that nobody was reached',
      { ...fold(SILENT, []), end: { kind: 'unreachable', at: TUE } },
      WED,
      WED,
      'no_longer_due',
    ],
    ['the end of the promise, first of all', fold(SILENT, [fulfilled(TUE)]), WED, WED, 'fulfilled'],
    ['its withdrawal', fold(SILENT, [withdrawn(TUE, 'company')]), null, WED, 'withdrawn'],
    ['that it came too late', open, WED, WED, 'expired'],
    ['that its reason is gone', open, WED, just(WED), 'no_longer_due'],
    ['that its reason is gone, where nothing expires', open, null, WED, 'no_longer_due'],
  ] as const)('is %s', (_, state, notValidAfter, now, cause) => {
    expect(dropCause(state, { reason: 'risk', notValidAfter }, now)).toBe(cause);
  });
});
