import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { stopSignals, type StopSignals } from '../../../cli/up/stop-signals.ts';

const said: string[] = [];
let signals: StopSignals;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  said.length = 0;
  signals = stopSignals((line) => void said.push(line));
});
afterEach(() => {
  signals.end();
  vi.useRealTimers();
});

/** SIGHUP: the one of the three that nothing else in a test listens to. */
const signal = (): boolean => process.emit('SIGHUP');

it('takes the same Ctrl-C from the terminal and from npm as one', async () => {
  expect(signals.stopping.aborted).toBe(false);
  signal();
  vi.advanceTimersByTime(900);
  signal();
  expect(signals.stopping.aborted).toBe(true);
  await signals.told;
  expect(said).toEqual([]);
});

it('tells who asks again later that it is stopping', () => {
  signal();
  vi.advanceTimersByTime(1_100);
  signal();
  expect(said).toEqual([expect.stringMatching(/^Already stopping/)]);
});

it("is started by npm without a shell between them, which would keep npm's signal to itself", () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  expect(scripts['start']).toMatch(/^exec node /);
});
