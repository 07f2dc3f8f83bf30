import { NOTE_COLUMNS, type Note } from './notes.ts';
import { factOf, noticesOfAll, promisesById, type FactRow } from './promises.ts';
import type { Queryable } from './pool.ts';
import type { NoticeRow, PromiseRow } from './shapes.ts';
import type { Fact } from '../domain/promise/facts.ts';

/** A customer as staff see her. */
export interface DossierCustomer {
  readonly id: string;
  readonly ref: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
}

/** That the customer came to us, and about which promise. */
export interface Contact {
  readonly promiseId: string;
  readonly fact: Extract<Fact, { kind: 'contacted' }>;
}

/** All that is known of a customer: what somebody needs who answers her call. */
export interface Dossier {
  /** Null for history that names nobody. */
  readonly customer: DossierCustomer | null;
  /** Open ones first, then those with the latest promised times. */
  readonly promises: readonly PromiseRow[];
  /** Newest first, as are contacts and notes. */
  readonly notices: readonly NoticeRow[];
  readonly contacts: readonly Contact[];
  readonly notes: readonly Note[];
  /** Names of the owners and of who wrote the notes, by id. */
  readonly people: ReadonlyMap<string, string>;
}

/** As much of a dossier as its reader may see. */
export interface Briefing extends Omit<Dossier, 'customer'> {
  readonly customer: Readonly<Record<'ref' | 'name' | 'email' | 'phone', string | null>> | null;
}

/** What somebody who is looked for may be called by. */
export interface Sought {
  /** As it was typed: a reference of the customer or of a promise, or an e-mail address. Capitals make no difference. */
  readonly text: string;
  /** The same as E.164, where it is a phone. */
  readonly phone: string | null;
  /** The same as an id of a promise, where it is one. */
  readonly promiseId: string | null;
}

const MOST_CUSTOMERS = 10;
const MOST_PROMISES = 100;
const MOST_OTHERS = 1_000;

/** Everybody who is called so, at most 10, and what is known of each: of promises the first 100. */
export async function dossiersOf(q: Queryable, { text, phone, promiseId }: Sought): Promise<readonly Dossier[]> {
  const { rows } = await q.query<DossierCustomer>({
    name: 'sought_customers',
    text: `with sought (id) as (
             select id from customers where lower(ref) = lower($1) or phone = $2 or lower(email) = lower($1)
             union select customer_id from promises where lower(ref) = lower($1)
             union select customer_id from promises where id = $3)
           select c.id, c.ref, c.name, c.email, c.phone from customers c join sought using (id)
           order by lower(c.ref) <> lower($1), c.updated_at desc, c.id limit $4`,
    values: [text, phone, promiseId, MOST_CUSTOMERS],
  });
  const nobodys = await q.query<{ id: string }>({
    name: 'sought_nobodys',
    text: `select id from promises where customer_id is null and (lower(ref) = lower($1) or id = $2)
           order by promised_at desc, id limit $3`,
    values: [text, promiseId, MOST_PROMISES],
  });
  const known = await promisesOfEach(q, rows);
  const ids = nobodys.rows.map(({ id }) => id);
  return filled(q, [...known, ...(ids.length === 0 ? [] : [{ customer: null, ids }])]);
}

/** What is known of the customer of a promise; null where there is no such promise. Of nobody's, it alone. */
export const dossierOf = async (q: Queryable, promiseId: string): Promise<Dossier | null> =>
  (await dossiersOfPromises(q, [promiseId])).get(promiseId) ?? null;

/** The same for several promises, by their ids, read once for each customer. */
export async function dossiersOfPromises(
  q: Queryable,
  promiseIds: readonly string[],
): Promise<ReadonlyMap<string, Dossier>> {
  if (promiseIds.length === 0) return new Map();
  const { rows } = await q.query<{ asked: readonly string[]; customer: DossierCustomer | null }>({
    name: 'customers_of',
    text: `select array_agg(p.id) as asked, case when c.id is not null then jsonb_build_object('id', c.id, 'ref', c.ref,
             'name', c.name, 'email', c.email, 'phone', c.phone) end as customer
           from promises p left join customers c on c.id = p.customer_id where p.id = any ($1::uuid[])
           group by c.id, case when c.id is null then p.id end limit 1000`,
    values: [promiseIds],
  });
  const dossiers = new Map<string, Dossier>();
  for (const { asked, customer } of rows) {
    const [holding = { customer, ids: [] }] = customer ? await promisesOfEach(q, [customer]) : [];
    const beyond = asked.filter((id) => !holding.ids.includes(id));
    const [dossier] = await filled(q, [{ ...holding, ids: [...beyond, ...holding.ids] }]);
    if (dossier) for (const id of asked) dossiers.set(id, dossier);
  }
  return dossiers;
}

