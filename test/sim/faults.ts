import type { Engine } from './engine.ts';
import { HOUR, MINUTE, SECOND, WORKERS, type Happening, type World } from './world.ts';

export const FAULTS = ['drop', 'delay', 'double', 'reorder', 'crash', 'skew', 'restart'] as const;
export type Fault = (typeof FAULTS)[number];
export type FaultCounts = Record<Fault, number>;

export const noFaults = (): FaultCounts => ({
  drop: 0,
  delay: 0,
  double: 0,
  reorder: 0,
  crash: 0,
  skew: 0,
  restart: 0,
});

/** How often a step is one at which something goes wrong, and how often each thing has to. */
const SHARE = 0.1;
const LEAST = 0.013;

/** Lets one step happen, or something else in its place. */
export function strike(world: World, engine: Engine, counts: FaultCounts, happening: Happening): void {
  const { dice } = world;
  const others = happening.isMessage ? overtakers(world, happening) : [];
  const isPossible = (fault: Fault): boolean => {
    if (fault === 'drop' || fault === 'delay' || fault === 'double') return happening.isMessage;
    return fault !== 'reorder' || others.length > 0;
  };
  const rare = FAULTS.filter((fault) => counts[fault] < LEAST * world.steps && isPossible(fault));
  if (!dice.chance(rare.length > 0 ? 3 * SHARE : SHARE)) return happening.act();
  const fault = dice.pick(rare.length > 0 ? rare : FAULTS.filter(isPossible));
  counts[fault] += 1;
  const back = (atMs: number): void => void world.queue.push({ ...happening, atMs });
  const lost = (ms: number): void => void (happening.lost && world.after(ms, 'lost', null, happening.lost));
  switch (fault) {
    case 'drop':
      return lost(10 * SECOND);
    case 'delay': {
      const ms = dice.anyMs(SECOND, 4 * HOUR);
      // Whoever sent it waits no longer than that.
      if (ms > 10 * SECOND) lost(10 * SECOND);
      return back(world.nowMs() + ms);
    }
    case 'double':
      back(world.nowMs() + dice.anyMs(10, MINUTE));
      return happening.act();
    case 'reorder': {
      const other = dice.pick(others);
      back(other.atMs);
      other.atMs = world.nowMs();
      return;
    }
    case 'crash':
      back(world.nowMs());
      return world.kill(
        isProcess(happening.by) ? happening.by : dice.pick([...WORKERS, 'api']),
        dice.anyMs(SECOND, 20 * SECOND),
      );
    case 'skew':
      back(world.nowMs());
      return skew(world);
    case 'restart':
      back(world.nowMs());
      if (dice.chance(0.1)) engine.empty();
      return world.away(dice.pick(['engine', 'database']), dice.anyMs(SECOND, 5 * MINUTE));
  }
}

/** Messages on their way to the same place, which can come before this one. */
const overtakers = (world: World, { by, name }: Happening): readonly Happening[] =>
  world.queue.filter((other) => other.isMessage && other.by === by && (by !== null || other.name === name));

const isProcess = (by: Happening['by']): by is 'api' | 'worker-1' | 'worker-2' =>
  by !== null && by !== 'engine' && by !== 'database';

const MOST_SKEW_MS = { engine: 150, database: 350, clients: 4 * MINUTE };

function skew({ dice, skewMs }: World): void {
  const clock = dice.pick(['engine', 'database', 'clients'] as const);
  skewMs[clock] = Math.round((2 * dice.next() - 1) * MOST_SKEW_MS[clock]);
}
