import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GOAL, SHARE } from '../../../domain/policy/shares.ts';
import { reading } from '../support/reading.ts';

describe('a share', () => {
  it.each([
    ['20%', 0.2],
    ['12.5%', 0.125],
    ['99.9%', 0.999],
    ['0.01%', 0.0001],
    [0.07, 0.07],
  ])('%j is %d', (value, share) => {
    expect([reading(SHARE, value), reading(GOAL, value)]).toEqual([share, share]);
  });

  it('of all may be a goal and no share', () => {
    expect(['100%', 1].map((value) => reading(GOAL, value))).toEqual([1, 1]);
    expect(reading(SHARE, '100%')).toEqual([' Not a share between 0% and 100%: "100%".']);
    expect(reading(SHARE, 1)).toEqual([' Not a share between 0% and 100%: 1.']);
  });

  it.each<[unknown, string]>([
    [20, ' Write 20%.'],
    ['20', ' Write 20%.'],
    ['99.5', ' Write 99.5%.'],
    ['0.07', ' Write 7%.'],
    [99, ' Write 99%.'],
    ...[
      '%',
      '20 %',
      'a20%',
      '20%%',
      '-5%',
      '1e1%',
      '.5%',
      '0%',
      '100.1%',
      '0',
      '1',
      ' 20',
      '+20',
      '2e1',
      '.5',
      [20],
      'x0.2',
      '0.2x',
      null,
      {},
      100,
      0,
      -1,
    ].map((value): [unknown, string] => [value, '']),
  ])('%j is none, with a hint where one can be given', (value, hint) => {
    expect(reading(SHARE, value)).toEqual([` Not a share between 0% and 100%: ${JSON.stringify(value)}.${hint}`]);
    expect(reading(GOAL, value)).toEqual([` Not a share above 0% and up to 100%: ${JSON.stringify(value)}.${hint}`]);
  });

  it('is written as per cent, or as the number that it is', () => {
    expect([0.2, 0.999, 0.07, 0.0001].map(SHARE.write)).toEqual(['20%', '99.9%', '7%', '0.01%']);
    expect([SHARE.write(1e-7), GOAL.write(1)]).toEqual([1e-7, '100%']);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, minExcluded: true, maxExcluded: true, noNaN: true }), (share) => {
        expect(reading(SHARE, SHARE.write(share))).toBe(share);
        expect(reading(GOAL, GOAL.write(share))).toBe(share);
      }),
    );
  });
});
