import { createHash, randomBytes } from 'node:crypto';

/** A key of 256 random bits. Only its hash is stored. */
export const newKey = (): string => `kept_${randomBytes(32).toString('base64url')}`;

/** What the database knows of a key. */
export const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest();
