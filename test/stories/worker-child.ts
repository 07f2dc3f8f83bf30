import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { createPromiseActivities } from '../../activities/promise.ts';
import { createPool } from '../../db/pool.ts';
import { createChannels } from '../../notices/channels/index.ts';
import type { NoticeChannel } from '../../notices/notice.ts';
import { startWorker } from '../../temporal/worker.ts';
import { unwitnessed } from '../support/witness.ts';

/** A worker process of its own that a test may kill, or that kills itself when its first mail has been accepted. */
export interface ChildOptions {
  readonly databaseUrl: string;
  readonly address: string;
  readonly namespace: string;
  readonly smtpUrl: string;
  readonly bundlePath: string;
  readonly from: string;
  readonly dieOnceAccepted: boolean;
}

const options = JSON.parse(process.argv[2] ?? '') as ChildOptions;
const log = pino({ level: 'warn' }, pino.destination(2));
const pool = createPool({ url: options.databaseUrl, max: 10, name: 'kept test child' });
const [email] = createChannels({ smtpUrl: options.smtpUrl, mailFrom: options.from, parallel: 2 });
if (!email) throw new Error('There is no channel.');

const deadly: NoticeChannel = {
  ...email,
  send: async (message, timeoutMs) => {
    const handed = await email.send(message, timeoutMs);
    if (handed.outcome === 'accepted') process.kill(process.pid, 'SIGKILL');
    return handed;
  },
};
const activities = createPromiseActivities({
  pool,
  channels: [options.dieOnceAccepted ? deadly : email],
  from: options.from,
  workerName: randomUUID(),
  witness: unwitnessed,
  log,
});
await startWorker({
  pool,
  temporal: { address: options.address, namespace: options.namespace },
  activities,
  bundlePath: options.bundlePath,
  log,
});
