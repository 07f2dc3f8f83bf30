import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICIES } from '../../../domain/policy/defaults.ts';
import { parsePolicy, POLICY_FIELDS } from '../../../domain/policy/fields.ts';
import type { Policy } from '../../../domain/policy/policy.ts';
import { policy } from '../support/build.ts';

const GOOD = { kind: 'delivery', buffer: { fixed: 'P1D' } };
const pointersOf = (document: unknown): string[] => {
  const read = parsePolicy(document);
  return 'faults' in read ? read.faults.map((fault) => fault.pointer) : [];
};

describe('a policy document', () => {
  it('needs a kind and a buffer, and gets a default for everything else', () => {
    expect(policy(GOOD)).toEqual({
      kind: 'delivery',
      buffer: { fixed: 'P1D' },
      lead: 'P1D',
      estimateFresh: 'P2D',
      whenUnknown: 'silent',
      factLag: 'PT2H',
      nextNews: 'P1D',
      quiet: { channels: ['sms', 'call'], from: '21:00', to: '09:00' },
      notices: { promised: false },
      goal: null,
      sendGuard: 'PT30S',
      spread: 'PT0S',
      tooTight: 'flag',
      shortest: 'PT0S',
      longest: 'P2Y',
      escalation: {
        slip: ['owner'],
        at_risk: ['owner', 'lead'],
        broken: ['owner', 'manager'],
        checkpoint: ['owner'],
        repeat: null,
        times: 2,
      },
      checkpoints: [],
      tries: null,
      slots: null,
      remedies: null,
    } satisfies Policy);
  });

  it.each([
    ['delivery', 'silent'],
    ['callback', 'silent'],
    ['reply', 'warn'],
    ['repair', 'warn'],
    ['delivery-replay', 'silent'],
  ])('of %s is %s without news', (kind, whenUnknown) => {
    expect(policy({ ...GOOD, kind }).whenUnknown).toBe(whenUnknown);
    expect(policy({ ...GOOD, kind, whenUnknown: 'warn' }).whenUnknown).toBe('warn');
  });

  it('keeps what it says', () => {
    const said = {
      kind: 'b2',
      buffer: { share: 0.2, min: 'PT4H', max: 'P3D' },
      lead: 'P2W',
      estimateFresh: 'PT12H',
      whenUnknown: 'warn',
      factLag: 'PT1.5S',
      nextNews: 'P1Y2M3W4DT5H6M7S',
      quiet: { channels: ['email'], from: '20:00', to: '07:30' },
      notices: { promised: true },
      goal: 0.95,
      sendGuard: 'PT0S',
      spread: 'PT0,5H',
      tooTight: 'refuse',
      shortest: 'P0D',
      longest: 'P1Y',
      escalation: { slip: [], at_risk: ['lead'], broken: ['manager'], checkpoint: [], repeat: 'PT4H', times: 3 },
      tries: { max: 5, every: 'PT1H', remind: 'PT5M' },
    };
    expect(policy(said)).toEqual({ ...said, checkpoints: [], slots: null, remedies: null });
  });

  it('takes shares as per cent or numbers, and half a buffer rule', () => {
    expect(policy({ ...GOOD, buffer: { share: '12.5%' }, goal: '99.9%', notices: {} })).toMatchObject({
      buffer: { share: 0.125, min: null, max: null },
      goal: 0.999,
      notices: { promised: false },
    });
  });

  it('may ask that every promise is kept', () => {
    expect([policy({ ...GOOD, goal: '100%' }).goal, policy({ ...GOOD, goal: 1 }).goal]).toEqual([1, 1]);
  });

  it('may have a floor as high as its ceiling', () => {
    const buffer = { share: 0.2, min: 'P1D', max: 'PT24H' };
    expect(policy({ ...GOOD, buffer }).buffer).toEqual(buffer);
  });

  it.each<[name: string, document: unknown, pointers: string[]]>([
    ['no mapping', null, ['']],
    ['an empty file', undefined, ['']],
    ['a list', [], ['']],
    ['a text', 'delivery', ['']],
    ['nothing', {}, ['/kind', '/buffer']],
    ['no buffer rule', { kind: 'delivery' }, ['/buffer']],
    ['no kind', { buffer: { fixed: 'P1D' } }, ['/kind']],
    ['a kind of another form', { ...GOOD, kind: 'Delivery!' }, ['/kind']],
    ['a kind that is no text', { ...GOOD, kind: 7 }, ['/kind']],
    ['an unknown field', { ...GOOD, buffre: 1 }, ['/buffre']],
    ['a misspelt buffer rule', { kind: 'delivery', buffre: { fixed: 'P1D' } }, ['/buffre']],
    ['a misspelt kind', { knid: 'delivery', buffer: { fixed: 'P1D' } }, ['/knid']],
    ['a field of later work', { ...GOOD, grace: 'PT0S' }, ['/grace']],
    [
      'a field that every object has',
      JSON.parse('{"kind":"delivery","buffer":{"fixed":"P1D"},"__proto__":1,"constructor":2}'),
      ['/__proto__', '/constructor'],
    ],
    ['a key that a pointer must escape', { ...GOOD, 'a/b~c': 1 }, ['/a~1b~0c']],
    [
      'every fault together',
      { kind: '', buffer: 7, lead: 1, goal: 2, more: 3 },
      ['/more', '/kind', '/buffer', '/lead', '/goal'],
    ],
    ['a buffer that is a text', { ...GOOD, buffer: 'P1D' }, ['/buffer']],
    ['an empty buffer rule', { ...GOOD, buffer: {} }, ['/buffer']],
    ['working time of no calendar', { ...GOOD, buffer: { working: 'PT4H' } }, ['/buffer/calendar']],
    ['fixed beside a share', { ...GOOD, buffer: { fixed: 'P1D', share: '20%' } }, ['/buffer']],
    ['a fixed buffer that is no duration', { ...GOOD, buffer: { fixed: 5 } }, ['/buffer/fixed']],
    ['no share beside its floor', { ...GOOD, buffer: { min: 'PT4H' } }, ['/buffer/share']],
    ['a floor that is no duration', { ...GOOD, buffer: { share: '20%', min: '4h' } }, ['/buffer/min']],
    ['a ceiling that is no duration', { ...GOOD, buffer: { share: '20%', max: 4 } }, ['/buffer/max']],
    ['a share of all', { ...GOOD, buffer: { share: '100%' } }, ['/buffer/share']],
    ['a share of nothing', { ...GOOD, buffer: { share: 0 } }, ['/buffer/share']],
    ['a share that is a text', { ...GOOD, buffer: { share: '0.2' } }, ['/buffer/share']],
    ['a goal that is no share', { ...GOOD, goal: 95 }, ['/goal']],
    ['a goal of nothing', { ...GOOD, goal: null }, ['/goal']],
    ['a goal of none', { ...GOOD, goal: '0%' }, ['/goal']],
    ['a goal above all', { ...GOOD, goal: '100.1%' }, ['/goal']],
    ['a floor above its ceiling', { ...GOOD, buffer: { share: '20%', min: 'P2D', max: 'PT47H' } }, ['/buffer/min']],
    ['a word that is none', { ...GOOD, whenUnknown: 'shout' }, ['/whenUnknown']],
    ['notices that are no mapping', { ...GOOD, notices: true }, ['/notices']],
    ['an unknown notice switch', { ...GOOD, notices: { kept_early: true } }, ['/notices/kept_early']],
    ['a notice switch that is no switch', { ...GOOD, notices: { promised: 'yes' } }, ['/notices/promised']],
  ])('with %s is refused, and says where', (_, document, pointers) => {
    expect(pointersOf(document)).toEqual(pointers);
  });

  it.each(['lead', 'estimateFresh', 'factLag', 'nextNews', 'sendGuard', 'spread', 'shortest', 'longest'])(
    'with a %s that is no duration is refused',
    (field) => {
      expect(pointersOf({ ...GOOD, [field]: 'a day' })).toEqual([`/${field}`]);
    },
  );

  it.each<[name: string, buffer: unknown, pointers: string[]]>([
    ['every value', { share: 20, min: '4h', max: 4 }, ['/buffer/share', '/buffer/min', '/buffer/max']],
    ['several unknown keys', { least: 'PT4H', most: 'P3D', share: '20%' }, ['/buffer/least', '/buffer/most']],
    ['an unknown key beside a wrong value', { shear: '20%', min: '4h' }, ['/buffer/shear', '/buffer/min']],
  ])('has all faults of its buffer named together: %s', (_, buffer, pointers) => {
    expect(pointersOf({ ...GOOD, buffer })).toEqual(pointers);
  });

  it('is refused in words that show what was written', () => {
    const read = parsePolicy({ ...GOOD, lead: 'soon', more: 1 });
    const messages = 'faults' in read ? read.faults.map((fault) => fault.message) : [];
    expect(messages).toEqual([
      expect.stringMatching(/^Unknown: more\. Known: kind, buffer, lead/),
      'Not a duration: "soon". Write ISO 8601, e.g. P1D or PT4H.',
    ]);
  });

  it('has a meaning and a unit for every field', () => {
    for (const [name, { meaning, unit }] of Object.entries(POLICY_FIELDS))
      expect([name, meaning.endsWith('.'), unit]).not.toContain('');
    expect(Object.keys(POLICY_FIELDS).sort()).toEqual(
      Object.keys(policy(GOOD))
        .filter((key) => key !== 'kind' && key !== 'buffer')
        .sort(),
    );
  });
});

describe('the kinds that come with Kept', () => {
  it('are the five of every company, each once', () => {
    expect(DEFAULT_POLICIES.map(({ kind }) => kind)).toEqual(['delivery', 'callback', 'repair', 'refund', 'reply']);
  });

  it('have a delivery as the interface writes it', () => {
    expect(DEFAULT_POLICIES[0]).toMatchObject({
      buffer: { share: 0.2, min: 'PT4H', max: 'P3D' },
      lead: 'P1D',
      estimateFresh: 'P2D',
      whenUnknown: 'silent',
      factLag: 'PT2H',
      nextNews: 'P1D',
      notices: { promised: false },
    });
  });

  it('say nothing without news of what is under way, and warn of what only we know', () => {
    expect(DEFAULT_POLICIES.map(({ whenUnknown }) => whenUnknown)).toEqual([
      'silent',
      'silent',
      'warn',
      'silent',
      'warn',
    ]);
  });
});
