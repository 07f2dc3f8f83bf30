import type { z } from '@hono/zod-openapi';
import {
  customerById,
  customerByRef,
  customersOfOrder,
  customersReachedBy,
  type KnownCustomer,
} from '../db/customers.ts';
import { wordsFor } from '../words/languages.ts';
import type { ApiDeps } from './deps.ts';
import { phoneOf } from './identify.ts';
import { emailField, type customerSchema } from './routes/promise-body.ts';

type SentCustomer = z.input<typeof customerSchema>;

/** As a request names her; or why nobody is meant, or whom of several. */
export type Whom =
  { readonly customer: SentCustomer } | { readonly fault: string; readonly customers?: readonly KnownCustomer[] };

/**
 * Whom the field means: the customer of a reference, a phone, an address, or an order; a new one by the middle two.
 * `chosen`: the row id of one of several who were meant.
 */
export async function spokenCustomer(text: string, chosen: string, deps: ApiDeps): Promise<Whom> {
  const { pool } = deps;
  const says = wordsFor('en').spoken.fault;
  const picked = UUID.test(chosen) ? await customerById(pool, chosen) : null;
  if (picked) return known(picked);
  if (text === '') return { fault: says.customerMissing };
  // PostgreSQL cannot be asked for it.
  if (text.includes('\0')) return { fault: says.customerUnknown };
  const byRef = await customerByRef(pool, text);
  if (byRef) return known(byRef);
  const phone = await phoneOf(text, deps);
  const email = emailField.safeParse(text).success ? text : null;
  const reached = phone === null && email === null ? [] : await customersReachedBy(pool, { phone, email });
  const meant = reached.length > 0 ? reached : await customersOfOrder(pool, text);
  const [one] = meant;
  if (one && meant.length === 1) return known(one);
  if (meant.length > 1) return { fault: says.customerSeveral(meant.length), customers: meant };
  if (phone !== null) return { customer: { phone } };
  if (email !== null) return { customer: { email } };
  return { fault: /^[\d\s()+\-/.]{5,}$/.test(text) ? says.phoneUnread : says.customerUnknown };
}

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

const known = ({ ref, zone }: KnownCustomer): Whom => ({ customer: { ref, ...(zone === null ? {} : { zone }) } });
