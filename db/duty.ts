import { v7 as uuid } from 'uuid';
import { readCalendar } from './calendars.ts';
import { HOTLINE } from './people.ts';
import type { Queryable } from './pool.ts';
import type { Person } from './shapes.ts';
import { ALWAYS, isAway, isOnDuty, type Duty } from '../domain/calendar/duty.ts';
import type { Absence, Weekday } from '../domain/calendar/absences.ts';
import type { Instant, Zone } from '../domain/promise/instant.ts';
import type { Rung } from '../domain/promise/words.ts';

/** One of the staff with when they work. Of the hotline nothing is known but that it is there. */
export interface StaffMember extends Person {
  /** The id of their calendar; null: always. */
  readonly hours: string | null;
  readonly deputy: string | null;
  readonly team: string | null;
  /** Calls they take at once. */
  readonly parallel: number;
  /** The partner whose own people they belong to. */
  readonly partner: string | null;
  readonly absences: readonly StoredAbsence[];
  readonly duty: Duty;
}

export type StoredAbsence = Absence & { readonly id: string };

/**
 * The named ones, with everybody who stands in for them or above them, the people of these partners, and the hotline.
 * Unknown ids are absent.
 */
export async function membersOf(
  q: Queryable,
  ids: readonly string[],
  partners: readonly string[] = [],
): Promise<ReadonlyMap<string, StaffMember>> {
  const { rows } = await q.query<MemberRow>({
    name: 'members_of',
    text: `with recursive staff (id) as (
             select unnest($1::text[])
             union select unnest(array[p.lead, p.manager, p.deputy]) from people p join staff using (id)
           )
           ${SELECT} where p.id in (select id from staff) or p.partner = any ($2::text[]) or p.id = 'hotline' order by p.id limit 10000`,
    values: [ids, partners],
  });
  return new Map(rows.map((row) => [row.id, memberOf(row)]));
}

/** The most people that a company has here. */
const MOST = 10_000;

/** Everybody but the hotline, by id. */
export async function everybody(q: Queryable): Promise<readonly StaffMember[]> {
  const { rows } = await q.query<MemberRow>({
    name: 'everybody',
    text: `${SELECT} where p.id <> 'hotline' order by p.id limit $1`,
    values: [MOST],
  });
  return rows.map(memberOf);
}

/** Those who are ever away. */
export async function everybodyWithAbsences(q: Queryable): Promise<readonly StaffMember[]> {
  const { rows } = await q.query<MemberRow>({
    name: 'everybody_with_absences',
    text: `${SELECT} where p.id <> 'hotline' and exists (select from absences a where a.person = p.id) order by p.id limit $1`,
    values: [MOST],
  });
  return rows.map(memberOf);
}

/** Those of the teams that serve a kind, by id; none: no team does. */
export async function teamFor(q: Queryable, kind: string): Promise<readonly StaffMember[]> {
  const { rows } = await q.query<MemberRow>({
    name: 'team_for',
    text: `${SELECT} where p.team in (select id from teams where $1 = any (kinds)) order by p.id limit 1000`,
    values: [kind],
  });
  return rows.map(memberOf);
}

/** The kinds that some team serves. */
export async function teamKinds(q: Queryable): Promise<ReadonlySet<string>> {
  const { rows } = await q.query<{ kind: string }>({
    name: 'team_kinds',
    text: 'select distinct unnest(kinds) as kind from teams limit 1000',
  });
  return new Set(rows.map(({ kind }) => kind));
}

/** Whom a customer may turn to at an instant. */
export interface ContactPerson {
  readonly role: 'owner' | 'deputy' | 'hotline';
  readonly person: Person;
}

/**
 * Somebody who is on duty: the owner, else their deputy, else the hotline; null where none of them is known. The people of
 * another partner are nobody here. `staff` holds the owner with their deputy, and the hotline.
 */
export function contactOf(
  { owner, partner }: Alerting,
  staff: ReadonlyMap<string, StaffMember>,
  at: Instant,
): ContactPerson | null {
  const known = (id: string): StaffMember | undefined => {
    const member = id === HOTLINE ? undefined : staff.get(id);
    return member && isOursOr(partner, member) ? member : undefined;
  };
  const person = owner === null ? undefined : known(owner);
  if (person && isOnDuty(person.duty, at)) return { role: 'owner', person };
  const deputy = person && person.deputy !== null ? known(person.deputy) : undefined;
  if (deputy && isOnDuty(deputy.duty, at)) return { role: 'deputy', person: deputy };
  const hotline = staff.get(HOTLINE);
  return hotline ? { role: 'hotline', person: hotline } : null;
}

/** A promise as far as it says who has to do with it. */
export interface Alerting {
  readonly owner: string | null;
  /** As it names it. */
  readonly partner: string | null;
}

/**
 * Who is alerted on a rung: the owner, their lead, their manager or their lead's; the hotline where the owner is not known;
 * in place of somebody who is away their deputy, where that one is on duty. Null: nobody is named for it. The people of
 * another partner are nobody here.
 */
export function alertedOn(
  promise: Alerting,
  rung: Rung,
  staff: ReadonlyMap<string, StaffMember>,
  at: Instant,
): string | null {
  const [holder, deputy] = holdersOf(promise, rung, staff).map((id) => staff.get(id));
  if (holder && deputy && isAway(holder.duty, at) && isOnDuty(deputy.duty, at)) return deputy.id;
  return holdersOf(promise, rung, staff)[0] ?? null;
}

