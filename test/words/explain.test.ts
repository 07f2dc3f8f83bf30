import { expect, it } from 'vitest';
import type { Instant } from '../../domain/promise/instant.ts';
import type { PlanReason } from '../../domain/promise/plan.ts';
import { explainReason } from '../../words/explain.en.ts';

const reason = (because: string, value: string | null): PlanReason => ({
  instant: 'targetAt',
  at: null,
  because,
  field: null,
  value,
});

it.each([
  ['buffer_fixed', 'P1D', 'fixed buffer of 1 day.'],
  ['lead', 'P1DT2H', 'at least 1 day 2 hours before'],
  ['send_guard', 'PT0S', 'the last 0 seconds'],
  ['buffer_share', '20%', 'a buffer of 20% of'],
])('says the rule %s with %s in words', (because, value, words) => {
  expect(explainReason(reason(because, value))).toContain(words);
});

it.each([
  ['day', '2026-11-26T00:00:00.000Z', 'at least 1 day before that day begins.'],
  ['window', '2026-11-26T00:00:00.000Z', 'at least 1 day before the window begins.'],
  ['day', '2026-11-27T00:00:00.000Z', 'at least 1 day before.'],
  ['instant', '2026-11-27T00:00:00.000Z', 'at least 1 day before.'],
] as const)('counts the lead of a %s to %s', (precision, leadTo, words) => {
  const plan = { precision, leadTo: leadTo as Instant, promisedAt: '2026-11-27T00:00:00.000Z' as Instant };
  expect(explainReason(reason('lead', 'P1D'), plan)).toContain(words);
});

it('names a rule it has no sentence for', () => {
  expect(explainReason(reason('something_new', null))).toBe('By the rule something_new.');
});
