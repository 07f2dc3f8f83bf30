import { randomBytes } from 'node:crypto';

/** Without letters and digits that are taken for each other: it is read aloud. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 12;

/** A reference for a new customer. Nothing of her is in it, so it may stand where her phone may not. */
export function randomRef(): string {
  // 240 is the largest multiple of the number of letters below 256: what is above would favour the first ones.
  const bytes = [...randomBytes(LENGTH * 4)].filter((byte) => byte < 240).slice(0, LENGTH);
  return `K-${bytes.map((byte) => LETTERS[byte % LETTERS.length]).join('')}`;
}
