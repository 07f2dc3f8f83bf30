import { everybody, type StaffMember } from './duty.ts';
import type { Queryable, Tx } from './pool.ts';
import { slotsOfDay, slotStart, staffed, type StaffedSlot } from '../domain/calendar/slots.ts';
import { plusDuration } from '../domain/calendar/durations.ts';
import { dayOf, plusDays } from '../domain/calendar/zones.ts';
import type { SlotRule } from '../domain/policy/policy.ts';
import { earlier, later, type Instant, type Zone } from '../domain/promise/instant.ts';

/** The slots of a kind: by what they are made. */
export interface SlotKind {
  readonly kind: string;
  readonly rule: SlotRule;
  /** The company's: on its wall clock they begin. */
  readonly zone: Zone;
}

/** A slot with the places that are left. */
export interface OfferedSlot extends StaffedSlot<StaffMember> {
  readonly free: number;
  /** Places taken, by the owner of the promise that takes them; those without one under ''. */
  readonly takenBy: ReadonlyMap<string, number>;
}

/** Who takes the calls of a kind, the people of partners left out: the policy's team, else the teams that serve it, else everybody. */
export async function callersOf(q: Queryable, { kind, rule }: SlotKind): Promise<readonly StaffMember[]> {
  const people = (await everybody(q)).filter(({ partner }) => partner === null);
  if (rule.team !== null) return people.filter(({ team }) => team === rule.team);
  const { rows } = await q.query<{ id: string }>({
    name: 'teams_of_kind',
    text: 'select id from teams where $1 = any (kinds) limit 1000',
    values: [kind],
  });
  if (rows.length === 0) return people;
  const teams = new Set(rows.map(({ id }) => id));
  return people.filter(({ team }) => team !== null && teams.has(team));
}

export interface SlotSearch {
  /** Slots that begin then or later; never one that has begun. */
  readonly from?: Instant;
  /** Slots that begin before. */
  readonly to?: Instant;
  /** At most so many. */
  readonly limit: number;
  /** Which of them; left out: all of them. */
  readonly wanted?: (slot: OfferedSlot) => boolean;
}

/** The slots in which somebody is on duty, full ones too, in order: those that have not begun, as far ahead as the policy says. */
export async function offeredSlots(
  q: Queryable,
  slots: SlotKind,
  now: Instant,
  { from = now, to, limit, wanted = () => true }: SlotSearch,
): Promise<readonly OfferedSlot[]> {
  const callers = await callersOf(q, slots);
  const horizon = plusDuration(now, slots.rule.ahead, slots.zone);
  const first = later(from, now);
  const end = to === undefined ? horizon : earlier(to, horizon);
  const found: OfferedSlot[] = [];
  for (let day = dayOf(first, slots.zone); found.length < limit && first < end; day = plusDays(day, 1)) {
    const ofDay = slotsOfDay(slots.kind, slots.rule.length, day, slots.zone);
    if ((ofDay[0]?.from ?? first) >= end || day > dayOf(end, slots.zone)) break;
    const wishable = ofDay.filter((slot) => slot.from > now && slot.from >= first && slot.from < end);
    found.push(...(await withPlaces(q, staffed(wishable, callers))).filter(wanted));
  }
  return found.slice(0, limit);
}

/** The slot of an id, as it is offered now; null for one that is not: begun, too far ahead, nobody on duty, or none at all. */
export async function offeredSlot(
  q: Queryable,
  slots: SlotKind,
  now: Instant,
  id: string,
): Promise<OfferedSlot | null> {
  const from = slotStart(id, slots.kind);
  if (from === null || from <= now) return null;
  const [slot] = await offeredSlots(q, slots, now, { from, limit: 1 });
  return slot?.id === id ? slot : null;
}

async function withPlaces(q: Queryable, slots: readonly StaffedSlot<StaffMember>[]): Promise<readonly OfferedSlot[]> {
  const open = slots.filter(({ capacity }) => capacity > 0);
  if (open.length === 0) return [];
  const taken = await takenIn(
    q,
    open.map(({ id }) => id),
  );
  return open.map((slot) => {
    const takenBy = taken.get(slot.id) ?? new Map<string, number>();
    const all = [...takenBy.values()].reduce((sum, each) => sum + each, 0);
    return { ...slot, takenBy, free: Math.max(0, slot.capacity - all) };
  });
}

/** A place is taken by each open promise that names the slot (index promises_by_slot). */
async function takenIn(
  q: Queryable,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  const { rows } = await q.query<{ slot: string; owner: string; taken: number }>({
    name: 'places_taken',
    text: `select slot, coalesce(owner, '') as owner, count(*)::int as taken from promises
           where slot = any ($1::text[]) and closed_at is null group by 1, 2 limit 100000`,
    values: [ids],
  });
  const taken = new Map<string, Map<string, number>>();
  for (const row of rows) {
    const of = taken.get(row.slot) ?? new Map<string, number>();
    taken.set(row.slot, of.set(row.owner, row.taken));
  }
  return taken;
}

/**
 * Whoever takes places of a kind waits for whoever is taking some: what is counted after this stays true until the commit.
 * First of all locks, so that nobody who holds another one waits for it.
 */
export async function lockSlots(tx: Tx, kinds: readonly string[]): Promise<void> {
  for (const kind of [...new Set(kinds)].toSorted())
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('kept slots ' || $1, 0))`, [kind]);
}
