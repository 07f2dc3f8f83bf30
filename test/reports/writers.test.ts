import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import type { WordKept, WordKeptGroup } from '../../domain/metrics/word-kept.ts';
import { instant } from '../../domain/promise/instant.ts';
import { CELLS, COLUMNS } from '../../reports/columns.ts';
import { writeCsv } from '../../reports/writers/csv.ts';
import { writeJson } from '../../reports/writers/json.ts';
import { showDuration, writeTable } from '../../reports/writers/table.ts';

/** The keys of interface.md section 5, in its order. */
const CONTRACT =
  'key promises kept broken overdue open withdrawn withdrawnByUs keptRate keptRateFirst earlyRate goal brokenAllowed ' +
  'promisedLengthMs actualLengthMs marginMs bufferUse noticeLeadMs noticeRecall falseAlarmRate noticeMissed unreachable ' +
  'newTimeKeptRate falseRecovery contactsPerPromise askedFirst firstContactRate recoveryTimeMs remedyCost secondBreaks handOvers';

const HOUR = 3_600_000;
const group = (key: string | null): WordKeptGroup => ({
  key,
  promises: 2857,
  kept: 2539,
  broken: 231,
  overdue: 59,
  open: 0,
  withdrawn: 28,
  withdrawnByUs: 3,
  keptRate: 0.8975,
  keptRateFirst: 0.8975,
  earlyRate: 0.89,
  goal: 0.95,
  brokenAllowed: 141,
  promisedLengthMs: { p50: 24 * 24 * HOUR, p90: 40 * 24 * HOUR },
  actualLengthMs: { p50: 10 * 24 * HOUR, p90: 23 * 24 * HOUR },
  marginMs: { p5: -5 * 24 * HOUR, p10: -26 * HOUR, p50: 90_000, p90: 20 * 24 * HOUR },
  bufferUse: { p50: 0.4, p90: 1 },
  noticeLeadMs: { p10: null, p50: null },
  noticeRecall: null,
  falseAlarmRate: null,
  noticeMissed: 0,
  unreachable: 0,
  newTimeKeptRate: null,
  falseRecovery: 0,
  contactsPerPromise: 0,
  askedFirst: null,
  firstContactRate: null,
  recoveryTimeMs: { p50: null, p90: null },
  remedyCost: { EUR: '12.50' },
  secondBreaks: 0,
  handOvers: 0,
});
const report = (...keys: readonly (string | null)[]): WordKept => ({
  generatedAt: instant(Date.UTC(2026, 10, 27, 13)),
  readLagMs: 12,
  by: 'partner',
  groups: keys.map(group),
});

describe('the columns of the report', () => {
  it('are the figures of the contract, each with a title, a unit, a definition and a formula', () => {
    expect(['key', ...COLUMNS.map((column) => column.name)]).toEqual(CONTRACT.split(' '));
    for (const { title, definition, formula } of COLUMNS)
      for (const text of [title, definition, formula]) expect(text).not.toBe('');
    expect(new Set(COLUMNS.map((column) => column.title)).size).toBe(COLUMNS.length);
  });

  it('reach every number of a group', () => {
    const numbers = (value: unknown): number =>
      typeof value === 'object' && value !== null && !('EUR' in value)
        ? Object.values(value).reduce<number>((sum, part) => sum + numbers(part), 0)
        : 1;
    const { key: _key, ...figures } = group('dpd');
    expect(CELLS.length).toBe(numbers(figures));
  });
});

describe('the JSON of the report', () => {
  it('has exactly the keys of the contract, in its order', () => {
    const read = JSON.parse(writeJson(report('dpd'))) as { groups: Record<string, unknown>[] };
    expect(Object.keys(read)).toEqual(['generatedAt', 'readLagMs', 'by', 'groups']);
    expect(Object.keys(read.groups[0] ?? {})).toEqual(CONTRACT.split(' '));
  });
});

