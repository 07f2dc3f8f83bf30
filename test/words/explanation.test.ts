import { expect, it } from 'vitest';
import type { Instant } from '../../domain/promise/instant.ts';
import { runningText, storedTimeText } from '../../words/explanation.en.ts';

const CHANGE = '2026-03-29T01:00:00.000Z' as Instant;
const OFFSETS = [
  { from: null, minutes: 120 },
  { from: CHANGE, minutes: 180 },
];

it.each([
  ['2026-03-29T00:59:00.000Z', 'Sun 29 Mar 2026, 02:59'],
  ['2026-03-29T01:00:00.000Z', 'Sun 29 Mar 2026, 04:00'],
  ['2026-03-29T21:00:30.000Z', 'Mon 30 Mar 2026, 00:00:30'],
  ['2026-03-29T12:00:00.001Z', 'Sun 29 Mar 2026, 15:00:00.001'],
])('writes %s by the offsets that are stored: %s', (at, text) => {
  expect(storedTimeText(OFFSETS, at as Instant)).toBe(text);
});

it.each([
  [97_200_000, '27 h'],
  [5_400_000, '1 h 30 min'],
  [61_000, '1 min 1 s'],
  [0, '0 s'],
])('writes %d ms of running time as %s, since a day of it is no day', (ms, text) => {
  expect(runningText(ms)).toBe(text);
});
