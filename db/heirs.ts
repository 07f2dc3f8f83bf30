import { companyZone } from './company.ts';
import { isOursOr, membersOf, teamFor, type StaffMember } from './duty.ts';
import { HOTLINE } from './people.ts';
import type { Queryable } from './pool.ts';
import { ownerFor, type Candidate, type RotaMember } from '../domain/calendar/owner-rule.ts';
import { dayOf, plusDays, startOfDay } from '../domain/calendar/zones.ts';
import { plusMs, type Instant } from '../domain/promise/instant.ts';

/** A promise that needs somebody to answer for it. */
export interface Ownerless {
  readonly kind: string;
  readonly targetAt: Instant;
  /** As it names it: its own people may answer for it, those of another partner may not. */
  readonly partner: string | null;
  /** Who is asked before the team. */
  readonly first: readonly string[];
}

/** Gives promises to people, one after the other, and remembers what it gave: the next one goes to who has less to do. */
export interface Heirs {
  /** Who answers for a promise from now on; null: nobody is there. */
  give(promise: Ownerless): Promise<string | null>;
}

export interface HeirOptions {
  readonly now: Instant;
  /** Whose promises are given away: never to them, their lead being the last to be asked. Null: nobody's, as with new ones. */
  readonly from: string | null;
  /** What is asked after the team and before the lead: their deputy, where nobody better is known. */
  readonly deputyLast?: boolean;
}

/** Reads each team once, with what its members have to do today. */
export function createHeirs(q: Queryable, { now, from, deputyLast = false }: HeirOptions): Heirs {
  const teams = new Map<
    string,
    Promise<{ readonly rota: readonly Partnered<RotaMember>[]; readonly leads: readonly Partnered<Candidate>[] }>
  >();
  const people = new Map<string, Partnered<Candidate> | null>();
  const given = new Map<string, { dueToday: number; lastGivenAt: Instant }>();
  const today = once(() => todayOf(q, now));
  const own = once(() => (from === null ? Promise.resolve(null) : leadsOf(q, from, deputyLast)));
  let count = 0;

  const teamOf = (kind: string) => {
    const known = teams.get(kind) ?? readTeam(q, kind, from, now);
    teams.set(kind, known);
    return known;
  };
  const known = async (ids: readonly string[]): Promise<readonly Partnered<Candidate>[]> => {
    const missing = ids.filter((id) => !people.has(id));
    if (missing.length > 0) {
      const members = await membersOf(q, missing);
      for (const id of missing) people.set(id, members.get(id) ?? null);
    }
    return ids.flatMap((id) => (id === HOTLINE || id === from ? [] : (people.get(id) ?? [])));
  };

  return {
    give: async ({ kind, targetAt, partner, first }) => {
      const mayHave = (candidate: Pick<StaffMember, 'partner'>): boolean => isOursOr(partner, candidate);
      const { rota, leads } = await teamOf(kind);
      const above = (await own()) ?? leads;
      const busy = rota.map((member) => {
        const more = given.get(member.id);
        return more ? { ...member, dueToday: member.dueToday + more.dueToday, lastGivenAt: more.lastGivenAt } : member;
      });
      const heir = ownerFor(
        { first: (await known(first)).filter(mayHave), rota: busy.filter(mayHave), leads: above.filter(mayHave) },
        now,
        targetAt,
      );
      if (heir === null) return null;
      const [begins, ends] = await today();
      count += 1;
      given.set(heir, {
        dueToday: (given.get(heir)?.dueToday ?? 0) + (targetAt >= begins && targetAt < ends ? 1 : 0),
        // Within one moment, too, whoever got one is behind who did not.
        lastGivenAt: plusMs(now, count),
      });
      return heir;
    },
  };
}

/** With the partner whose own people they belong to. */
type Partnered<C> = C & Pick<StaffMember, 'partner'>;

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => (answer ??= read());
}

/** The first and the end of the company's day. */
async function todayOf(q: Queryable, now: Instant): Promise<readonly [Instant, Instant]> {
  const zone = await companyZone(q);
  const day = dayOf(now, zone);
  return [startOfDay(day, zone), startOfDay(plusDays(day, 1), zone)];
}

