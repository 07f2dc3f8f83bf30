import { IDLE, later, msBetween, plusMs, type Instant, type Zone } from '../promise/instant.ts';
import type { Basis, Lasting, Pause, Plan, PlannedTries, PlanReason } from '../promise/plan.ts';
import type { Flag } from '../promise/words.ts';
import type { Policy, Tries } from '../policy/policy.ts';
import { calendarsOf } from '../policy/policy.ts';
import { termsWith } from '../policy/partner.ts';
import { NO_CALENDARS, type Book } from './book.ts';
import { targetBy, type Placed } from './buffer-rules.ts';
import { checkpointsOf } from './checkpoints.ts';
import { deadlineOf, leadToOf, withinPromise } from './deadline.ts';
import { durationMs, minusDuration, plusDuration } from './durations.ts';
import { offsetsOver } from './offsets.ts';
import { isQuiet, lastPermitted, quietOf } from './quiet-hours.ts';
import { clockOf, hoursMs, type RunningClock } from './running-clock.ts';
import { whenWorked, workedBy } from './work-clock.ts';

/** A promise as a caller states it, and what has moved it since. */
export interface PlanRequest extends Omit<Basis, 'policyVersion' | 'calendars'> {
  /** When what is promised was told, where that was after madeAt. */
  readonly toldAt?: Instant | null;
  /** When we waited for the customer; they move duration promises only. */
  readonly pauses?: readonly Pause[];
}

/**
 * Every instant at which a promise may owe something, each with the reason it stands there.
 * Pure: the same request, policy and book give the same plan, whatever the day.
 * @throws RangeError where an instant would lie outside the years 0001 to 9999, or a calendar has too little working time
 */
export function planOf(request: PlanRequest, policy: Policy, book: Book = NO_CALENDARS): Plan {
  const { promised } = request;
  if (!('within' in promised)) return datedPlan({ ...request, promised }, policy, book);
  const lasting = { ...request, promised };
  const clock = runningClock(lasting, book);
  const endless = clock.work.pauses.find(({ to }) => to === null);
  const { withinMs } = clock;
  const { calendar } = promised;
  const { pauses } = clock.work;
  if (endless === undefined || whenWorked(clock.work, withinMs) !== null)
    return planAlong(lasting, clock, { withinMs, calendar, pauses, leftMs: null, wouldEndAt: null }, policy, book);
  const goneOn = { ...clock, work: { ...clock.work, pauses: pauses.filter((pause) => pause !== endless) } };
  const leftMs = withinMs - workedBy(goneOn.work, endless.from);
  return standing(planAlong(lasting, goneOn, { withinMs, calendar, pauses, leftMs, wouldEndAt: null }, policy, book));
}

type Dated = PlanRequest & { readonly promised: Exclude<Basis['promised'], Lasting> };
type Timed = PlanRequest & { readonly promised: Lasting };

function datedPlan(request: Dated, policy: Policy, book: Book): Plan {
  const { promised } = request;
  const assumed = promised.precision !== 'day' && request.customerZone === null;
  const zone = promised.precision === 'day' ? promised.zone : (request.customerZone ?? request.companyZone);
  const since = request.toldAt ?? request.madeAt;
  const promisedAt = deadlineOf(promised);
  return assemble(request, policy, book, {
    ...{ zone, assumed, since, promisedAt, clock: null, planned: null },
    leadTo: leadToOf(promised, promisedAt, since, zone),
    windowFrom: promised.precision === 'window' ? promised.from : null,
    day: promised.precision === 'day' ? promised.day : null,
    told: { because: `promised_${promised.precision}`, field: null, value: null },
  });
}

function planAlong(request: Timed, clock: RunningClock, planned: Plan['clock'], policy: Policy, book: Book): Plan {
  const { within, calendar } = request.promised;
  const promisedAt = whenWorked(clock.work, clock.withinMs);
  if (promisedAt === null) throw new RangeError('A clock that has gone on again has an end.');
  return assemble(request, policy, book, {
    ...clockZone(request, book),
    ...{ since: request.madeAt, promisedAt, leadTo: promisedAt, windowFrom: null, day: null, clock, planned },
    told: {
      because: calendar === null ? 'promised_within' : 'promised_working',
      field: null,
      value: withinText(within, calendar),
    },
  });
}