/** What is told of the customers of promises to somebody who is none of ours and has to call: name and phone, no more. */
export async function calledOf(q: Queryable, promiseIds: readonly string[]): Promise<ReadonlyMap<string, Briefing>> {
  const { rows } = await q.query<{ id: string; name: string | null; phone: string | null }>({
    name: 'called_of',
    text: `select p.id, c.name, c.phone from promises p join customers c on c.id = p.customer_id
           where p.id = any ($1::uuid[]) limit 1000`,
    values: [promiseIds],
  });
  const nothing = { promises: [], notices: [], contacts: [], notes: [], people: new Map<string, string>() };
  return new Map(rows.map(({ id, ...row }) => [id, { customer: { ref: null, email: null, ...row }, ...nothing }]));
}

/** A customer and the ids of her promises, in the order in which they are shown. */
interface Holding {
  readonly customer: DossierCustomer | null;
  readonly ids: readonly string[];
}

async function promisesOfEach(q: Queryable, customers: readonly DossierCustomer[]): Promise<readonly Holding[]> {
  if (customers.length === 0) return [];
  const { rows } = await q.query<{ customerId: string; ids: readonly string[] }>({
    name: 'promises_of_customers',
    text: `select c.id as "customerId", array(
             select p.id from promises p where p.customer_id = c.id
             order by p.closed_at is not null, p.promised_at desc, p.id limit $2) as ids
           from unnest($1::uuid[]) as c (id) limit 1000`,
    values: [customers.map(({ id }) => id), MOST_PROMISES],
  });
  const ids = new Map(rows.map((row) => [row.customerId, row.ids]));
  return customers.map((customer) => ({ customer, ids: ids.get(customer.id) ?? [] }));
}

/** Each with what is known of its promises, read for all of them together. */
async function filled(q: Queryable, holdings: readonly Holding[]): Promise<readonly Dossier[]> {
  const all = holdings.flatMap(({ ids }) => ids);
  const promises = new Map((await promisesById(q, all)).map((promise) => [promise.id, promise]));
  const notices = (await noticesOfAll(q, all)).toReversed();
  const contacts = await contactsOf(q, all);
  const notes = await notesAbout(q, all);
  const people = await namesOf(q, [
    ...[...promises.values()].flatMap(({ owner }) => owner ?? []),
    ...notes.map(({ by }) => by),
  ]);
  return holdings.map(({ customer, ids }) => {
    const own = new Set(ids);
    const ofThese = ({ promiseId }: { readonly promiseId: string }): boolean => own.has(promiseId);
    return {
      customer,
      promises: ids.flatMap((id) => promises.get(id) ?? []),
      notices: notices.filter(ofThese),
      contacts: contacts.filter(ofThese),
      notes: notes.filter(ofThese),
      people,
    };
  });
}

async function contactsOf(q: Queryable, promiseIds: readonly string[]): Promise<readonly Contact[]> {
  const { rows } = await q.query<FactRow & { promiseId: string }>({
    name: 'contacts_of',
    text: `select promise_id as "promiseId", fact_key, kind, occurred_at, data, fresh_until from facts
           where promise_id = any ($1::uuid[]) and kind = 'contacted'
           order by occurred_at desc, promise_id, fact_key limit $2`,
    values: [promiseIds, MOST_OTHERS],
  });
  return rows.flatMap((row) => {
    const fact = factOf(row);
    return fact.kind === 'contacted' ? [{ promiseId: row.promiseId, fact }] : [];
  });
}

async function notesAbout(q: Queryable, promiseIds: readonly string[]): Promise<readonly Note[]> {
  const { rows } = await q.query<Note>({
    name: 'notes_about',
    text: `select ${NOTE_COLUMNS} from notes n where n.promise_id = any ($1::uuid[])
           order by n.at desc, n.id desc limit $2`,
    values: [promiseIds, MOST_OTHERS],
  });
  return rows;
}

async function namesOf(q: Queryable, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await q.query<{ id: string; name: string }>({
    name: 'names_of',
    text: 'select id, name from people where id = any ($1::text[]) limit 1000',
    values: [[...new Set(ids)]],
  });
  return new Map(rows.map(({ id, name }) => [id, name]));
}
