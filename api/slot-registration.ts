import { databaseNow } from '../db/pool.ts';
import { registeredBefore } from '../db/register.ts';
import { NEXT, type SlotAnswer, type SlotRequest } from '../db/register-slot.ts';
import type { Registered } from '../db/shapes.ts';
import { offeredSlot, offeredSlots, type OfferedSlot, type SlotKind } from '../db/slots.ts';
import { slotStart } from '../domain/calendar/slots.ts';
import type { Promised } from '../domain/promise/plan.ts';
import type { ApiDeps } from './deps.ts';
import { identified } from './identify.ts';
import { isProblem, problem, type Problem } from './problem.ts';
import { refFor } from './register-promise.ts';
import { contentHash, kindFault, plannerFor, refused, registrationOf } from './registration.ts';
import type { PromiseBody, TimedBody } from './routes/promise-body.ts';
import { slotView } from './slot-view.ts';

type Asking = Omit<PromiseBody, 'promised'> & { readonly promised: { readonly slot: string } };

/** Registers a promise with a place in a slot, both in one commit. */
export async function registerInSlot(
  sent: Asking,
  deps: ApiDeps,
): Promise<Problem | { readonly result: 'created' | 'existing'; readonly promise: Registered['promise'] }> {
  const { source, ref } = sent;
  const bodyHash = contentHash(sent);
  // Sent again when its slot has long begun, it still names the promise it made.
  const before = await registeredBefore(deps.pool, { source, ref, bodyHash });
  if (before) return { result: 'existing', promise: before };
  const body = await identified(sent, deps);
  if (isProblem(body)) return body;
  const request = await requestOf(body, bodyHash, deps);
  if (isProblem(request)) return request;
  const made = await deps.slotRegistrar.register(request);
  return isMade(made) ? made : refusalOf(made);
}

const isMade = (made: SlotAnswer): made is Registered & { readonly result: 'created' | 'existing' } =>
  made.result === 'created' || made.result === 'existing';

function refusalOf(made: Exclude<SlotAnswer, { readonly result: 'created' | 'existing' }>): Problem {
  if (made.result === 'unknown') return unknownSlot('/promised/slot');
  if (made.result === 'taken') return slotTaken(made.next);
  return problem('PROMISE_CLASH', { words: { promiseId: made.promise.id } });
}

/** 409, with what could be had instead. */
export const slotTaken = (next: readonly OfferedSlot[]): Problem =>
  problem('SLOT_TAKEN', { members: { next: next.map(slotView) } });

/** 422 for the id of a slot that is not offered. */
export const unknownSlot = (pointer: string): Problem => {
  const message = 'No slot of this id is offered: GET /v1/slots lists those of this kind that have not begun.';
  return problem('INVALID_BODY', { errors: [{ pointer, message }] });
};

async function requestOf(body: Asking, bodyHash: Buffer, deps: ApiDeps): Promise<SlotRequest | Problem> {
  const slots = await slotKind(body.kind, '/promised/slot', deps);
  if (isProblem(slots)) return slots;
  const { slot: wish } = body.promised;
  const start = wish === NEXT ? deps.now() : slotStart(wish, body.kind);
  if (start === null) return unknownSlot('/promised/slot');
  const like: Promised = { precision: 'window', from: start, to: start };
  const planned = await plannerFor(body, like, deps, false);
  if (typeof planned !== 'function') return planned;
  const isNext = wish === NEXT;
  let refusal: Problem | null = null;
  if (!isNext) {
    const offered = await offeredSlot(deps.pool, slots, await databaseNow(deps.pool), wish);
    if (!offered) return unknownSlot('/promised/slot');
    const plan = planned({ precision: 'window', from: offered.from, to: offered.to });
    if (isProblem(plan)) return plan;
    refusal = plan.refusal && refused(plan.refusal, plan);
  }
  if (refusal) return refusal;
  const customerRef = await refFor(body, deps);
  return {
    ...{ source: body.source, ref: body.ref, bodyHash, slots, wish, customerRef },
    registrationFor: ({ from, to }, owner) => {
      const plan = planned({ precision: 'window', from, to });
      if (isProblem(plan) || plan.refusal) return null;
      const made = registrationOf({ ...body, promised: { from, to } }, customerRef, plan);
      return { ...made, bodyHash, owner: made.owner ?? owner };
    },
  };
}

/** What the slots of a kind are made by; a fault where it has none. */
export async function slotKind(kind: string, pointer: string, deps: ApiDeps): Promise<SlotKind | Problem> {
  const [policy, zone] = await Promise.all([deps.reference.policy(kind), deps.reference.companyZone()]);
  if (!policy) return problem('INVALID_BODY', { errors: [await kindFault(deps)] });
  const { slots: rule } = policy.policy;
  const message = `The policy of ${kind} has no slots. Promise a time, or give it slots.`;
  return rule ? { kind, rule, zone } : problem('INVALID_BODY', { errors: [{ pointer, message }] });
}

/** The body with the window of the slot that it asks for, as it is offered now; nothing is taken. */
export async function inOfferedSlot(body: PromiseBody, deps: ApiDeps): Promise<TimedBody | Problem> {
  if (!('slot' in body.promised)) return { ...body, promised: body.promised };
  const slots = await slotKind(body.kind, '/promised/slot', deps);
  if (isProblem(slots)) return slots;
  const now = await databaseNow(deps.pool);
  const wish = body.promised.slot;
  const [slot] =
    wish === NEXT
      ? await offeredSlots(deps.pool, slots, now, { limit: 1, wanted: ({ free }) => free > 0 })
      : [await offeredSlot(deps.pool, slots, now, wish)];
  return slot ? { ...body, promised: { from: slot.from, to: slot.to } } : unknownSlot('/promised/slot');
}