const withinText = (within: string, calendar: string | null): string =>
  calendar === null ? within : `${within} of ${calendar}`;

function runningClock(request: Timed, book: Book): RunningClock {
  const { promised, madeAt, pauses = [] } = request;
  if (madeAt === null) throw new RangeError('A duration counts from when it was promised, and that is not known.');
  const calendar = promised.calendar === null ? null : book.calendar(promised.calendar).calendar;
  return clockOf(promised, madeAt, calendar, pauses, clockZone(request, book).zone);
}

/** Days are counted in the zone of the calendar, else of the customer, else of the company. */
function clockZone(request: Timed, book: Book): { readonly zone: Zone; readonly assumed: boolean } {
  const { calendar } = request.promised;
  if (calendar !== null) return { zone: book.calendar(calendar).calendar.zone, assumed: false };
  return { zone: request.customerZone ?? request.companyZone, assumed: request.customerZone === null };
}

interface Frame {
  readonly zone: Zone;
  /** Neither day, calendar nor customer named a zone. */
  readonly assumed: boolean;
  /** When what is promised was told; null: history that does not say. */
  readonly since: Instant | null;
  readonly promisedAt: Instant;
  readonly leadTo: Instant;
  readonly windowFrom: Instant | null;
  readonly day: string | null;
  readonly clock: RunningClock | null;
  readonly planned: Plan['clock'];
  readonly told: Pick<PlanReason, 'because' | 'field' | 'value'>;
}

function assemble(request: PlanRequest, policy: Policy, book: Book, frame: Frame): Plan {
  const { zone, since, promisedAt, leadTo } = frame;
  const target = targetOf(request, policy, book, frame);
  const spreadMs = durationMs(policy.spread, promisedAt, zone) * request.place;
  const lead = leadOf(request, policy, frame, spreadMs);
  const { factLag, factLagOf, checkpoints } = termsWith(policy, book.partner?.partner ?? null);
  const guardMs = Math.min(durationMs(policy.sendGuard, promisedAt, zone), lead.ms / 4);
  const sendBy = plusMs(promisedAt, -Math.ceil(guardMs));
  // An instant itself is still in time: nothing is owed on it, even without a lag.
  const overdueAt = request.promised.precision === 'instant' ? plusMs(promisedAt, 1) : promisedAt;
  const recoveryAt = later(plusMs(plusDuration(promisedAt, factLag, zone), Math.floor(spreadMs)), overdueAt);
  return {
    precision: request.promised.precision,
    zone,
    madeAt: request.madeAt,
    windowFrom: frame.windowFrom,
    day: frame.day,
    promisedAt,
    targetAt: target.at,
    riskAt: null,
    leadTo,
    lastCallAt: lead.lastCallAt,
    sendBy,
    recoveryAt,
    flags: flagsOf(policy, frame, target),
    reasons: [
      { instant: 'promisedAt', at: promisedAt, ...frame.told },
      target.reason,
      { instant: 'riskAt', at: null, because: 'no_history', field: null, value: null },
      lead.reason,
      { instant: 'sendBy', at: sendBy, because: 'send_guard', field: 'sendGuard', value: policy.sendGuard },
      { instant: 'recoveryAt', at: recoveryAt, because: 'fact_lag', field: factLagOf, value: factLag },
    ],
    clock: frame.planned,
    checkpoints: since === null ? [] : checkpointsOf(checkpoints, { since, promisedAt, zone, clock: frame.clock }),
    tries: policy.tries && triesOf(policy.tries, promisedAt, zone),
    policyVersion: book.policyVersion,
    calendars: versionsOf(request, policy, book),
    ...(book.partner && { partnerVersion: book.partner.version }),
    offsets: offsetsOver(zone, since ?? promisedAt, recoveryAt),
  };
}

const triesOf = ({ max, every, remind }: Tries, promisedAt: Instant, zone: Zone): PlannedTries => ({
  max,
  everyMs: durationMs(every, promisedAt, zone),
  remindMs: durationMs(remind, promisedAt, zone),
});

