import { describe, expect, it } from 'vitest';
import type { FileRow } from '../../../cli/import/mapping.ts';
import { readYamlMapping } from '../../../cli/import/yaml-mapping.ts';
import { reader } from './mapped.ts';
import { file } from './reading.ts';

let count = 0;
function mapping(yaml: string) {
  count += 1;
  return readYamlMapping(
    file(`row-${count}.yaml`, `name: shop\nzone: Europe/Tallinn\nvalues: { kind: delivery }\n${yaml}`),
    [],
  );
}

const DAYS = `precision: day
columns: { ref: no, madeAt: made, promised: due, fulfilled: done, withdrawn: off }
formats: { madeAt: dd.MM.yyyy HH:mm, promised: d.M.yyyy, fulfilled: d.M.yyyy }
empty: ["-"]
`;
const DAY_ROW: FileRow = { no: 'A-1', made: '01.05.2026 10:00', due: '4.5.2026', done: '5.5.2026', off: '' };

describe('a promise for a day', () => {
  const read = reader(mapping(DAYS), DAY_ROW);

  it('is compared as a day where only the day of its end is known', () => {
    expect(read()).toEqual({
      ref: 'A-1',
      kind: 'delivery',
      madeAt: '2026-05-01T07:00:00.000Z',
      promised: { precision: 'day', day: '2026-05-04', zone: 'Europe/Tallinn' },
      target: null,
      facts: [{ factKey: 'fulfilled', kind: 'fulfilled', asDay: true, occurredAt: '2026-05-05T21:00:00.000Z' }],
      owner: null,
      partner: null,
      region: null,
      product: null,
      subject: null,
      customer: null,
      ignored: [],
    });
  });

  it('is compared by the time of its end where that is known', () => {
    const timed = reader(mapping(DAYS.replace('fulfilled: d.M.yyyy', 'fulfilled: d.M.yyyy HH:mm')), DAY_ROW);
    expect(timed({ done: '4.5.2026 23:59' }).facts).toEqual([
      { factKey: 'fulfilled', kind: 'fulfilled', occurredAt: '2026-05-04T20:59:00.000Z' },
    ]);
  });

  it('in ISO has its end compared as it is written, row by row', () => {
    const iso = reader(mapping('precision: day\ncolumns: { ref: no, promised: due, fulfilled: done }'), {
      no: 'A-1',
      due: '2026-05-04',
    });
    expect(iso({ done: '2026-05-04' }).facts).toMatchObject([{ asDay: true, occurredAt: '2026-05-04T21:00:00.000Z' }]);
    expect(iso({ done: '2026-05-04 12:00' }).facts).toEqual([
      { factKey: 'fulfilled', kind: 'fulfilled', occurredAt: '2026-05-04T09:00:00.000Z' },
    ]);
  });

  it('that was taken back says when, but not by whom', () => {
    expect(read({ done: '-', off: '2026-05-03' }).facts).toEqual([
      { factKey: 'withdrawn', kind: 'withdrawn', by: 'unknown', occurredAt: '2026-05-02T21:00:00.000Z' },
    ]);
  });

  it.each([
    [{ no: '-' }, 'MISSING_REF', 'no'],
    [{ due: '-' }, 'NO_DEADLINE', 'due'],
    [{ due: '31.4.2026' }, 'UNREADABLE_TIME', 'due'],
    [{ due: '4.5.0001' }, 'TIME_OUT_OF_RANGE', 'due'],
    [{ done: '2026-05-05' }, 'UNREADABLE_TIME', 'done'],
    [{ off: 'never' }, 'UNREADABLE_TIME', 'off'],
    [{ due: '30.4.2026' }, 'PROMISED_BEFORE_MADE', 'due'],
  ])('is left out with a reason: %j', (changes: FileRow, code, column) => {
    expect(mapping(DAYS).read({ ...DAY_ROW, ...changes })).toMatchObject({ rejected: true, code, column });
  });

  it('is read without the time it was made where that cannot be read', () => {
    expect(read({ made: '1.5.2026' })).toMatchObject({
      madeAt: null,
      ignored: [{ code: 'UNREADABLE_TIME', column: 'made' }],
    });
  });
});

