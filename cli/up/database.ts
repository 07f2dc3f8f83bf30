import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase } from '../../db/create-database.ts';
import { SHARED_CACHE } from '../config.ts';
import { dataPlace } from './data-place.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import { startPostgres, stopOrphan, type RunningPostgres } from './postgres.ts';
import { databaseUser, type SystemUser, type UserLookup } from './run-as.ts';
import { readDatabase, type StateFiles } from './state.ts';

export interface DatabaseOptions {
  readonly files: StateFiles;
  readonly cache: string;
  readonly port: number;
  /** True for a restart: the data must still be there. */
  readonly existing: boolean;
  readonly users?: UserLookup;
  log(line: string): void;
}

/** The database inside the embedded PostgreSQL. */
export const DATABASE = 'kept';

/** Starts the embedded PostgreSQL of a state folder, making data, password and database where there are none. */
export async function startDatabase(options: DatabaseOptions): Promise<RunningPostgres> {
  const { files, cache, port, existing, users, log } = options;
  const user = databaseUser(users, log);
  const { dataDir, password } = dataPlace(files, cache, user, log);
  const owner = user && existsSync(dataDir) ? ownerOf(dataDir, user) : user;
  const binaries = postgresBinaries({ user: owner, elsewhere: [cache, SHARED_CACHE], log });
  const logFile = join(files.logs, 'postgres.log');
  const postgres = await startPostgres({ binaries, user: owner, dataDir, password, port, logFile, existing, log });
  try {
    await createDatabase(postgres.url('postgres'), DATABASE);
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  return postgres;
}

/** Ends a PostgreSQL which an earlier start left behind, so that its data may go. */
export async function endLeftDatabase(files: StateFiles, log: (line: string) => void): Promise<void> {
  const note = readDatabase(files);
  if (note) await stopOrphan(note.dataDir, log);
}

/** As root, data that an ordinary user made is run as that user: PostgreSQL insists on owning it. */
function ownerOf(dataDir: string, fallback: SystemUser): SystemUser {
  const { uid, gid } = statSync(dataDir);
  return uid === 0 ? fallback : { uid, gid };
}
