import { UNTRIED } from './attempts.ts';
import type { Fact } from './facts.ts';
import type { PromiseState, Revision } from './fold.ts';
import { earlier, plusMs, type Instant } from './instant.ts';
import {
  stands,
  toldBy,
  type Clock,
  type Pause,
  type Plan,
  type Planning,
  type PlanStep,
  type Undertaking,
} from './plan.ts';

/**
 * What moves a plan: waiting for the customer moves the deadline of a duration promise by the working time waited; an
 * agreed time puts another promise in force; a changed policy plans anew. Each such fact makes a step, which is stored and
 * used again: only where the facts before it have changed (one arrived late) is it reckoned anew.
 */
export interface Moving {
  /** The plan in force: by the last time that was agreed. */
  readonly plan: Plan;
  /** The deadline of revision 1, moved by pauses as long as it was in force. */
  readonly first: Deadline;
  /** Null where nothing moves the plan. */
  readonly clock: Clock | null;
  /** After the registration, in order. */
  readonly steps: readonly PlanStep[];
  /** Number of the revision in force. */
  readonly agreedRevision: number;
  /**
   * The factKey of the agreement in force, whatever its number becomes when an earlier one is heard of late: alerts and
   * warnings count for the time about which they were given.
   */
  readonly ladder: string;
  /** Where a place is kept for it; null: none is. */
  readonly slot: string | null;
}

/** The ladder of the promise as registered. */
export const FIRST_LADDER = 'registered';

/** What an end is judged by. */
export type Deadline = Pick<Plan, 'precision' | 'promisedAt'>;

export const firstDeadline = ({ precision, promisedAt }: Plan): Deadline => ({ precision, promisedAt });

type Of<K extends Fact['kind']> = Extract<Fact, { kind: K }>;

/** Another policy, or pauses of a duration promise that have changed. */
export function moved(
  planning: Planning,
  state: PromiseState,
  fact: Pick<Fact, 'factKey'>,
  change: Partial<Clock>,
): PromiseState {
  if (!state.clock) return state;
  const clock = { ...state.clock, ...change };
  return retold(planning, inForce({ ...state, clock }, step(planning, state, fact.factKey, clock, false)), fact);
}

/** Waiting begins, or for somebody else, or until another instant. */
export function paused(planning: Planning, state: PromiseState, fact: Of<'paused'>): PromiseState {
  const { occurredAt: at, waitingFor } = fact;
  const until = fact.until ?? null;
  const before = waitingAt(state.waiting, at);
  const since = before?.for === waitingFor ? before.since : at;
  const next: PromiseState = { ...state, waiting: { for: waitingFor, since, until } };
  const pauses = cut(state.clock?.pauses ?? [], at);
  return withPauses(planning, next, fact, waitingFor === 'customer' ? [...pauses, { from: at, to: until }] : pauses);
}

/** Nobody is waited for any more. */
export function resumed(planning: Planning, state: PromiseState, fact: Of<'resumed'>): PromiseState {
  const next = { ...state, waiting: null };
  return withPauses(planning, next, fact, cut(state.clock?.pauses ?? [], fact.occurredAt));
}

/** The end of a promise: a clock that stands goes on, so that the deadline it is judged by is a time. */
export const stopped = (planning: Planning, state: PromiseState, fact: Fact): PromiseState =>
  withPauses(planning, state, fact, cut(state.clock?.pauses ?? [], fact.occurredAt));

/** Who is waited for at an instant; null once it is over. */
export const waitingAt = (waiting: PromiseState['waiting'], at: Instant): PromiseState['waiting'] =>
  waiting !== null && (waiting.until === null || at < waiting.until) ? waiting : null;

/** The customer chose another time; a place goes with it, and the one before is free. */
export const chosen = (
  planning: Planning,
  state: PromiseState,
  fact: Extract<Of<'chosen'>, { readonly promised: unknown }>,
): PromiseState => ({
  ...toldAnew(planning, state, { ...fact, isAccepted: true, cause: null }),
  slot: fact.slot ?? null,
});