describe('a promise for an instant or a window', () => {
  const INSTANT = 'precision: instant\ncolumns: { ref: no, promised: due, fulfilled: done, target: aim }';
  const read = reader(mapping(INSTANT), { no: 'A-1', due: '2026-10-25 03:30', done: '2026-10-25 03:30' });

  it('is due at the later of two readings, and fulfilled at the earlier', () => {
    expect(read()).toMatchObject({
      promised: { precision: 'instant', at: '2026-10-25T01:30:00.000Z' },
      facts: [{ occurredAt: '2026-10-25T00:30:00.000Z' }],
    });
    expect(read({ due: '2026-03-29 03:30', done: '' }).promised).toMatchObject({ at: '2026-03-29T01:00:00.000Z' });
  });

  it('may bring its own target; a day is held until it is over', () => {
    expect(read({ aim: '2026-10-24 12:00' }).target).toBe('2026-10-24T09:00:00.000Z');
    expect(read({ aim: '2026-10-23' }).target).toBe('2026-10-23T21:00:00.000Z');
  });

  it('is left out where a day stands for a time', () => {
    const row = { no: 'A-1', due: '2026-10-25 03:30', done: '2026-10-25' };
    expect(mapping(INSTANT).read(row)).toMatchObject({ rejected: true, code: 'UNREADABLE_TIME', column: 'done' });
    expect(mapping(INSTANT).read({ ...row, due: '2026-10-25' })).toMatchObject({
      code: 'UNREADABLE_TIME',
      column: 'due',
    });
  });

  it('has both ends of its window', () => {
    const window = mapping('precision: window\ncolumns: { ref: no, promisedFrom: from, promised: to }');
    const row = { no: 'A-1', from: '2026-05-04 10:00', to: '2026-05-04 12:00' };
    expect(window.read(row)).toMatchObject({
      promised: { precision: 'window', from: '2026-05-04T07:00:00.000Z', to: '2026-05-04T09:00:00.000Z' },
    });
    expect(window.read({ ...row, to: '' })).toMatchObject({ rejected: true, code: 'NO_DEADLINE', column: 'to' });
    expect(window.read({ ...row, from: '' })).toMatchObject({ rejected: true, code: 'MISSING_TIME', column: 'from' });
    expect(window.read({ ...row, to: '2026-05-04 10:00' })).toMatchObject({ rejected: true, code: 'EMPTY_WINDOW' });
  });
});

describe('the words of a status column', () => {
  const STATUS = `precision: instant
columns: { ref: no, madeAt: made, promised: due, fulfilled: done, withdrawn: off, status: state }
checkpoints: { sent: sent }
status: { delivered: fulfilled, Cancelled: withdrawn by customer, refused: withdrawn by company, lost: withdrawn, new: open, "": open }
`;
  const BASE = { no: 'A-1', made: '2026-05-01', due: '2026-05-04 12:00', done: '2026-05-04 11:00', off: '2026-05-02' };
  const shop = mapping(STATUS);
  const read = reader(shop, { ...BASE, state: 'delivered' });
  const ends = (changes: FileRow) => read(changes).facts.map((fact) => ({ ...fact, factKey: '' }));

  it('say how a promise ended; capitals make no difference', () => {
    expect(ends({ state: ' Delivered ' })).toEqual([
      { factKey: '', kind: 'fulfilled', occurredAt: '2026-05-04T08:00:00.000Z' },
    ]);
    const off = { factKey: '', kind: 'withdrawn', occurredAt: '2026-05-01T21:00:00.000Z' };
    expect(ends({ state: 'cancelled', done: '' })).toEqual([{ ...off, by: 'customer' }]);
    expect(ends({ state: 'refused', done: '' })).toEqual([{ ...off, by: 'company' }]);
    expect(ends({ state: 'lost', done: '' })).toEqual([{ ...off, by: 'unknown' }]);
    expect(ends({ state: 'new', done: '' })).toEqual([]);
    expect(ends({ state: '', done: '' })).toEqual([]);
  });

  it('count more than a time that says otherwise, which is named', () => {
    expect(read({ state: 'new' })).toMatchObject({
      facts: [],
      ignored: [{ code: 'STATUS_SAYS_OTHERWISE', column: 'done', value: '2026-05-04 11:00' }],
    });
  });

  it('that are not listed leave their row out', () => {
    expect(shop.read({ ...BASE, state: 'parked' })).toMatchObject({
      rejected: true,
      code: 'UNKNOWN_STATUS',
      column: 'state',
      value: 'parked',
    });
  });

  it('need the time on which the outcome hangs', () => {
    expect(shop.read({ ...BASE, state: 'delivered', done: '' })).toMatchObject({
      code: 'MISSING_TIME',
      column: 'done',
    });
    expect(shop.read({ ...BASE, state: 'cancelled', off: '' })).toMatchObject({ code: 'MISSING_TIME', column: 'off' });
  });

  it('of a company that took a promise back need no time: the last one known does', () => {
    const end = (changes: FileRow) =>
      read({ state: 'refused', done: '', off: '', ...changes }).facts.at(-1)?.occurredAt;
    expect(end({ sent: '2026-05-03 10:00' })).toBe('2026-05-03T07:00:00.000Z');
    expect(end({})).toBe('2026-04-30T21:00:00.000Z');
    expect(end({ made: '' })).toBe('2026-05-04T09:00:00.000Z');
  });
});

