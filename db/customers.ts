import { v7 as uuid } from 'uuid';
import { inTransaction, type Pool, type Queryable } from './pool.ts';
import type { Zone } from '../domain/promise/instant.ts';

/** How somebody can be reached; with at least one of the two, a customer can be found. */
export interface Reach {
  /** E.164. */
  readonly phone: string | null;
  readonly email: string | null;
}

/** A customer as a new promise needs to know her. */
export interface KnownCustomer {
  readonly id: string;
  readonly ref: string;
  readonly name: string | null;
  readonly zone: Zone | null;
}

/**
 * Those with this phone or this address, at most 20: who has both before who has one, a phone before an address, then
 * whose data are newest. A phone may be that of a family.
 */
export async function customersReachedBy(q: Queryable, { phone, email }: Reach): Promise<readonly KnownCustomer[]> {
  const { rows } = await q.query<KnownCustomer>({
    name: 'customers_reached_by',
    text: `select id, ref, name, zone from customers
           where phone = $1 or lower(email) = lower($2)
           order by coalesce(phone = $1, false)::int * 2 + coalesce(lower(email) = lower($2), false)::int desc,
             updated_at desc, id limit 20`,
    values: [phone, email],
  });
  return rows;
}

/** The customer of this reference, capitals aside where nobody has it letter by letter; null where nobody has. */
export async function customerByRef(q: Queryable, ref: string): Promise<KnownCustomer | null> {
  const { rows } = await q.query<KnownCustomer>({
    name: 'customer_by_ref',
    text: `select id, ref, name, zone from customers where lower(ref) = lower($1)
           order by ref <> $1, updated_at desc, id limit 1`,
    values: [ref],
  });
  return rows[0] ?? null;
}

/** Whose promises bear this reference, in whatever system; at most 20. */
export async function customersOfOrder(q: Queryable, ref: string): Promise<readonly KnownCustomer[]> {
  const { rows } = await q.query<KnownCustomer>({
    name: 'customers_of_order',
    text: `select c.id, c.ref, c.name, c.zone from customers c
           where c.id in (select customer_id from promises where lower(ref) = lower($1)) order by c.ref limit 20`,
    values: [ref],
  });
  return rows;
}

/** A customer by the id of her row. */
export async function customerById(q: Queryable, id: string): Promise<KnownCustomer | null> {
  const { rows } = await q.query<KnownCustomer>({
    name: 'customer_by_id',
    text: 'select id, ref, name, zone from customers where id = $1',
    values: [id],
  });
  return rows[0] ?? null;
}

/**
 * The customer with this phone or address; where there is none, a new one with the reference `newRef`. Of two who ask at the
 * same time one makes her, and the other finds her.
 */
export async function customerReachedBy(pool: Pool, reach: Reach, newRef: string): Promise<KnownCustomer> {
  const [known] = await customersReachedBy(pool, reach);
  if (known) return known;
  return inTransaction(pool, async (tx) => {
    // Each by itself: one may be asked for by phone, and by phone and address.
    for (const key of [reach.phone, reach.email?.toLowerCase() ?? null].filter((part) => part !== null).toSorted())
      await tx.query(`select pg_advisory_xact_lock(hashtextextended('customer ' || $1, 0))`, [key]);
    const [made] = await customersReachedBy(tx, reach);
    if (made) return made;
    const customer = { id: uuid(), ref: newRef, name: null, zone: null };
    await tx.query({
      name: 'new_customer',
      text: 'insert into customers (id, ref, email, phone) values ($1, $2, $3, $4)',
      values: [customer.id, customer.ref, reach.email, reach.phone],
    });
    return customer;
  });
}

const BATCH = 1_000;

/**
 * Reads phones again that are stored as they were typed; `read` gives E.164, or null for what is none. For the day on
 * which the company says in which country it is, and for what was stored before phones were read at all.
 */
export async function readPhonesAgain(q: Queryable, read: (phone: string) => string | null): Promise<void> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const { rows } = await q.query<{ id: string; phone: string }>({
      name: 'unread_phones',
      text: `select id, phone from customers where phone !~ '^\\+[1-9][0-9]{4,14}$' and id > $1 order by id limit $2`,
      values: [after, BATCH],
    });
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
    const found = rows.flatMap(({ id, phone }) => {
      const number = read(phone);
      return number === null ? [] : [{ id, phone, number }];
    });
    await q.query({
      name: 'store_read_phones',
      text: `update customers c set phone = r.number
             from unnest($1::uuid[], $2::text[], $3::text[]) as r (id, phone, number)
             where c.id = r.id and c.phone = r.phone`,
      values: [found.map(({ id }) => id), found.map(({ phone }) => phone), found.map(({ number }) => number)],
    });
  }
}

/** The zone that is known of a customer, by her reference; null where none is (index customers_ref_key). */
export async function customerZone(q: Queryable, ref: string): Promise<Zone | null> {
  const { rows } = await q.query<{ zone: Zone | null }>({
    name: 'customer_zone',
    text: 'select zone from customers where ref = $1',
    values: [ref],
  });
  return rows[0]?.zone ?? null;
}
