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

const MADE = '2026-11-20T00:00:00.000Z' as Instant;
const PROMISED = '2026-11-27T00:00:00.000Z' as Instant;
const PLAN = { precision: 'instant', leadTo: PROMISED, promisedAt: PROMISED, madeAt: MADE, clock: null } as const;
const PAUSED = {
  ...{ withinMs: 1, calendar: null, leftMs: null, wouldEndAt: null },
  pauses: [{ from: MADE, to: PROMISED }],
};

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
  const plan = { ...PLAN, precision, leadTo: leadTo as Instant };
  expect(explainReason(reason('lead', 'P1D'), plan)).toContain(words);
});

const of = (instant: PlanReason['instant'], because: string, at: Instant): PlanReason => ({
  ...reason(because, 'PT4H'),
  instant,
  at,
});

it.each<[string, string, RegExp | null]>([
  ['no room', explainReason(of('targetAt', 'buffer_min', MADE), PLAN), /never before the promise was made/],
  ['room', explainReason(of('targetAt', 'buffer_min', PROMISED), PLAN), null],
  [
    'a pause',
    explainReason(of('promisedAt', 'promised_within', PROMISED), { ...PLAN, clock: PAUSED }),
    /waited.*left out/,
  ],
  ['no pause', explainReason(of('promisedAt', 'promised_within', PROMISED), PLAN), null],
  ['a target too late', explainReason(of('targetAt', 'target_given', PROMISED), PLAN), /never after the promised time/],
  [
    'a later time told',
    explainReason(of('recoveryAt', 'fact_lag', PROMISED), PLAN, '2026-11-28T00:00:00.000Z' as Instant),
    /told a later time/,
  ],
  ['no other time told', explainReason(of('recoveryAt', 'fact_lag', PROMISED), PLAN, PROMISED), null],
])('says what else put an instant where it stands: %s', (_, text, remark) => {
  if (remark) expect(text).toMatch(remark);
  else expect(text.match(/\./g)).toHaveLength(1);
});

it('names a rule it has no sentence for', () => {
  expect(explainReason(reason('something_new', null))).toBe('By the rule something_new.');
});
