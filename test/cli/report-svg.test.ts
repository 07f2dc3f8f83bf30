import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { reportCommand } from '../../cli/commands/report.ts';
import { reportSvg } from '../../cli/report-svg.ts';
import { wordKept } from '../../db/report.ts';
import type { WordKeptQuery } from '../../domain/metrics/word-kept.ts';
import { countText } from '../../words/format.ts';
import { tellStories } from '../reports/stories.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await tellStories(database.pool);
});
afterAll(() => database.drop());

const svgOf = (query: WordKeptQuery): Promise<string> => reportSvg(database.pool, query);

describe('kept report --svg', () => {
  it('writes the file that it names, and nothing for a program to read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kept-svg-'));
    vi.stubEnv('DATABASE_URL', database.url);
    const printed = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    const said = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
    try {
      const program = new Command().exitOverride();
      reportCommand(program);
      await program.parseAsync(['node', 'kept', 'report', '--by', 'month', '--svg', join(folder, 'a.svg')]);
      expect(readFileSync(join(folder, 'a.svg'), 'utf8')).toContain('Kept rate by month');
      expect(printed).not.toHaveBeenCalled();
      expect(String(said.mock.calls[0]?.[0])).toContain('a.svg');
    } finally {
      vi.restoreAllMocks();
      vi.unstubAllEnvs();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is one file with the three pictures, grouped as asked', async () => {
    const svg = await svgOf({ by: 'partner' });
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /);
    expect(svg.match(/<svg /g)).toHaveLength(4);
    for (const text of ['Kept rate by week', 'How early or late it came', 'Kept rate by partner', '>omniva<'])
      expect(svg).toContain(text);
  });

  it('counts what the report counts, and says what it was narrowed to', async () => {
    const query = { by: 'kind', partner: 'dpd', from: { day: '2000-01-01' } } as const;
    const { groups } = await wordKept(database.pool, query);
    const all = groups.reduce((sum, { promises }) => sum + promises, 0);
    const svg = await svgOf(query);
    expect(svg).toContain(`${countText('en', all)} promises`);
    expect(svg).toContain('Only partner dpd, from 2000-01-01.');
  });

  it('says so where nothing matches', async () => {
    expect(await svgOf({ by: 'owner', partner: 'nobody' })).toContain('No promises match.');
  });
});