/**
 * Who is told of what concerns no single promise: every manager, in place of one who is away their deputy, where that one is
 * on duty; the hotline where there is none. The people of partners are nobody here.
 */
export function managersOn(everyone: readonly StaffMember[], at: Instant): readonly string[] {
  const ours = everyone.filter(({ partner }) => partner === null);
  const known = new Map(ours.map((member) => [member.id, member]));
  const managers = [...new Set(ours.flatMap(({ manager }) => known.get(manager ?? '') ?? []))];
  const told = managers.map((holder) => {
    const deputy = known.get(holder.deputy ?? '');
    return deputy && isAway(holder.duty, at) && isOnDuty(deputy.duty, at) ? deputy.id : holder.id;
  });
  return told.length === 0 ? [HOTLINE] : [...new Set(told)].sort();
}

/** Whose rung it is, and who stands in for them; whether anybody is there does not matter. */
export function holdersOf(
  { owner, partner }: Alerting,
  rung: Rung,
  staff: ReadonlyMap<string, StaffMember>,
): readonly string[] {
  const known = (id: string | null): StaffMember | undefined => {
    const member = id === null ? undefined : staff.get(id);
    return member && isOursOr(partner, member) ? member : undefined;
  };
  const person = owner === null ? undefined : staff.get(owner);
  if (!person || (rung === 'owner' && !known(owner))) return [HOTLINE];
  const member = known(onRung(person, rung, staff));
  return member ? [member, known(member.deputy)].flatMap((each) => each?.id ?? []) : [];
}

/** Whether somebody has to do with promises that name this partner: our own staff with all, its own people with its. */
export const isOursOr = (partner: string | null, member: Pick<StaffMember, 'partner'>): boolean =>
  member.partner === null || member.partner === partner;

/** The people of a partner by id: those who are not away, or all of them where everybody is. */
export function alertedOf(
  partner: string,
  staff: ReadonlyMap<string, StaffMember>,
  at: Instant,
): readonly StaffMember['id'][] {
  const theirs = [...staff.values()].filter((member) => member.partner === partner && member.id !== HOTLINE);
  const present = theirs.filter(({ duty }) => !isAway(duty, at));
  return (present.length > 0 ? present : theirs).map(({ id }) => id).sort();
}

function onRung(owner: Person, rung: Rung, staff: ReadonlyMap<string, Person>): string | null {
  switch (rung) {
    case 'owner':
      return owner.id;
    case 'lead':
      return owner.lead;
    case 'manager':
      return owner.manager ?? (owner.lead === null ? null : (staff.get(owner.lead)?.manager ?? null));
  }
}

/** Stores an absence that a route was told of. `isNew` false: it was there already, under this id. */
export async function addAbsence(
  q: Queryable,
  person: string,
  absence: Absence,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const values = [uuid(), person, 'every' in absence ? absence.every : null, absence.from, absence.to];
  const { rows: added } = await q.query<{ id: string }>(
    `insert into absences (id, person, every, starts, ends, given) values ($1, $2, $3, $4, $5, 'route')
     on conflict do nothing returning id`,
    values,
  );
  const [row] = added;
  if (row) return { id: row.id, isNew: true };
  // From now on it stays, also where the file that gave it no longer does.
  const { rows } = await q.query<{ id: string }>(
    `update absences set given = 'route' where person = $1 and coalesce(every, '') = coalesce($2, '') and starts = $3
       and ends = $4 returning id`,
    values.slice(1),
  );
  return rows[0] ? { id: rows[0].id, isNew: false } : addAbsence(q, person, absence);
}

/** Takes an absence away; one that is not there is as good as taken away. */
export async function removeAbsence(q: Queryable, person: string, id: string): Promise<void> {
  await q.query('delete from absences where person = $1 and id = $2', [person, id]);
}

interface MemberRow extends Omit<StaffMember, 'duty' | 'absences'> {
  readonly zone: Zone;
  readonly version: number | null;
  readonly document: unknown;
  readonly absences: readonly {
    readonly id: string;
    readonly every: Weekday | null;
    readonly starts: string;
    readonly ends: string;
  }[];
}

/** A calendar counts in its newest version: hours are of today, not of when a promise was made. */
const SELECT = `
select p.id, p.name, p.email, p.phone, p.lead, p.manager, p.hours, p.deputy, p.team, p.parallel, p.partner,
  coalesce((select zone from company limit 1), 'UTC') as zone, c.version, c.document,
  coalesce((select json_agg(json_build_object('id', a.id, 'every', a.every, 'starts', a.starts, 'ends', a.ends)
    order by a.created_at, a.id) from absences a where a.person = p.id), '[]') as absences
from people p left join lateral (
  select version, document from calendars where id = p.hours order by version desc limit 1
) c on true`;

function memberOf({ zone, version, document, absences: rows, ...member }: MemberRow): StaffMember {
  const absences = rows.map(({ id, every, starts: from, ends: to }): StoredAbsence =>
    every ? { id, every, from, to } : { id, from, to },
  );
  if (member.id === HOTLINE) return { ...member, absences, duty: ALWAYS };
  const hours =
    member.hours === null || version === null ? null : readCalendar({ id: member.hours, version, document });
  return { ...member, absences, duty: { hours, zone: hours?.zone ?? zone, absences } };
}