/** Nothing has a time until the clock goes on; what would be is kept for the day under which the promise is filed. */
function standing(plan: Plan): Plan {
  const idle = { promisedAt: IDLE, targetAt: IDLE, leadTo: IDLE, lastCallAt: IDLE, sendBy: IDLE, recoveryAt: IDLE };
  return {
    ...plan,
    ...idle,
    checkpoints: [],
    clock: plan.clock && { ...plan.clock, wouldEndAt: plan.promisedAt },
    reasons: plan.reasons.map(({ instant }) => ({
      instant,
      at: null,
      because: 'clock_stands',
      field: null,
      value: null,
    })),
  };
}

interface Target {
  readonly at: Instant;
  /** Where the target would lie if the promise had room for it. */
  readonly wantedAt: Instant;
  readonly reason: PlanReason;
}

function targetOf({ madeAt, target }: PlanRequest, policy: Policy, book: Book, frame: Frame): Target {
  const { since, promisedAt } = frame;
  const named = (wantedAt: Instant, { because, field, value }: Omit<PlanReason, 'instant' | 'at'>): Target => {
    const at = withinPromise(wantedAt, since, promisedAt);
    return { at, wantedAt, reason: { instant: 'targetAt', at, because, field, value } };
  };
  if (target) return named(target, { because: 'target_given', field: null, value: null });
  const rule = policy.buffer;
  if (since === null && 'share' in rule)
    return named(promisedAt, { because: 'made_at_unknown', field: null, value: null });
  const placed: Placed = targetBy(rule, { ...frame, since: since ?? madeAt ?? promisedAt }, book);
  return named(placed.at, placed);
}

interface Lead {
  readonly ms: number;
  readonly lastCallAt: Instant;
  readonly reason: PlanReason;
}

/** The policy's lead, at most half of the time there is; spread against herds; not in the customer's quiet hours. */
function leadOf(request: PlanRequest, policy: Policy, frame: Frame, spreadMs: number): Lead {
  const { zone, since, promisedAt, leadTo } = frame;
  const halfWayMs = since === null ? Infinity : Math.max(0, msBetween(since, leadTo) / 2);
  const policyLeadMs = msBetween(minusDuration(leadTo, policy.lead, zone), leadTo);
  const ms = Math.floor(Math.min(policyLeadMs, halfWayMs));
  const latest = withinPromise(plusMs(leadTo, -ms - Math.floor(Math.min(spreadMs, ms))), since, promisedAt);
  const quiet = quietOf(policy, request.customerZone ?? zone);
  const isDisturbing = quiet !== null && isQuiet(latest, quiet);
  const decent = isDisturbing ? withinPromise(lastPermitted(latest, quiet), since, promisedAt) : latest;
  // A night that was quiet since before the promise was made leaves no better instant.
  const lastCallAt = decent > (since ?? decent) ? decent : latest;
  const because = ms < policyLeadMs ? 'lead_half' : 'lead';
  const reason: PlanReason =
    quiet && lastCallAt < latest
      ? {
          instant: 'lastCallAt',
          at: lastCallAt,
          because: 'quiet_hours',
          field: 'quiet',
          value: `${quiet.from}-${quiet.to}`,
        }
      : { instant: 'lastCallAt', at: lastCallAt, because, field: 'lead', value: policy.lead };
  return { ms, lastCallAt, reason };
}

function flagsOf(policy: Policy, { zone, assumed, since, promisedAt, clock }: Frame, target: Target): Flag[] {
  // Of a running clock the running time is what was promised: nights make it no longer.
  const tooShort = clock
    ? clock.withinMs < hoursMs(policy.shortest)
    : since !== null && promisedAt < plusDuration(since, policy.shortest, zone);
  const noRoom = (since !== null && target.wantedAt <= since) || target.at >= promisedAt;
  const tooTight = tooShort || (since !== null && target.wantedAt < since);
  return [
    ...(noRoom ? (['no_buffer'] as const) : []),
    ...(tooTight ? (['too_tight'] as const) : []),
    ...(assumed ? (['zone_assumed'] as const) : []),
  ];
}

/** Versions of the calendars that the plan counts by. */
function versionsOf({ promised }: PlanRequest, policy: Policy, book: Book): Readonly<Record<string, number>> {
  const own = 'within' in promised && promised.calendar !== null ? [promised.calendar] : [];
  return Object.fromEntries([...own, ...calendarsOf(policy)].map((id) => [id, book.calendar(id).version]));
}
