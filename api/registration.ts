import type { z } from '@hono/zod-openapi';
import { createHash } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import type { VersionedPolicy } from '../db/policies.ts';
import type { Registration } from '../db/shapes.ts';
import { isOursOr } from '../db/duty.ts';
import { NO_CALENDARS, type Book, type VersionedCalendar } from '../domain/calendar/book.ts';
import { capacityRefusal, refusalOf, type Refusal } from '../domain/calendar/earliest.ts';
import { planOf } from '../domain/calendar/plan.ts';
import { bookOf, segmentsOf, type Rules } from '../domain/calendar/planning.ts';
import { termsOf } from '../domain/calendar/terms.ts';
import { startOfDay } from '../domain/calendar/zones.ts';
import { calendarsOf, type Policy } from '../domain/policy/policy.ts';
import { plusMs, type Instant } from '../domain/promise/instant.ts';
import type { Basis, Clock, Plan, Undertaking } from '../domain/promise/plan.ts';
import type { Flag } from '../domain/promise/words.ts';
import type { ApiDeps } from './deps.ts';
import { isWithinYears, YEARS } from './fields.ts';
import { placeOf } from './place.ts';
import { problem, type Fault, type Problem } from './problem.ts';
import type { PromiseBody, promisedSchema, TimedBody } from './routes/promise-body.ts';

/** A request that can be planned: its plan, what it was made from and by, all flags, and whether the policy refuses it. */
export interface Planned {
  readonly plan: Plan;
  readonly basis: Basis;
  readonly rules: Rules;
  readonly policy: VersionedPolicy;
  readonly flags: readonly Flag[];
  readonly refusal: Refusal | null;
}

/** How far a clock may be ahead of ours, in milliseconds. */
const AHEAD_MS = 5 * 60_000;

/** Plans a promise as its newest policy says. `anyTime`: madeAt may lie in the future, which only a rehearsal may say. */
export async function planFor(body: TimedBody, deps: ApiDeps, anyTime: boolean): Promise<Planned | Problem> {
  const promised = promisedOf(body.promised);
  const plannedFor = await plannerFor(body, promised, deps, anyTime);
  return typeof plannedFor === 'function' ? plannedFor(promised) : plannedFor;
}

/** As `planFor`, for a time that is found later: everything that has to be read is read now. `like`: what it will be. */
export async function plannerFor(
  body: Omit<PromiseBody, 'promised'>,
  like: Undertaking,
  deps: ApiDeps,
  anyTime: boolean,
): Promise<((promised: Undertaking) => Planned | Problem) | Problem> {
  const now = deps.now();
  const madeAt = body.madeAt ?? now;
  const { zone, ref } = body.customer;
  const [policy, companyZone, customerZone, staff, partner, capacity] = await Promise.all([
    deps.reference.policy(body.kind),
    deps.reference.companyZone(),
    zone ?? (ref === undefined ? null : deps.reference.customerZone(ref)),
    deps.reference.staff(body.owner ?? null),
    body.partner === undefined ? null : deps.reference.partner(body.partner),
    deps.reference.capacity(),
  ]);
  if (!policy) return problem('INVALID_BODY', { errors: [await kindFault(deps)] });
  const calendars = await calendarsFor(like, policy.policy, deps);
  if ('pointer' in calendars) return problem('INVALID_BODY', { errors: [calendars] });
  const given = {
    madeAt,
    target: body.target?.at ?? null,
    customerZone,
    companyZone,
    place: placeOf(body),
    policyVersion: policy.version,
    calendars: Object.fromEntries([...calendars].map(([id, { version }]) => [id, version])),
    ...(partner && { partnerVersion: partner.version }),
  };
  const rules: Rules = {
    policy: () => policy.policy,
    calendar: (id) => calendars.get(id) ?? NO_CALENDARS.calendar(id),
    ...(partner && { partner: () => partner.partner }),
  };
  const owner = body.owner === undefined ? undefined : staff.get(body.owner);
  // Somebody of another partner is nobody here.
  const unknownOwner = body.owner !== undefined && !(owner && isOursOr(body.partner ?? null, owner));
  return (promised) => {
    const basis = { ...given, promised };
    const book = bookOf(basis, rules);
    const plan = planWithin(basis, policy.policy, book);
    const errors: Fault[] = [
      ...(anyTime || madeAt <= plusMs(now, AHEAD_MS) ? [] : [MADE_AHEAD]),
      ...('pointer' in plan ? [plan] : []),
    ];
    if (errors.length > 0 || 'pointer' in plan) return problem('INVALID_BODY', { errors });
    const flags: readonly Flag[] = unknownOwner ? [...plan.flags, 'owner_unknown'] : plan.flags;
    const refusal =
      refusalOf(basis, plan, policy.policy, book) ??
      capacityRefusal(basis, plan, policy.policy, book, capacity.shortages);
    return { plan, basis, rules, policy, flags, refusal };
  };
}

