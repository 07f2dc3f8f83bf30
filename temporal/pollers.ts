import { hostname } from 'node:os';
import { NOTICE_QUEUE, PROMISE_QUEUE } from '../workflows/contract.ts';
import { createEngineClient, type TemporalOptions } from './connection.ts';

/** How a worker names itself to the engine. */
export const workerIdentity = (pid: number, host: string = hostname()): string => `${pid}@${host}`;

/** Temporal's numbers: promises are polled for workflow tasks, notices for activities. */
const QUEUES = [
  { name: PROMISE_QUEUE, taskQueueType: 1 },
  { name: NOTICE_QUEUE, taskQueueType: 2 },
] as const;
/** A worker asks for work at least once a minute; one that has not for twice as long is gone or hangs. */
const SILENT_SECONDS = 120;

/**
 * Whether a worker of this machine has lately asked the engine for work, on both queues.
 * @throws where the engine does not answer
 */
export async function pollsFrom(temporal: TemporalOptions, host: string = hostname()): Promise<boolean> {
  const { connection, namespace, call, close } = createEngineClient(temporal);
  const sinceSeconds = Date.now() / 1_000 - SILENT_SECONDS;
  try {
    const queues = await Promise.all(
      QUEUES.map(({ name, taskQueueType }) =>
        call(() => connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name }, taskQueueType })),
      ),
    );
    return queues.every(({ pollers }) =>
      pollers.some(
        ({ identity, lastAccessTime }) =>
          identity?.endsWith(workerIdentity(0, host).slice(1)) && Number(lastAccessTime?.seconds ?? 0) > sinceSeconds,
      ),
    );
  } finally {
    await close();
  }
}
