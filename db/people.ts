import { saveCompany } from './company.ts';
import { inTransaction, type Pool, type Queryable } from './pool.ts';
import type { Person } from './shapes.ts';

/** The row of `people` that holds the contact of last resort. */
export const HOTLINE = 'hotline';

export interface Staff {
  readonly people: readonly Person[];
  readonly hotline: Person;
  /** The company's own zone: counts days where neither promise nor customer has one. Null: what is stored stays. */
  readonly zone: string | null;
}

/** Replaces the staff by what the files say; who is no longer there is no longer known. */
export async function savePeople(pool: Pool, { people, hotline, zone }: Staff): Promise<void> {
  await inTransaction(pool, async (tx) => {
    const all = JSON.stringify([...people, { ...hotline, id: HOTLINE }]);
    await tx.query('delete from people where id not in (select id from jsonb_to_recordset($1::jsonb) as p (id text))', [
      all,
    ]);
    await tx.query(
      `insert into people (id, name, email, phone, lead, manager)
       select id, name, email, phone, lead, manager
       from jsonb_to_recordset($1::jsonb) as p (id text, name text, email text, phone text, lead text, manager text)
       on conflict (id) do update set name = excluded.name, email = excluded.email, phone = excluded.phone,
         lead = excluded.lead, manager = excluded.manager`,
      [all],
    );
    if (zone !== null) await saveCompany(tx, { zone });
  });
}

/** The named owners with their leads and managers (their own, else their lead's), and the hotline. Unknown ids are absent. */
export async function staffOf(q: Queryable, ownerIds: readonly string[]): Promise<ReadonlyMap<string, Person>> {
  const { rows } = await q.query<Person>({
    name: 'staff_of',
    text: `with recursive staff (id) as (
             select unnest($1::text[])
             union select unnest(array[p.lead, p.manager]) from people p join staff using (id)
           )
           select id, name, email, phone, lead, manager from people
           where id in (select id from staff) or id = 'hotline' limit 1000`,
    values: [ownerIds],
  });
  return new Map(rows.map((person) => [person.id, person]));
}

/** The one person a customer may turn to. */
export interface ContactPerson {
  readonly role: 'owner' | 'hotline';
  readonly person: Person;
}

/** The owner; the hotline where nobody of that id is known; null where no hotline is stored either. */
export function contactOf(owner: string | null, staff: ReadonlyMap<string, Person>): ContactPerson | null {
  const person = owner === null ? undefined : staff.get(owner);
  if (person) return { role: 'owner', person };
  const hotline = staff.get(HOTLINE);
  return hotline ? { role: 'hotline', person: hotline } : null;
}
