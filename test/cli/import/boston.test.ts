import { describe, expect, it } from 'vitest';
import { boston } from '../../../cli/import/boston.ts';
import type { FileRow } from '../../../cli/import/mapping.ts';
import { countOf, reader, sharedFile } from './mapped.ts';

const ROW: FileRow = {
  CASE_ENQUIRY_ID: '101001242696',
  OPEN_DT: '2015-01-05 15:22:38',
  TARGET_DT: '2015-01-08 03:30:00',
  CLOSED_DT: '2015-01-05 16:37:37',
  TYPE: 'Requests for Street Cleaning',
  Department: 'PWDx',
  neighborhood: 'Roxbury',
};
const request = reader(boston, ROW);

describe('a request', () => {
  it('is a reply promised for an instant, by department, neighbourhood and type', () => {
    expect(request()).toEqual({
      ref: '101001242696',
      kind: 'reply',
      madeAt: '2015-01-06T01:22:38.000Z',
      promised: { precision: 'instant', at: '2015-01-08T13:30:00.000Z' },
      target: null,
      facts: [{ factKey: 'closed', kind: 'fulfilled', occurredAt: '2015-01-06T02:37:37.000Z' }],
      owner: null,
      partner: 'PWDx',
      region: 'Roxbury',
      product: 'Requests for Street Cleaning',
      subject: null,
      customer: null,
      ignored: [],
    });
  });

  it('has the standard deadline of 08:30 in summer and in winter', () => {
    const deadline = (stored: string) => {
      const { promised } = request({ OPEN_DT: '', CLOSED_DT: '', TARGET_DT: stored });
      if (promised.precision !== 'instant') throw new Error('no instant');
      return new Date(promised.at).toLocaleString('sv', { timeZone: 'America/New_York' });
    };
    expect(deadline('2019-07-10 04:30:00')).toBe('2019-07-10 08:30:00');
    expect(deadline('2019-01-10 03:30:00')).toBe('2019-01-10 08:30:00');
    expect(deadline('2019-03-08 03:30:00')).toBe('2019-03-08 08:30:00');
    expect(deadline('2019-03-11 04:30:00')).toBe('2019-03-11 08:30:00');
  });

  it('is read in the nights on which clocks are changed', () => {
    const closed = (stored: string) => request({ OPEN_DT: '', CLOSED_DT: stored }).facts[0]?.occurredAt;
    const due = (stored: string) => request({ OPEN_DT: '', CLOSED_DT: '', TARGET_DT: stored }).promised;
    // Stored 21:30 the evening before is 01:30 of the night that repeats 01:30.
    expect(closed('2019-11-02 21:30:00')).toBe('2019-11-03T05:30:00.000Z');
    expect(due('2019-11-02 21:30:00')).toMatchObject({ at: '2019-11-03T06:30:00.000Z' });
    // Stored 21:30 is 02:30 of the night that skips 02:30.
    expect(closed('2019-03-09 21:30:00')).toBe('2019-03-10T07:00:00.000Z');
    // The stored clock repeats an hour, too: what happened is the earlier reading, what was promised the later one.
    expect(closed('2019-11-03 01:30:00')).toBe('2019-11-03T10:30:00.000Z');
    expect(due('2019-11-03 01:30:00')).toMatchObject({ at: '2019-11-03T11:30:00.000Z' });
    expect(closed('2019-03-10 02:30:00')).toBe('2019-03-10T11:00:00.000Z');
  });

  it('that is not closed has no end, and a blank neighbourhood is none', () => {
    expect(request({ CLOSED_DT: '', neighborhood: ' ' })).toMatchObject({ facts: [], region: null, ignored: [] });
  });

  it.each([
    [{ CASE_ENQUIRY_ID: '' }, 'MISSING_REF'],
    [{ TARGET_DT: '' }, 'NO_DEADLINE'],
    [{ TARGET_DT: '2015-02-29 03:30:00' }, 'UNREADABLE_TIME'],
    [{ CLOSED_DT: 'closed' }, 'UNREADABLE_TIME'],
  ])('is left out with a reason: %j', (changes: FileRow, code) => {
    expect(boston.read({ ...ROW, ...changes })).toMatchObject({ rejected: true, code });
  });
});

const FILE = sharedFile('boston_311.csv.gz');

it.skipIf(FILE === null)('the real file: 2,597 kept, 349 broken, 553 without a deadline', async () => {
  expect(await countOf(FILE ?? '', boston)).toEqual({
    kept: 2_597,
    broken: 349,
    withdrawn: 0,
    unfinished: 0,
    rejected: { NO_DEADLINE: 553 },
    ignored: {},
    refs: 2_946,
  });
});
