import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { durationText, showProgress } from '../../../cli/import/progress.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

it.each([
  [0.2, '0:01'],
  [75, '1:15'],
  [3_600, '1:00:00'],
  [3_725, '1:02:05'],
])('writes %s s as %s', (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});

it('says outside a terminal every ten seconds how far it is, how fast, and how long it will take', () => {
  const lines: string[] = [];
  const stream = { isTTY: false, write: (line: string) => lines.push(line) } as unknown as NodeJS.WriteStream;
  const shown = showProgress(stream);
  shown.read({ bytes: 100, ofBytes: 1_000 });
  vi.advanceTimersByTime(9_999);
  shown.rows(1_000);
  expect(lines).toEqual([]);
  vi.advanceTimersByTime(1);
  shown.rows(20_000);
  shown.read({ bytes: 200, ofBytes: 1_000 });
  expect(lines).toEqual(['10 %: 20,000 rows, 2,000 rows/s, 1:30 left\n']);
});
