import { describe, expect, it } from 'vitest';
import type { Fact, Offer } from '../../../domain/promise/facts.ts';
import type { Instant } from '../../../domain/promise/instant.ts';
import type { Terms } from '../../../domain/promise/plan.ts';
import {
  at,
  brokenAgain,
  escalated,
  failed,
  fulfilled,
  granted,
  handedOver,
  naming,
  sent,
  until,
} from '../support/build.ts';
import { LAST_CALL, late, look, PROMISED, RECOVERY, SEND_BY, SILENT, TUE, WARN, WED } from '../support/ladder.ts';

const TOLD = until('2026-03-08T22:00Z');
const LATER = at('2026-03-06T20:00Z');
const owedAt = (now: Instant, facts: readonly Fact[], terms: Terms = SILENT): readonly string[] =>
  look(terms, facts, now).owed.map(({ reason }) => reason);
const wakesAt = (now: Instant, facts: readonly Fact[], terms: Terms = SILENT): Instant | null =>
  look(terms, facts, now).wakeAt;

describe('word of who looks after a promise now', () => {
  const warned = naming(sent(TUE, 'risk', TOLD), 'kati');
  const given = handedOver(WED, 'jaan');

  it.each<readonly [name: string, owed: readonly string[], now: Instant, facts: readonly Fact[]]>([
    ['is owed at once to who was told of another', ['progress'], WED, [late(TUE), warned, given]],
    ['is none where the same person has it', [], WED, [late(TUE), warned, handedOver(WED, 'kati')]],
    ['is none to who was told of nobody', [], WED, [given]],
    ['is none where only the promise was confirmed', [], WED, [naming(sent(TUE, 'promised', null), 'kati'), given]],
    ['is none once she knows', [], LAST_CALL, [late(TUE), warned, given, naming(sent(WED, 'progress', null), 'jaan')]],
    [
      'is none where no channel takes it',
      [],
      WED,
      [late(TUE), warned, given, failed(WED, 'progress', { revision: 2 })],
    ],
    ['is none where another notice leaves', ['risk'], WED, [late(TUE), warned, given, late(WED, '2026-03-12T10:00Z')]],
    ['is none once it has ended', [], WED, [late(TUE), warned, given, fulfilled(WED)]],
  ])('%s', (_, owed, now, facts) => {
    expect(owedAt(now, facts)).toEqual(owed);
  });

  it('goes beside a confirmation, which says nothing of it, and stays true', () => {
    const confirming = { ...SILENT, confirms: true };
    const { owed } = look(confirming, [late(TUE), warned, given], WED);
    expect(owed.map(({ reason }) => reason)).toContain('progress');
    expect(owed.find(({ reason }) => reason === 'progress')).toMatchObject({ dueAt: WED, notValidAfter: null });
  });
});

describe('word of a remedy', () => {
  const voucher: readonly Offer[] = [{ kind: 'voucher', amount: '5.00', currency: 'EUR' }];
  const broken = escalated(RECOVERY, 'broken');
  const apology = (remedies: readonly string[] = []): Fact =>
    ({ ...sent(RECOVERY, 'recovery', TOLD), remedies }) as Fact;
  const reversed = { kind: 'remedy_reversed', factKey: 'r', occurredAt: LATER, remedy: 'one', by: 'mall' } as Fact;
  const one = granted(RECOVERY, 'one', voucher);

  it.each<readonly [name: string, owed: readonly string[], facts: readonly Fact[]]>([
    ['is part of the apology where that is still to go', ['recovery'], [broken, one]],
    ['is none where the apology named it', [], [broken, one, apology(['one'])]],
    ['is owed by itself where the apology did not', ['remedy'], [broken, apology(), one]],
    ['is owed of a further one', ['remedy'], [broken, one, apology(['one']), granted(LATER, 'two', voucher)]],
    ['is none where it was taken back', [], [broken, apology(), one, reversed]],
    ['is none where no channel takes it', [], [broken, apology(), one, failed(LATER, 'remedy', { revision: 2 })]],
    ['is owed where it was kept after all', ['remedy'], [broken, apology(), one, fulfilled(LATER)]],
  ])('%s', (_, owed, facts) => {
    expect(owedAt(LATER, facts)).toEqual(owed);
  });

  it('is no apology, and true for as long as it takes', () => {
    expect(look(SILENT, [broken, apology(), one], LATER).owed).toMatchObject([{ dueAt: LATER, notValidAfter: null }]);
  });

  it('brings the apology forward where a later time was told, unless somebody had to approve it', () => {
    const warned = [late(TUE), sent(TUE, 'risk', TOLD), broken];
    expect(owedAt(RECOVERY, warned)).toEqual([]);
    expect(owedAt(RECOVERY, [...warned, one])).toEqual(['recovery']);
    expect(owedAt(RECOVERY, [...warned, granted(RECOVERY, 'one', voucher, 'mall')])).toEqual(['remedy']);
  });
});

describe('when a promise wakes next', () => {
  const escalations = [escalated(TUE, 'slip')];
  const broken = escalated(RECOVERY, 'broken');

  it('is for its last call, for the alert of the break, and for the apology where that comes later', () => {
    expect(wakesAt(WED, escalations, WARN)).toBe(LAST_CALL);
    expect(wakesAt(LAST_CALL, [...escalations, sent(LAST_CALL, 'risk', null)], WARN)).toBe(RECOVERY);
    const told = [late(TUE), ...escalations, sent(TUE, 'risk', TOLD)];
    expect(wakesAt(RECOVERY, [...told, broken])).toBe(at('2026-03-09T00:00Z'));
  });

  it('is not for an apology that was made, that nobody can be sent, or that a person makes', () => {
    const made = sent(RECOVERY, 'recovery', null);
    expect(wakesAt(PROMISED, [broken])).toBe(RECOVERY);
    for (const past of [made, failed(RECOVERY, 'recovery'), brokenAgain(RECOVERY, 'customer')])
      expect(wakesAt(PROMISED, [broken, past])).toBeNull();
  });

  it('is not for a last call of a promise to be in touch that follows others, nor for an apology for it', () => {
    const news = (inARow: number): Terms => ({ ...WARN, withoutNews: 'progress', news: inARow });
    expect(owedAt(LAST_CALL, escalations, news(2))).toEqual(['progress']);
    expect(owedAt(LAST_CALL, escalations, news(3))).toEqual([]);
    expect(wakesAt(WED, escalations, news(2))).toBe(LAST_CALL);
    expect(wakesAt(WED, escalations, news(3))).toBe(RECOVERY);
    expect(owedAt(RECOVERY, [broken], news(1))).toEqual([]);
    expect(wakesAt(SEND_BY, [broken], news(1))).toBeNull();
  });
});
