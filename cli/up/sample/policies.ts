import { parsePolicy } from '../../../domain/policy/fields.ts';
import type { Policy } from '../../../domain/policy/policy.ts';
import { shrinkPolicy } from '../../replay/shrink.ts';

/** The shop's rules as it would write them; played, they are as much shorter as its days. */
const DOCUMENTS = [
  { kind: 'delivery', buffer: { fixed: 'P1D' }, lead: 'P1D', factLag: 'PT2H', goal: '90%' },
  {
    kind: 'callback',
    buffer: { fixed: 'PT1H' },
    lead: 'PT2H',
    factLag: 'PT1H',
    estimateFresh: 'PT4H',
    notices: { promised: true },
  },
  {
    kind: 'reply',
    buffer: { share: '25%', min: 'PT30M', max: 'P1D' },
    lead: 'PT4H',
    factLag: 'PT1H',
    nextNews: 'PT6H',
  },
];

/** What the kinds of the sample end in, so that the shop's own policies stay what they are. */
export const SAMPLE_SUFFIX = '-sample';

export const samplePolicies = (dayMs: number): readonly Policy[] =>
  DOCUMENTS.map((document) => {
    const read = parsePolicy(document);
    if ('faults' in read) throw new Error(`Sample policy ${document.kind}: ${JSON.stringify(read.faults)}`);
    return shrinkPolicy(read.policy, `${document.kind}${SAMPLE_SUFFIX}`, dayMs);
  });
