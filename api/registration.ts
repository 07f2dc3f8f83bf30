import { createHash } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import type { VersionedPolicy } from '../db/policies.ts';
import type { Registration } from '../db/shapes.ts';
import { startOfDay } from '../domain/calendar/zones.ts';
import { planOf, termsOf, type PlanRequest } from '../domain/calendar/plan.ts';
import type { Promised } from '../domain/promise/plan.ts';
import type { Plan } from '../domain/promise/plan.ts';
import { plusMs, type Instant } from '../domain/promise/instant.ts';
import type { Flag } from '../domain/promise/words.ts';
import type { ApiDeps } from './deps.ts';
import { isWithinYears, YEARS } from './fields.ts';
import { placeOf } from './place.ts';
import { problem, type Fault, type Problem } from './problem.ts';
import type { PromiseBody } from './routes/promise-body.ts';

/** A request that can be promised: its plan, the policy it was made under and all flags. */
export interface Planned {
  readonly plan: Plan;
  readonly policy: VersionedPolicy;
  readonly flags: readonly Flag[];
}

/** How far a clock may be ahead of ours, in milliseconds. */
const AHEAD_MS = 5 * 60_000;

/** Plans a promise as its newest policy says. `anyTime`: madeAt may lie in the future, which only a rehearsal may say. */
export async function planFor(body: PromiseBody, deps: ApiDeps, anyTime: boolean): Promise<Planned | Problem> {
  const now = deps.now();
  const madeAt = body.madeAt ?? now;
  const [policy, companyZone, staff] = await Promise.all([
    deps.reference.policy(body.kind),
    deps.reference.companyZone(),
    deps.reference.staff(body.owner ?? null),
  ]);
  const request = {
    promised: promisedOf(body.promised),
    madeAt,
    target: body.target?.at ?? null,
    customerZone: body.customer.zone ?? null,
    companyZone,
    place: placeOf(body),
  } satisfies PlanRequest;
  const plan = policy && planWithin(request, policy);
  const errors: Fault[] = [
    ...(policy ? [] : [await kindFault(deps)]),
    ...(anyTime || madeAt <= plusMs(now, AHEAD_MS) ? [] : [MADE_AHEAD]),
    ...(plan && 'pointer' in plan ? [plan] : []),
  ];
  if (errors.length > 0 || !plan || 'pointer' in plan) return problem('INVALID_BODY', { errors });
  const unknownOwner = body.owner !== undefined && !staff.has(body.owner);
  return { plan, policy, flags: unknownOwner ? [...plan.flags, 'owner_unknown'] : plan.flags };
}

const MADE_AHEAD: Fault = { pointer: '/madeAt', message: 'Must not be more than 5 minutes ahead of now.' };

async function kindFault({ reference }: ApiDeps): Promise<Fault> {
  const kinds = await reference.kinds();
  return { pointer: '/kind', message: `No policy for this kind. Known: ${kinds.join(', ') || 'none yet'}.` };
}

/** A promise needs time, and so do the instants around it. A year is left on either side for what is told later. */
function planWithin(request: PlanRequest & { readonly madeAt: Instant }, { policy }: VersionedPolicy): Plan | Fault {
  try {
    const plan = planOf(request, policy);
    if (plan.promisedAt <= request.madeAt)
      return { pointer: '/promised', message: 'The promised time must be later than madeAt.' };
    if (plan.day !== null && startOfDay(plan.day, plan.zone) >= plan.promisedAt)
      return { pointer: '/promised/day', message: `${plan.zone} never had this day.` };
    return isWithinYears(request.madeAt, plan.recoveryAt) ? plan : OUT_OF_YEARS;
  } catch (error) {
    if (error instanceof RangeError) return OUT_OF_YEARS;
    throw error;
  }
}

const OUT_OF_YEARS: Fault = { pointer: '/promised', message: YEARS };

/** What is stored for it. */
export function registrationOf(body: PromiseBody, { plan, policy, flags }: Planned): Registration {
  const { customer } = body;
  return {
    id: uuid(),
    source: body.source,
    ref: body.ref,
    bodyHash: contentHash(body),
    kind: body.kind,
    policyVersion: policy.version,
    customer: {
      ref: customer.ref,
      name: customer.name ?? null,
      email: customer.email ?? null,
      phone: customer.phone ?? null,
      language: customer.language ?? null,
      zone: customer.zone ?? null,
    },
    owner: body.owner ?? null,
    partner: body.partner ?? null,
    region: body.region ?? null,
    product: body.product ?? null,
    subject: body.subject ?? null,
    flags,
    terms: termsOf(plan, policy.policy),
  };
}

/**
 * SHA-256 of what was sent, without the customer: tells a repeated request from a clash. The order of keys, spaces and
 * the offset in which an instant is written make no difference; a default that was not sent does.
 */
export function contentHash({ customer: _, ...content }: PromiseBody): Buffer {
  return createHash('sha256').update(canonicalJson(content)).digest();
}

/** JSON with the keys of every object in one order. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : member,
  );
}

function promisedOf(promised: PromiseBody['promised']): Promised {
  if ('at' in promised) return { precision: 'instant', at: promised.at };
  if ('day' in promised) return { precision: 'day', day: promised.day, zone: promised.zone };
  return { precision: 'window', from: promised.from, to: promised.to };
}
