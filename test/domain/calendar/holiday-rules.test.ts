import { describe, expect, it } from 'vitest';
import { faultsOf } from '../support/calendars.ts';

const holidays = (rules: unknown): unknown => ({
  calendar: 'office',
  zone: 'Europe/Tallinn',
  week: { mon: ['09:00-17:00'] },
  holidays: rules,
});

describe('the holidays of a calendar document', () => {
  it('may be of a region, and of a part of one', () => {
    for (const region of ['BY', 'BY-A']) expect(faultsOf(holidays({ country: 'DE', region }))).toEqual([]);
  });

  it.each([
    [
      'are no mapping',
      holidays(['EE']),
      '/holidays',
      'holidays is a mapping, e.g. { country: EE, add: ["2026-05-02"] }.',
    ],
    ['have an unknown key', holidays({ county: 'EE' }), '/holidays/county', 'Unknown: county. Did you mean country?'],
    [
      'name an unknown country',
      holidays({ country: 'XX' }),
      '/holidays/country',
      'No country whose holidays are known: "XX". Write its ISO code, e.g. EE.',
    ],
    [
      'name a country in small letters',
      holidays({ country: 'ee' }),
      '/holidays/country',
      'No country whose holidays are known: "ee". Write EE.',
    ],
    [
      'name a country by a word of JavaScript',
      holidays({ country: 'constructor' }),
      '/holidays/country',
      'No country whose holidays are known: "constructor". Write its ISO code, e.g. EE.',
    ],
    [
      'name a country by no word',
      holidays({ country: 372 }),
      '/holidays/country',
      'No country whose holidays are known: 372. Write its ISO code, e.g. EE.',
    ],
    [
      'name a region without its country',
      holidays({ region: 'BY' }),
      '/holidays/region',
      'A region needs its country.',
    ],
    [
      'name a region of a country without any',
      holidays({ country: 'EE', region: 'BY' }),
      '/holidays/region',
      'EE has no regions with holidays of their own.',
    ],
    [
      'name an unknown region',
      holidays({ country: 'BA', region: 'XX' }),
      '/holidays/region',
      'Not a region of BA: "XX". Known: BIH, BRC, SRP.',
    ],
    [
      'add a day that is none',
      holidays({ add: ['2026-02-28', '2026-02-30'] }),
      '/holidays/add/1',
      'Not a day: "2026-02-30". Write it as 2026-05-02.',
    ],
    [
      'add a day in a list of its own',
      holidays({ add: [['2026-05-02']] }),
      '/holidays/add/0',
      'Not a day: ["2026-05-02"]. Write it as 2026-05-02.',
    ],
    [
      'remove a day that is none',
      holidays({ country: 'EE', remove: ['2026-12-26', '2026-12-32'] }),
      '/holidays/remove/1',
      'Not a day: "2026-12-32". Write it as 2026-05-02.',
    ],
    [
      'add days that are no list',
      holidays({ add: '2026-05-02' }),
      '/holidays/add',
      'A list of up to 1000 days such as ["2026-05-02"].',
    ],
    [
      'add more days than can be',
      holidays({ add: Array.from({ length: 1_001 }, () => '2026-05-02') }),
      '/holidays/add',
      'A list of up to 1000 days such as ["2026-05-02"].',
    ],
    [
      'remove holidays of no country',
      holidays({ remove: ['2026-12-26'] }),
      '/holidays/remove',
      'Only holidays of a country can be removed, and none is named.',
    ],
    [
      'add and remove a day',
      holidays({ country: 'EE', add: ['2026-12-26'], remove: ['2026-12-26'] }),
      '/holidays/remove/0',
      '2026-12-26 is both added and removed.',
    ],
  ])('that %s are told so, at their place', (_, document, pointer, message) => {
    expect(faultsOf(document)).toEqual([[pointer, message]]);
  });
});
