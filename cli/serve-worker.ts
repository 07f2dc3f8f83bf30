import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { createDigestActivities } from '../activities/digest.ts';
import { createPromiseActivities } from '../activities/promise.ts';
import { createPool, type Pool } from '../db/pool.ts';
import { createChannels } from '../notices/channels/index.ts';
import { createWitness } from '../temporal/witness.ts';
import { PARALLEL_HAND_OVERS, startWorker } from '../temporal/worker.ts';
import { applyAtStart } from './apply-policies.ts';
import { senderOf } from './sender.ts';
import type { Serving } from './serve-until-told.ts';
import type { WorkerSettings } from './up/child-link.ts';

const CONNECTIONS = 20;

/** The parts of `kept worker`, put together: activities over the database and the ways out of the house. */
export async function serveWorker(settings: WorkerSettings, log: Logger, ending: AbortSignal): Promise<Serving> {
  const bundlePath = workflowBundle();
  const waiting = { ending, warn: (line: string) => log.warn(line) };
  await applyAtStart(settings.databaseUrl, settings.policies, waiting);
  const pool = createPool({ url: settings.databaseUrl, max: CONNECTIONS, name: 'kept worker' });
  try {
    return await work(settings, pool, await senderOf(pool, waiting), bundlePath, log);
  } catch (error) {
    await pool.end();
    throw error;
  }
}

async function work(
  { temporal, smtpUrl, links }: WorkerSettings,
  pool: Pool,
  from: string,
  bundlePath: string,
  log: Logger,
): Promise<Serving> {
  const [first, ...others] = createChannels({ smtpUrl, mailFrom: from, parallel: PARALLEL_HAND_OVERS });
  if (!first) throw new Error('There is no way out of the house: the list in notices/channels/index.ts is empty.');
  const channels = [first, ...others] as const;
  const workerName = `${hostname()}/${process.pid}/${randomUUID()}`;
  const witness = createWitness({ pool, temporal, log });
  const deps = { pool, channels, from, workerName, witness, log };
  const activities = createPromiseActivities(deps);
  const digests = createDigestActivities({ ...deps, links });
  const worker = await startWorker({ pool, temporal, activities, digests, witness, bundlePath, log });
  return {
    url: null,
    stop: async () => {
      await worker.stop();
      await witness.close();
      await Promise.all(channels.map((each) => each.close()));
      await pool.end();
    },
  };
}

/** `dist/workflow-bundle.js` of the package, whether this runs from `dist/` or from the sources. @throws where it is missing */
export function workflowBundle(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    if (folder === dirname(folder)) throw new Error('This is no installed Kept: there is no package.json above it.');
    folder = dirname(folder);
  }
  const bundle = join(folder, 'dist', 'workflow-bundle.js');
  if (!existsSync(bundle)) throw new Error(`${bundle} is missing. Run "npm run prepare".`);
  return bundle;
}
