import { expect, it } from 'vitest';
import { CHECKPOINTS } from '../../../domain/policy/checkpoints.ts';
import { reading } from '../support/reading.ts';

it('checkpoints lie at a share of the time promised or after a fixed time, and may be the partner’s', () => {
  const said = [
    { name: 'scanned', at: '60%', partner: true },
    { name: 'credit-check', at: { fixed: 'P1D' } },
    { name: 'A_1.b', at: 0.6 },
  ];
  const read = [
    { name: 'scanned', at: { share: 0.6 }, partner: true },
    { name: 'credit-check', at: { fixed: 'P1D' }, partner: false },
    { name: 'A_1.b', at: { share: 0.6 }, partner: false },
  ];
  expect(reading(CHECKPOINTS, said)).toEqual(read);
  expect(CHECKPOINTS.write(read)).toEqual([
    said[0],
    { name: 'credit-check', at: { fixed: 'P1D' }, partner: false },
    { name: 'A_1.b', at: '60%', partner: false },
  ]);
});

const many = (count: number): object[] =>
  Array.from({ length: count }, (_, index) => ({ name: `c${index}`, at: '60%' }));

it('checkpoints may be none, and twenty at most', () => {
  expect(reading(CHECKPOINTS, [])).toEqual([]);
  expect(reading(CHECKPOINTS, many(20))).toHaveLength(20);
  expect(reading(CHECKPOINTS, many(21))).toEqual([' Write a list of up to 20 such as [{ name: scanned, at: 60% }].']);
});

const CODE = 'A checkpoint is named by a code such as handed-to-carrier (letters, digits and _ . -, at most 63), not';

it.each<[unknown, readonly string[]]>([
  [{ name: 'a', at: '60%' }, [' Write a list of up to 20 such as [{ name: scanned, at: 60% }].']],
  [[{ at: '60%' }], ['/0/name name is missing. Write e.g. { name: scanned, at: 60% }.']],
  [[{ name: 'a' }], ['/0/at at is missing. Write e.g. { name: scanned, at: 60% }.']],
  ...['', '-a', 'a b', 'a'.repeat(64), 7].map((name): [unknown, string[]] => [
    [{ name, at: '60%' }],
    [`/0/name ${CODE} ${JSON.stringify(name)}.`],
  ]),
  [[{ name: 'a', at: 60 }], ['/0/at Not a share between 0% and 100%: 60. Write 60%.']],
  [[{ name: 'a', at: 'P1D' }], ['/0/at Not a share between 0% and 100%: "P1D".']],
  [[{ name: 'a', at: '0%' }], ['/0/at Not a share between 0% and 100%: "0%".']],
  [[{ name: 'a', at: '100%' }], ['/0/at Not a share between 0% and 100%: "100%".']],
  [[{ name: 'a', at: {} }], ['/0/at/fixed fixed is missing. Write e.g. { fixed: P1D }.']],
  [
    [{ name: 'a', at: { share: '60%' } }],
    ['/0/at/share Unknown: share. Known: fixed.', '/0/at/fixed fixed is missing. Write e.g. { fixed: P1D }.'],
  ],
  [
    [{ name: 'a', at: { fixed: 'PT0S' } }],
    ['/0/at/fixed PT0S after the promise was made is at once: it would be missed from the start. Write e.g. P1D.'],
  ],
  [[{ name: 'a', at: '60%', partner: 'dpd' }], ['/0/partner true or false, not "dpd".']],
  [
    [
      { name: 'a', at: '60%' },
      { name: 'b', at: '60%' },
      { name: 'a', at: '70%' },
    ],
    ['/2/name a stands here twice: passed, it would not be known which. Give it another name.'],
  ],
])('checkpoints are not %j, and say why', (said, faults) => {
  expect(reading(CHECKPOINTS, said)).toEqual(faults);
});

it('a name of 63 signs is one', () => {
  expect(reading(CHECKPOINTS, [{ name: 'a'.repeat(63), at: '60%' }])).toHaveLength(1);
});

it('the target of a checkpoint is a share or a mapping, for editors', () => {
  const items = CHECKPOINTS.schema['items'] as { properties: { at: { anyOf: { properties?: object }[] } } };
  const { anyOf } = items.properties.at;
  expect(anyOf[1]?.properties).toHaveProperty('fixed');
  expect(anyOf[0]).toHaveProperty('anyOf');
  expect(CHECKPOINTS.parts.map(({ path, unit }) => [path, unit])).toEqual([
    ['name', 'name'],
    ['at', 'per cent, or { fixed: duration }'],
    ['partner', 'true | false'],
  ]);
});
