import { describe, expect, it } from 'vitest';
import { REMEDIES } from '../../../domain/policy/remedies.ts';
import { reading } from '../support/reading.ts';

const VOUCHER = { voucher: '5.00' };
const ROW = { options: [VOUCHER] };
const TABLE = { currency: 'EUR', rows: [ROW] };
const ROW_EXAMPLE = '{ late: P2D, value: "20.00", options: [{ refund: 10% }] }';

describe('a remedy table', () => {
  it('is read as the interface writes it, with exact amounts and per cents', () => {
    const said = {
      currency: 'EUR',
      rows: [
        { late: 'PT0S', value: '0', options: [{ voucher: '5.00' }] },
        { late: 'P2D', value: '20.00', options: [{ refund: '10%' }, { voucher: '12.50%' }] },
      ],
      secondBreak: [{ refund: '20%' }],
      arrives: 'P5D',
      limit: '50',
      month: '2000.00',
    };
    const read = {
      currency: 'EUR',
      rows: [
        { late: 'PT0S', value: '0.00', options: [{ kind: 'voucher', amount: '5.00' }] },
        {
          late: 'P2D',
          value: '20.00',
          options: [
            { kind: 'refund', percent: '10' },
            { kind: 'voucher', percent: '12.5' },
          ],
        },
      ],
      secondBreak: [{ kind: 'refund', percent: '20' }],
      arrives: 'P5D',
      limit: '50.00',
      month: '2000.00',
    };
    expect(reading(REMEDIES, said)).toEqual(read);
    expect(REMEDIES.write(read as never)).toEqual({
      ...said,
      limit: '50.00',
      rows: [
        { late: 'PT0S', value: '0.00', options: [{ voucher: '5.00' }] },
        { late: 'P2D', value: '20.00', options: [{ refund: '10%' }, { voucher: '12.5%' }] },
      ],
    });
  });

  it('has its fallbacks', () => {
    expect(reading(REMEDIES, TABLE)).toEqual({
      currency: 'EUR',
      rows: [{ late: 'PT0S', value: '0.00', options: [{ kind: 'voucher', amount: '5.00' }] }],
      secondBreak: [],
      arrives: 'P5D',
      limit: null,
      month: null,
    });
  });

  it('may offer something for the second break only, and all of the value', () => {
    expect(reading(REMEDIES, { currency: 'EUR', secondBreak: [{ refund: '100%' }] })).toMatchObject({
      rows: [],
      secondBreak: [{ kind: 'refund', percent: '100' }],
    });
  });

  it.each<[object, readonly string[]]>([
    [{ rows: [] }, [`/currency currency is missing. Write e.g. { currency: EUR, rows: [${ROW_EXAMPLE}] }.`]],
    ...['eur', 'EURO', 'EU', 978].map((currency): [object, string[]] => [
      { ...TABLE, currency },
      [`/currency A currency has three capital letters such as EUR, not ${JSON.stringify(currency)}.`],
    ]),
    [{ currency: 'EUR' }, ['/rows A table without rows offers nothing. Write one, or remedies: none.']],
    [{ ...TABLE, rows: ROW }, [`/rows Write a list of up to 50 such as [${ROW_EXAMPLE}].`]],
    [{ ...TABLE, rows: Array(51).fill(ROW) }, [`/rows Write a list of up to 50 such as [${ROW_EXAMPLE}].`]],
    [{ ...TABLE, rows: [{}] }, [`/rows/0/options options is missing. Write e.g. ${ROW_EXAMPLE}.`]],
    [
      { ...TABLE, rows: [{ options: [] }] },
      ['/rows/0/options A row without options offers nothing. Write one, or leave the row out.'],
    ],
    [
      { ...TABLE, rows: [{ ...ROW, late: 'x' }] },
      ['/rows/0/late Not a duration: "x". Write ISO 8601, e.g. P1D or PT4H.'],
    ],
    [{ ...TABLE, arrives: 5 }, ['/arrives Not a duration: 5. Write ISO 8601, e.g. P1D or PT4H.']],
    [{ ...TABLE, limit: 50 }, ['/limit Not an amount: 50. Write it in quotes, with at most two decimals: "50.00".']],
    [
      { ...TABLE, limit: '2000.01', month: '2000.00' },
      ['/limit limit 2000.01 is above month 2000.00, which would be spent first. Write at most 2000.00.'],
    ],
    [
      { ...TABLE, secondBreak: VOUCHER },
      ['/secondBreak Write a list of up to 10 such as [{ refund: 10% }, { voucher: 15% }].'],
    ],
    [
      { ...TABLE, secondBreak: Array(11).fill(VOUCHER) },
      ['/secondBreak Write a list of up to 10 such as [{ refund: 10% }, { voucher: 15% }].'],
    ],
  ])('%j is none, and says why', (said, faults) => {
    expect(reading(REMEDIES, said)).toEqual(faults);
  });

  it('may have a limit as high as its month, and one without the other', () => {
    expect(reading(REMEDIES, { ...TABLE, limit: '20', month: '20' })).toMatchObject({ limit: '20.00' });
    expect(reading(REMEDIES, { ...TABLE, limit: '20' })).toMatchObject({ limit: '20.00', month: null });
    expect(reading(REMEDIES, { ...TABLE, month: '20' })).toMatchObject({ limit: null, month: '20.00' });
  });
});

