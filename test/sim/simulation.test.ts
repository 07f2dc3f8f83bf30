import { describe, expect, it } from 'vitest';
import { plusMs } from '../../domain/promise/instant.ts';
import type { Plant } from './decisions.ts';
import { FAULTS, noFaults } from './faults.ts';
import type { Invariant, Scene } from './invariants.ts';
import { run } from './run.ts';
import { HOUR } from './world.ts';

/** A short life, where one is enough. */
const SHORT = { days: 6, workload: { promises: 5, steps: 100 } };
const seedsFrom = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, at) => first + at);

describe('the simulation', () => {
  it('finds every guarantee kept after every step of 250 seeds', { timeout: 300_000 }, () => {
    const runs = seedsFrom(1, 250).map((seed) => run(seed, { days: 90 }));
    expect(runs.filter(({ breach }) => breach !== null)).toEqual([]);
    const steps = runs.reduce((sum, each) => sum + each.steps, 0);
    const faults = noFaults();
    for (const each of runs) for (const fault of FAULTS) faults[fault] += each.faults[fault];
    for (const fault of FAULTS) expect([fault, faults[fault] / steps > 0.01]).toEqual([fault, true]);
  });

  it('lives a seed of 90 days with all kinds of promises, and always the same way', { timeout: 60_000 }, () => {
    const whole = run(7, { days: 90 });
    expect(whole).toMatchObject({ breach: null, kinds: ['callback', 'delivery', 'refund', 'repair', 'reply'] });
    expect(whole.promises).toBeGreaterThanOrEqual(20);
    expect(whole.steps).toBeGreaterThanOrEqual(1_000);
    expect(run(7, { days: 90 })).toEqual(whole);
  });
});

/** The first seed in which something is found. */
function firstBreach(plant: Plant, most: number) {
  for (const seed of seedsFrom(1, most)) {
    const { breach } = run(seed, { days: 90, plant });
    if (breach) return breach.invariant;
  }
  return null;
}

describe('a fault planted into a decision', () => {
  it.each<[Plant, Invariant]>([
    ['lost-poke', 'I6'],
    ['doubled-send', 'I2'],
    ['late-warning', 'I3'],
  ])('is found: %s breaks %s', { timeout: 120_000 }, (plant, invariant) => {
    expect(firstBreach(plant, 40)).toBe(invariant);
  });
});

/** Spoils what is stored at the first step at which there is something to spoil. */
function spoiled(spoil: (scene: Scene) => boolean) {
  let isDone = false;
  const onStep = (scene: Scene): void => void (isDone ||= spoil(scene));
  return run(1, { ...SHORT, onStep }).breach?.invariant;
}

describe('a guarantee that does not hold is noticed', () => {
  const anyOpen = ({ rows }: Scene) => [...rows.promises.values()].find(({ closed, wakeAt }) => !closed && wakeAt);

  it('where an acknowledged promise is gone', () => {
    expect(spoiled(({ rows, journal }) => [...journal.promises.values()].some((id) => rows.promises.delete(id)))).toBe(
      'I1',
    );
  });

  it('where an acknowledged fact is gone', () => {
    const lose = ({ rows, journal }: Scene): boolean =>
      [...journal.facts].some(([id, facts]) => {
        const [key = ''] = facts.keys();
        rows.touched.add(id);
        return rows.promises.get(id)?.facts.delete(key) ?? false;
      });
    expect(spoiled(lose)).toBe('I1');
  });

  it('where a row says other than its facts', () => {
    const spoil = (scene: Scene): boolean => {
      const row = anyOpen(scene);
      if (!row?.wakeAt) return false;
      row.wakeAt = plusMs(row.wakeAt, HOUR);
      scene.rows.touched.add(row.id);
      return true;
    };
    expect(spoiled(spoil)).toBe('I4');
  });

  it('where a workflow is gone from an engine that is known to have it', () => {
    const spoil = ({ machine, rows }: Scene): boolean => {
      const asleep = [...machine.engine.workflows.values()].find(({ promiseId, alarm, isDelayed }) => {
        const row = rows.promises.get(promiseId);
        const isPoked = rows.outbox.some((poke) => poke.promiseId === promiseId);
        return alarm && !isDelayed && !isPoked && row?.armedAt && row.wakeAt;
      });
      return asleep ? (machine.engine.workflows as Map<string, unknown>).delete(asleep.promiseId) : false;
    };
    expect(spoiled(spoil)).toBe('I6');
  });
});
