import { expect, it } from 'vitest';
import { inParallel } from '../../temporal/in-parallel.ts';

it('runs everything once, in order, with at most so many at a time', async () => {
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  await inParallel(
    Array.from({ length: 50 }, (_, n) => n),
    8,
    async (n) => {
      begun.push(n);
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    },
  );
  expect(begun).toEqual(Array.from({ length: 50 }, (_, n) => n));
  expect(most).toBe(8);
});

it('rejects with the first failure after all have ended', async () => {
  let ended = 0;
  const run = inParallel([1, 2, 3, 4], 2, async (n) => {
    await new Promise((resolve) => setImmediate(resolve));
    ended += 1;
    if (n === 1) throw new Error('first');
  });
  await expect(run).rejects.toThrow('first');
  expect(ended).toBe(4);
});

it('does nothing with nothing', async () => {
  await expect(inParallel([], 4, () => Promise.reject(new Error('never')))).resolves.toBeUndefined();
});
