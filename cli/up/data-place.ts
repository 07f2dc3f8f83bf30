import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SHARED_CACHE } from '../config.ts';
import { canEnter, firstReachable, type SystemUser } from './run-as.ts';
import {
  markerIn,
  readDatabase,
  stateFiles,
  stateOf,
  writeDatabase,
  type DatabaseNote,
  type StateFiles,
} from './state.ts';

/**
 * Where the data lies, decided once: beside the rest of the state, or where PostgreSQL's own user can enter. There, a
 * marker names the state it belongs to, since nobody who deletes the state by hand thinks of it.
 * @throws where no place can be entered
 */
export function dataPlace(
  files: StateFiles,
  cache: string,
  user: SystemUser | null,
  log: (line: string) => void,
): DatabaseNote {
  const roots = [join(cache, 'states'), join(SHARED_CACHE, 'states')];
  const known = readDatabase(files);
  const note = known ? entered(known, user) : makePlace(files, roots, user, log);
  // Only as root does data lie elsewhere.
  if (user) sayLeft(roots, log);
  return note;
}

function entered(known: DatabaseNote, user: SystemUser | null): DatabaseNote {
  if (canEnter(dirname(known.dataDir), user)) return known;
  throw new Error(
    `The database lies in ${known.dataDir}, where its user cannot enter any more. ` +
      'Open the folders above it (chmod a+x), or start with --fresh to begin anew.',
  );
}

function makePlace(
  files: StateFiles,
  roots: readonly string[],
  user: SystemUser | null,
  log: (line: string) => void,
): DatabaseNote {
  const places = [files.postgres, ...roots.map((root) => join(root, freeName(roots, files.folder), 'postgres'))];
  const dataDir = firstReachable(places, user);
  if (!dataDir)
    throw new Error(
      `PostgreSQL does not run as root, and its user can enter none of: ${places.join(', ')}. ` +
        'Set KEPT_CACHE to a folder that everybody may enter, or set DATABASE_URL.',
    );
  if (dataDir !== files.postgres) {
    log(`PostgreSQL's own user cannot enter ${files.folder}: the data lies in ${dataDir}.`);
    writeFileSync(markerIn(dirname(dataDir)), JSON.stringify({ state: files.folder }));
  }
  const note = { dataDir, password: randomBytes(24).toString('base64url') };
  // Noted before it is made: data whose password nobody knows would be lost.
  writeDatabase(files, note);
  return note;
}

/** The same state may have been deleted by hand and begun anew: its old data keeps its name. */
function freeName(roots: readonly string[], state: string): string {
  const name = createHash('sha256').update(state).digest('hex').slice(0, 16);
  for (let count = 1; ; count += 1) {
    const tried = count === 1 ? name : `${name}-${count}`;
    if (!roots.some((root) => existsSync(join(root, tried, 'postgres')))) return tried;
  }
}

/** Data whose state is gone. It is not removed: the state may lie on a disk that is not there just now. */
function sayLeft(roots: readonly string[], log: (line: string) => void): void {
  const left = [...new Set(roots)].flatMap(foldersIn).filter((folder) => {
    const state = stateOf(folder);
    return state !== null && readDatabase(stateFiles(state))?.dataDir !== join(folder, 'postgres');
  });
  if (left.length > 0)
    log(`Data of states that are no longer there: ${left.join(', ')}. If you do not need it, remove those folders.`);
}

function foldersIn(root: string): readonly string[] {
  try {
    return readdirSync(root).map((name) => join(root, name));
  } catch {
    return [];
  }
}
