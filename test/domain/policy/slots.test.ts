import { expect, it } from 'vitest';
import { PARTNER } from '../../../domain/policy/names.ts';
import { SLOTS } from '../../../domain/policy/slots.ts';
import { reading } from '../support/reading.ts';

it('slots are offered every half hour for two weeks, where a file is silent', () => {
  expect(reading(SLOTS, {})).toEqual({ length: 'PT30M', ahead: 'P14D', team: null });
});

it.each([
  { length: 'PT1M', ahead: 'PT1M', team: 'care' },
  { length: 'PT24H', ahead: 'P1Y', team: 'care' },
  { length: 'PT1H30M', ahead: 'P3D', team: 'none' },
])('slots are said as %j', (said) => {
  expect(reading(SLOTS, said)).toEqual({ ...said, team: said.team === 'none' ? null : said.team });
});

it.each<[unknown, readonly string[]]>([
  [{ length: 'PT0M' }, ['/length A slot lasts from PT1M to PT24H, not PT0M.']],
  [{ length: 'PT24H1M' }, ['/length A slot lasts from PT1M to PT24H, not PT24H1M.']],
  [{ ahead: 'P0D' }, ['/ahead Slots are offered for some time ahead, up to P1Y, not P0D.']],
  [{ ahead: 'P13M' }, ['/ahead Slots are offered for some time ahead, up to P1Y, not P13M.']],
  [{ length: 'P1D' }, [expect.stringContaining('/length Hours and minutes such as PT30M')]],
])('slots are not %j, and say why', (said, faults) => {
  expect(reading(SLOTS, said)).toEqual(faults);
});

it('a partner has a name of up to 200 characters, none of them a control character', () => {
  expect(reading(PARTNER, 'x'.repeat(200))).toBe('x'.repeat(200));
  for (const wrong of ['x'.repeat(201), '', 'a\nb', 7])
    expect(reading(PARTNER, wrong)).toEqual([expect.stringContaining('in up to 200 characters')]);
});
