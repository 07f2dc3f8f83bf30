import { customerReachedBy } from '../db/customers.ts';
import { registeredBefore } from '../db/register.ts';
import type { PromiseRow } from '../db/shapes.ts';
import type { Refusal } from '../domain/calendar/earliest.ts';
import type { ApiDeps } from './deps.ts';
import { identified, reachOf } from './identify.ts';
import { isProblem, type Problem } from './problem.ts';
import { randomRef } from './random-ref.ts';
import { contentHash, planFor, registrationOf, type Planned } from './registration.ts';
import type { PromiseBody, TimedBody } from './routes/promise-body.ts';

/**
 * What came of registering a promise. `existing`: the same source, ref and content were there; `clash`: the same source and
 * ref with another content; `refused`: the policy does not take it.
 */
export type Registering =
  | { readonly result: 'created' | 'existing' | 'clash'; readonly promise: PromiseRow }
  | { readonly result: 'refused'; readonly refusal: Refusal; readonly planned: Planned };

/** Registers what was promised: to the customer of the reference, or the one who is found or made by phone or address. */
export async function registerPromise(sent: TimedBody, deps: ApiDeps): Promise<Registering | Problem> {
  const body = await identified(sent, deps);
  if (isProblem(body)) return body;
  const planned = await planFor(body, deps, false);
  if (isProblem(planned)) return planned;
  if (planned.refusal) return { result: 'refused', refusal: planned.refusal, planned };
  const { ref } = body.customer;
  if (ref !== undefined) return deps.registrar.register(registrationOf(body, ref, planned));
  // Sent again since she has another phone: nobody is to be made of the old one.
  const before = await repeated(body, deps);
  if (before) return { result: 'existing', promise: before };
  return deps.registrar.register(registrationOf(body, await refFor(body, deps), planned));
}

/** The reference of the customer of an identified request, who is made where nobody has her phone or address yet. */
export async function refFor({ customer }: Pick<PromiseBody, 'customer'>, { pool }: ApiDeps): Promise<string> {
  return customer.ref ?? (await customerReachedBy(pool, reachOf(customer), randomRef())).ref;
}

/** The promise that the same request made before; null where there is none. */
export const repeated = (body: PromiseBody, { pool }: ApiDeps): Promise<PromiseRow | null> =>
  registeredBefore(pool, { source: body.source, ref: body.ref, bodyHash: contentHash(body) });
