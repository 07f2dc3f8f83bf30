import { v7 as uuid } from 'uuid';
import { databaseNow, inTransaction, type Pool, type Tx } from './pool.ts';
import { getPromise } from './promises.ts';
import { NAMED } from './register-slot.ts';
import { settle } from './settle.ts';
import { lockPromises } from './settle-reads.ts';
import type { PromiseRow } from './shapes.ts';
import { lockSlots, offeredSlot, offeredSlots, type OfferedSlot, type SlotKind } from './slots.ts';
import type { Instant } from '../domain/promise/instant.ts';
import type { Promised } from '../domain/promise/plan.ts';

/** What a customer chooses: a slot by its id, or any other window. */
export type Choice =
  { readonly slot: string; readonly slots: SlotKind } | { readonly from: Instant; readonly to: Instant };

/** `same`: it is promised for this already. `past`: the window is over. `unknown_slot`: no slot of this id is offered. */
export type Chosen =
  | { readonly result: 'chosen' | 'same'; readonly promise: PromiseRow }
  | { readonly result: 'unknown' | 'closed' | 'past' | 'unknown_slot' | 'out_of_range' }
  | { readonly result: 'taken'; readonly next: readonly OfferedSlot[] };

/** Puts an open promise to the time that its customer chose, in one commit: the place before is free with it. */
export async function choose(pool: Pool, id: string, choice: Choice): Promise<Chosen> {
  try {
    return await inTransaction(pool, (tx) => chooseIn(tx, id, choice));
  } catch (error) {
    if (error instanceof RangeError) return { result: 'out_of_range' };
    throw error;
  }
}

async function chooseIn(tx: Tx, id: string, choice: Choice): Promise<Chosen> {
  if ('slot' in choice) await lockSlots(tx, [choice.slots.kind]);
  await lockPromises(tx, [id]);
  const [promise, now] = [await getPromise(tx, id), await databaseNow(tx)];
  if (!promise) return { result: 'unknown' };
  if (promise.closedAt !== null || promise.history) return { result: 'closed' };
  if (isSame(promise, choice)) return { result: 'same', promise };
  const wanted = 'slot' in choice ? await placeIn(tx, choice, now) : windowOf(choice, now);
  if ('result' in wanted) return wanted;
  const { from, to, slot } = wanted;
  const promised: Promised = { precision: 'window', from, to };
  const fact = { kind: 'chosen', factKey: `chosen:${uuid()}`, occurredAt: now, promised } as const;
  await settle(tx, [{ id, facts: [slot === null ? fact : { ...fact, slot }] }]);
  const changed = await getPromise(tx, id);
  return changed ? { result: 'chosen', promise: changed } : { result: 'unknown' };
}

const isSame = ({ slot, plan, promisedAt }: PromiseRow, choice: Choice): boolean =>
  'slot' in choice ? slot === choice.slot : plan.windowFrom === choice.from && promisedAt === choice.to;

interface Place {
  readonly from: Instant;
  readonly to: Instant;
  readonly slot: string | null;
}

const windowOf = ({ from, to }: { readonly from: Instant; readonly to: Instant }, now: Instant): Place | Chosen =>
  to <= now ? { result: 'past' } : { from, to, slot: null };

async function placeIn(
  tx: Tx,
  { slot: id, slots }: Extract<Choice, { readonly slot: string }>,
  now: Instant,
): Promise<Place | Chosen> {
  const slot = await offeredSlot(tx, slots, now, id);
  if (!slot) return { result: 'unknown_slot' };
  if (slot.free > 0) return { from: slot.from, to: slot.to, slot: id };
  const next = await offeredSlots(tx, slots, now, { from: slot.to, limit: NAMED, wanted: ({ free }) => free > 0 });
  return { result: 'taken', next };
}
