import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../domain/promise/facts.ts';
import { fold, type PromiseState } from '../../../domain/promise/fold.ts';
import { warnedAt } from '../../../domain/promise/notices.ts';
import { acknowledgeBy, isOwnerUntold, ownerFactKey } from '../../../domain/promise/hand-over.ts';
import { chainFor } from '../support/chain.ts';
import { agreed } from '../support/moving-facts.ts';
import { acknowledged, at, fulfilled, handedOver, naming, sent, termsFor } from '../support/build.ts';

const [MON, TUE, WED, THU, FRI] = ['02', '03', '04', '05', '06'].map((day) => at(`2026-03-${day}T12:00Z`)) as [
  ReturnType<typeof at>,
  ReturnType<typeof at>,
  ReturnType<typeof at>,
  ReturnType<typeof at>,
  ReturnType<typeof at>,
];
const { plan } = termsFor();
const state = (...facts: readonly Fact[]): PromiseState => fold({ plan, owner: 'kati' }, facts);

describe('who answers for a promise', () => {
  it('is who it was registered with, until it is handed over', () => {
    expect(state()).toMatchObject({ owner: 'kati', handOver: null, handOvers: 0 });
    expect(state(handedOver(TUE, 'jaan', WED))).toMatchObject({
      owner: 'jaan',
      handOver: { from: 'kati', to: 'jaan', at: TUE, dueAt: WED, acknowledgedAt: null },
      handOvers: 1,
    });
  });

  it('is by the newest hand-over, whatever the order of arrival', () => {
    const facts = [handedOver(WED, 'mari'), handedOver(TUE, 'jaan')];
    expect(state(...facts)).toMatchObject({ owner: 'mari', handOver: { from: 'jaan', to: 'mari' }, handOvers: 2 });
    expect(state(...facts)).toEqual(state(...facts.toReversed()));
  });

  it('may change after the end, which changes nothing else', () => {
    expect(state(fulfilled(TUE), handedOver(WED, 'jaan'))).toMatchObject({ owner: 'jaan', end: { at: TUE } });
  });

  it('is nobody before the first one where none was named', () => {
    expect(fold({ plan }, [handedOver(TUE, 'jaan')])).toMatchObject({
      owner: 'jaan',
      handOver: { from: null },
      handOvers: 1,
    });
  });

  it('stays, and is not counted, where it is said to the owner: only its acknowledgement changes', () => {
    const twice = state(handedOver(TUE, 'jaan', WED), handedOver(THU, 'jaan', null, 'unacknowledged'));
    expect(twice).toMatchObject({ owner: 'jaan', handOver: { from: 'kati', at: TUE, dueAt: null }, handOvers: 1 });
    expect(state(handedOver(TUE, 'kati', WED))).toMatchObject({
      owner: 'kati',
      handOver: { dueAt: WED },
      handOvers: 0,
    });
  });
});

describe('acknowledging', () => {
  it('ends the waiting for it, by the first word of the owner', () => {
    const facts = [handedOver(TUE, 'jaan', FRI), acknowledged(WED, 'jaan'), acknowledged(THU, 'jaan')];
    expect(state(...facts).handOver?.acknowledgedAt).toBe(WED);
    expect(acknowledgeBy(state(...facts))).toBeNull();
    expect(acknowledgeBy(state(handedOver(TUE, 'jaan', FRI)))).toBe(FRI);
  });

  it.each<[string, readonly Fact[]]>([
    ['of somebody else', [handedOver(TUE, 'jaan', FRI), acknowledged(WED, 'kati')]],
    ['of before the hand-over', [acknowledged(MON, 'jaan'), handedOver(TUE, 'jaan', FRI)]],
    [
      'of an earlier hand-over',
      [handedOver(TUE, 'jaan', FRI), acknowledged(WED, 'jaan'), handedOver(THU, 'mari', FRI)],
    ],
  ])('takes no word %s', (_, facts) => {
    expect(acknowledgeBy(state(...facts))).toBe(FRI);
  });

  it('is asked of nobody where nothing was handed over, or it need not be', () => {
    expect(acknowledgeBy(state(acknowledged(TUE, 'kati')))).toBeNull();
    expect(acknowledgeBy(state(handedOver(TUE, 'jaan', null)))).toBeNull();
  });
});

describe('the owner whom the customer knows', () => {
  const warned = naming(sent(TUE, 'risk', null), 'kati');

  it.each<[string, readonly Fact[], boolean]>([
    ['no notice', [handedOver(WED, 'jaan')], false],
    ['a risk notice that named the old one', [warned, handedOver(WED, 'jaan')], true],
    [
      'a recovery notice that named the old one',
      [naming(sent(TUE, 'recovery', null), 'kati'), handedOver(WED, 'jaan')],
      true,
    ],
    [
      'a confirmation that named the old one',
      [naming(sent(TUE, 'promised', null), 'kati'), handedOver(WED, 'jaan')],
      false,
    ],
    [
      'a notice that named the deputy',
      [naming(sent(TUE, 'risk', null), 'mari', 'deputy'), handedOver(WED, 'jaan')],
      false,
    ],
    [
      'a notice that named the hotline',
      [naming(sent(TUE, 'risk', null), 'hotline', 'hotline'), handedOver(WED, 'jaan')],
      false,
    ],
    ['a notice of which it is not known', [sent(TUE, 'risk', null), handedOver(WED, 'jaan')], false],
    ['no hand-over since', [warned], false],
    [
      'a hand-over and another notice since',
      [warned, handedOver(WED, 'jaan'), naming(sent(THU, 'recovery', null), 'jaan')],
      false,
    ],
    ['a hand-over there and back', [warned, handedOver(WED, 'jaan'), handedOver(THU, 'kati')], false],
    ['two hand-overs', [warned, handedOver(WED, 'jaan'), handedOver(THU, 'mari')], true],
    ['a notice recorded after the hand-over that it knew nothing of', [handedOver(MON, 'jaan'), warned], true],
  ])('is another one after %s: %#', (_, facts, untold) => {
    expect(isOwnerUntold(state(...facts))).toBe(untold);
  });
});

it('numbers the facts about who answers for a promise', () => {
  expect(ownerFactKey([], 'handed_over')).toBe('owner:1:handed_over');
  expect(ownerFactKey([handedOver(TUE, 'jaan'), fulfilled(WED), acknowledged(WED, 'jaan')], 'acknowledged')).toBe(
    'owner:3:acknowledged',
  );
});

it('word of who looks after it warns of nothing: of a time agreed anew the customer is still warned at the last call', () => {
  const chain = chainFor({ promised: { precision: 'instant', at: FRI } }, { whenUnknown: 'warn' });
  const ofOwner: Fact = { ...naming(sent(WED, 'progress', null), 'jaan'), about: 'owner' } as Fact;
  const facts = (word: Fact): readonly Fact[] => [
    naming(sent(MON, 'risk', null), 'kati'),
    agreed(TUE, { precision: 'instant', at: at('2026-03-13T16:00Z') }),
    handedOver(WED, 'jaan'),
    word,
  ];
  const lastCall = at('2026-03-12T17:00Z');
  expect(warnedAt(chain.state(facts(ofOwner)))).toBeNull();
  expect(chain.look(facts(ofOwner), lastCall).owed.map(({ reason }) => reason)).toEqual(['risk']);
  const warning = naming(sent(WED, 'progress', null), 'jaan');
  expect(warnedAt(chain.state(facts(warning)))).toBe(WED);
  expect(chain.look(facts(warning), lastCall).owed).toEqual([]);
});