it('checkpoints and estimates are facts of their own time; those that cannot be read are named', () => {
  const read = reader(
    mapping(`precision: instant
columns: { ref: no, promised: due, estimated: eta, estimateMade: eta_on }
checkpoints: { picked: picked, sent: sent }
formats: { sent: unix }
`),
    { no: 'A-1', due: '2026-05-04 12:00', eta: '2026-05-05', eta_on: '2026-05-03 12:00', picked: '2026-05-03 13:00' },
  );
  expect(read({ sent: '1777712400' }).facts).toEqual([
    { factKey: 'checkpoint sent', kind: 'progressed', checkpoint: 'sent', occurredAt: '2026-05-02T09:00:00.000Z' },
    {
      factKey: 'estimate 2026-05-03T09:00:00.000Z',
      kind: 'estimated',
      occurredAt: '2026-05-03T09:00:00.000Z',
      at: '2026-05-04T21:00:00.000Z',
    },
    { factKey: 'checkpoint picked', kind: 'progressed', checkpoint: 'picked', occurredAt: '2026-05-03T10:00:00.000Z' },
  ]);
  expect(read({ sent: 'today', eta_on: '' })).toMatchObject({
    facts: [{ checkpoint: 'picked' }],
    ignored: [{ code: 'UNREADABLE_TIME', column: 'sent', value: 'today' }],
  });
});

it('labels and the customer come from columns, or are the same for the whole file', () => {
  const shop = readYamlMapping(
    file(
      'labels.yaml',
      `name: shop
zone: UTC
precision: day
columns: { ref: no, promised: due, kind: sort, owner: who, region: county, subject: what, customer: c, customerName: n,
  customerEmail: e, customerPhone: p, customerZone: z }
values: { partner: dpd, product: books, customerLanguage: et }
`,
    ),
    [],
  );
  const read = reader(shop, { no: 'A-1', due: '2026-05-04', sort: 'repair' });
  expect(
    read({
      who: 'kati',
      county: 'tartu',
      what: '3 books',
      c: 'C-17',
      n: 'Mari Tamm',
      e: 'mari@example.com',
      p: '+372 5',
      z: 'Europe/Riga',
    }),
  ).toMatchObject({
    kind: 'repair',
    owner: 'kati',
    partner: 'dpd',
    region: 'tartu',
    product: 'books',
    subject: '3 books',
    customer: {
      ref: 'C-17',
      name: 'Mari Tamm',
      email: 'mari@example.com',
      phone: '+372 5',
      language: 'et',
      zone: 'Europe/Riga',
    },
    ignored: [],
  });
  expect(read({ n: 'Mari Tamm' })).toMatchObject({ owner: null, customer: null });
  expect(read({ c: 'C-17', e: 'mari', z: 'Tartu' })).toMatchObject({
    customer: { ref: 'C-17', email: null, zone: null },
    ignored: [
      { code: 'UNREADABLE_CONTACT', column: 'e' },
      { code: 'UNREADABLE_CONTACT', column: 'z' },
    ],
  });
  expect(shop.read({ no: 'A-1', due: '2026-05-04' })).toMatchObject({
    rejected: true,
    code: 'MISSING_KIND',
    column: 'sort',
  });
});
