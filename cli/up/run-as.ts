import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** A system user to run a child as. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** How the system is asked; tests bring their own. */
export interface UserLookup {
  readonly isRoot: boolean;
  find(name: string): SystemUser | null;
  /** True where the user was made. */
  create(name: string): boolean;
}

const NAME = 'postgres';

/**
 * Whom PostgreSQL runs as: null for ourselves, or the user `postgres` where we are root (PostgreSQL refuses root).
 * The user is made where it is missing.
 * @throws where it can neither be found nor made, saying what to do
 */
export function databaseUser(
  lookup: UserLookup = systemLookup,
  log: (line: string) => void = () => {},
): SystemUser | null {
  if (!lookup.isRoot) return null;
  const found = lookup.find(NAME);
  if (found) return found;
  log(`PostgreSQL does not run as root and there is no user ${NAME}: making one (useradd --system ${NAME}).`);
  const made = lookup.create(NAME) ? lookup.find(NAME) : null;
  if (made) return made;
  throw new Error(
    `PostgreSQL does not run as root, there is no user ${NAME}, and making one failed. ` +
      `Run "useradd --system ${NAME}" yourself, start as an ordinary user, or set DATABASE_URL.`,
  );
}

/** True where `user` (null: ourselves) may enter the folder, tried as that user rather than guessed from mode bits. */
export function canEnter(folder: string, user: SystemUser | null): boolean {
  const as = user ? { uid: user.uid, gid: user.gid } : {};
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...as, cwd: '/', stdio: 'ignore' }).status === 0;
}

/** The first of the folders whose parent exists or can be made, and which `user` can reach. */
export function firstReachable(folders: readonly string[], user: SystemUser | null): string | null {
  for (const folder of folders) {
    try {
      makeOpen(dirname(folder));
    } catch {
      continue;
    }
    if (canEnter(dirname(folder), user)) return folder;
  }
  return null;
}

/** Folders that are made here stay open to everybody's passage, whatever the umask says. */
function makeOpen(folder: string): void {
  if (existsSync(folder)) return;
  makeOpen(dirname(folder));
  mkdirSync(folder);
  chmodSync(folder, 0o755);
}

const idOf = (flag: '-u' | '-g', name: string): number | null => {
  const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
  return status === 0 ? Number(stdout.trim()) : null;
};

const systemLookup: UserLookup = {
  isRoot: process.getuid?.() === 0,
  find(name) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    return uid === null || gid === null ? null : { uid, gid };
  },
  create: (name) =>
    spawnSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', '--user-group', name], {
      stdio: 'ignore',
    }).status === 0,
};
