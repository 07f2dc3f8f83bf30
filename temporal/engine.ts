import { KeptError } from '../db/fault-fields.ts';
import { engineEpoch } from '../db/engine.ts';
import type { Pool } from '../db/pool.ts';
import type { EngineFailure } from '../domain/promise/decisions.ts';
import { createEngineClient, type EngineClient, type TemporalOptions } from './connection.ts';
import { callFailure } from './failures.ts';
import { startLoop, type Log } from './loop.ts';
import { ensureSearchAttributes } from './search-attributes.ts';

/** The engine as this process sees it, shared by all that talk to it: one of them finds it down, all of them rest. */
export interface Engine extends Omit<EngineClient, 'close'> {
  up(): boolean;
  /** Rises when the engine was emptied; null until both engine and database have answered once. */
  epoch(): number | null;
  /** Whether promises may be started with search attributes. */
  attributes(): boolean;
  /** What a failed call says; everyone else learns it too. */
  noteFailure(error: unknown): EngineFailure;
  stop(): Promise<void>;
}

const WATCH_MS = 1_000;
const ATTRIBUTES_AGAIN_MS = 30_000;

/**
 * Asks once a second whether the engine is there and whether it is still the same one: an emptied engine has a
 * namespace with another id, and its promises sleep no more. Stands in for a circuit breaker's half-open try.
 */
export function watchEngine({ pool, temporal, log }: { pool: Pool; temporal: TemporalOptions; log: Log }): Engine {
  const { close, ...client } = createEngineClient(temporal);
  let up = false;
  let epoch: number | null = null;
  let knownId = '';
  let attributesFrom = 0;

  const watch = startLoop({
    name: 'The look at the engine',
    log,
    minMs: WATCH_MS,
    maxMs: WATCH_MS,
    turn: async () => {
      const id = await client.call(() => namespaceId(client)).catch(() => null);
      if ((id !== null) !== up)
        log[id === null ? 'warn' : 'info'](id === null ? 'The engine is down.' : 'The engine is up.');
      up = id !== null;
      if (id === null || id === knownId) return 'some';
      await client.call(() => ensureSearchAttributes(client.connection, client.namespace)).catch(() => {});
      const next = await engineEpoch(pool, id);
      if (knownId !== '') log.warn({ epoch: next }, 'The engine was emptied: open promises are put to sleep again.');
      epoch = next;
      knownId = id;
      return 'some';
    },
  });

  return {
    ...client,
    up: () => up,
    epoch: () => epoch,
    attributes: () => Date.now() >= attributesFrom,
    noteFailure: (error) => {
      const failure = callFailure(error);
      if (failure === 'down') up = false;
      if (failure === 'attributes') attributesFrom = Date.now() + ATTRIBUTES_AGAIN_MS;
      return failure;
    },
    stop: async () => {
      await watch.stop();
      await close();
    },
  };
}

/** Whether the engine answers, for a process that only needs to know: asked once a second. */
export interface EngineProbe {
  up(): boolean;
  stop(): Promise<void>;
}

export function createEngineProbe(temporal: TemporalOptions, log: Log): EngineProbe {
  const client = createEngineClient(temporal);
  let up = false;
  const watch = startLoop({
    name: 'The look at the engine',
    log,
    minMs: WATCH_MS,
    maxMs: WATCH_MS,
    turn: async () => {
      up = (await client.call(() => namespaceId(client)).catch(() => null)) !== null;
      return 'some';
    },
  });
  return {
    up: () => up,
    stop: async () => {
      await watch.stop();
      await client.close();
    },
  };
}

/** It changes where the engine was emptied. @throws while it is away */
export async function namespaceId({
  connection,
  namespace,
}: Pick<EngineClient, 'connection' | 'namespace'>): Promise<string> {
  const { namespaceInfo } = await connection.workflowService.describeNamespace({ namespace });
  if (!namespaceInfo?.id) throw new KeptError('The engine gave its namespace no id.');
  return namespaceInfo.id;
}
