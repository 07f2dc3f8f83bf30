import { describe, expect, it } from 'vitest';
import { MISSING_REF, NO_DEADLINE, readCells, type Cells } from '../../../cli/import/cells.ts';
import { LABELS, LONGEST } from '../../../cli/import/labels.ts';
import { isRejected, type FileRow, type HistoryRow } from '../../../cli/import/mapping.ts';
import { dayReader, instantReader, readIso } from '../../../cli/import/wall-time.ts';
import { MAX } from '../../../api/fields.ts';
import type { Promised } from '../../../domain/promise/plan.ts';

const ZONE = 'Europe/Tallinn';
const time = instantReader(readIso, ZONE, 'earlier');
const ROW: FileRow = { no: 'A-1', made: '2026-05-01 10:00', due: '2026-05-04', done: '2026-05-03 12:00', who: 'dpd' };
const SHAPE = { empty: new Set(['N/A']), promised: 'due', fulfilled: 'done' };

const wholeDay = (cells: Cells): Promised => ({
  precision: 'day',
  day: cells.required('due', dayReader(readIso, ZONE), NO_DEADLINE),
  zone: ZONE,
});
const exactly = (cells: Cells): Promised => ({ precision: 'instant', at: cells.required('due', time, NO_DEADLINE) });

function read(changes: FileRow = {}, promised: (cells: Cells) => Promised = wholeDay) {
  return readCells({ ...ROW, ...changes }, SHAPE, (cells): Omit<HistoryRow, 'ignored'> => {
    const doneAt = cells.judged('done', time);
    return {
      ref: cells.required('no', LABELS.ref, MISSING_REF),
      kind: 'delivery',
      madeAt: cells.optional('made', time),
      promised: promised(cells),
      target: null,
      facts: doneAt ? [{ factKey: 'done', kind: 'fulfilled', occurredAt: doneAt }] : [],
      owner: null,
      partner: cells.optional('who', LABELS.partner),
      region: null,
      product: null,
      subject: null,
      customer: null,
    };
  });
}

describe('a cell', () => {
  it('on which the outcome hangs leaves its row out, with column and value', () => {
    expect(read({ done: '2026-04-31 10:00' })).toEqual({
      rejected: true,
      code: 'UNREADABLE_TIME',
      column: 'done',
      value: '2026-04-31 10:00',
      message: 'This day does not exist.',
    });
    expect(read({ due: ' ' })).toMatchObject({ rejected: true, code: 'NO_DEADLINE', column: 'due', value: ' ' });
    expect(read({ no: '' })).toMatchObject({ rejected: true, code: 'MISSING_REF', column: 'no' });
  });

  it('that only says more is taken as empty, and named', () => {
    expect(read({ made: 'last week' })).toMatchObject({
      ref: 'A-1',
      madeAt: null,
      ignored: [{ code: 'UNREADABLE_TIME', column: 'made', value: 'last week' }],
    });
  });

  it('is empty without further ado where it says so', () => {
    expect(read({ made: 'N/A', who: ' N/A ', done: '' })).toMatchObject({
      madeAt: null,
      partner: null,
      facts: [],
      ignored: [],
    });
  });

  it('whose column the file does not have is empty', () => {
    const { made: _, ...rest } = ROW;
    expect(readCells(rest, SHAPE, (cells) => ({ ...good(), madeAt: cells.optional('made', time) }))).toMatchObject({
      madeAt: null,
      ignored: [],
    });
  });

  it('with bytes that are no UTF-8 is not taken for a text', () => {
    expect(read({ no: 'A-\uFFFD' })).toMatchObject({ rejected: true, code: 'INVALID_UTF8', column: 'no' });
    expect(read({ who: 'd\uFFFDd' })).toMatchObject({
      partner: null,
      ignored: [{ code: 'INVALID_UTF8', column: 'who' }],
    });
  });

  it.each(['a\0b', 'a\uD800b'])('that no database can store is not taken for a text: %j', (text) => {
    expect(read({ no: text })).toMatchObject({ rejected: true, code: 'UNSTORABLE_TEXT' });
  });

  it('that is too long leaves its row out as a reference, and is left out itself as a label', () => {
    expect(read({ no: 'x'.repeat(LONGEST.ref + 1) })).toMatchObject({ rejected: true, code: 'TOO_LONG', column: 'no' });
    const row = read({ who: 'x'.repeat(LONGEST.partner + 1) });
    expect(row).toMatchObject({ partner: null, ignored: [{ code: 'TOO_LONG', column: 'who' }] });
    expect(isRejected(row) || row.ignored[0]?.value.length).toBe(200);
    expect(read({ who: 'x'.repeat(LONGEST.partner) })).toMatchObject({ ignored: [] });
  });
});

describe('the times of a row', () => {
  it('may have a promise fulfilled up to a day before it was made, as the API takes it, but no earlier', () => {
    expect(read({ made: '2026-05-04 10:00', done: '2026-05-03 10:00' })).toMatchObject({ ref: 'A-1' });
    expect(read({ made: '2026-05-04 10:00', done: '2026-05-03 09:59' })).toMatchObject({
      rejected: true,
      code: 'FULFILLED_BEFORE_MADE',
      column: 'done',
    });
  });

  it('must not have a promise due before it was made; on the same day it may', () => {
    expect(read({ made: '2026-05-04 23:00', done: '' })).toMatchObject({ ref: 'A-1' });
    expect(read({ made: '2026-05-05 00:00', done: '' })).toMatchObject({
      rejected: true,
      code: 'PROMISED_BEFORE_MADE',
      column: 'due',
    });
  });

  it('may have a promise due at the very instant at which it was made', () => {
    const due = { due: '2026-05-01 10:00', done: '2026-05-01 10:00' };
    expect(read(due, exactly)).toMatchObject({ ref: 'A-1' });
    expect(read({ ...due, made: '2026-05-01 10:01' }, exactly)).toMatchObject({ code: 'PROMISED_BEFORE_MADE' });
  });

  it('must have a window end later than it begins', () => {
    const at = time('2026-05-04 10:00');
    if (typeof at !== 'string') throw new Error(at.message);
    const window = (): Promised => ({ precision: 'window', from: at, to: at });
    expect(read({}, window)).toMatchObject({ rejected: true, code: 'EMPTY_WINDOW', column: 'due' });
  });

  it('must name a day that the zone had', () => {
    const apia = (): Promised => ({ precision: 'day', day: '2011-12-30', zone: 'Pacific/Apia' });
    expect(read({ made: '2011-12-01 10:00', done: '' }, apia)).toMatchObject({
      code: 'UNREADABLE_TIME',
      message: 'Pacific/Apia never had this day.',
    });
  });
});

it('lets a text be as long as the API does, or longer', () => {
  for (const [name, max] of [
    ['ref', MAX.ref],
    ['kind', MAX.name],
    ['owner', MAX.name],
    ['partner', MAX.name],
    ['region', MAX.name],
    ['product', MAX.ref],
    ['subject', MAX.subject],
    ['customerName', MAX.personName],
    ['customerEmail', MAX.email],
    ['customerPhone', MAX.phone],
    ['customerLanguage', MAX.language],
  ] as const)
    expect(LONGEST[name], name).toBeGreaterThanOrEqual(max);
});

function good(): Omit<HistoryRow, 'ignored'> {
  const row = read();
  if (isRejected(row)) throw new Error(row.message);
  return row;
}
