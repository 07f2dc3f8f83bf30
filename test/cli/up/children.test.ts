import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { afterAll, expect, it } from 'vitest';
import { keepLog } from '../../../cli/up/children.ts';

const home = mkdtempSync(join(tmpdir(), 'kept-children-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const INFO = '{"level":30,"msg":"well"}';
const WARN = '{"level":40,"msg":"bad"}';

async function kept(file: string, lines: readonly string[]): Promise<readonly string[]> {
  const shown: string[] = [];
  const stream = new PassThrough();
  keepLog(stream, file, (line) => shown.push(line));
  stream.end(lines.map((line) => `${line}\n`).join(''));
  await finished(stream);
  return shown;
}

it('keeps every line and shows warnings and what is no line of a log', async () => {
  const file = join(home, 'api.log');
  expect(await kept(file, [INFO, WARN, 'Error: at x'])).toEqual(['bad', 'Error: at x']);
  expect(readFileSync(file, 'utf8')).toBe(`${INFO}\n${WARN}\nError: at x\n`);
});

it('goes on where the file cannot be written, says so once and still shows warnings', async () => {
  const folder = join(home, 'taken.log');
  mkdirSync(folder);
  const shown = await kept(folder, [INFO, WARN, INFO]);
  expect(shown).toEqual([expect.stringContaining('EISDIR'), 'bad']);
});
