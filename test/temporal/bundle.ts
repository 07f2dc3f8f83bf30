import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const WORKFLOWS = fileURLToPath(new URL('../../workflows', import.meta.url));

/** Path of a bundle of today's `workflows/`. Made once per content: bundling costs seconds, and several files need it. */
export async function bundlePath(): Promise<string> {
  const hash = createHash('sha256').update(readFileSync(new URL('../../package-lock.json', import.meta.url)));
  for (const name of readdirSync(WORKFLOWS).sort()) hash.update(name).update(readFileSync(join(WORKFLOWS, name)));
  const folder = join(tmpdir(), `kept-bundles-${process.getuid?.() ?? 0}`);
  const file = join(folder, `${hash.digest('hex').slice(0, 16)}.js`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const logger = new DefaultLogger('ERROR');
  const { code } = await bundleWorkflowCode({ workflowsPath: join(WORKFLOWS, 'index.ts'), logger });
  writeFileSync(`${file}.${process.pid}`, code);
  renameSync(`${file}.${process.pid}`, file);
  return file;
}