describe('an option', () => {
  const optionRead = (option: unknown): unknown => reading(REMEDIES, { currency: 'EUR', secondBreak: [option] });

  it.each<[unknown, string]>([
    ['10%', ' Write { refund: 10% } or { voucher: "5.00" }, not "10%".'],
    [{}, ' An option is one of { refund: 10% } or { voucher: "5.00" }. To let the customer choose, write two options.'],
    [
      { refund: '10%', voucher: '15%' },
      ' An option is one of { refund: 10% } or { voucher: "5.00" }. To let the customer choose, write two options.',
    ],
    [{ refnud: '10%' }, '/refnud Unknown: refnud. Did you mean refund?'],
    [{ refund: '10%', text: 'sorry' }, '/text Unknown: text. Known: refund, voucher.'],
    ...['0%', '100.01%', '101%', '10.005%', '-1%', '%', 'x10%', '1000%'].map((refund): [unknown, string] => [
      { refund },
      `/refund Not above 0% and up to 100%, with at most two decimals: ${refund}. Nobody gets back more than all.`,
    ]),
    [{ voucher: '0.00' }, '/voucher A remedy of 0.00 is none. Leave it out.'],
    [{ voucher: 5 }, '/voucher Not an amount: 5. Write it in quotes, with at most two decimals: "5.00".'],
  ])('%j is none, and says why', (option, fault) => {
    expect(optionRead(option)).toEqual([`/secondBreak/0${fault}`]);
  });

  it.each([
    [{ voucher: '0.01' }, { kind: 'voucher', amount: '0.01' }],
    [{ refund: '0.01%' }, { kind: 'refund', percent: '0.01' }],
    [{ refund: '100%' }, { kind: 'refund', percent: '100' }],
  ])('%j is one', (option, read) => {
    expect(optionRead(option)).toMatchObject({ secondBreak: [read] });
  });
});

describe('the rows of a table', () => {
  const row = (late: string, value: string): object => ({ late, value, options: [VOUCHER] });
  const hidden = (index: number, by: number): string =>
    `/rows/${index} This row never holds: row ${by} stands later and is reached no later. Let lateness or value rise.`;

  it.each<[rows: object[], faults: readonly string[]]>([
    [[row('PT0S', '0'), row('PT0S', '0')], [hidden(0, 2)]],
    [[row('P2D', '20'), row('P1D', '10')], [hidden(0, 2)]],
    [[row('P2D', '20'), row('P2D', '10')], [hidden(0, 2)]],
    [[row('P2D', '20'), row('P1D', '20')], [hidden(0, 2)]],
    [[row('PT0S', '0'), row('P1D', '5'), row('PT24H', '5.00')], [hidden(1, 3)]],
    [
      [row('P3D', '5'), row('P2D', '9'), row('P1D', '5')],
      [hidden(0, 3), hidden(1, 3)],
    ],
  ])('name one that never holds: %j', (rows, faults) => {
    expect(reading(REMEDIES, { currency: 'EUR', rows })).toEqual(faults);
  });

  it('may rise in lateness, in value, or in one while the other falls', () => {
    const rows = [row('PT0S', '0'), row('PT0S', '50'), row('P2D', '0'), row('P2D', '50'), row('P1M', '50')];
    expect(reading(REMEDIES, { currency: 'EUR', rows })).toMatchObject({ currency: 'EUR' });
  });
});

it('an option is one of two keys, for editors', () => {
  const { secondBreak } = REMEDIES.schema['properties'] as { secondBreak: { items: object } };
  expect(secondBreak.items).toMatchObject({
    properties: { refund: { anyOf: [{}, {}] }, voucher: { anyOf: [{}, {}] } },
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
  });
});
