import type { Told } from '../promise/facts.ts';
import { earlier, instant, later, msBetween, msOf, plusMs, type Instant, type Zone } from '../promise/instant.ts';
import type { Plan, PlanReason, Promised, Terms } from '../promise/plan.ts';
import type { Flag } from '../promise/words.ts';
import type { BufferRule, Duration, Policy } from '../policy/policy.ts';
import { durationMs, minusDuration, plusDuration } from './durations.ts';
import { dayOf, plusDays, startOfDay } from './zones.ts';

/** A promise as a caller states it. */
export interface PlanRequest {
  readonly promised: Promised;
  /** Null only for history that does not say when: then nothing that depends on the length is known. */
  readonly madeAt: Instant | null;
  /** The caller's own internal target; null: by policy. */
  readonly target: Instant | null;
  /** The customer's zone; null when not known. */
  readonly customerZone: Zone | null;
  /** `company.yaml`'s zone, the last resort; using it sets the flag `zone_assumed`. */
  readonly companyZone: Zone;
  /** In [0, 1): where in the policy's spread this promise falls; by its id, so that it never changes. */
  readonly place: number;
}

/**
 * Every instant at which a promise may owe something, each with the reason it stands there.
 * Pure: the same request and policy give the same plan, whatever the day.
 */
export function planOf(request: PlanRequest, policy: Policy): Plan {
  const { promised, madeAt } = request;
  const { zone, assumed } = zoneOf(request);
  const promisedAt = deadlineOf(promised);
  const target = targetOf(request, promisedAt, policy, zone);
  const leadTo = leadToOf(promised, promisedAt, madeAt, zone);
  const halfWayMs = madeAt === null ? Infinity : Math.max(0, msBetween(madeAt, leadTo) / 2);
  const policyLeadMs = msBetween(minusDuration(leadTo, policy.lead, zone), leadTo);
  const leadMs = Math.floor(Math.min(policyLeadMs, halfWayMs));
  const spreadMs = durationMs(policy.spread, promisedAt, zone) * request.place;
  const within = (at: Instant): Instant => withinPromise(at, madeAt, promisedAt);
  const lastCallAt = within(plusMs(leadTo, -leadMs - Math.floor(Math.min(spreadMs, leadMs))));
  const guardMs = Math.min(durationMs(policy.sendGuard, promisedAt, zone), leadMs / 4);
  const sendBy = plusMs(promisedAt, -Math.ceil(guardMs));
  // An instant itself is still in time: nothing is owed on it, even without a lag.
  const overdueAt = promised.precision === 'instant' ? plusMs(promisedAt, 1) : promisedAt;
  const recoveryAt = later(plusMs(plusDuration(promisedAt, policy.factLag, zone), Math.floor(spreadMs)), overdueAt);
  const because = (
    instantName: PlanReason['instant'],
    at: Instant | null,
    code: string,
    field: string | null,
    value: string | null,
  ): PlanReason => ({ instant: instantName, at, because: code, field, value });
  return {
    precision: promised.precision,
    zone,
    madeAt,
    windowFrom: promised.precision === 'window' ? promised.from : null,
    day: promised.precision === 'day' ? promised.day : null,
    promisedAt,
    targetAt: target.at,
    riskAt: null,
    leadTo,
    lastCallAt,
    sendBy,
    recoveryAt,
    flags: flagsOf(request, promisedAt, target, policy, zone, assumed),
    reasons: [
      because('promisedAt', promisedAt, `promised_${promised.precision}`, null, null),
      target.reason,
      because('riskAt', null, 'no_history', null, null),
      leadMs < policyLeadMs
        ? because('lastCallAt', lastCallAt, 'lead_half', 'lead', policy.lead)
        : because('lastCallAt', lastCallAt, 'lead', 'lead', policy.lead),
      because('sendBy', sendBy, 'send_guard', 'sendGuard', policy.sendGuard),
      because('recoveryAt', recoveryAt, 'fact_lag', 'factLag', policy.factLag),
    ],
  };
}

/** The plan together with what its policy says about times not known yet. */
export function termsOf(plan: Plan, policy: Policy, history = false): Terms {
  const { zone } = plan;
  const spreadMs = msBetween(plusDuration(plan.promisedAt, policy.factLag, zone), plan.recoveryAt);
  return {
    plan,
    history,
    confirms: policy.notices.promised,
    whenUnknown: policy.whenUnknown,
    freshUntil: (occurredAt) => plusDuration(occurredAt, policy.estimateFresh, zone),
    newTimeFor: (estimate) => newTime(plan, policy, estimate),
    nextNewsAfter: (now) => wholeSecond(plusDuration(now, policy.nextNews, zone)),
    recoveryAfter: (deadline) => plusMs(plusDuration(deadline, policy.factLag, zone), spreadMs),
  };
}

/** How long before `end` our target lies, for a promise made at `start`, in elapsed milliseconds. */
export function bufferMs(rule: BufferRule, start: Instant, end: Instant, zone: Zone): number {
  return sizeOf(rule, msBetween(start, end), (duration) => msBetween(minusDuration(end, duration, zone), end));
}

