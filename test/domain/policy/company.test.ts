import { expect, it } from 'vitest';
import { completedRules, parseCompanyRules } from '../../../domain/policy/company.ts';

const USUAL = {
  country: null,
  alerts: { window: 'PT15M', urgent: 'PT1M' },
  acknowledge: 'PT4H',
  secondBreak: { within: 'P90D', callWithin: 'PT4H' },
  caps: { perMinute: null, perCustomerDay: null },
  capacity: { wakesPerSecond: 15 },
  keep: { outbox: 'P7D', dispatches: 'P90D' },
};

it('has a default for whatever a file leaves out', () => {
  expect(parseCompanyRules({})).toEqual({ rules: USUAL });
  expect(parseCompanyRules({ country: 'EE', caps: { perMinute: 600 } })).toEqual({
    rules: { ...USUAL, country: 'EE', caps: { perMinute: 600, perCustomerDay: null } },
  });
});

it('completes rules that were stored before a field was there', () => {
  expect(completedRules({ acknowledge: 'PT1H' })).toEqual({ ...USUAL, acknowledge: 'PT1H' });
  expect(completedRules(undefined)).toEqual(USUAL);
});

it.each<[string, Record<string, unknown>, string, RegExp]>([
  ['an unknown key', { alert: {} }, '/alert', /Unknown.*alerts/],
  ['a country in words', { country: 'Estonia' }, '/country', /two capital letters/],
  ['an urgent mail later than a usual one', { alerts: { window: 'PT1M', urgent: 'PT5M' } }, '/alerts/urgent', /longer/],
  [
    'texts that go before the mails of a day are counted',
    { caps: { perCustomerDay: 3 }, keep: { dispatches: 'P1D' } },
    '/keep/dispatches',
    /perCustomerDay counts/,
  ],
  ['a cap of nothing', { caps: { perMinute: 0 } }, '/caps/perMinute', /whole number from 1/],
])('refuses %s', (_, document, pointer, message) => {
  expect(parseCompanyRules(document)).toMatchObject({ faults: [{ pointer, message: expect.stringMatching(message) }] });
});
