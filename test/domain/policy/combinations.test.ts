import { describe, expect, it } from 'vitest';
import { faultsOf } from '../support/reading.ts';

describe('what no promise could be under', () => {
  it('is a longest of no time, which is said alone', () => {
    expect(faultsOf({ longest: 'PT0S', shortest: 'P1D', buffer: { fixed: 'P1D' } })).toEqual([
      '/longest No promise lasts at most PT0S: none could be made. Write the longest, e.g. P2Y.',
    ]);
  });

  it('is a shortest above the longest', () => {
    expect(faultsOf({ shortest: 'P2D', longest: 'PT47H' })).toEqual([
      '/shortest shortest P2D is longer than longest PT47H: no promise is both. Swap them.',
    ]);
    expect(faultsOf({ shortest: 'P2D', longest: 'PT48H' })).toEqual([]);
    expect(faultsOf({ shortest: 'P3Y' })).toHaveLength(1);
  });

  const buffer = (key: string, size: string): string =>
    `/buffer/${key} A buffer of ${size} leaves no time for the work: no promise is longer than P1D (longest). Write less.`;

  it.each<[object, readonly string[]]>([
    [{ fixed: 'P1D' }, [buffer('fixed', 'P1D')]],
    [{ fixed: 'PT25H' }, [buffer('fixed', 'PT25H')]],
    [{ fixed: 'PT23H59M' }, []],
    [{ share: '20%', min: 'P1D' }, [buffer('min', 'P1D')]],
    [{ share: '20%', min: 'PT23H', max: 'P9D' }, []],
    [{ share: '99%', max: 'P9D' }, []],
    [{ working: 'PT24H', calendar: 'office' }, [buffer('working', 'PT24H')]],
    [{ working: 'PT23H', calendar: 'office' }, []],
  ])('is a buffer as long as the longest promise: %j', (rule, faults) => {
    expect(faultsOf({ buffer: rule, longest: 'P1D' })).toEqual(faults);
  });

  it('is a checkpoint as late as the longest promise', () => {
    const checkpoints = [
      { name: 'share', at: '99%' },
      { name: 'early', at: { fixed: 'PT23H' } },
      { name: 'late', at: { fixed: 'P1D' } },
    ];
    expect(faultsOf({ checkpoints, longest: 'P1D' })).toEqual([
      '/checkpoints/2/at/fixed late after P1D is never inside a promise, none being longer than P1D (longest). Write less.',
    ]);
  });

  it.each<[Record<string, unknown>, readonly string[]]>([
    [{ tooTight: 'refuse', buffer: { fixed: 'PT0S' } }, ['/buffer/fixed']],
    [{ tooTight: 'refuse', buffer: { share: '20%', max: 'PT0S' } }, ['/buffer/max']],
    [{ tooTight: 'refuse', buffer: { working: 'PT0S', calendar: 'office' } }, ['/buffer/working']],
    [{ tooTight: 'refuse', buffer: { share: '20%', min: 'PT0S' } }, []],
    [{ tooTight: 'flag', buffer: { fixed: 'PT0S' } }, []],
    [{ whenUnknown: 'warn', lead: 'PT0S' }, ['/lead']],
    [{ whenUnknown: 'silent', lead: 'PT0S' }, []],
    [{ nextNews: 'PT0S' }, ['/nextNews']],
    [{ estimateFresh: 'PT0S' }, ['/estimateFresh']],
  ])('is no time where some is needed: %j', (said, pointers) => {
    expect(faultsOf(said).map((fault) => fault.split(' ')[0])).toEqual(pointers);
  });

  const tries = (max: number, every: string): string =>
    `${max} tries ${every} apart do not fit into PT1H (longest), so that the last would never count. ` +
    'Write fewer tries, nearer together.';

  it.each<[object, readonly string[]]>([
    [{ max: 4, every: 'PT20M' }, [`/tries/every ${tries(4, 'PT20M')}`]],
    [{ max: 4, every: 'PT19M' }, []],
    [{ max: 3, every: 'PT20M' }, []],
    [{ max: 1, every: 'P1D' }, []],
    [{ max: 50, every: 'PT0S' }, []],
  ])('are tries that take as long as the longest promise: %j', (said, faults) => {
    expect(faultsOf({ tries: said, longest: 'PT1H' })).toEqual(faults);
  });

  it('are the usual tries of a callback that is shorter: said where the file says something', () => {
    expect(faultsOf({ kind: 'callback', longest: 'PT40M' })).toEqual([
      '/longest 3 tries PT20M apart do not fit into PT40M (longest), so that the last would never count. ' +
        'Write fewer tries, nearer together.',
    ]);
    expect(faultsOf({ kind: 'callback', longest: 'PT41M' })).toEqual([]);
    expect(faultsOf({ kind: 'callback', longest: 'PT40M', tries: 'none' })).toEqual([]);
  });

  it('is said together', () => {
    const all = { longest: 'PT1H', shortest: 'PT2H', buffer: { fixed: 'PT1H' }, tries: { every: 'PT30M' } };
    expect(
      faultsOf({ ...all, checkpoints: [{ name: 'a', at: { fixed: 'PT1H' } }] }).map((fault) => fault.split(' ')[0]),
    ).toEqual(['/shortest', '/buffer/fixed', '/checkpoints/0/at/fixed', '/tries/every']);
  });

  it('is looked for only once every field is right', () => {
    expect(faultsOf({ longest: 'PT1H', shortest: 'PT2H', lead: 'soon' }).map((fault) => fault.split(' ')[0])).toEqual([
      '/lead',
    ]);
  });
});

it('what the plan bounds anyway is merely odd', () => {
  expect(faultsOf({ longest: 'PT1H', lead: 'P1D', sendGuard: 'P2D', spread: 'P3D', factLag: 'P9D' })).toEqual([]);
});
