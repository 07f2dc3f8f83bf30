import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundlePath } from '../temporal/bundle.ts';

describe('the workflow bundle', () => {
  let code: string;
  beforeAll(async () => void (code = readFileSync(await bundlePath(), 'utf8')));

  it('stays below 2 MB, its source map included', () => {
    expect(Buffer.byteLength(code)).toBeLessThan(2 * 1024 * 1024);
  });

  it('holds of our code the workflows only', () => {
    const ours = [...sourcesOf(code)].filter((path) => !path.includes('node_modules'));
    const folders = ours.map((path) => path.split('/').at(-2));
    expect(folders).toContain('workflows');
    for (const folder of ['db', 'calendar', 'promise', 'notices', 'activities', 'words', 'temporal'])
      expect(folders).not.toContain(folder);
  });

  it('holds no package but the SDK and what the SDK brings', () => {
    const packages = [...sourcesOf(code)].flatMap(
      (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
    );
    expect(packages).toContain('@temporalio/workflow');
    for (const name of ['zod', 'date-fns', '@date-fns/tz', 'pg', 'nodemailer', 'pino', 'hono'])
      expect(packages).not.toContain(name);
  });
});

/** Paths of the modules inside, from the inline source map. */
function sourcesOf(code: string): ReadonlySet<string> {
  const [, encoded = ''] = /sourceMappingURL=data:application\/json;[^,]*base64,([A-Za-z0-9+/=]+)/.exec(code) ?? [];
  const { sources = [] } = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as { sources?: string[] };
  return new Set(sources);
}
