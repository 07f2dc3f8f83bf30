import { expect, it } from 'vitest';
import { inTwos } from '../../../cli/import/in-twos.ts';

/** Things are their keys; each ends when it is told to. */
function rig() {
  const ends = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  const log: string[] = [];
  const twos = inTwos<string, void>({
    keys: (thing) => thing.split(' '),
    work: (thing) => {
      log.push(`begin ${thing}`);
      return new Promise((resolve, reject) => void ends.set(thing, { resolve, reject }));
    },
    done: (thing) => Promise.resolve(void log.push(`done ${thing}`)),
  });
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    twos,
    log,
    turn,
    end: (thing: string): Promise<void> => (ends.get(thing)?.resolve(), turn()),
    fail: (thing: string): Promise<void> => (ends.get(thing)?.reject(new Error(`no ${thing}`)), turn()),
  };
}

it('works on two at a time', async () => {
  const { twos, log, end } = rig();
  await twos.begin('a');
  await twos.begin('b');
  const third = twos.begin('c');
  await end('b');
  expect(log).toEqual(['begin a', 'begin b']);
  await end('a');
  await third;
  expect(log).toEqual(expect.arrayContaining(['done a', 'begin c']));
  expect(log.indexOf('begin c')).toBeGreaterThan(log.indexOf('done a'));
});

it('hands them on in their order, whichever ends first', async () => {
  const { twos, log, end } = rig();
  await twos.begin('a');
  await twos.begin('b');
  await end('b');
  await end('a');
  await twos.ended();
  expect(log.slice(2)).toEqual(['done a', 'done b']);
});

it('waits with one that shares a key with the other', async () => {
  const { twos, log, end } = rig();
  await twos.begin('a b');
  const second = twos.begin('b c');
  await end('');
  expect(log).toEqual(['begin a b']);
  await end('a b');
  await second;
  expect(log).toEqual(['begin a b', 'done a b', 'begin b c']);
});

it('says of a failure to whoever begins or ends next, and hands nothing on after it', async () => {
  const { twos, log, end, fail } = rig();
  await twos.begin('a');
  await twos.begin('b');
  await fail('a');
  await end('b');
  await expect(twos.begin('c')).rejects.toThrow('no a');
  await expect(twos.ended()).rejects.toThrow('no a');
  expect(log).toEqual(['begin a', 'begin b']);
});
