import { describe, expect, it } from 'vitest';
import { askedFirst, isFirstContact } from '../../../domain/promise/contacts.ts';
import type { ContactSubject } from '../../../domain/promise/words.ts';
import { fold, type PromiseState } from '../../../domain/promise/fold.ts';
import type { Fact } from '../../../domain/promise/facts.ts';
import type { Instant } from '../../../domain/promise/instant.ts';
import { chainFor } from '../support/chain.ts';
import { attempted } from '../support/moving-facts.ts';
import { at, dropped, fulfilled, reversed, sent, termsFor, withdrawn } from '../support/build.ts';

const { plan } = termsFor();
const [EARLIER, MON, TUE, WED] = ['2026-02-20', '2026-03-02', '2026-03-03', '2026-03-04'].map((day) =>
  at(`${day}T12:00Z`),
) as [Instant, Instant, Instant, Instant];
const contacted = (occurredAt: Instant, about: ContactSubject): Fact => ({
  ...{ kind: 'contacted', factKey: `contacted ${occurredAt}`, occurredAt, channel: 'phone', about },
});
const told = (...facts: readonly Fact[]): PromiseState => fold({ plan }, facts);

describe('a customer who comes to us', () => {
  it('is counted, whatever it is about and though the promise has ended', () => {
    const { contacts } = told(
      contacted(EARLIER, 'other'),
      contacted(TUE, 'change'),
      fulfilled(TUE),
      contacted(WED, 'status'),
    );
    expect(contacts).toEqual({ count: 3, since: 2, askedAt: WED });
  });

  it.each<readonly [string, boolean, readonly Fact[]]>([
    ['never', false, []],
    ['about the status, and was told nothing', true, [contacted(TUE, 'status')]],
    ['about trouble before she was told', true, [contacted(TUE, 'trouble'), sent(WED, 'risk', null)]],
    ['and what was to be told her was dropped', true, [dropped(MON, 'risk'), contacted(TUE, 'status')]],
    ['in the moment in which she was told', true, [contacted(TUE, 'status'), sent(TUE, 'risk', null)]],
    ['after she was told', false, [sent(MON, 'risk', null), contacted(TUE, 'status')]],
    ['after only the promise was confirmed', true, [sent(MON, 'promised', null), contacted(TUE, 'status')]],
    ['about something else', false, [contacted(TUE, 'change'), contacted(WED, 'other')]],
  ])('asked first or not: %s', (_, isFirst, facts) => {
    expect(askedFirst(told(...facts))).toBe(isFirst);
  });

  it.each<readonly [string, boolean | null, readonly Fact[]]>([
    ['open', null, []],
    ['withdrawn', null, [withdrawn(TUE, 'customer')]],
    ['fulfilled', true, [fulfilled(TUE)]],
    ['she came before it was made', true, [contacted(EARLIER, 'status'), fulfilled(TUE)]],
    [
      'she came in the moment in which it was made',
      true,
      [contacted(at('2026-03-02T08:00Z'), 'other'), fulfilled(TUE)],
    ],
    ['she came while it was open', false, [contacted(MON, 'other'), fulfilled(TUE)]],
    ['she came afterwards', false, [fulfilled(TUE), contacted(WED, 'trouble')]],
    ['she came, and the fulfilment says so', true, [contacted(MON, 'other'), done(true)]],
    ['nobody came, and the fulfilment says otherwise', false, [done(false)]],
    ['it was not done after all', null, [fulfilled(TUE), reversed(WED)]],
  ])('had her promise fulfilled at the first contact or not: %s', (_, isFirst, facts) => {
    expect(isFirstContact(told(...facts))).toBe(isFirst);
  });

  it('counts since ever, where it is not known when the promise was made', () => {
    const { contacts } = chainFor({ promised: { precision: 'instant', at: WED }, madeAt: null }).state([
      contacted(EARLIER, 'other'),
    ]);
    expect(contacts.since).toBe(1);
  });

  it.each([
    ['one try in vain', true, ['09:00']],
    ['two tries in vain', false, ['09:00', '09:30']],
  ])('was called with %s before it was done', (_, isFirst, times) => {
    const promised = { precision: 'instant', at: WED } as const;
    const call = chainFor({ promised }, { tries: { max: 3, every: 'PT20M', remind: 'PT15M' } });
    const tries = times.map((time) => attempted(at(`2026-03-03T${time}Z`)));
    expect(isFirstContact(call.state([...tries, fulfilled(TUE)]))).toBe(isFirst);
  });
});

function done(firstContact: boolean): Fact {
  return { ...fulfilled(TUE), firstContact } as Fact;
}
