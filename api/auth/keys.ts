import { createHash, timingSafeEqual } from 'node:crypto';
import { isKey } from '../../db/keys.ts';
import type { Queryable } from '../../db/pool.ts';

/** Tells whether the value of an `Authorization` header carries a key in force. Rejects when PostgreSQL is not there. */
export type KeyCheck = (authorization: string | undefined) => Promise<boolean>;

/** A key found good is believed for so long; a key taken back works at most as long. */
const BELIEVED_MS = 5_000;
const MAX_BELIEVED = 100;
const LONGEST_KEY = 200;

/** Keys are looked up by their SHA-256, so no comparison ever touches the key itself. Bad keys are never remembered. */
export function createKeyCheck(q: Queryable): KeyCheck {
  const believed: { readonly hash: Buffer; readonly until: number }[] = [];
  return async (authorization) => {
    const key = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    if (key === undefined || key.length > LONGEST_KEY) return false;
    const hash = createHash('sha256').update(key).digest();
    const now = performance.now();
    if (believed.some((one) => one.until > now && timingSafeEqual(one.hash, hash))) return true;
    if (!(await isKey(q, hash))) return false;
    const others = believed.filter((one) => one.until > now && !one.hash.equals(hash)).slice(1 - MAX_BELIEVED);
    believed.splice(0, believed.length, ...others, { hash, until: performance.now() + BELIEVED_MS });
    return true;
  };
}
