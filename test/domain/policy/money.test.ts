import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hundredths, MONEY } from '../../../domain/policy/money.ts';
import { reading } from '../support/reading.ts';

it.each([
  ['0', '0.00'],
  ['5', '5.00'],
  ['5.5', '5.50'],
  ['20.00', '20.00'],
  ['007.1', '7.10'],
  ['000', '0.00'],
  ['100', '100.00'],
  ['999999999999.99', '999999999999.99'],
])('%j is the amount %s', (text, amount) => {
  expect(reading(MONEY, text)).toBe(amount);
});

it.each<[unknown, string]>([
  [5, '5.00'],
  [19.9, '19.90'],
  [0.005, '5.00'],
  [-5, '5.00'],
  ...['', '-5', '5.', '.5', '5.005', '5,00', '5 EUR', 'x5', '1000000000000', null, {}, ['7']].map(
    (value): [unknown, string] => [value, '5.00'],
  ),
])('%j is none, and says how one is written', (value, meant) => {
  expect(reading(MONEY, value)).toEqual([
    ` Not an amount: ${JSON.stringify(value)}. Write it in quotes, with at most two decimals: "${meant}".`,
  ]);
});

it('an amount is exact in hundredths, whatever its size', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99_999_999_999_999 }), (cents) => {
      const text = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
      expect(reading(MONEY, text)).toBe(text);
      expect(hundredths(text)).toBe(cents);
      expect(MONEY.write(text)).toBe(text);
    }),
  );
});