describe('the CSV of the report', () => {
  it('has one line per group, numbers as numbers, nothing for null', () => {
    const [first, second] = parse<Record<string, string>>(writeCsv(report('dpd', null)), { columns: true });
    expect(first).toMatchObject({
      partner: 'dpd',
      keptRate: '0.8975',
      'marginMs.p10': String(-26 * HOUR),
      noticeRecall: '',
    });
    expect(first?.['remedyCost']).toBe('EUR 12.50');
    expect(second?.['partner']).toBe('');
  });

  it.each(['=1+1', '+372', '-2', '@sum', '\tx', '＝1'])('makes %j harmless for a spreadsheet', (key) => {
    const [, line] = parse(writeCsv(report(key)));
    expect(line?.[0]).toBe(`'${key}`);
  });
});

describe('the table of the report', () => {
  it('prints every figure, and below it every definition and formula', () => {
    const table = writeTable(report('dpd'), 100);
    expect(table).not.toContain('heckpoint');
    for (const { title } of CELLS) expect(table).toContain(title);
    for (const { definition, formula } of COLUMNS) {
      expect(table).toContain(definition);
      expect(table).toContain(formula);
    }
    expect(table).toMatch(/^Kept rate +89\.8 %$/m);
    expect(table).toMatch(/^Goal +95 %$/m);
    expect(table).toMatch(/^Margin p10 +-1 d 2 h$/m);
    expect(table).toMatch(/^Notice recall +-$/m);
  });

  it('lists what the partner missed to which it is narrowed', () => {
    const missed = (...slips: { checkpoint: string; promises: number }[]) =>
      writeTable({ ...report('dpd'), slips }, 100);
    expect(missed({ checkpoint: 'scanned\u0007', promises: 12 }, { checkpoint: 'sorted', promises: 3 })).toContain(
      'Checkpoints that the partner missed, and of how many promises\nscanned?  12\nsorted     3\n',
    );
    expect(missed()).toContain('No checkpoint that the partner answers for was missed.');
  });

  it('puts as many groups side by side as fit, and the others below', () => {
    const keys = ['dpd', 'omniva', 'itella', 'venipak', null];
    const figures = (width: number) => writeTable(report(...keys), width).split('What the figures mean')[0] ?? '';
    const blocks = (width: number) => figures(width).match(/^Kept rate /gm)?.length ?? 0;
    const widest = Math.max(
      ...figures(60)
        .split('\n')
        .slice(1)
        .map((line) => line.length),
    );
    expect(figures(60)).toContain('(none)');
    expect(widest).toBeLessThanOrEqual(60);
    expect(blocks(60)).toBeGreaterThan(1);
    expect(blocks(200)).toBe(1);
    expect(blocks(10)).toBe(keys.length);
  });

  it('rounds a rate down, so that one broken promise never reads 100 %, and says what p50 and p90 are', () => {
    const rare = { ...report(), groups: [{ ...group('dpd'), keptRate: 0.9996 }] };
    expect(writeTable(rare, 100)).toMatch(/^Kept rate +99\.9 %$/m);
    expect(writeTable(rare, 100)).toMatch(/^p50: half .*p90: nine in ten/m);
  });

  it('says what was granted, in the table and in CSV', () => {
    expect(writeTable(report('dpd'), 100)).toMatch(/^Remedy cost +EUR 12\.50$/m);
    expect(writeCsv(report('dpd'))).toMatch(/secondBreaks[^]*EUR 12\.50/);
  });

  it('prints no control or direction mark of a key', () => {
    expect(writeTable(report('a\u001b[2Jb\u202Ec\nd'), 100)).toContain('a?[2Jb?c?d');
  });

  it('says so where nothing matches', () => {
    expect(writeTable(report(), 100)).toMatch(/\n\nNo promises match\.\n$/);
  });

  it.each([
    [0, '0 s'],
    [0.4, '0 s'],
    [250, '250 ms'],
    [90_000, '1 min 30 s'],
    [-26 * HOUR, '-1 d 2 h'],
    [24 * HOUR, '1 d'],
    [24 * HOUR + 59_000, '1 d'],
  ])('shows %d ms as %s', (ms, text) => {
    expect(showDuration(ms)).toBe(text);
  });
});
