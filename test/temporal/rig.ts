import { Client, Connection } from '@temporalio/client';
import pino from 'pino';
import { createPromiseActivities } from '../../activities/promise.ts';
import { createRegistrar } from '../../db/register.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import type { HandOver, Message, NoticeChannel } from '../../notices/notice.ts';
import { startWorker, type RunningWorker, type WorkerOptions } from '../../temporal/worker.ts';
import { promiseWorkflowId } from '../../workflows/contract.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { registration, seed, type RegistrationWish } from '../support/registrations.ts';
import { devServer, type DevServer } from '../support/temporal.ts';
import { unwitnessed } from '../support/witness.ts';
import { bundlePath } from './bundle.ts';

export const FROM = 'Bookshop <care@books.example>';

/** A channel in memory: takes everything, or answers as told. */
export interface MemoryChannel extends NoticeChannel {
  readonly sent: Message[];
  answer(next: (message: Message) => HandOver | Promise<HandOver>): void;
}

export function memoryChannel(): MemoryChannel {
  const sent: Message[] = [];
  let answer: (message: Message) => HandOver | Promise<HandOver> = () => ({ outcome: 'accepted' });
  return {
    name: 'email',
    sent,
    answer: (next) => void (answer = next),
    send: async (message) => {
      const handed = await answer(message);
      if (handed.outcome === 'accepted') sent.push(message);
      return handed;
    },
    close: async () => {},
  };
}

export interface Rig {
  readonly database: TestDatabase;
  readonly server: DevServer;
  readonly channel: MemoryChannel;
  readonly client: Client;
  register(wish: RegistrationWish): Promise<string>;
  startWorker(options?: Partial<WorkerOptions>): Promise<RunningWorker>;
  stop(): Promise<void>;
}

/** Real PostgreSQL, a real dev server (or one that the caller looks after), and workers that send into memory. */
export async function rig(policies: readonly Policy[], ownServer?: DevServer): Promise<Rig> {
  const [database, server] = await Promise.all([testDatabase(), ownServer ?? devServer()]);
  await seed(database.pool, policies);
  const channel = memoryChannel();
  const connection = Connection.lazy({ address: server.address });
  const registrar = createRegistrar(database.pool);
  const workers: RunningWorker[] = [];
  const log = pino({ level: 'warn' }, pino.destination(2));
  return {
    database,
    server,
    channel,
    client: new Client({ connection, namespace: server.namespace }),
    register: async (wish) => {
      const { promise } = await registrar.register(await registration(database.pool, wish));
      return promise.id;
    },
    startWorker: async (options = {}) => {
      const worker = await startWorker({
        pool: database.pool,
        temporal: { address: server.address, namespace: server.namespace },
        activities: createPromiseActivities({
          pool: database.pool,
          channels: [channel],
          from: FROM,
          workerName: `test ${process.pid} ${workers.length}`,
          witness: unwitnessed,
          log,
        }),
        bundlePath: await bundlePath(),
        identity: 'kept-test',
        log,
        ...options,
      });
      workers.push(worker);
      return worker;
    },
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.stop()));
      await connection.close();
      if (!ownServer) await server.stop();
      await database.drop();
    },
  };
}

/** Waits until `look` finds something; the test's own timeout ends it. */
export async function eventually<T>(look: () => Promise<T | null | undefined | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const workflowOf = ({ client }: Rig, promiseId: string) =>
  client.workflow.getHandle(promiseWorkflowId(promiseId));
