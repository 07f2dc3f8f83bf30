import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DURATION, isAtLeast, isLonger, isNothing, WORKING_TIME } from '../../../domain/policy/durations.ts';
import { reading } from '../support/reading.ts';

const forms = (text: string): RegExp => new RegExp(text);

describe('a duration', () => {
  it.each(['P1D', 'PT4H', 'PT0S', 'P0D', 'P1Y2M3W4DT5H6M7S', 'PT0.167S', 'PT1,5H', 'P100Y', 'P1200M', 'PT90M'])(
    '%s is one',
    (text) => {
      expect(reading(DURATION, text)).toBe(text);
      expect(text).toMatch(forms(String(DURATION.schema['pattern'])));
    },
  );

  it.each([
    ...['', 'P', 'PT', 'P1DT', '1D', 'p1d', 'P1D ', ' P1D', 'xP1D', 'P1Dfoo', 'P1D PT4H', 'P1D2Y', 'PT1H1H', 'PT4'],
    ...['P1H', 'P-1D', 'PT-1H', '+P1D', 'P.5D'],
    ...[null, undefined, 5, {}, ['P1D']],
  ])('%j is none', (text) => {
    const shown = text === undefined ? 'nothing' : JSON.stringify(text);
    expect(reading(DURATION, text)).toEqual([` Not a duration: ${shown}. Write ISO 8601, e.g. P1D or PT4H.`]);
    if (typeof text === 'string') expect(text).not.toMatch(forms(String(DURATION.schema['pattern'])));
  });

  it.each([
    ['-P1D', 'A duration here cannot be negative: -P1D.'],
    ['P0.5D', 'Days and longer are calendar days and come whole: P0.5D.'],
    ['P1.5W', 'Days and longer are calendar days and come whole: P1.5W.'],
    ['P1.5M', 'Days and longer are calendar days and come whole: P1.5M.'],
    ['P1.5Y', 'Days and longer are calendar days and come whole: P1.5Y.'],
    ['P101Y', 'Longer than 100 years: P101Y.'],
    ['P100YT1S', 'Longer than 100 years: P100YT1S.'],
    [`PT${'9'.repeat(400)}S`, `Longer than 100 years: PT${'9'.repeat(400)}S.`],
  ])('%s is none, and says why', (text, message) => {
    expect(reading(DURATION, text)).toEqual([` ${message}`]);
  });

  it('is written as it was', () => {
    expect([DURATION.write('PT1.5S'), DURATION.unit, DURATION.parts]).toEqual(['PT1.5S', 'ISO 8601 duration', []]);
  });
});

describe('working time', () => {
  it('is counted in hours, minutes and seconds', () => {
    const pattern = forms(String(WORKING_TIME.schema['pattern']));
    for (const text of ['PT4H', 'PT1H30M', 'PT0.5S']) {
      expect(reading(WORKING_TIME, text)).toBe(text);
      expect(text).toMatch(pattern);
    }
    for (const text of ['P1D', 'P0DT4H', 'P1M']) {
      expect(reading(WORKING_TIME, text)).toEqual([
        ` Working days have no one length: write hours such as PT4H, not ${text}.`,
      ]);
      expect(text).not.toMatch(pattern);
    }
    expect(reading(WORKING_TIME, '4h')).toEqual([' Not a duration: "4h". Write ISO 8601, e.g. P1D or PT4H.']);
    expect(WORKING_TIME.unit).toBe('hours to seconds');
  });
});

describe('of two durations', () => {
  it.each([
    ['P2D', 'PT47H', 'longer'],
    ['P2D', 'PT48H', 'equal'],
    ['PT60M', 'PT1H', 'equal'],
    ['PT3600S', 'PT1H', 'equal'],
    ['P1W', 'P7D', 'equal'],
    ['P12M', 'P1Y', 'equal'],
    ['P1M', 'P1M', 'equal'],
    ['P1Y', 'P1Y', 'equal'],
    ['P1M', 'P30D', 'unclear'],
    ['P1M', 'P31D', 'shorter'],
    ['P1M', 'P28D', 'at least'],
    ['P1M', 'P27D', 'longer'],
    ['P32D', 'P1M', 'longer'],
    ['P31D', 'P1M', 'at least'],
    ['P13M', 'P1Y', 'longer'],
    ['P13M', 'P393D', 'at least'],
    ['P13M', 'P394D', 'unclear'],
    ['P397D', 'P13M', 'at least'],
    ['P396D', 'P13M', 'unclear'],
    ['P2Y', 'P730D', 'at least'],
    ['P2Y', 'P731D', 'unclear'],
    ['P732D', 'P2Y', 'at least'],
    ['P1Y1D', 'P1YT23H', 'longer'],
    ['PT0S', 'P1Y', 'shorter'],
    ['PT0.001S', 'PT0S', 'longer'],
  ])('%s is, beside %s, %s', (a, b, expected) => {
    const found = isLonger(a, b) ? 'longer' : isAtLeast(a, b) ? (isAtLeast(b, a) ? 'equal' : 'at least') : 'other';
    expect(found).toBe(expected === 'unclear' || expected === 'shorter' ? 'other' : expected);
    expect(isAtLeast(b, a)).toBe(['equal', 'shorter'].includes(expected));
  });

  it('never is each longer than the other, and a longer one is at least as long', () => {
    const parts = fc.tuple(fc.nat(3), fc.nat(13), fc.nat(40), fc.nat(30));
    const texts = parts.map(([years, months, days, hours]) => `P${years}Y${months}M${days}DT${hours}H`);
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        expect(isLonger(a, b) && isAtLeast(b, a)).toBe(false);
        if (isLonger(a, b)) expect(isAtLeast(a, b)).toBe(true);
      }),
    );
  });

  it('one can be taken several times', () => {
    expect([isAtLeast('PT20M', 'PT1H', 3), isAtLeast('PT20M', 'PT61M', 3), isAtLeast('PT20M', 'PT1S', 0)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('nothing is no time, in whatever unit', () => {
    expect(['PT0S', 'P0D', 'P0Y0M', 'PT0.001S', 'P1M'].map(isNothing)).toEqual([true, true, true, false, false]);
  });
});
