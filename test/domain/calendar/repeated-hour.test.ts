import { expect, it } from 'vitest';
import { at, termsFor } from '../support/build.ts';
import { chainFor, lasting } from '../support/chain.ts';

// In Tallinn the clock shows 03:30 twice on 25 October 2026: at 00:30 and at 01:30 in UTC.
const DAY_BEFORE = at('2026-10-24T00:30Z');
const FIRST = at('2026-10-25T00:30Z');
const SECOND = at('2026-10-25T01:30Z');
const DAY_AFTER = at('2026-10-26T01:30Z');

it('a duration that was promised ends at the second: so a customer may read it', () => {
  const made = { promised: lasting('P1D', null), madeAt: DAY_BEFORE, calendars: {} };
  expect(chainFor(made).plan.promisedAt).toBe(SECOND);
  expect(chainFor({ ...made, promised: lasting('PT24H', null) }).plan.promisedAt).toBe(FIRST);
});

it('a new time and the next news are told as the second', () => {
  const customer = { customerZone: 'Europe/Tallinn' };
  const promised = { precision: 'instant', at: DAY_BEFORE } as const;
  const terms = termsFor({ ...customer, promised, madeAt: at('2026-10-20T08:00Z') }, { buffer: { fixed: 'P1D' } });
  expect(terms.newTimeFor(DAY_BEFORE)).toEqual({ at: SECOND, day: null });
  expect(terms.nextNewsAfter(DAY_BEFORE)).toBe(SECOND);
});

it('our own target and last call are the first', () => {
  const customer = { customerZone: 'Europe/Tallinn' };
  const promised = { precision: 'instant', at: DAY_AFTER } as const;
  const { plan } = termsFor(
    { ...customer, promised, madeAt: at('2026-10-20T08:00Z') },
    { buffer: { fixed: 'P1D' }, lead: 'P1D' },
  );
  expect([plan.targetAt, plan.lastCallAt]).toEqual([FIRST, FIRST]);
});
