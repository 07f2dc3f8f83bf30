import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes files that are made from the code, by path under the current folder, and says which ones changed. One that
 * stands as it should keeps its time: the build looks at it.
 */
export async function writePages(pages: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(pages)) {
    const isNew = (await readFile(path, 'utf8').catch(() => null)) !== text;
    if (isNew) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
    process.stdout.write(`${path}${isNew ? '' : ' stands as it should'}\n`);
  }
}
