import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DEFAULT_POLICIES } from '../../../domain/policy/defaults.ts';
import { completed, parsePolicy, policyDocument, policyForm, POLICY_FIELDS } from '../../../domain/policy/fields.ts';
import { policySchema } from '../../../domain/policy/schema.ts';
import { anyPolicy } from '../support/any-policy.ts';
import { policy } from '../support/build.ts';

const DELIVERY = { kind: 'delivery', buffer: { share: '20%', min: 'PT4H', max: 'P3D' } };
/** As its file would say it. */
const WHOLE_DELIVERY = {
  ...DELIVERY,
  lead: 'P1D',
  estimateFresh: 'P2D',
  whenUnknown: 'silent',
  factLag: 'PT2H',
  nextNews: 'P1D',
  quiet: { channels: ['sms', 'call'], from: '21:00', to: '09:00' },
  notices: { promised: false },
  goal: 'none',
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
    repeat: 'none',
    times: 2,
  },
  checkpoints: [],
  tries: 'none',
  slots: 'none',
  remedies: 'none',
};

describe('the document of a policy', () => {
  it('names every field, as a file says it', () => {
    expect(policyDocument(policy(DELIVERY))).toEqual(WHOLE_DELIVERY);
    expect(Object.keys(policyDocument(policy(DELIVERY)))).toEqual(Object.keys(WHOLE_DELIVERY));
  });

  it('is read as the same policy', () => {
    fc.assert(
      fc.property(anyPolicy, (any) => {
        expect(parsePolicy(policyDocument(any))).toEqual({ policy: any });
      }),
    );
  });
});

describe('a policy as it was stored', () => {
  it('is completed with the defaults of its kind, where it is older than a field', () => {
    for (const each of DEFAULT_POLICIES) {
      const { kind, buffer, lead } = each;
      const old = policy({ kind, buffer, lead } as never);
      expect(completed(JSON.parse(JSON.stringify({ kind, buffer, lead })))).toEqual(old);
    }
    expect(completed({ kind: 'callback', buffer: { fixed: 'PT1H' } })).toMatchObject({ tries: { max: 3 } });
    expect(completed({ kind: 'reply', buffer: { fixed: 'PT1H' } })).toMatchObject({ whenUnknown: 'warn', tries: null });
  });

  it('stays as it is where it has every field, also those that say none', () => {
    fc.assert(
      fc.property(anyPolicy, (any) => {
        expect(completed(JSON.parse(JSON.stringify(any)))).toEqual(any);
      }),
    );
  });

  it('is completed whatever was stored', () => {
    for (const stored of [null, 'x', [], {}])
      expect(completed(stored)).toEqual({ ...policy({ kind: 'x', buffer: { fixed: 'PT0S' } }), kind: '' });
  });
});

describe('the schema of policy files', () => {
  const schema = z.fromJSONSchema(policySchema() as Parameters<typeof z.fromJSONSchema>[0]);
  const isGood = (document: unknown): boolean => schema.safeParse(document).success;

  it('is one of draft 2020-12, says what must be said, and explains every key', () => {
    expect(policySchema()).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'Kept policy',
      description: 'The rules of one kind of promise, as a file of KEPT_POLICIES.',
      type: 'object',
      required: ['kind', 'buffer'],
      additionalProperties: false,
      properties: {
        lead: { default: 'P1D', description: POLICY_FIELDS.lead.meaning },
        goal: { default: 'none', description: 'The share of promises to be kept.' },
      },
    });
  });

  it('takes whatever is read', () => {
    expect(isGood(DELIVERY)).toBe(true);
    expect(DEFAULT_POLICIES.map(policyDocument).every(isGood)).toBe(true);
    fc.assert(
      fc.property(anyPolicy, (any) => {
        expect(schema.safeParse(policyDocument(any)).error).toBeUndefined();
      }),
    );
  });

  it.each<object>([
    { kind: 'Delivery' },
    { buffer: undefined },
    { buffer: {} },
    { buffer: { fixed: 'a day' } },
    { buffer: { fixed: 'P1D', share: '20%' } },
    { buffer: { working: 'P1D', calendar: 'office' } },
    { buffer: { working: 'PT4H' } },
    { buffer: { share: 1 } },
    { lead: '-P1D' },
    { leed: 'P1D' },
    { goal: 1.1 },
    { goal: 0 },
    { quiet: 'never' },
    { quiet: { from: '24:00' } },
    { notices: { promised: 'yes' } },
    { tooTight: 'accept' },
    { escalation: { slip: ['boss'] } },
    { escalation: { times: 2.5 } },
    { checkpoints: [{ name: 'a' }] },
    { checkpoints: [{ at: '60%' }] },
    { tries: { max: 0 } },
    { remedies: { rows: [] } },
    { remedies: { currency: 'EUR', rows: [{ options: [{ refund: 5 }] }] } },
    { remedies: { currency: 'EUR', secondBreak: [{}] } },
    { remedies: { currency: 'EUR', secondBreak: [{ refund: '10%', voucher: '10%' }] } },
  ])('refuses %j, which is refused when it is read', (wrong) => {
    const document = JSON.parse(JSON.stringify({ ...DELIVERY, ...wrong })) as unknown;
    expect(isGood(document)).toBe(false);
    expect(parsePolicy(document)).toHaveProperty('faults');
  });
});

it('every field has a meaning that is a sentence, and a unit', () => {
  for (const { path, unit, meaning } of policyForm('other').parts) {
    expect([path, meaning]).toEqual([path, expect.stringMatching(/^.+\.$/)]);
    expect(unit).not.toBe('');
  }
});
