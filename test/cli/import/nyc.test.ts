import { describe, expect, it } from 'vitest';
import type { FileRow } from '../../../cli/import/mapping.ts';
import { nyc } from '../../../cli/import/nyc.ts';
import { countOf, reader, sharedFile } from './mapped.ts';

const ROW: FileRow = {
  year: '2013',
  month: '1',
  day: '1',
  dep_time: '517',
  dep_delay: '2',
  arr_time: '830',
  arr_delay: '11',
  carrier: 'UA',
  flight: '1545',
  origin: 'EWR',
  dest: 'IAH',
};
const flight = reader(nyc, ROW);

describe('a flight', () => {
  it('arrived at its local time, read in New York, and was promised for that less its delay', () => {
    expect(flight()).toEqual({
      ref: '2013-01-01-UA-1545-EWR',
      kind: 'delivery',
      madeAt: null,
      promised: { precision: 'instant', at: '2013-01-01T13:19:00.000Z' },
      target: '2013-01-01T13:04:00.000Z',
      facts: [{ factKey: 'arrived', kind: 'fulfilled', occurredAt: '2013-01-01T13:30:00.000Z' }],
      owner: null,
      partner: 'UA',
      region: 'EWR',
      product: 'IAH',
      subject: null,
      customer: null,
      ignored: [],
    });
  });

  const arrived = (dep_time: string, dep_delay: string, arr_time: string, date: FileRow = {}) =>
    flight({ ...date, dep_time, dep_delay, arr_time, arr_delay: '0' }).facts[0]?.occurredAt;

  it.each([
    ['on its day', '1700', '0', '1930', '2013-01-02T00:30:00.000Z'],
    ['after midnight', '2200', '0', '130', '2013-01-02T06:30:00.000Z'],
    ['at midnight, written 2400', '2200', '0', '2400', '2013-01-02T05:00:00.000Z'],
    ['having left after midnight because it was late', '20', '130', '315', '2013-01-02T08:15:00.000Z'],
    ['having left at midnight, written 2400', '2400', '5', '230', '2013-01-02T07:30:00.000Z'],
    ['having left the evening before, because it was early', '2355', '-10', '215', '2013-01-01T07:15:00.000Z'],
    ['more than a day late', '900', '1440', '1100', '2013-01-02T16:00:00.000Z'],
  ])('arrived %s', (_what, dep_time, dep_delay, arr_time, at) => {
    expect(arrived(dep_time, dep_delay, arr_time)).toBe(at);
  });

  it('is promised in elapsed minutes in the night on which clocks are changed', () => {
    const night = { month: '3', day: '9', dep_time: '2300', dep_delay: '0' };
    expect(flight({ ...night, arr_time: '305', arr_delay: '10' })).toMatchObject({
      promised: { at: '2013-03-10T06:55:00.000Z' },
      facts: [{ occurredAt: '2013-03-10T07:05:00.000Z' }],
    });
    // 02:30 was shown by no clock of New York that night, though by that of the destination.
    expect(arrived('2300', '0', '230', { month: '3', day: '9' })).toBe('2013-03-10T07:00:00.000Z');
    expect(arrived('2300', '0', '130', { month: '11', day: '2' })).toBe('2013-11-03T05:30:00.000Z');
  });

  it('without a delay is withdrawn by unknown on its day of departure, also where it arrived', () => {
    const withdrawn = {
      promised: { precision: 'day', day: '2013-01-01', zone: 'America/New_York' },
      target: null,
      facts: [{ factKey: 'withdrawn', kind: 'withdrawn', by: 'unknown', occurredAt: '2013-01-01T05:00:00.000Z' }],
    };
    expect(flight({ arr_delay: '' })).toMatchObject(withdrawn);
    expect(flight({ arr_delay: '', dep_time: '', dep_delay: '', arr_time: '' })).toMatchObject(withdrawn);
  });

  it.each([
    [{ flight: '' }, 'MISSING_REF'],
    [{ month: '' }, 'MISSING_TIME'],
    [{ month: '2', day: '29' }, 'UNREADABLE_TIME'],
    [{ arr_time: '' }, 'MISSING_TIME'],
    [{ arr_time: '2401' }, 'UNREADABLE_TIME'],
    [{ arr_time: '1260' }, 'UNREADABLE_TIME'],
    [{ arr_delay: 'late' }, 'UNREADABLE_TIME'],
    [{ dep_time: '' }, 'MISSING_TIME'],
  ])('is left out with a reason: %j', (changes: FileRow, code) => {
    expect(nyc.read({ ...ROW, ...changes })).toMatchObject({ rejected: true, code });
  });
});

const FILE = sharedFile('nyc_flights_2013.csv.gz');

it.skipIf(FILE === null)(
  'the real file: 133,300 kept, 94,999 broken, 7,585 withdrawn, each under a reference of its own',
  { timeout: 120_000 },
  async () => {
    expect(await countOf(FILE ?? '', nyc)).toEqual({
      kept: 133_300,
      broken: 94_999,
      withdrawn: 7_585,
      unfinished: 0,
      rejected: {},
      ignored: {},
      refs: 235_884,
    });
  },
);
