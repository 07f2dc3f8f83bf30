import { expect, it } from 'vitest';
import { urgencyOf } from '../../../domain/promise/urgency.ts';

it.each([
  ['callback', 'window', 1],
  ['callback', 'day', 1],
  ['callback', 'instant', 1],
  ['delivery', 'instant', 2],
  ['delivery', 'window', 3],
  ['delivery', 'day', 4],
] as const)('of a %s promised as %s is %i', (kind, precision, urgency) => {
  expect(urgencyOf(kind, precision)).toBe(urgency);
});
