import { expect, it } from 'vitest';
import { supervise, type Part } from '../../../cli/up/supervise.ts';

interface FakePart extends Part {
  die(): void;
}

function parts(failing: readonly number[] = []): {
  start: () => Promise<FakePart>;
  made: FakePart[];
  tries: () => number;
} {
  const made: FakePart[] = [];
  let tries = 0;
  const start = async (): Promise<FakePart> => {
    tries += 1;
    if (failing.includes(tries)) throw new Error(`try ${tries} failed`);
    let die = (): void => {};
    const exited = new Promise<string>((resolve) => (die = () => resolve('It ended.')));
    const part = { pid: tries, exited, die, stop: async () => die() };
    made.push(part);
    return part;
  };
  return { start, made, tries: () => tries };
}

it('starts a part again when it dies, also after starts that fail, and says so', async () => {
  const { start, made } = parts([2]);
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    supervise({ name: 'It', start, changed: () => resolve(), log: (line) => lines.push(line) }).then(
      () => made[0]?.die(),
      reject,
    );
  });
  expect(made.map(({ pid }) => pid)).toEqual([1, 3]);
  expect(lines).toEqual(['It ended. Starting it again in 0.5 s.', 'It does not start: try 2 failed', 'It runs again.']);
});

it('a part that runs again is not called dead where others cannot be told', async () => {
  const { start, made, tries } = parts();
  const lines: string[] = [];
  const changed = (): void => {
    throw new Error('disk full');
  };
  const told = new Promise<void>((resolve) => {
    const log = (line: string): void => {
      lines.push(line);
      if (line.includes('disk full')) resolve();
    };
    void supervise({ name: 'It', start, changed, log }).then(() => made[0]?.die());
  });
  await told;
  expect(lines.slice(1)).toEqual(['It runs again.', expect.stringMatching(/^It runs, but .*disk full/)]);
  expect(tries()).toBe(2);
});

it('throws what its first start throws', async () => {
  const { start } = parts([1]);
  await expect(supervise({ name: 'It', start, changed: () => {}, log: () => {} })).rejects.toThrow('try 1 failed');
});

it('stops for good, also while it waits to start again', async () => {
  const { start, made, tries } = parts();
  let stop = async (): Promise<void> => {};
  await new Promise<void>((resolve, reject) => {
    supervise({ name: 'It', start, changed: () => {}, log: () => resolve() }).then((supervised) => {
      stop = supervised.stop;
      made[0]?.die();
    }, reject);
  });
  await stop();
  expect(tries()).toBe(1);
});