async function readTeam(q: Queryable, kind: string, from: string | null, now: Instant) {
  const served = await teamFor(q, kind);
  // Where no team serves the kind, whoever gives it away has one perhaps.
  const members = served.length > 0 || from === null ? served : await teamMatesOf(q, from);
  const others = members.filter(({ id }) => id !== from);
  const leads = await membersOf(
    q,
    others.map(({ id }) => id),
  );
  return {
    rota: await rotaOf(q, others, now),
    leads: distinct(others.flatMap(({ lead }) => (lead === null ? [] : (leads.get(lead) ?? [])))),
  };
}

const distinct = <C extends Candidate>(candidates: readonly C[]): readonly C[] =>
  candidates.filter(({ id }, place) => candidates.findIndex((other) => other.id === id) === place);

async function teamMatesOf(q: Queryable, id: string): Promise<readonly StaffMember[]> {
  const { rows } = await q.query<{ id: string }>({
    name: 'team_mates',
    text: 'select id from people where team = (select team from people where id = $1) order by id limit 1000',
    values: [id],
  });
  const members = await membersOf(
    q,
    rows.map((row) => row.id),
  );
  return rows.flatMap((row) => members.get(row.id) ?? []);
}

/** Members with their open promises whose target is today, and when the newest promise came to them. */
async function rotaOf(
  q: Queryable,
  members: readonly StaffMember[],
  now: Instant,
): Promise<readonly Partnered<RotaMember>[]> {
  if (members.length === 0) return [];
  const [from, to] = await todayOf(q, now);
  const { rows } = await q.query<Pick<RotaMember, 'id' | 'dueToday' | 'lastGivenAt'>>({
    name: 'rota_of',
    text: `select m.id,
             (select count(*) from promises where owner = m.id and closed_at is null and not history
                and target_at >= $2 and target_at < $3) as "dueToday",
             (select coalesce(owned_since, created_at) from promises where owner = m.id and not history
                order by coalesce(owned_since, created_at) desc limit 1) as "lastGivenAt"
           from unnest($1::text[]) as m (id) limit 1000`,
    values: [members.map(({ id }) => id), from, to],
  });
  const loads = new Map(rows.map((row) => [row.id, row]));
  return members.map(({ id, duty, partner }) => {
    const { dueToday = 0, lastGivenAt = null } = loads.get(id) ?? {};
    return { id, duty, partner, dueToday, lastGivenAt };
  });
}

/** Upwards from somebody: their lead, that one's lead, and so on, each once; `deputyLast`: after their deputy. */
export async function leadsOf(q: Queryable, id: string, deputyLast = false): Promise<readonly StaffMember[]> {
  const members = await membersOf(q, [id]);
  const person = members.get(id);
  const above: StaffMember[] = [];
  for (let lead = member(person?.lead, members); lead; lead = member(lead.lead, members)) {
    if (lead.id === id || above.includes(lead)) break;
    above.push(lead);
  }
  const deputy = deputyLast ? member(person?.deputy, members) : undefined;
  return deputy && deputy.id !== id ? [deputy, ...above] : above;
}

const member = (id: string | null | undefined, members: ReadonlyMap<string, StaffMember>): StaffMember | undefined =>
  typeof id === 'string' ? members.get(id) : undefined;

/** Of each customer, by ref, the owner who got one of her promises last. Those of `except` do not count. */
export async function lastOwners(
  q: Queryable,
  refs: readonly string[],
  except: string | null,
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await q.query<{ ref: string; owner: string }>({
    name: 'last_owners',
    text: `select c.ref, l.owner from customers c cross join lateral (
             select p.owner from promises p where p.customer_id = c.id and p.owner is not null and p.owner is distinct from $2
               and not p.history and exists (select from people where id = p.owner)
             order by coalesce(p.owned_since, p.created_at) desc, p.id desc limit 1) l
           where c.ref = any ($1::text[]) limit 1000`,
    values: [refs, except],
  });
  return new Map(rows.map(({ ref, owner }) => [ref, owner]));
}
