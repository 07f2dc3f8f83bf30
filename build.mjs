// `prepare`: compiles to dist/ and builds the workflow bundle, in a folder beside that is swapped in by rename.
// Does nothing when dist/ is newer than everything it is made of: npm and npx run it again and again.
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(fileURLToPath(import.meta.url));
const DIST = join(ROOT, 'dist');
const STAMP = join(DIST, '.built');
const CODE = [
  'activities',
  'api',
  'cli',
  'db',
  'domain',
  'notices',
  'reports',
  'temporal',
  'web',
  'words',
  'workflows',
];
const SETTINGS = ['build.mjs', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
const EVERY_MS = 1_000;

const require = createRequire(import.meta.url);
const startedAt = new Date();

if (isFresh()) process.exit(0);
if (!has('typescript')) {
  if (existsSync(STAMP)) {
    say('dist/ is older than its sources, and TypeScript is not installed: left as it is.');
    process.exit(0);
  }
  say('There is no dist/ and TypeScript is not installed: run "npm ci" with development dependencies once.');
  process.exit(1);
}
const half = join(ROOT, `.dist-${process.pid}`);
try {
  removeLeftOvers();
  await step('Compiling', () => compile(half));
  copyAssets(half);
  await step('Bundling the workflows', () => bundle(half));
  writeFileSync(join(half, '.built'), '');
  // What was edited while we built is newer than this.
  utimesSync(join(half, '.built'), startedAt, startedAt);
  swapIn(half);
  say(`dist/ is built (${((Date.now() - startedAt.getTime()) / 1000).toFixed(1)} s).`);
} catch (error) {
  say(error.message);
  process.exitCode = 1;
} finally {
  rmSync(half, { recursive: true, force: true });
}

function isFresh() {
  if (!existsSync(STAMP) || !existsSync(join(DIST, 'workflow-bundle.js'))) return false;
  const builtAt = statSync(STAMP).mtimeMs;
  const inputs = [...SETTINGS, ...CODE.filter(exists).flatMap(everythingIn)];
  // Folders count as well: their time tells of files that are gone.
  return inputs.filter(exists).every((input) => statSync(join(ROOT, input)).mtimeMs <= builtAt);
}

function everythingIn(folder) {
  return [folder, ...readdirSync(join(ROOT, folder), { recursive: true }).map((name) => join(folder, name))];
}

function compile(folder) {
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
  const args = [tsc, '-p', 'tsconfig.build.json', '--outDir', folder, ...(hasExtras() ? [] : ['--noCheck'])];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
    let words = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => (words += chunk));
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(words.trim() || 'TypeScript failed.'))));
  });
}

/** Without an optional package its types are missing, too; what comes out of the compiler is the same without them. */
function hasExtras() {
  const { optionalDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return Object.keys(optionalDependencies).every(has);
}

/** What code reads beside itself: styles, scripts of pages, the sample. Migrations are read from the package. */
function copyAssets(folder) {
  for (const file of CODE.filter(exists).flatMap(everythingIn)) {
    if (/\.(tsx?|md|sql)$/.test(file) || statSync(join(ROOT, file)).isDirectory()) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(ROOT, file), join(folder, file));
  }
}

async function bundle(folder) {
  const { bundleWorkflowCode } = await import('@temporalio/worker');
  const quiet = () => {};
  const logger = { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: say, error: say };
  const { code } = await bundleWorkflowCode({ workflowsPath: join(folder, 'workflows', 'index.js'), logger });
  writeFileSync(join(folder, 'workflow-bundle.js'), code);
}

function swapIn(folder) {
  const old = join(ROOT, `.dist-${process.pid}-old`);
  if (existsSync(DIST)) renameSync(DIST, old);
  renameSync(folder, DIST);
  rmSync(old, { recursive: true, force: true });
}

/** Of builds that were killed; one under way is younger. */
function removeLeftOvers() {
  const HOUR = 60 * 60 * 1000;
  for (const name of readdirSync(ROOT).filter((each) => each.startsWith('.dist-')))
    if (Date.now() - statSync(join(ROOT, name)).mtimeMs > HOUR)
      rmSync(join(ROOT, name), { recursive: true, force: true });
}

async function step(what, work) {
  say(`${what} …`);
  const timer = setInterval(() => process.stderr.write('.'), EVERY_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
}

function has(name) {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}

function exists(path) {
  return existsSync(join(ROOT, path));
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
