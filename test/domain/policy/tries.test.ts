import { expect, it } from 'vitest';
import { TRIES } from '../../../domain/policy/tries.ts';
import { reading } from '../support/reading.ts';

it('a callback is tried three times, where a file is silent', () => {
  expect(reading(TRIES, {})).toEqual({ max: 3, every: 'PT20M', remind: 'PT15M' });
});

it('tries are said one by one', () => {
  const said = { max: 50, every: 'PT0S', remind: 'P1D' };
  expect(reading(TRIES, said)).toEqual(said);
  expect(reading(TRIES, { max: 1 })).toMatchObject({ max: 1 });
  expect(TRIES.write(said)).toEqual(said);
});

it.each<[unknown, readonly string[]]>([
  [3, [' Write a mapping such as { max: 3, every: PT20M, remind: PT15M }, not 3.']],
  [{ max: 0 }, ['/max A whole number from 1 to 50, not 0.']],
  [{ max: 51 }, ['/max A whole number from 1 to 50, not 51.']],
  [{ every: '20m' }, ['/every Not a duration: "20m". Write ISO 8601, e.g. P1D or PT4H.']],
  [{ remind: 15 }, ['/remind Not a duration: 15. Write ISO 8601, e.g. P1D or PT4H.']],
  [{ evry: 'PT1H' }, ['/evry Unknown: evry. Did you mean every?']],
])('tries are not %j, and say why', (said, faults) => {
  expect(reading(TRIES, said)).toEqual(faults);
});
