import { describe, expect, it } from 'vitest';
import type { HolidayRules } from '../../../domain/calendar/holiday-rules.ts';
import { countries, holidaysOf, regionsOf } from '../../../domain/calendar/holidays.ts';

const NONE: HolidayRules = { country: null, region: null, add: [], remove: [] };
const days = (rules: Partial<HolidayRules>, year: number): string[] =>
  [...holidaysOf({ ...NONE, ...rules }, year).keys()].toSorted();

describe('the holidays of a year', () => {
  it('are the public ones of the country, and no other day', () => {
    expect(days({ country: 'EE' }, 2026)).toEqual([
      '2026-01-01',
      '2026-02-24',
      '2026-04-03',
      '2026-04-05',
      '2026-05-01',
      '2026-05-24',
      '2026-06-23',
      '2026-06-24',
      '2026-08-20',
      '2026-12-24',
      '2026-12-25',
      '2026-12-26',
    ]);
  });

  it('follow Easter from year to year', () => {
    expect(days({ country: 'EE' }, 2027)).toContain('2027-03-26');
    expect(days({ country: 'EE' }, 2027)).not.toContain('2027-04-03');
  });

  it('are further ones in a region, and in a part of it', () => {
    const assumption = '2026-08-15';
    const peace = '2026-08-08';
    expect(days({ country: 'DE' }, 2026)).not.toContain(assumption);
    expect(days({ country: 'DE', region: 'SL' }, 2026)).toContain(assumption);
    expect(days({ country: 'DE', region: 'BY' }, 2026)).not.toContain(peace);
    expect(days({ country: 'DE', region: 'BY-A' }, 2026)).toContain(peace);
  });

  it('have their substitute where they fall on a week-end', () => {
    expect(days({ country: 'GB' }, 2026)).toEqual(expect.arrayContaining(['2026-12-26', '2026-12-28']));
  });

  it('take as many days as they last, and no half day more', () => {
    const bayram = days({ country: 'TR' }, 2026).filter(
      (day) => day.startsWith('2026-03') || day.startsWith('2026-05-2'),
    );
    expect(bayram).toEqual(['2026-03-20', '2026-03-21', '2026-03-22', '2026-05-27', '2026-05-28', '2026-05-29']);
  });

  it('take as many days where the country’s clock changes among them', () => {
    const bajram = days({ country: 'BA' }, 2025).filter((day) => day >= '2025-03-15' && day < '2025-04-15');
    expect(bajram).toEqual(['2025-03-30', '2025-03-31', '2025-04-01']);
  });

  it('reach over the end of the year', () => {
    expect(days({ country: 'SZ' }, 2026)).toContain('2026-12-31');
    expect(days({ country: 'SZ' }, 2027).slice(0, 2)).toEqual(['2027-01-01', '2027-01-02']);
    expect(days({ country: 'SZ' }, 2026)).not.toContain('2027-01-01');
  });

  it('begin at noon where the law has it so, else at midnight', () => {
    const iceland = holidaysOf({ ...NONE, country: 'IS' }, 2026);
    expect(iceland.get('2026-12-24')).toBe(13 * 60);
    expect(iceland.get('2026-12-25')).toBe(0);
  });

  it('begin at midnight where a half holiday falls on a whole one', () => {
    expect(holidaysOf({ ...NONE, country: 'FO' }, 2027).get('2027-06-05')).toBe(12 * 60);
    expect(holidaysOf({ ...NONE, country: 'FO' }, 2028).get('2028-06-05')).toBe(0);
  });

  it('are those added, too, and not those removed', () => {
    const rules = { country: 'EE', add: ['2026-05-02', '2027-05-02'], remove: ['2026-12-26'] };
    expect(days(rules, 2026)).toContain('2026-05-02');
    expect(days(rules, 2026)).not.toContain('2027-05-02');
    expect(days(rules, 2026)).not.toContain('2026-12-26');
    expect(days(rules, 2027)).toContain('2027-12-26');
  });

  it('last all day where an added one is a half holiday of the country', () => {
    expect(holidaysOf({ ...NONE, country: 'IS', add: ['2026-12-24'] }, 2026).get('2026-12-24')).toBe(0);
  });

  it('are only those added, where no country is named or the year is too far away', () => {
    expect(days({ add: ['2026-05-02'] }, 2026)).toEqual(['2026-05-02']);
    expect(days({ country: 'EE', add: ['2101-05-02'] }, 2101)).toEqual(['2101-05-02']);
    expect(days({ country: 'EE', add: ['0099-05-02'] }, 99)).toEqual(['0099-05-02']);
    expect(days({ country: 'EE' }, 2100)).toContain('2100-02-24');
    expect(days({ country: 'EE' }, 1970)).toContain('1970-02-24');
    expect(days({ country: 'EE' }, 1969)).toEqual([]);
  });
});

describe('countries and regions', () => {
  it('all have holidays that begin on a day of the year asked for', () => {
    expect(countries().length).toBeGreaterThan(200);
    for (const country of countries()) {
      const found = holidaysOf({ ...NONE, country }, 2026);
      expect([country, found.size > 0]).toEqual([country, true]);
      for (const [day, from] of found) {
        expect([country, day]).toEqual([country, expect.stringMatching(/^2026-\d\d-\d\d$/)]);
        expect(from === 0 || (from >= 12 * 60 && from < 24 * 60)).toBe(true);
      }
    }
  });

  it('are named with the parts of a region', () => {
    expect(regionsOf('DE')).toEqual(expect.arrayContaining(['BE', 'BY', 'BY-A']));
    expect(regionsOf('EE')).toEqual([]);
  });

  it('all have at least one holiday in each region', () => {
    for (const region of ['US', 'DE', 'CH', 'NZ', 'CK', 'ES'].flatMap((country) =>
      regionsOf(country).map((one) => [country, one] as const),
    ))
      expect([region, holidaysOf({ ...NONE, country: region[0], region: region[1] }, 2026).size > 0]).toEqual([
        region,
        true,
      ]);
  });
});
