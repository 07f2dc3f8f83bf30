import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { createPromiseActivities } from '../activities/promise.ts';
import { HOTLINE, staffOf } from '../db/people.ts';
import { createPool, isUnavailable, type Pool } from '../db/pool.ts';
import { createChannels } from '../notices/channels/index.ts';
import { startWorker } from '../temporal/worker.ts';
import type { Serving } from './serve-until-told.ts';
import type { WorkerSettings } from './up/child-link.ts';

const CONNECTIONS = 20;
const DATABASE_AGAIN_MS = 500;

/** The parts of `kept worker`, put together: activities over the database and the ways out of the house. */
export async function serveWorker(settings: WorkerSettings, log: Logger, ending: AbortSignal): Promise<Serving> {
  const { databaseUrl, temporal, smtpUrl } = settings;
  const bundlePath = workflowBundle();
  const pool = createPool({ url: databaseUrl, max: CONNECTIONS, name: 'kept worker' });
  const from = await senderOf(pool, log, ending);
  const [first, ...others] = createChannels({ smtpUrl, mailFrom: from });
  if (!first) throw new Error('There is no way out of the house: the list in notices/channels/index.ts is empty.');
  const channels = [first, ...others] as const;
  const workerName = `${hostname()}/${process.pid}/${randomUUID()}`;
  const activities = createPromiseActivities({ pool, channels, from, workerName, log });
  const worker = await startWorker({ pool, temporal, activities, bundlePath, log });
  return {
    url: null,
    stop: async () => {
      await worker.stop();
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

/**
 * Who signs: the hotline of people.yaml. A database that is not there yet is waited for, and so is a first staff list.
 */
async function senderOf(pool: Pool, log: Logger, ending: AbortSignal): Promise<string> {
  let told = false;
  while (!ending.aborted) {
    try {
      const hotline = (await staffOf(pool, [])).get(HOTLINE);
      if (!hotline?.email)
        log.warn(
          'No hotline with an e-mail address is known (people.yaml in KEPT_POLICIES): mails are signed by kept.',
        );
      return hotline ? mailbox(hotline.name, hotline.email ?? NOBODY) : mailbox('Kept', NOBODY);
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      if (!told) log.warn('The database cannot be reached; waiting for it.');
      told = true;
      await new Promise((resolve) => setTimeout(resolve, DATABASE_AGAIN_MS));
    }
  }
  return mailbox('Kept', NOBODY);
}

const NOBODY = `kept@${/^[a-z0-9.-]+\.[a-z]+$/i.test(hostname()) ? hostname() : 'kept.invalid'}`;

/** `"Customer care" <care@books.example>`: the name quoted, without what would end the quotes or the line. */
const mailbox = (name: string, address: string): string => `"${name.replaceAll(/["\\\p{Cc}]/gu, ' ')}" <${address}>`;
