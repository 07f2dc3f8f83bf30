import { KeptError } from './fault-fields.ts';
import { lastOwners } from './heirs.ts';
import { createFlush } from './flush.ts';
import { insertPromises, type NewPromise } from './insert-promises.ts';
import { databaseNow, inTransaction, type Pool, type Queryable, type Tx } from './pool.ts';
import { promisesById } from './promises.ts';
import { existingOf, keyOf, registeredAt } from './register.ts';
import type { Registered, Registration } from './shapes.ts';
import { lockSlots, offeredSlot, offeredSlots, type OfferedSlot, type SlotKind } from './slots.ts';
import { nextOf } from '../domain/calendar/owner-rule.ts';
import { slotStart, type Caller, type Slot } from '../domain/calendar/slots.ts';
import type { Instant } from '../domain/promise/instant.ts';

/** A promise that is to be registered with a place in a slot. */
export interface SlotRequest {
  readonly source: string;
  readonly ref: string;
  readonly bodyHash: Buffer;
  readonly slots: SlotKind;
  /** By her reference the customer's last owner is known. */
  readonly customerRef: string;
  /** The id of a slot, or the first that has a free place. */
  readonly wish: string;
  /** The promise for this slot; `owner` for one that names none. Null: the policy refuses it, so the next one is tried. */
  readonly registrationFor: (slot: Slot, owner: string | null) => Registration | null;
}

/** The wish for the first slot that has a free place. */
export const NEXT = 'next';

/** `unknown`: no slot of this id is offered. `taken`: it is full, or there is none at all; with the next ones that are free. */
export type SlotAnswer =
  Registered | { readonly result: 'unknown' } | { readonly result: 'taken'; readonly next: readonly OfferedSlot[] };

export interface SlotRegistrar {
  /** As `Registrar.register`, with a place; the same request again is answered with the place it has. */
  register(request: SlotRequest): Promise<SlotAnswer>;
}

const MAX_BATCH = 256;
/** How many are looked at for one that the policy does not refuse. */
const LOOKED_AT = 200;
/** So many free ones are named where the one wished for is full. */
export const NAMED = 3;

/** One transaction at a time takes places, for all requests that wait: a slot of 100 gives exactly 100. */
export function createSlotRegistrar(pool: Pool): SlotRegistrar {
  return {
    register: createFlush({
      store: (batch: readonly SlotRequest[]) => inTransaction(pool, (tx) => store(tx, batch)),
      maxBatch: MAX_BATCH,
      maxInFlight: 1,
    }),
  };
}

async function store(tx: Tx, batch: readonly SlotRequest[]): Promise<readonly SlotAnswer[]> {
  await lockSlots(
    tx,
    batch.map(({ slots }) => slots.kind),
  );
  const now = await databaseNow(tx);
  const before = await existingOf(tx, batch);
  const owners = await lastOwners(tx, [...new Set(batch.map(({ customerRef }) => customerRef))], null);
  const places = createPlaces(tx, now, owners);
  const placed = new Map<string, NewPromise>();
  const without = new Map<SlotRequest, 'unknown' | 'taken'>();
  for (const request of batch) {
    const key = keyOf(request);
    // Told twice in one batch it takes one place.
    if (before.has(key) || placed.has(key)) continue;
    const given = await places.give(request);
    if (typeof given === 'string') without.set(request, given);
    else placed.set(key, { ...given, facts: [{ ...registeredAt(given, now), slot: given.slot }] });
  }
  const created = await insertPromises(tx, [...placed.values()], { now, customers: 'given' });
  return answersOf(tx, batch, { created, without, now });
}

interface Stored {
  readonly created: ReadonlySet<string>;
  readonly without: ReadonlyMap<SlotRequest, 'unknown' | 'taken'>;
  readonly now: Instant;
}

async function answersOf(
  tx: Tx,
  batch: readonly SlotRequest[],
  { created, without, now }: Stored,
): Promise<readonly SlotAnswer[]> {
  const stored = await existingOf(
    tx,
    batch.filter((request) => !without.has(request)),
  );
  const ids = [...stored.values()].map(({ id }) => id);
  const promises = new Map((await promisesById(tx, ids)).map((promise) => [promise.id, promise]));
  const others = new Map<string, Promise<readonly OfferedSlot[]>>();
  const answered = new Set<string>();
  const answers: SlotAnswer[] = [];
  for (const request of batch) {
    const why = without.get(request);
    if (why === 'taken') {
      // The same for all that wished for the same: after this flush, so that what it gave is not named as free.
      const next = others.get(`${request.slots.kind} ${request.wish}`) ?? freeAfter(tx, request, now);
      others.set(`${request.slots.kind} ${request.wish}`, next);
      answers.push({ result: 'taken', next: await next });
    } else if (why === 'unknown') {
      answers.push({ result: 'unknown' });
    } else {
      const twin = stored.get(keyOf(request));
      const promise = promises.get(twin?.id ?? '');
      if (!twin || !promise) throw new KeptError('A registered promise could not be read back.');
      const isNew = created.has(promise.id) && !answered.has(promise.id);
      answered.add(promise.id);
      const isSame = twin.body_hash.equals(request.bodyHash);
      answers.push({ result: isSame ? (isNew ? 'created' : 'existing') : 'clash', promise });
    }
  }
  return answers;
}

