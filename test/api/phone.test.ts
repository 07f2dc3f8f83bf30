import { describe, expect, test } from 'vitest';
import { phoneText, readPhone } from '../../api/phone.ts';

describe('a phone number', () => {
  test.each([
    '+3726000001',
    '+372 600 0001',
    ' +372 600-0001 ',
    '00372 600 0001',
    '600 0001',
    '(600) 0001',
    '6000001',
    'tel:+372-600-0001',
    '+372 600\u00a00001',
  ])('written as %s is the same to a company in EE', (typed) => {
    expect(readPhone(typed, 'EE')).toBe('+3726000001');
  });

  test.each<[string, string, string | null]>([
    ['with its prefix needs no country', '+372 600 0001', '+3726000001'],
    ['dialled by 00 needs no country', '00372 600 0001', '+3726000001'],
    ['with a trunk zero in brackets loses it', '+44 (0)20 7946 0000', '+442079460000'],
    ['that its country does not have is taken by its digits', '+1 555 0100', '+15550100'],
    ['without prefix is none where no country is known', '600 0001', null],
  ])('%s', (_, typed, read) => {
    expect(readPhone(typed, null)).toBe(read);
  });

  test.each<[string, string, string]>([
    ['a trunk zero', 'GB', '020 7946 0000'],
    ['the prefix that is dialled there', 'US', '011 44 20 7946 0000'],
    ['the prefix that is dialled elsewhere', 'US', '00 44 20 7946 0000'],
  ])('is read by its country: %s', (_, country, typed) => {
    expect(readPhone(typed, country)).toBe('+442079460000');
  });

  test.each([
    '',
    'C-17',
    'A-1001',
    '1001',
    'mari@customers.example',
    'constructor',
    '+',
    '+0123456',
    '00',
    '6000001 ext. 4',
  ])('%s is none', (typed) => {
    expect(readPhone(typed, 'EE')).toBeNull();
  });

  test('of a country that nobody knows needs its prefix', () => {
    expect([readPhone('600 0001', 'XX'), readPhone('+372 600 0001', 'XX')]).toEqual([null, '+3726000001']);
  });

  test('reads as people write it; what is none as it is', () => {
    expect(['+3726000001', '600 0001', '+15550100'].map(phoneText)).toEqual([
      '+372 600 0001',
      '600 0001',
      '+1 5550100',
    ]);
  });
});
