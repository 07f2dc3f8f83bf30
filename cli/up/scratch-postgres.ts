import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, SHARED_CACHE } from '../config.ts';
import { postgresBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import { startPostgres } from './postgres.ts';
import { databaseUser } from './run-as.ts';

/** A PostgreSQL for a while: nothing in it is flushed to disk. */
export interface ScratchPostgres {
  /** Its data and log; the caller removes it after `stop`. */
  readonly folder: string;
  readonly binaries: PostgresBinaries;
  url(database: string): string;
  stop(): Promise<void>;
}

export const SCRATCH_PASSWORD = 'test';

/** Starts one in a new folder `<prefix>…` of the system's temporary folder, on any free port of loopback. */
export async function startScratchPostgres(prefix: string, log: (line: string) => void): Promise<ScratchPostgres> {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  // As root, PostgreSQL's own user must get in.
  chmodSync(folder, 0o755);
  const user = databaseUser(undefined, log);
  const binaries = postgresBinaries({ user, elsewhere: [cacheFolder(), SHARED_CACHE], log });
  const logFile = join(folder, 'postgres.log');
  const place = { dataDir: join(folder, 'data'), logFile, password: SCRATCH_PASSWORD, port: 0 };
  const { url, stop } = await startPostgres({ binaries, user, ...place, durable: false, log: () => {} });
  return { folder, binaries, url, stop };
}
