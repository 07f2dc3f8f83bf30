import { expect, it } from 'vitest';
import { at, termsFor } from '../support/build.ts';

it.each(['0.04%', '33.33%', '20%'])('a share of %s is said of a plan as the policy says it', (share) => {
  const { plan } = termsFor({}, { buffer: { share }, checkpoints: [{ name: 'packed', at: share }] });
  expect(plan.reasons.find(({ instant }) => instant === 'targetAt')?.value).toBe(share);
  expect(plan.checkpoints[0]?.value).toBe(share);
  expect(plan.targetAt < at('2026-03-06T16:00Z')).toBe(true);
});