function sizeOf(rule: BufferRule, promisedMs: number, lasts: (duration: Duration) => number): number {
  if ('fixed' in rule) return lasts(rule.fixed);
  if ('working' in rule) return lasts(rule.working);
  const wanted = Math.max(0, promisedMs) * rule.share;
  const floor = rule.min === null ? 0 : lasts(rule.min);
  const ceiling = rule.max === null ? Infinity : lasts(rule.max);
  return Math.round(Math.min(Math.max(wanted, floor), ceiling));
}

function zoneOf({ promised, customerZone, companyZone }: PlanRequest): { zone: Zone; assumed: boolean } {
  if (promised.precision === 'day') return { zone: promised.zone, assumed: false };
  return { zone: customerZone ?? companyZone, assumed: customerZone === null };
}

/** When a promise is due: of an instant the last moment in time, of a day or window the first that is too late. */
export function deadlineOf(promised: Promised): Instant {
  switch (promised.precision) {
    case 'instant':
      return promised.at;
    case 'day':
      return startOfDay(plusDays(promised.day, 1), promised.zone);
    case 'window':
      return promised.to;
  }
}

/** What the lead is counted to; the deadline itself where the promise was made after the day or window had begun. */
function leadToOf(promised: Promised, promisedAt: Instant, madeAt: Instant | null, zone: Zone): Instant {
  if (promised.precision === 'instant') return promisedAt;
  const start = promised.precision === 'day' ? startOfDay(promised.day, zone) : promised.from;
  return madeAt === null || start > madeAt ? start : promisedAt;
}

/**
 * The local day, in the promise's own zone, on which a promise falls due: the promised day; of an instant or the end of a
 * window the day that it lies in or, at midnight, closes.
 * @example dueDay({ precision: 'instant', day: null, promisedAt: '2026-11-27T22:00:00.000Z', zone: 'Europe/Tallinn' }) //=> '2026-11-27' (midnight)
 */
export const dueDay = ({ day, promisedAt, zone }: Pick<Plan, 'day' | 'promisedAt' | 'zone'>): string =>
  day ?? dayOf(plusMs(promisedAt, -1), zone);

/** Not before the promise was made, where that is known, and not after its deadline. */
function withinPromise(at: Instant, madeAt: Instant | null, promisedAt: Instant): Instant {
  const last = earlier(at, promisedAt);
  return madeAt === null ? last : later(last, earlier(madeAt, promisedAt));
}

interface Target {
  readonly at: Instant;
  /** Where the target would lie if the promise had room for it. */
  readonly wantedAt: Instant;
  readonly reason: PlanReason;
}

function targetOf(request: PlanRequest, promisedAt: Instant, policy: Policy, zone: Zone): Target {
  const { madeAt } = request;
  const start = madeAt ?? promisedAt;
  const unknown = madeAt === null && !('fixed' in policy.buffer);
  const wantedMs = unknown ? 0 : bufferMs(policy.buffer, start, promisedAt, zone);
  const wantedAt = request.target ?? plusMs(promisedAt, -wantedMs);
  const at = withinPromise(wantedAt, madeAt, promisedAt);
  const named = (because: string, field: string | null, value: string | null): Target => ({
    at,
    wantedAt,
    reason: { instant: 'targetAt', at, because, field, value },
  });
  if (request.target) return named('target_given', null, null);
  if (unknown) return named('made_at_unknown', null, null);
  if ('fixed' in policy.buffer) return named('buffer_fixed', 'buffer.fixed', policy.buffer.fixed);
  if ('working' in policy.buffer) return named('buffer_working', 'buffer.working', policy.buffer.working);
  return named('buffer_share', 'buffer.share', `${Math.round(policy.buffer.share * 1000) / 10}%`);
}

function flagsOf(
  request: PlanRequest,
  promisedAt: Instant,
  target: Target,
  policy: Policy,
  zone: Zone,
  assumed: boolean,
): Flag[] {
  const { madeAt } = request;
  const tooShort = madeAt !== null && promisedAt < plusDuration(madeAt, policy.shortest, zone);
  const noRoom = (madeAt !== null && target.wantedAt <= madeAt) || target.at >= promisedAt;
  const tooTight = tooShort || (madeAt !== null && target.wantedAt < madeAt);
  return [
    ...(noRoom ? (['no_buffer'] as const) : []),
    ...(tooTight ? (['too_tight'] as const) : []),
    ...(assumed ? (['zone_assumed'] as const) : []),
  ];
}

/** The estimate plus the policy's buffer; for a day the whole local day it falls on, which holds the estimate, too. */
function newTime(plan: Plan, policy: Policy, estimate: Instant): Told {
  const { zone } = plan;
  const lasts = (duration: Duration): number => durationMs(duration, estimate, zone);
  const at = wholeSecond(
    plusMs(estimate, sizeOf(policy.buffer, plan.madeAt === null ? 0 : msBetween(plan.madeAt, estimate), lasts)),
  );
  if (plan.precision !== 'day') return { at, day: null };
  const day = dayOf(later(plusMs(at, -1), estimate), zone);
  return { at: startOfDay(plusDays(day, 1), zone), day };
}

/** Times told to people have no milliseconds; never earlier than computed. */
const wholeSecond = (at: Instant): Instant => instant(Math.ceil(msOf(at) / 1000) * 1000);
