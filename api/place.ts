import { createHash } from 'node:crypto';

/** In [0, 1), evenly spread: by source and ref, so that a plan asked for beforehand is the plan it gets. */
export function placeOf({ source, ref }: { readonly source: string; readonly ref: string }): number {
  const hash = createHash('sha256')
    .update(JSON.stringify([source, ref]))
    .digest();
  return hash.readUIntBE(0, 6) / 2 ** 48;
}
