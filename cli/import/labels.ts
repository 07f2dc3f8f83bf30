import type { Fault, Reader } from './cells.ts';

/**
 * Longest texts, in characters. As the API has them, but for partner and region: what others once wrote, e.g. the full
 * name of a firm, is longer than what is chosen as an id, and without it a figure by partner would be wrong.
 */
export const LONGEST = {
  ref: 200,
  kind: 64,
  owner: 64,
  partner: 200,
  region: 200,
  product: 200,
  subject: 300,
  customerName: 200,
  customerEmail: 254,
  customerPhone: 64,
  customerLanguage: 35,
} as const;

/** A text as it stands, of at most `max` characters. */
export const label =
  (max: number): Reader<string> =>
  (text) =>
    text.length <= max ? text : tooLong(max);

export const refLabel = label(LONGEST.ref);
export const kindLabel = label(LONGEST.kind);
export const ownerLabel = label(LONGEST.owner);
export const partnerLabel = label(LONGEST.partner);

const tooLong = (max: number): Fault => ({ code: 'TOO_LONG', message: `Longer than ${max} characters.` });
