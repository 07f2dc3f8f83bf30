import type { Queryable } from './pool.ts';
import type { Zone } from '../domain/promise/instant.ts';

/** The zone that is known of a customer, by her reference; null where none is (index customers_ref_key). */
export async function customerZone(q: Queryable, ref: string): Promise<Zone | null> {
  const { rows } = await q.query<{ zone: Zone | null }>({
    name: 'customer_zone',
    text: 'select zone from customers where ref = $1',
    values: [ref],
  });
  return rows[0]?.zone ?? null;
}