/** The next slots with a free place: after the one wished for, else from now on. */
const freeAfter = (q: Queryable, { slots, wish }: Pick<SlotRequest, 'slots' | 'wish'>, now: Instant) => {
  const from = slotStart(wish, slots.kind) ?? now;
  return offeredSlots(q, slots, now, { from, limit: NAMED, wanted: ({ id, free }) => free > 0 && id !== wish });
};

/** The places of a flush: what is given is gone for those who come later in it. */
function createPlaces(tx: Tx, now: Instant, lastOwnerOf: ReadonlyMap<string, string>) {
  const known = new Map<string, Filling | null>();
  const firstFree = new Map<string, readonly Filling[]>();

  const filling = (slot: OfferedSlot): Filling => {
    const one = known.get(slot.id) ?? { slot, free: slot.free, takenBy: new Map(slot.takenBy) };
    known.set(slot.id, one);
    return one;
  };
  const named = async ({ slots, wish }: SlotRequest): Promise<Filling | null> => {
    const one = known.get(wish);
    if (one !== undefined) return one;
    const slot = await offeredSlot(tx, slots, now, wish);
    if (slot) return filling(slot);
    known.set(wish, null);
    return null;
  };
  const inOrder = async ({ slots }: SlotRequest): Promise<readonly Filling[]> => {
    const wanted = ({ free }: OfferedSlot): boolean => free > 0;
    const all =
      firstFree.get(slots.kind) ?? (await offeredSlots(tx, slots, now, { limit: LOOKED_AT, wanted })).map(filling);
    firstFree.set(slots.kind, all);
    return all;
  };
  const take = async (request: SlotRequest, into: Filling): Promise<PlacedRegistration | null> => {
    if (into.free === 0) return null;
    const owner = await nextOwner(tx, into, lastOwnerOf.get(request.customerRef));
    const registration = request.registrationFor(into.slot, owner);
    if (!registration) return null;
    into.free -= 1;
    const by = registration.owner ?? '';
    into.takenBy.set(by, (into.takenBy.get(by) ?? 0) + 1);
    return { ...registration, slot: into.slot.id };
  };

  return {
    give: async (request: SlotRequest): Promise<PlacedRegistration | 'unknown' | 'taken'> => {
      if (request.wish !== NEXT) {
        const one = await named(request);
        return one === null ? 'unknown' : ((await take(request, one)) ?? 'taken');
      }
      for (const one of await inOrder(request)) {
        const taken = await take(request, one);
        if (taken) return taken;
      }
      return 'taken';
    },
  };
}

type PlacedRegistration = Registration & { readonly slot: string };

interface Filling {
  readonly slot: OfferedSlot;
  free: number;
  readonly takenBy: Map<string, number>;
}

/**
 * Who of those on duty takes the call, if they have a parallel call left in this slot: the customer's last owner; else who has
 * the fewest there; then the rota, which counts what is due on that day. Null: only people who were named have promises there.
 */
async function nextOwner(
  q: Queryable,
  { slot, takenBy }: Filling,
  lastOwner: string | undefined,
): Promise<string | null> {
  const load = ({ id }: Caller): number => takenBy.get(id) ?? 0;
  const able = slot.callers.filter((caller) => load(caller) < caller.parallel);
  if (lastOwner !== undefined && able.some(({ id }) => id === lastOwner)) return lastOwner;
  const least = able.filter((caller) => able.every((other) => load(caller) <= load(other)));
  if (least.length < 2) return least[0]?.id ?? null;
  const { rows } = await q.query<{ owner: string; due: number }>({
    name: 'due_around',
    text: `select owner, count(*)::int as due from promises
           where owner = any ($1::text[]) and closed_at is null and not history
             and target_at > $2::timestamptz - interval '12 hours' and target_at < $2::timestamptz + interval '12 hours'
           group by owner limit 1000`,
    values: [least.map(({ id }) => id), slot.from],
  });
  const due = new Map(rows.map((row) => [row.owner, row.due]));
  const rota = least.map(({ id, duty }) => ({ id, duty, dueToday: due.get(id) ?? 0, lastGivenAt: null }));
  return nextOf(rota)?.id ?? null;
}
