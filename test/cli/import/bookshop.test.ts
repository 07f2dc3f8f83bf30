import { describe, expect, it } from 'vitest';
import { bookshop } from '../../../cli/import/bookshop.ts';
import { isRejected, type FileRow, type HistoryRow } from '../../../cli/import/mapping.ts';

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

function read(changes: FileRow = {}): HistoryRow {
  const row = bookshop.read({ ...ROW, ...changes });
  if (isRejected(row)) throw new Error(row.message);
  return row;
}

describe('a row of the bookshop', () => {
  it('is a promise for a day, a time or a window, in Tallinn', () => {
    expect(read()).toMatchObject({
      madeAt: '2026-11-02T10:30:00.000Z',
      promised: { precision: 'day', day: '2026-11-07', zone: 'Europe/Tallinn' },
      facts: [],
      owner: 'kati',
      partner: 'dpd',
      subject: 'Emma',
      customerName: 'Mari Tamm',
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
      customerName: null,
    });
  });

  it.each([
    [{ ref: '' }, 'MISSING_REF'],
    [{ made_at: '' }, 'MISSING_TIME'],
    [{ promised: '7 November' }, 'UNREADABLE_TIME'],
    [{ promised_from: '2026-11-07 14:00:00', promised: '' }, 'MISSING_TIME'],
    [{ estimated_at: '2026-11-03 10:00:00' }, 'MISSING_TIME'],
    [{ withdrawn_at: '2026-11-03 10:00:00', withdrawn_by: 'somebody' }, 'UNKNOWN_WITHDRAWER'],
  ])('is left out with a reason: %j', (changes: FileRow, code) => {
    expect(bookshop.read({ ...ROW, ...changes })).toMatchObject({ code });
  });
});
