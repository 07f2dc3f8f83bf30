import type { z } from '@hono/zod-openapi';
import { customersReachedBy, type Reach } from '../db/customers.ts';
import type { ApiDeps } from './deps.ts';
import { readPhone } from './phone.ts';
import { problem, type Problem } from './problem.ts';
import type { customerSchema, PromiseBody } from './routes/promise-body.ts';

type SentCustomer = z.output<typeof customerSchema>;

/**
 * The same request with its phone as E.164, where it is one, and with the customer who has the phone or the address, where
 * no reference was sent. Without reference afterwards: nobody has them yet, `reachOf` says how she is reached.
 */
export async function identified<B extends PromiseBody>(body: B, deps: ApiDeps): Promise<B | Problem> {
  const { phone: typed, ...rest } = body.customer;
  if (typed === undefined && rest.ref !== undefined) return body;
  const phone = typed === undefined ? null : await phoneOf(typed, deps);
  const customer: SentCustomer = typed === undefined ? rest : { ...rest, phone: phone ?? typed };
  if (rest.ref !== undefined) return { ...body, customer };
  if (typed !== undefined && phone === null && rest.email === undefined)
    return problem('INVALID_BODY', { errors: [{ pointer: '/customer/phone', message: UNREADABLE }] });
  const [known] = await customersReachedBy(deps.pool, { phone, email: rest.email ?? null });
  if (!known) return { ...body, customer };
  const { zone = known.zone ?? undefined } = customer;
  return { ...body, customer: { ...customer, ref: known.ref, ...(zone === undefined ? {} : { zone }) } };
}

/** A phone as E.164 by the country of the company; null where it cannot be read. */
export async function phoneOf(typed: string, { reference }: Pick<ApiDeps, 'reference'>): Promise<string | null> {
  return readPhone(typed, (await reference.rules()).country);
}

/** How a customer of an identified request is reached. */
export function reachOf({ phone, email }: SentCustomer): Reach {
  // What is no E.164 was kept as it was sent: nobody is found by it.
  return { phone: phone === undefined ? null : readPhone(phone, null), email: email ?? null };
}

const UNREADABLE =
  "Cannot be read as a phone number. Write it with its country, such as +372 600 0001; without, the company's own counts.";
