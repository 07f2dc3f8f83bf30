import { delimiter, join } from 'node:path';
import { browserPath } from '../../cli/config.ts';
import { isExecutable } from '../../cli/access.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** What Chromium needs to run as root, offline and without asking anybody. */
export const CHROMIUM_FLAGS: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * The browser's path: `CHROME_PATH`, else on PATH; null only where KEPT_NO_BROWSER=1 says to skip, which is printed.
 * @throws where there is none, naming the command that installs one
 * @example const chromium = findChromium(); describe.skipIf(chromium === null)('the first page', …)
 */
export function findChromium(): string | null {
  const { given, searchPath, declined } = browserPath();
  if (declined) {
    console.warn('Skipped: tests that need a browser (KEPT_NO_BROWSER=1).');
    return null;
  }
  const candidates = given
    ? [given]
    : NAMES.flatMap((name) => searchPath.split(delimiter).map((dir) => join(dir, name)));
  const found = candidates.find(isExecutable);
  if (found) return found;
  const looked = given
    ? `CHROME_PATH names ${given}, which is no executable file`
    : `none of ${NAMES.join(', ')} is on PATH`;
  throw new Error(
    `No browser for the page tests: ${looked}. ` +
      'Install one (as root: apt-get install chromium), set CHROME_PATH, or skip these tests with KEPT_NO_BROWSER=1.',
  );
}
