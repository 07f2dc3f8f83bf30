import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { dataPlace } from '../../../cli/up/data-place.ts';
import { databaseUser } from '../../../cli/up/run-as.ts';
import { forget, readDatabase, stateFiles, type StateFiles } from '../../../cli/up/state.ts';

const isRoot = process.getuid?.() === 0;
const home = mkdtempSync(join(tmpdir(), 'kept-place-'));
chmodSync(home, 0o755);
let cache: string;
let lines: string[] = [];
const log = (line: string): void => void lines.push(line);
const user = isRoot ? databaseUser(undefined, () => {}) : null;

/** A state under a folder that only root may enter. */
function closedState(name: string): StateFiles {
  const files = stateFiles(join(home, 'closed', name));
  mkdirSync(files.folder, { recursive: true });
  chmodSync(join(home, 'closed'), 0o700);
  return files;
}
/** Its place, with data in it as after a start. */
function placed(files: StateFiles): string {
  const { dataDir } = dataPlace(files, cache, user, log);
  mkdirSync(dataDir, { recursive: true });
  return dataDir;
}
/** Other starts on this machine may have left something as well. */
const left = (): readonly string[] => lines.filter((line) => /no longer there/.test(line) && line.includes(cache));

beforeEach(() => {
  cache = mkdtempSync(join(home, 'cache-'));
  chmodSync(cache, 0o755);
  lines = [];
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe.skipIf(!isRoot)('data that lies outside its state', () => {
  it('is found again and not called left while its state is there', () => {
    const files = closedState('kept');
    const place = placed(files);
    expect(place.startsWith(join(cache, 'states'))).toBe(true);
    expect(placed(files)).toBe(place);
    expect(left()).toEqual([]);
  });

  it('is named, and left alone, when its state was deleted by hand; the same state begins anew beside it', () => {
    const files = closedState('deleted');
    const old = placed(files);
    rmSync(files.folder, { recursive: true });
    mkdirSync(files.folder);
    const next = placed(files);
    expect(next).not.toBe(old);
    expect(existsSync(old)).toBe(true);
    expect(left()).toEqual([expect.stringContaining(dirname(old))]);
    expect(left()[0]).not.toContain(dirname(next));
  });

  it('is not looked at where no marker of ours lies beside it', () => {
    mkdirSync(join(cache, 'states', 'somebody', 'postgres'), { recursive: true });
    placed(closedState('other'));
    expect(left()).toEqual([]);
  });

  it('goes with its folder when the state is forgotten', () => {
    const files = closedState('forgotten');
    const place = placed(files);
    forget(files);
    expect(existsSync(dirname(place))).toBe(false);
    expect(readDatabase(files)).toBeNull();
  });
});

it('data lies beside the rest of the state where its user can enter', () => {
  const files = stateFiles(join(mkdtempSync(join(home, 'open-')), '.kept'));
  chmodSync(dirname(files.folder), 0o755);
  mkdirSync(files.folder);
  expect(dataPlace(files, cache, user, log).dataDir).toBe(files.postgres);
});
