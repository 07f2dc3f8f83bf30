import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A build of Kept. */
export interface Version {
  /** Its `dist/cli/main.js`. */
  readonly main: string;
  remove(): void;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OLD = join(ROOT, 'test', 'histories', 'OLD');
const LOCK = 'package-lock.json';

/**
 * Builds the commit that test/histories/OLD names, in a worktree beside. Its packages are ours where it asks for the same.
 * @throws where Git does not know the commit, or it cannot be built
 */
export function oldVersion(say: (line: string) => void): Version {
  const commit = readFileSync(OLD, 'utf8').trim();
  const git = (...args: readonly string[]): void => run('git', ['-C', ROOT, ...args], ROOT);
  try {
    git('cat-file', '-e', `${commit}^{commit}`);
  } catch {
    throw new Error(`Git has not the commit ${commit} of test/histories/OLD: "git fetch --unshallow" brings it.`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'kept-old-'));
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
    git('worktree', 'prune');
  };
  try {
    say(`Building ${commit.slice(0, 7)} …`);
    git('worktree', 'add', '--quiet', '--detach', folder, commit);
    if (readFileSync(join(folder, LOCK), 'utf8') !== readFileSync(join(ROOT, LOCK), 'utf8')) run('npm', ['ci'], folder);
    else symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    run(process.execPath, ['build.mjs'], folder);
    return { main: join(folder, 'dist', 'cli', 'main.js'), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** @throws with its last words where it fails */
function run(command: string, args: readonly string[], cwd: string): void {
  execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
}
