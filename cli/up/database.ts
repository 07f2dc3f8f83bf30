import { createHash, randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createDatabase } from '../../db/create-database.ts';
import { SHARED_CACHE } from '../config.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import { startPostgres, stopOrphan, type RunningPostgres } from './postgres.ts';
import { canEnter, databaseUser, firstReachable, type SystemUser, type UserLookup } from './run-as.ts';
import { readDatabase, writeDatabase, type DatabaseNote, type StateFiles } from './state.ts';

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
  const { dataDir, password } = noteOf(files, cache, user, log);
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

/** Where the data lies is decided once: beside the rest of the state, or where PostgreSQL's own user can enter. */
function noteOf(files: StateFiles, cache: string, user: SystemUser | null, log: (line: string) => void): DatabaseNote {
  const known = readDatabase(files);
  if (known) {
    if (canEnter(dirname(known.dataDir), user)) return known;
    throw new Error(
      `The database lies in ${known.dataDir}, where its user cannot enter any more. ` +
        'Open the folders above it (chmod a+x), or start with --fresh to begin anew.',
    );
  }
  const elsewhere = join('states', createHash('sha256').update(files.folder).digest('hex').slice(0, 16), 'postgres');
  const places = [files.postgres, join(cache, elsewhere), join(SHARED_CACHE, elsewhere)];
  const dataDir = firstReachable(places, user);
  if (!dataDir)
    throw new Error(
      `PostgreSQL does not run as root, and its user can enter none of: ${places.join(', ')}. ` +
        'Set KEPT_CACHE to a folder that everybody may enter, or set DATABASE_URL.',
    );
  if (dataDir !== files.postgres)
    log(`PostgreSQL's own user cannot enter ${files.folder}: the data lies in ${dataDir}.`);
  const note = { dataDir, password: randomBytes(24).toString('base64url') };
  // Noted before it is made: data whose password nobody knows would be lost.
  writeDatabase(files, note);
  return note;
}

/** As root, data that an ordinary user made is run as that user: PostgreSQL insists on owning it. */
function ownerOf(dataDir: string, fallback: SystemUser): SystemUser {
  const { uid, gid } = statSync(dataDir);
  return uid === 0 ? fallback : { uid, gid };
}
