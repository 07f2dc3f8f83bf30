import { expect, it } from 'vitest';
import { allOrFirstFault } from '../../../cli/up/all-or-first-fault.ts';

it('gives all results in their order', async () => {
  const giveUp = new AbortController();
  expect(await allOrFirstFault([Promise.resolve(1), Promise.resolve('two')], giveUp)).toEqual([1, 'two']);
  expect(giveUp.signal.aborted).toBe(false);
});

it('ends the others at the first fault, waits for them, and throws that fault', async () => {
  const giveUp = new AbortController();
  let ended = false;
  // It would never end by itself.
  const download = new Promise<never>((_, reject) => {
    giveUp.signal.addEventListener('abort', () =>
      setImmediate(() => {
        ended = true;
        reject(new Error('told to stop'));
      }),
    );
  });
  const postgres = Promise.reject(new Error('initdb failed'));
  await expect(allOrFirstFault([download, postgres], giveUp)).rejects.toThrow('initdb failed');
  expect(ended).toBe(true);
});