const MADE_AHEAD: Fault = { pointer: '/madeAt', message: 'Must not be more than 5 minutes ahead of now.' };

/** Said of a kind that has no policy. */
export async function kindFault({ reference }: ApiDeps): Promise<Fault> {
  const kinds = await reference.kinds();
  return { pointer: '/kind', message: `No policy for this kind. Known: ${kinds.join(', ') || 'none yet'}.` };
}

/** The newest calendars that a promise counts by: its own and those of its policy. */
async function calendarsFor(
  promised: Undertaking,
  policy: Policy,
  { reference }: ApiDeps,
): Promise<ReadonlyMap<string, VersionedCalendar> | Fault> {
  const own = 'within' in promised ? promised.calendar : null;
  const calendars = new Map<string, VersionedCalendar>();
  for (const id of new Set([...(own === null ? [] : [own]), ...calendarsOf(policy)])) {
    const calendar = await reference.calendar(id);
    if (calendar) calendars.set(id, calendar);
    else if (id === own) return { pointer: '/promised/calendar', message: NO_CALENDAR };
    else
      return {
        pointer: '/kind',
        message: `The policy of this kind counts by the calendar ${id}, which is not stored.`,
      };
  }
  return calendars;
}

/** Said of a calendar that somebody names. */
export const NO_CALENDAR = 'No calendar of this id is stored. GET /v1/calendars lists those that are.';

/** A promise needs time, and so do the instants around it. A year is left on either side for what is told later. */
function planWithin(basis: Basis & { readonly madeAt: Instant }, policy: Policy, book: Book): Plan | Fault {
  try {
    const plan = planOf(basis, policy, book);
    if (plan.promisedAt <= basis.madeAt)
      return { pointer: '/promised', message: 'The promised time must be later than madeAt.' };
    if (plan.day !== null && startOfDay(plan.day, plan.zone) >= plan.promisedAt)
      return { pointer: '/promised/day', message: `${plan.zone} never had this day.` };
    return isWithinYears(basis.madeAt, plan.recoveryAt) ? plan : OUT_OF_YEARS;
  } catch (error) {
    if (error instanceof RangeError) return OUT_OF_YEARS;
    throw error;
  }
}

const OUT_OF_YEARS: Fault = { pointer: '/promised', message: YEARS };

/** The answer to what the policy refuses. */
export function refused(refusal: Refusal, planned: Planned): Problem {
  const { reason, couldBe } = refusal;
  const limit = couldBe === null ? {} : reason === 'too_long' ? { latest: couldBe } : { earliest: couldBe };
  const why = whyRefused(refusal, planned);
  return problem('CANNOT_BE_PROMISED', {
    words: { reason, why, promisedAt: planned.plan.promisedAt, ...limit },
    errors: [{ pointer: '/promised', message: why }],
  });
}

function whyRefused({ reason, couldBe }: Refusal, { basis, policy }: Planned): string {
  const { shortest, longest } = policy.policy;
  if (reason === 'too_long')
    return `The policy promises no longer than ${longest}: ${couldBe === null ? 'that leaves no room for its buffer' : `until ${couldBe}`}.`;
  if (reason === 'no_capacity') {
    const instead = couldBe === null ? 'no later time is free' : `not before ${couldBe}`;
    return `Too many customers are to be warned at the last call of this promise, and nobody more could be in time: ${instead}.`;
  }
  const none =
    basis.target === null ? `up to its longest, ${longest}, there is none` : 'with this target there is none';
  return `The policy needs room for its buffer and promises no shorter than ${shortest}: ${couldBe === null ? none : `not before ${couldBe}`}.`;
}

/** What is stored for it, with the reference of the customer who was found or made where none was sent. */
export function registrationOf(
  body: TimedBody,
  customerRef: string,
  { plan, basis, rules, policy, flags }: Planned,
): Registration {
  const { customer } = body;
  const clock: Clock = { ...basis, toldAt: null, pauses: [] };
  return {
    id: uuid(),
    source: body.source,
    ref: body.ref,
    bodyHash: contentHash(body),
    kind: body.kind,
    policyVersion: policy.version,
    customer: {
      ref: customerRef,
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
    terms: termsOf(plan, policy.policy, { book: bookOf(plan, rules), customerZone: basis.customerZone }),
    basis,
    segments: segmentsOf({ clock, plan }, rules),
    ...(body.value && { value: body.value }),
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

/** What was told, as it is sent, in the words of the domain. */
export function promisedOf(promised: z.output<typeof promisedSchema>): Undertaking {
  if ('at' in promised) return { precision: 'instant', at: promised.at };
  if ('day' in promised) return { precision: 'day', day: promised.day, zone: promised.zone };
  if ('from' in promised) return { precision: 'window', from: promised.from, to: promised.to };
  return { precision: 'instant', within: promised.within, calendar: promised.calendar ?? null };
}
