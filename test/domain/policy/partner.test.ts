import { describe, expect, it } from 'vitest';
import { completedPartner, parsePartner, partnerDocument, termsWith } from '../../../domain/policy/partner.ts';
import { policy } from '../support/build.ts';

const DPD = {
  id: 'dpd',
  name: 'DPD',
  goal: '97%',
  factLag: 'PT6H',
  checkpoints: { delivery: [{ name: 'scanned', at: '60%' }] },
};
const read = (document: unknown) => {
  const parsed = parsePartner(document);
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults));
  return parsed.partner;
};

describe('a partner', () => {
  it('is read as its file says it, and written so again', () => {
    const partner = read(DPD);
    expect(partner).toEqual({
      ...DPD,
      goal: 0.97,
      checkpoints: { delivery: [{ name: 'scanned', at: { share: 0.6 } }] },
    });
    expect(partnerDocument(partner)).toEqual(DPD);
  });

  it('may leave out all but its id, and is called by it', () => {
    const bare = { id: 'Omniva AS', name: 'Omniva AS', goal: null, factLag: null, checkpoints: {} };
    expect(read({ id: 'Omniva AS' })).toEqual(bare);
    expect(completedPartner({ id: 'Omniva AS' })).toEqual(bare);
    expect(read(partnerDocument(read({ id: 'Omniva AS' })))).toEqual(bare);
  });

  it.each<[string, Record<string, unknown>, string, RegExp]>([
    ['an unknown key', { golas: '97%' }, '/golas', /Did you mean goal/],
    ['a goal without a sign', { goal: 97 }, '/goal', /Write 97%/],
    ['a lag that is none', { factLag: '6 hours' }, '/factLag', /./],
    ['checkpoints of no kind', { checkpoints: [{ name: 'scanned', at: '60%' }] }, '/checkpoints', /delivery/],
    ['a kind in capitals', { checkpoints: { Delivery: [] } }, '/checkpoints/Delivery', /kind is a short/],
    [
      'a checkpoint twice',
      {
        checkpoints: {
          delivery: [
            { name: 'a', at: '10%' },
            { name: 'a', at: '20%' },
          ],
        },
      },
      '/checkpoints/delivery/1/name',
      /twice/,
    ],
    [
      'a checkpoint that we answer for',
      { checkpoints: { delivery: [{ name: 'a', at: '10%', partner: false }] } },
      '/checkpoints/delivery/0/partner',
      /Unknown/,
    ],
  ])('refuses %s', (_, fields, pointer, message) => {
    expect(parsePartner({ id: 'dpd', ...fields })).toMatchObject({
      faults: [{ pointer, message: expect.stringMatching(message) }],
    });
  });

  it.each([undefined, '', 7, 'x'.repeat(201), 'a\u0000b'])('refuses the id %j', (id) => {
    expect(parsePartner({ id })).toMatchObject({ faults: [{ pointer: '/id' }] });
  });
});

describe('what a promise of a partner is under', () => {
  const rules = policy({
    kind: 'delivery',
    buffer: { fixed: 'P1D' },
    factLag: 'PT2H',
    checkpoints: [
      { name: 'packed', at: '20%' },
      { name: 'scanned', at: '40%' },
    ],
  });

  it('is its own lag and checkpoints beside those of the policy, each with its field', () => {
    expect(termsWith(rules, read(DPD))).toEqual({
      factLag: 'PT6H',
      factLagOf: 'partners.dpd.factLag',
      checkpoints: [
        { name: 'packed', at: { share: 0.2 }, partner: false, field: null },
        { name: 'scanned', at: { share: 0.6 }, partner: true, field: 'partners.dpd.checkpoints.delivery' },
      ],
    });
  });

  it('is the policy alone for another kind, a partner without rules, and none', () => {
    const alone = {
      factLag: 'PT2H',
      factLagOf: 'factLag',
      checkpoints: rules.checkpoints.map((rule) => ({ ...rule, field: null })),
    };
    expect(termsWith(rules, null)).toEqual(alone);
    expect(termsWith(rules, read({ id: 'dpd' }))).toEqual(alone);
    expect(termsWith({ ...rules, kind: 'repair' }, read({ ...DPD, factLag: 'none' }))).toEqual(alone);
    expect(termsWith({ ...rules, kind: 'constructor' }, read({ id: 'dpd' }))).toEqual(alone);
  });
});
