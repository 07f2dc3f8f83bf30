import { setTimeout as sleep } from 'node:timers/promises';
import { donePokes, returnPokes, takePokes, type Poke } from '../db/engine.ts';
import type { Pool } from '../db/pool.ts';
import { pokeNotTaken } from '../domain/promise/decisions.ts';
import { POKE_SIGNAL, PROMISE_WORKFLOW } from '../workflows/contract.ts';
import type { Engine } from './engine.ts';
import { inParallel } from './in-parallel.ts';
import { startLoop, withJitter, type Log, type Loop } from './loop.ts';
import { startOptions, withoutAttributesIfRefused } from './starts.ts';

const BATCH = 256;
const IN_FLIGHT = 32;
const MIN_MS = 50;
const MAX_MS = 500;
const BUSY_MS = 300;

/** Brings pokes to the engine. Any number of relays may run; a poke carried twice changes nothing. */
export function startRelay({ pool, engine, log }: { pool: Pool; engine: Engine; log: Log }): Loop {
  return startLoop({
    name: 'The relay',
    log,
    minMs: MIN_MS,
    maxMs: MAX_MS,
    turn: async (stopping) => {
      if (!engine.up()) return 'none';
      const pokes = await takePokes(pool, BATCH);
      if (pokes.length === 0) return 'none';
      const done: number[] = [];
      const back: number[] = [];
      await inParallel(siblings(pokes), IN_FLIGHT, async ([poke, ids]) => {
        const fate = stopping.aborted || !engine.up() ? 'back' : await carry(engine, log, poke);
        if (fate === 'done') done.push(...ids);
        if (fate === 'back') back.push(...ids);
      });
      if (back.length > 0) await returnPokes(pool, back);
      if (done.length > 0) await donePokes(pool, done);
      return done.length === 0 ? 'none' : pokes.length === BATCH ? 'more' : 'some';
    },
  });
}

/** `stays`: not taken, and not worth trying at once; its claim runs out by itself. */
async function carry(engine: Engine, log: Log, poke: Poke): Promise<'done' | 'back' | 'stays'> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await withoutAttributesIfRefused(engine, (attributes) =>
        engine.client.workflow.signalWithStart(PROMISE_WORKFLOW, {
          ...startOptions(poke, attributes),
          signal: POKE_SIGNAL,
        }),
      );
      return 'done';
    } catch (error) {
      const failure = engine.noteFailure(error);
      const fate = pokeNotTaken(failure, attempt);
      if (fate === 'stays')
        log.error({ promiseId: poke.promiseId, failure }, 'The engine does not take this poke; it is tried again.');
      if (fate !== 'again') return fate;
      await sleep(withJitter(attempt * BUSY_MS));
    }
  }
}

/** Pokes of one promise are one poke. */
function siblings(pokes: readonly Poke[]): readonly (readonly [Poke, readonly number[]])[] {
  const byPromise = new Map<string, [Poke, number[]]>();
  for (const poke of pokes) {
    const known = byPromise.get(poke.promiseId);
    if (known) known[1].push(poke.id);
    else byPromise.set(poke.promiseId, [poke, [poke.id]]);
  }
  return [...byPromise.values()];
}