/** Another time was told, by which no place in a slot is kept any more. */
export function repromised(planning: Planning, state: PromiseState, fact: Of<'repromised'>): PromiseState {
  const { agreedByCustomer: isAccepted, cause = null } = fact;
  const next = toldAnew(planning, state, { ...fact, isAccepted, cause });
  return next.agreedRevision === state.agreedRevision ? next : { ...next, slot: null };
}

interface ToldAnew extends Pick<Of<'repromised'>, 'occurredAt' | 'factKey' | 'promised'> {
  readonly isAccepted: boolean;
  readonly cause: string | null;
}

/** Accepted before the old time had passed, it is in force, and the ladder begins anew. */
function toldAnew(planning: Planning, state: PromiseState, fact: ToldAnew): PromiseState {
  if (!state.clock) return state;
  const { occurredAt: at, factKey, promised, cause } = fact;
  const agreed = fact.isAccepted && at < state.plan.promisedAt;
  const clock = {
    ...state.clock,
    // The target that came with the promise was meant for its time.
    ...{ promised, target: null, toldAt: toldAfter(state.clock, at, promised) },
    // Another time says where it is as little as a time at registration does: the day or calendar before it did.
    customerZone: state.clock.customerZone ?? namedZone(state.plan),
  };
  const made = step(planning, state, factKey, clock, !agreed);
  const revision = state.revision + 1;
  const told = toldBy(made.plan);
  const { precision } = made.plan;
  const newest: Revision = { revision, at, factKey, told, precision, promised, agreed, cause };
  const next: PromiseState = { ...state, revision, told, revisions: [...state.revisions, newest] };
  if (!agreed) return { ...next, steps: [...state.steps, made] };
  const first = state.agreedRevision === 1 ? firstAsItWas(planning, state, at) : state.first;
  // Tries belong to the time at which the customer was to be called.
  const anew = { ...next, clock, agreedRevision: revision, ladder: factKey, first, tried: UNTRIED };
  return inForce(onLadder(anew), made);
}

const namedZone = ({ flags, zone }: Plan): Plan['zone'] | null => (flags.includes('zone_assumed') ? null : zone);

/**
 * The alerts that count for the time in force: those given while it was, whenever its agreement is said to have occurred,
 * so that one heard of late, or a little ahead of our clock, neither silences nor repeats anything.
 */
export function onLadder(state: PromiseState): PromiseState {
  const given = state.given.filter(({ ladder }) => ladder === state.ladder);
  return {
    ...state,
    alerted: given.flatMap(({ reason }) => (reason === 'checkpoint' || reason === 'callback' ? [] : [reason])),
    missed: given.flatMap(({ reason, checkpoint }) => (reason === 'checkpoint' ? [checkpoint ?? ''] : [])),
    reminded: given.flatMap(({ call }) => (call === null ? [] : [call])),
  };
}

function withPauses(
  planning: Planning,
  state: PromiseState,
  fact: Pick<Fact, 'factKey'>,
  pauses: readonly Pause[],
): PromiseState {
  const { clock } = state;
  if (!clock || isSame(clock.pauses, pauses)) return state;
  // A date never moves; that it was waited for is kept, since a duration may be agreed later.
  if (lasts(clock.promised)) return moved(planning, state, fact, { pauses });
  return retold(planning, { ...state, clock: { ...clock, pauses } }, fact);
}

/**
 * Durations that were told beside the promise since the last agreement: they move as it would itself, so that it makes no
 * difference whether a pause or the time was told first. What had passed by then stays, since nothing before it changes.
 */
