import { saveCompany } from './company.ts';
import { v7 as uuid } from 'uuid';
import { inTransaction, type Pool, type Queryable } from './pool.ts';
import type { Person } from './shapes.ts';
import type { Absence } from '../domain/calendar/absences.ts';

/** The row of `people` that holds the contact of last resort. */
export const HOTLINE = 'hotline';

/** Of those who leave at once; more than that wait for their own time. */
const MOST_ALERTS = 100_000;

/** One of the staff as a file or a request says it; what is left out is nothing. */
export interface PersonData extends Person {
  /** The id of a calendar; null: always on duty. */
  readonly hours?: string | null;
  readonly deputy?: string | null;
  readonly team?: string | null;
  /** Calls they take at once; 1 where it is left out. */
  readonly parallel?: number;
  readonly partner?: string | null;
  readonly absences?: readonly Absence[];
}

/** Who serves which kinds of promises. */
export interface Team {
  readonly id: string;
  readonly kinds: readonly string[];
}

export interface Staff {
  readonly people: readonly PersonData[];
  readonly hotline: Person;
  /** Left out: none. */
  readonly teams?: readonly Team[];
  /** The company's own zone: counts days where neither promise nor customer has one. Null: what is stored stays. */
  readonly zone: string | null;
}

/**
 * Replaces what a file said of the staff by what it says now. Who was put there by a route stays, unless the file names
 * them, too; so do absences that a route was told of.
 */
export async function savePeople(pool: Pool, { people, hotline, teams = [], zone }: Staff): Promise<void> {
  await inTransaction(pool, async (tx) => {
    // Each of several processes that start together replaces all of it.
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('kept people', 0))`);
    const all = [...people, { ...hotline, id: HOTLINE }];
    const ids = all.map(({ id }) => id);
    await tx.query(
      `with gone as (delete from people where given = 'file' and id <> all ($1::text[]) returning id)
       -- What they were alerted to is for whoever stands there now: the next sweep looks.
       update staff_alerts set due_at = clock_timestamp() where id in (
         select id from staff_alerts where person in (select id from gone) and acknowledged_at is null and ended_at is null
           and reason <> 'handed_over' order by id limit $2 for update)`,
      [ids, MOST_ALERTS],
    );
    await putPeople(tx, all, 'file');
    await tx.query(`delete from absences where given = 'file'`);
    const absences = people.flatMap((person) => absenceRows(person));
    await tx.query(
      `insert into absences (id, person, every, starts, ends, given)
       select id, person, every, starts, ends, 'file'
       from jsonb_to_recordset($1::jsonb) as a (id uuid, person text, every text, starts text, ends text)
       on conflict do nothing`,
      [JSON.stringify(absences)],
    );
    await tx.query('delete from teams');
    await tx.query(
      `insert into teams (id, kinds) select id, kinds from jsonb_to_recordset($1::jsonb) as t (id text, kinds text[])`,
      [JSON.stringify(teams)],
    );
    if (zone !== null) await saveCompany(tx, { zone });
  });
}

/** Stores one of the staff as a route was told, absences included where it names any; a file that names them, too, wins. */
export async function putPerson(pool: Pool, person: PersonData): Promise<void> {
  await inTransaction(pool, async (tx) => {
    await putPeople(tx, [person], 'route');
    if (!person.absences) return;
    await tx.query('delete from absences where person = $1', [person.id]);
    await tx.query(
      `insert into absences (id, person, every, starts, ends, given)
       select id, person, every, starts, ends, 'route'
       from jsonb_to_recordset($1::jsonb) as a (id uuid, person text, every text, starts text, ends text)
       on conflict do nothing`,
      [JSON.stringify(absenceRows(person))],
    );
  });
}

async function putPeople(q: Queryable, people: readonly PersonData[], given: 'file' | 'route'): Promise<void> {
  await q.query(
    `insert into people (id, name, email, phone, lead, manager, hours, deputy, team, parallel, partner, given)
     select id, name, email, phone, lead, manager, hours, deputy, team, coalesce(parallel, 1), partner, $2
     from jsonb_to_recordset($1::jsonb) as p (id text, name text, email text, phone text, lead text, manager text,
       hours text, deputy text, team text, parallel int, partner text)
     on conflict (id) do update set name = excluded.name, email = excluded.email, phone = excluded.phone,
       lead = excluded.lead, manager = excluded.manager, hours = excluded.hours, deputy = excluded.deputy,
       team = excluded.team, parallel = excluded.parallel, partner = excluded.partner, given = excluded.given`,
    [JSON.stringify(people), given],
  );
}

const absenceRows = ({ id: person, absences = [] }: PersonData) =>
  absences.map((absence) => ({
    id: uuid(),
    person,
    every: 'every' in absence ? absence.every : null,
    starts: absence.from,
    ends: absence.to,
  }));

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

/** Everybody of the staff by name, as a choice; the hotline is nobody. */
export async function staffNames(q: Queryable): Promise<readonly Pick<Person, 'id' | 'name'>[]> {
  const { rows } = await q.query<Pick<Person, 'id' | 'name'>>({
    name: 'staff_names',
    text: 'select id, name from people where id <> $1 order by name, id limit 1000',
    values: [HOTLINE],
  });
  return rows;
}
