import type { Logger } from 'pino';
import { startApi } from '../api/server.ts';
import { createPool } from '../db/pool.ts';
import { createEngineProbe } from '../temporal/engine.ts';
import { applyAtStart } from './apply-policies.ts';
import type { Serving } from './serve-until-told.ts';
import type { ApiSettings } from './up/child-link.ts';
import { mailReader } from './up/mails.ts';

const CONNECTIONS = 12;

/** The parts of `kept api`, put together. */
export async function serveApi(settings: ApiSettings, log: Logger, ending: AbortSignal): Promise<Serving> {
  const { databaseUrl, temporal, port, host, baseUrl, policies, laptop } = settings;
  await applyAtStart(databaseUrl, policies, { ending, warn: (line) => log.warn(line) });
  const pool = createPool({ url: databaseUrl, max: CONNECTIONS, name: 'kept api' });
  const probe = createEngineProbe(temporal, log);
  try {
    const mails = laptop?.mails ? mailReader(laptop.mails) : (): Promise<readonly []> => Promise.resolve([]);
    const api = await startApi({
      pool,
      port,
      host,
      baseUrl,
      log,
      engineUp: probe.up,
      ...(laptop ? { dev: { mails } } : {}),
    });
    return {
      url: api.url,
      stop: async () => {
        await api.close();
        await probe.stop();
        await pool.end();
      },
    };
  } catch (error) {
    await probe.stop();
    await pool.end();
    throw error;
  }
}
