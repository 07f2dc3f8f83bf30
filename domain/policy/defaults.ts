import { parsePolicy } from './fields.ts';
import type { Policy } from './policy.ts';

/**
 * The kinds that come with Kept; a file of the same kind in `KEPT_POLICIES` replaces one. Only what differs from the
 * fields' own defaults stands here.
 */
const DOCUMENTS = [
  { kind: 'delivery', buffer: { share: '20%', min: 'PT4H', max: 'P3D' }, notices: { promised: false } },
  { kind: 'callback', buffer: { fixed: 'PT10M' }, lead: 'PT30M', factLag: 'PT10M', estimateFresh: 'PT2H' },
  { kind: 'repair', buffer: { share: '25%', min: 'PT2H', max: 'P2D' }, factLag: 'PT1H' },
  { kind: 'refund', buffer: { share: '40%', min: 'PT4H', max: 'P2D' }, factLag: 'P1D' },
  { kind: 'reply', buffer: { share: '25%', min: 'PT30M', max: 'P1D' }, lead: 'PT4H', factLag: 'PT30M' },
];

export const DEFAULT_POLICIES: readonly Policy[] = DOCUMENTS.map((document) => {
  const read = parsePolicy(document);
  if ('faults' in read) throw new Error(`Default policy ${document.kind}: ${JSON.stringify(read.faults)}`);
  return read.policy;
});