function retold(planning: Planning, state: PromiseState, { factKey }: Pick<Fact, 'factKey'>): PromiseState {
  return state.revisions.reduce((next, { revision, promised }): PromiseState => {
    if (!next.clock || promised === null || !lasts(promised) || revision <= state.agreedRevision) return next;
    const made = step(planning, next, factKey, { ...next.clock, promised, target: null, toldAt: null }, true);
    const told = toldBy(made.plan);
    return {
      ...next,
      steps: [...next.steps, made],
      told: revision === next.revision ? told : next.told,
      revisions: next.revisions.map((each) => (each.revision === revision ? { ...each, told } : each)),
    };
  }, state);
}

/**
 * Of each time that we told and nobody agreed to, in order, the last instant at which it is kept: an instant itself, of a
 * day or window the moment before its end. Without those that had not passed when the customer agreed to another time,
 * which let us off, and those whose clock stands.
 */
export function imposedUntil({ revisions }: Pick<PromiseState, 'revisions'>): readonly Instant[] {
  return revisions.flatMap(({ agreed, told, precision }, place) => {
    if (agreed || stands({ promisedAt: told.at })) return [];
    const until = precision === 'instant' ? told.at : plusMs(told.at, -1);
    const letOff = revisions.slice(place + 1).some((later) => later.agreed && later.at <= until);
    return letOff ? [] : [until];
  });
}

/** A date has room from when it was told; told before madeAt, it belongs to the promise as it was made. */
const toldAfter = ({ madeAt }: Clock, at: Instant, promised: Undertaking): Instant | null =>
  lasts(promised) || (madeAt !== null && at <= madeAt) ? null : at;

const lasts = (promised: Undertaking): boolean => 'within' in promised;

/** A stretch that goes on at `at` ends there; what ended by itself before stays as it was, and what never began is nothing. */
function cut(pauses: readonly Pause[], at: Instant): readonly Pause[] {
  return pauses
    .map((pause) => ({ from: pause.from, to: pause.to === null ? at : earlier(pause.to, at) }))
    .filter(({ from, to }) => from < to);
}

const isSame = (a: readonly Pause[], b: readonly Pause[]): boolean =>
  a.length === b.length && a.every(({ from, to }, at) => from === b[at]?.from && to === b[at]?.to);

/** The plan is in force; what was told by the plan before it is told by it. */
function inForce(state: PromiseState, made: PlanStep): PromiseState {
  const { plan } = made;
  // A calendar that a told time brought stays in the version it was first counted by.
  const clock = state.clock && { ...state.clock, calendars: { ...plan.calendars, ...state.clock.calendars } };
  return {
    ...state,
    clock,
    plan,
    steps: [...state.steps, made],
    told: state.revision === state.agreedRevision ? toldBy(plan) : state.told,
    first: state.agreedRevision === 1 ? firstDeadline(plan) : state.first,
  };
}

/** The step that was stored for the same fact after the same steps and pauses, else a new one. */
function step(
  planning: Planning,
  { steps, plan }: PromiseState,
  factKey: string,
  clock: Clock,
  imposed: boolean,
): PlanStep {
  const { chain } = planning;
  const stored = chain?.steps[steps.length];
  const isAsStored = steps.every((each, at) => each === chain?.steps[at]);
  // A date's pauses make no step, and count in the duration that replaces it.
  const pauses = lasts(clock.promised) ? clock.pauses : [];
  const isOfFact = stored?.factKey === factKey && stored.imposed === imposed;
  if (isOfFact && isAsStored && isSame(stored.plan.clock?.pauses ?? [], pauses)) return stored;
  return { factKey, plan: chain ? chain.replan(clock) : plan, imposed };
}

/** Replaced while the clock stood, for how long whatsoever, the first deadline is what it would be had it gone on then. */
function firstAsItWas(planning: Planning, state: PromiseState, at: Instant): Deadline {
  const { clock, first } = state;
  if (!clock || !planning.chain || !lasts(clock.promised)) return first;
  const pauses = cut(clock.pauses, at);
  return isSame(pauses, clock.pauses) ? first : firstDeadline(planning.chain.replan({ ...clock, pauses }));
}
