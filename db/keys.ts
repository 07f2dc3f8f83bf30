import { v7 as uuid } from 'uuid';
import type { Queryable } from './pool.ts';

/** Stores the SHA-256 of a key under a name; the name's former key stops working. The key itself is never stored. */
export async function saveKey(q: Queryable, name: string, keyHash: Buffer): Promise<void> {
  await q.query(
    `insert into api_keys (id, name, key_hash, scope) values ($1, $2, $3, 'admin')
     on conflict (name) do update set key_hash = excluded.key_hash, created_at = clock_timestamp()`,
    [uuid(), name, keyHash],
  );
}

/** Stores the SHA-256 of a key under a name that nobody has yet; false, and nothing stored, where somebody has it. */
export async function addKey(q: Queryable, name: string, keyHash: Buffer): Promise<boolean> {
  const { rowCount } = await q.query(
    `insert into api_keys (id, name, key_hash, scope) values ($1, $2, $3, 'admin') on conflict (name) do nothing`,
    [uuid(), name, keyHash],
  );
  return rowCount === 1;
}

/** True when a key with this SHA-256 is in force. */
export async function isKey(q: Queryable, keyHash: Buffer): Promise<boolean> {
  const { rows } = await q.query({
    name: 'is_key',
    text: 'select 1 from api_keys where key_hash = $1',
    values: [keyHash],
  });
  return rows.length > 0;
}
