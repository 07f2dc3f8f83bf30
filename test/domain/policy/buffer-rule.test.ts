import { describe, expect, it } from 'vitest';
import { BUFFER } from '../../../domain/policy/buffer-rule.ts';
import { calendarsOf } from '../../../domain/policy/policy.ts';
import { policy } from '../support/build.ts';
import { reading } from '../support/reading.ts';

const RULES = 'one of { fixed: P1D }, { share: 20%, min: PT4H, max: P3D } and { working: PT4H, calendar: office }';
const SHARE_MISSING = '/share share is missing. Write e.g. { share: 20%, min: PT4H, max: P3D }.';
const CALENDAR_MISSING = '/calendar calendar is missing. Write e.g. { working: PT4H, calendar: office }.';

describe('a buffer rule', () => {
  it.each<[object, object]>([
    [{ fixed: 'P1D' }, { fixed: 'P1D' }],
    [{ share: '20%' }, { share: 0.2, min: null, max: null }],
    [
      { share: 0.2, min: 'PT4H', max: 'none' },
      { share: 0.2, min: 'PT4H', max: null },
    ],
    [
      { share: '20%', min: 'P1D', max: 'PT24H' },
      { share: 0.2, min: 'P1D', max: 'PT24H' },
    ],
    [
      { working: 'PT4H', calendar: 'office' },
      { working: 'PT4H', calendar: 'office' },
    ],
  ])('%j is one', (value, rule) => {
    expect(reading(BUFFER, value)).toEqual(rule);
  });

  it.each<[unknown, readonly string[]]>([
    ['P1D', [` A kind needs a buffer rule, ${RULES}; not "P1D".`]],
    [null, [` A kind needs a buffer rule, ${RULES}; not null.`]],
    [{}, [` A buffer says fixed, share or working: ${RULES}.`]],
    [
      { quantile: '80%' },
      [
        '/quantile Unknown: quantile. Known: fixed, share, min, max, working, calendar.',
        ` A buffer says fixed, share or working: ${RULES}.`,
      ],
    ],
    [{ fixed: 'P1D', share: '20%' }, [` fixed and share exclude each other: a buffer is ${RULES}.`]],
    [
      { working: 'PT4H', calendar: 'office', fixed: 'P1D', share: '20%' },
      [` fixed and share and working exclude each other: a buffer is ${RULES}.`],
    ],
    [{ fixed: 5 }, ['/fixed Not a duration: 5. Write ISO 8601, e.g. P1D or PT4H.']],
    [{ fixed: 'P1D', min: 'PT4H' }, ['/min Unknown: min. Known: fixed.']],
    [{ min: 'PT4H', fixed: 'P1D' }, ['/min Unknown: min. Known: fixed.']],
    [{ fixde: 'P1D' }, ['/fixde Unknown: fixde. Did you mean fixed?']],
    [{ min: 'PT4H' }, [SHARE_MISSING]],
    [{ max: 'P1D' }, [SHARE_MISSING]],
    [{ min: 'P2D', max: 'P1D' }, [SHARE_MISSING]],
    [{ strange: 1, max: 'P1D' }, ['/strange Unknown: strange. Known: share, min, max.', SHARE_MISSING]],
    [
      { shear: '20%', min: '4h' },
      ['/shear Unknown: shear. Did you mean share?', '/min Not a duration: "4h". Write ISO 8601, e.g. P1D or PT4H.'],
    ],
    [
      { share: 20, min: '4h', max: 4 },
      [
        '/share Not a share between 0% and 100%: 20. Write 20%.',
        '/min Not a duration: "4h". Write ISO 8601, e.g. P1D or PT4H.',
        '/max Not a duration: 4. Write ISO 8601, e.g. P1D or PT4H.',
      ],
    ],
    [
      { share: '20%', min: 'P2D', max: 'PT47H' },
      ['/min min P2D is longer than max PT47H, and no buffer is both. Swap them or leave one out.'],
    ],
    [{ working: 'PT4H' }, [CALENDAR_MISSING]],
    [{ calendar: 'office' }, ['/working working is missing. Write e.g. { working: PT4H, calendar: office }.']],
    [{ workin: 'PT4H', calendar: 'office' }, ['/workin Unknown: workin. Did you mean working?']],
    [
      { working: 'P1D', calendar: 'Office' },
      [
        '/working Working days have no one length: write hours such as PT4H, not P1D.',
        '/calendar A calendar is named by its short lower-case id such as office, not "Office".',
      ],
    ],
  ])('%j is none, and says why', (value, faults) => {
    expect(reading(BUFFER, value)).toEqual(faults);
  });

  it('is written as its file would say it', () => {
    expect(BUFFER.write({ fixed: 'P1D' })).toEqual({ fixed: 'P1D' });
    expect(BUFFER.write({ share: 0.2, min: null, max: 'P3D' })).toEqual({ share: '20%', min: 'none', max: 'P3D' });
    expect(BUFFER.write({ working: 'PT4H', calendar: 'office' })).toEqual({ working: 'PT4H', calendar: 'office' });
  });

  it('has a meaning for every key', () => {
    expect(BUFFER.parts.map(({ path, unit, meaning }) => [path, unit, meaning])).toEqual([
      ['fixed', 'ISO 8601 duration', 'Always this much. Stands alone.'],
      ['share', 'per cent', 'This share of the time promised, above 0 % and below 100 %.'],
      ['min', 'ISO 8601 duration, or none', 'With `share`: at least this much.'],
      ['max', 'ISO 8601 duration, or none', 'With `share`: at most this much.'],
      ['working', 'hours to seconds', 'This much working time of `calendar`.'],
      ['calendar', 'name', 'With `working`: the id of the calendar that counts.'],
    ]);
  });
});

it('a policy counts by the calendar of its buffer, or by none', () => {
  const withBuffer = (buffer: object): readonly string[] => calendarsOf(policy({ kind: 'reply', buffer }));
  expect(withBuffer({ working: 'PT4H', calendar: 'office' })).toEqual(['office']);
  expect([withBuffer({ fixed: 'P1D' }), withBuffer({ share: '20%' })]).toEqual([[], []]);
});
