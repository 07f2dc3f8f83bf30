import { describe, expect, it } from 'vitest';
import { bookshop } from '../../../cli/import/bookshop.ts';
import type { FileRow } from '../../../cli/import/mapping.ts';
import { reader } from './mapped.ts';

const ROW: FileRow = {
  ref: 'B-1',
  kind: 'delivery',
  made_at: '2026-11-02 12:30:00',
  promised: '2026-11-07',
  subject: 'Emma',
  customer: 'Mari Tamm',
  owner: 'kati',
  partner: 'dpd',
};

const read = reader(bookshop, ROW);

describe('a row of the bookshop', () => {
  it('is a promise for a day, a time or a window, in Tallinn', () => {
    expect(read()).toMatchObject({
      madeAt: '2026-11-02T10:30:00.000Z',
      promised: { precision: 'day', day: '2026-11-07', zone: 'Europe/Tallinn' },
      facts: [],
      owner: 'kati',
      partner: 'dpd',
      subject: 'Emma',
      customer: { ref: 'B-1', name: 'Mari Tamm', email: null },
      ignored: [],
    });
    expect(read({ promised: '2026-11-07 17:00:00' }).promised).toEqual({
      precision: 'instant',
      at: '2026-11-07T15:00:00.000Z',
    });
    expect(read({ promised_from: '2026-11-07 14:00:00', promised: '2026-11-07 18:00:00' }).promised).toEqual({
      precision: 'window',
      from: '2026-11-07T12:00:00.000Z',
      to: '2026-11-07T16:00:00.000Z',
    });
  });

  it('has a fact for every time that is given, in their order', () => {
    const { facts } = read({
      sent_at: '2026-11-05 10:00:00',
      estimated_at: '2026-11-03 10:00:00',
      estimate: '2026-11-08 10:00:00',
      estimated_again_at: '2026-11-06 10:00:00',
      estimate_again: '2026-11-07 10:00:00',
      done_at: '2026-11-07 09:00:00',
    });
    expect(facts.map((fact) => [fact.kind, fact.factKey])).toEqual([
      ['estimated', 'estimated_at'],
      ['progressed', 'sent'],
      ['estimated', 'estimated_again_at'],
      ['fulfilled', 'done'],
    ]);
    expect(facts[2]).toMatchObject({ at: '2026-11-07T08:00:00.000Z' });
  });

  it('says who took a promise back; nobody named is unknown', () => {
    const withdrawn = { withdrawn_at: '2026-11-03 10:00:00' };
    expect(read({ ...withdrawn, withdrawn_by: 'company' }).facts).toMatchObject([{ kind: 'withdrawn', by: 'company' }]);
    expect(read(withdrawn).facts).toMatchObject([{ by: 'unknown' }]);
  });

  it('names nobody where the cell is empty', () => {
    expect(read({ owner: '', partner: '', subject: '', customer: '' })).toMatchObject({
      owner: null,
      partner: null,
      subject: null,
      customer: null,
    });
  });

  it.each([
    [{ ref: '' }, 'MISSING_REF'],
    [{ kind: '' }, 'MISSING_KIND'],
    [{ promised: '' }, 'NO_DEADLINE'],
    [{ promised: '7 November' }, 'UNREADABLE_TIME'],
    [{ promised_from: '2026-11-07 14:00:00', promised: '' }, 'NO_DEADLINE'],
    [{ promised_from: '2026-11-07 14:00:00', promised: '2026-11-07 13:00:00' }, 'EMPTY_WINDOW'],
    [{ done_at: 'done' }, 'UNREADABLE_TIME'],
    [{ withdrawn_at: '2026-11-03 10:00:00', withdrawn_by: 'somebody' }, 'UNKNOWN_WITHDRAWER'],
  ])('is left out with a reason: %j', (changes: FileRow, code) => {
    expect(bookshop.read({ ...ROW, ...changes })).toMatchObject({ rejected: true, code });
  });

  it('is read without what only says more, where that cannot be read', () => {
    const row = read({ made_at: 'yesterday', sent_at: 'soon', estimated_at: '2026-11-03 10:00:00' });
    expect(row).toMatchObject({ madeAt: null, facts: [] });
    expect(row.ignored.map(({ code, column }) => [code, column])).toEqual([
      ['UNREADABLE_TIME', 'made_at'],
      ['UNREADABLE_TIME', 'sent_at'],
      ['MISSING_TIME', 'estimate'],
    ]);
  });

  it('is promised for the later of two readings of a time, and done at the earlier', () => {
    const night = { made_at: '2026-10-24 10:00:00', promised: '2026-10-25 03:30:00', done_at: '2026-10-25 03:30:00' };
    expect(read(night)).toMatchObject({
      promised: { at: '2026-10-25T01:30:00.000Z' },
      facts: [{ occurredAt: '2026-10-25T00:30:00.000Z' }],
    });
  });
});
