import type { Fact } from './facts.ts';
import { fold, passedAt, type PromiseState } from './fold.ts';
import { earlier, later, timed, type Instant, type Zone } from './instant.ts';
import { waitingAt } from './moves.ts';
import type { Basis, Offset, Plan, PlannedCheckpoint, Planning, PlanReason, PlanStep } from './plan.ts';
import { phaseAt, storyOf, type Transition } from './story.ts';
import type { ClockReason, Flag, Phase, Precision, WaitedFor } from './words.ts';

/** The rows of a promise that an explanation is made from, beside its facts. */
export interface StoredPromise {
  readonly id: string;
  readonly source: string;
  readonly ref: string;
  readonly kind: string;
  readonly owner: string | null;
  readonly partner: string | null;
  readonly flags: readonly Flag[];
  readonly basis: Basis;
  /** The plan in force. */
  readonly plan: Plan;
  /** Empty where nothing has moved the plan; else the registration first. */
  readonly steps: readonly PlanStep[];
  /** Of a duration promise: what its clock does. `to` is `IDLE` while it stands until something happens. */
  readonly segments: readonly (Omit<ExplainedSegment, 'to'> & { readonly to: Instant })[] | null;
}

/** A reason of the plan with its sentence. */
export interface ExplainedReason extends PlanReason {
  readonly text: string;
}

/** A stretch of the clock. Half-open; without gap or overlap. */
export interface ExplainedSegment {
  readonly from: Instant;
  /** Null: until something happens. */
  readonly to: Instant | null;
  readonly reason: ClockReason;
}

/** One told time; revision 1 is the promise as it was first told. */
export interface ExplainedRevision {
  readonly revision: number;
  readonly at: Instant;
  readonly factKey: string;
  readonly agreed: boolean;
  /** Null: told while the clock stood, without a time. */
  readonly promisedAt: Instant | null;
  readonly day: string | null;
  readonly cause: string | null;
}

/** A plan there has been and the fact that made it. Instants are null while the clock stood. */
export interface ExplainedStep {
  readonly factKey: string;
  readonly at: Instant;
  /** Told, but not agreed: never in force. */
  readonly imposed: boolean;
  readonly policyVersion: number;
  readonly promisedAt: Instant | null;
  readonly targetAt: Instant | null;
  readonly lastCallAt: Instant | null;
}

/** A milestone, the field that it comes from, and when it was passed. */
export type ExplainedCheckpoint = PlannedCheckpoint & { readonly field: string; readonly passedAt: Instant | null };

/** How everything about a promise was computed. Of the plan in force; instants are null while its clock stands. */
export interface Explanation {
  readonly id: string;
  readonly source: string;
  readonly ref: string;
  readonly kind: string;
  readonly phase: Phase;
  readonly owner: string | null;
  /** Who must act, by the newest word about it; null: nobody but we. */
  readonly waiting: { readonly for: WaitedFor; readonly since: Instant; readonly until: Instant | null } | null;
  readonly policyVersion: number;
  /** The calendar that the promise itself counts by, else the one its buffer does. */
  readonly calendar: { readonly id: string; readonly version: number } | null;
  /** The versions of all calendars that the plan was made by, by id. */
  readonly calendars: Readonly<Record<string, number>>;
  /** The partner that the plan was made by, too; null: nothing was said of one. */
  readonly partner: { readonly id: string; readonly version: number } | null;
  readonly precision: Precision;
  readonly zone: Zone;
  readonly offsets: readonly Offset[];
  readonly madeAt: Instant | null;
  /** Windows only: the start. */
  readonly from: Instant | null;
  /** Days only: the promised local day. */
  readonly day: string | null;
  readonly promisedAt: Instant | null;
  readonly targetAt: Instant | null;
  readonly riskAt: Instant | null;
  readonly lastCallAt: Instant | null;
  readonly sendBy: Instant | null;
  readonly recoveryAt: Instant | null;
  readonly flags: readonly Flag[];
  readonly reasons: readonly ExplainedReason[];
  /** Duration promises only; `leftMs` while the clock stands. */
  readonly clock: { readonly withinMs: number; readonly leftMs: number | null } | null;
  /** From when it was made up to its deadline; empty where it is not known when that was. */
  readonly segments: readonly ExplainedSegment[];
  readonly revisions: readonly ExplainedRevision[];
  readonly checkpoints: readonly ExplainedCheckpoint[];
  readonly steps: readonly ExplainedStep[];
  readonly transitions: readonly Transition[];
}

/**
 * Explains a promise from its rows and all its facts; `now` decides which changes by the clock have come. `sentence` says
 * a reason in words. The same rows give the same answer, whatever has become of policies, calendars and zone data.
 * @example explanationOf(promise, facts, now, explainReason).segments[0] //=> { from: '2026-03-27T13:00:00.000Z', to: '2026-03-27T15:00:00.000Z', reason: 'open' }
 */
export function explanationOf(
  promise: StoredPromise,
  facts: readonly Fact[],
  now: Instant,
  sentence: (reason: PlanReason, plan: Plan, toldAt: Instant) => string,
): Explanation {
  const planning = asStored(promise);
  const state = fold(planning, facts);
  const { id, source, ref, kind, owner, flags, plan } = promise;
  const { policyVersion, precision, zone, offsets, madeAt, windowFrom: from, day, clock } = plan;
  return {
    ...{ id, source, ref, kind, phase: phaseAt(state, now), owner, waiting: waitingAt(state.waiting, now) },
    ...{
      policyVersion,
      calendar: calendarOf(plan),
      calendars: plan.calendars,
      partner: partnerOf(promise),
      precision,
      zone,
      offsets,
      madeAt,
      from,
      day,
    },
    promisedAt: timed(plan.promisedAt),
    targetAt: timed(plan.targetAt),
    riskAt: plan.riskAt,
    lastCallAt: timed(plan.lastCallAt),
    sendBy: timed(plan.sendBy),
    recoveryAt: timed(plan.recoveryAt),
    flags,
    reasons: plan.reasons.map((reason) => ({ ...reason, text: sentence(reason, plan, state.told.at) })),
    clock: clock && { withinMs: clock.withinMs, leftMs: clock.leftMs },
    segments: segmentsOf(promise, state),
    revisions: revisionsOf(planning, state, facts),
    checkpoints: plan.checkpoints.map((checkpoint) => ({
      ...checkpoint,
      field: checkpoint.field ?? 'checkpoints',
      passedAt: passedAt(state.passed, checkpoint.name),
    })),
    steps: stepsOf(planning, state, facts),
    transitions: storyOf(planning, facts, now),
  };
}

/** Plans are read and never made: the steps hold one for each fact that moved it. */
function asStored({ basis, plan, steps: [registered, ...steps] }: StoredPromise): Planning {
  return { plan: registered?.plan ?? plan, chain: { basis, steps, replan: () => plan } };
}

/** The version is the one that is stored with the plan. */
function calendarOf({ clock, calendars }: Plan): Explanation['calendar'] {
  const id = clock?.calendar ?? Object.keys(calendars).sort()[0];
  const version = id === undefined ? undefined : calendars[id];
  return id === undefined || version === undefined ? null : { id, version };
}

/** The version is the one that is stored with the plan. */
const partnerOf = ({ partner, plan: { partnerVersion } }: StoredPromise): Explanation['partner'] =>
  partner === null || partnerVersion === undefined ? null : { id: partner, version: partnerVersion };

/** As stored of a duration. A date is open throughout, but where the customer was waited for. */
function segmentsOf({ segments, plan }: StoredPromise, { clock }: PromiseState): readonly ExplainedSegment[] {
  if (segments) return segments.map(({ from, to, reason }) => ({ from, to: timed(to), reason }));
  const { madeAt, promisedAt } = plan;
  if (madeAt === null) return [];
  const parts: { readonly from: Instant; to: Instant; readonly reason: ClockReason }[] = [];
  const add = (from: Instant, to: Instant, reason: ClockReason): void => {
    const last = parts.at(-1);
    if (from >= to) return;
    if (last?.reason === reason) last.to = to;
    else parts.push({ from, to, reason });
  };
  let at = madeAt;
  for (const pause of clock?.pauses ?? []) {
    const from = earlier(later(pause.from, at), promisedAt);
    const to = later(earlier(pause.to ?? promisedAt, promisedAt), from);
    add(at, from, 'open');
    add(from, to, 'paused');
    at = to;
  }
  add(at, promisedAt, 'open');
  return parts;
}

function revisionsOf(planning: Planning, state: PromiseState, facts: readonly Fact[]): readonly ExplainedRevision[] {
  const { promisedAt, day } = planning.plan;
  const first = facts.flatMap(({ kind, occurredAt: at, factKey }) =>
    kind === 'registered'
      ? [{ revision: 1, at, factKey, agreed: true, promisedAt: timed(promisedAt), day, cause: null }]
      : [],
  );
  const since = state.revisions.map(({ told, precision: _precision, promised: _promised, ...rest }) => ({
    ...rest,
    promisedAt: timed(told.at),
    day: told.day,
  }));
  return [...first, ...since];
}

function stepsOf({ plan }: Planning, { steps }: PromiseState, facts: readonly Fact[]): readonly ExplainedStep[] {
  const occurred = new Map(facts.map(({ factKey, occurredAt }) => [factKey, occurredAt]));
  return [{ factKey: 'registered', plan, imposed: false }, ...steps].flatMap(({ factKey, imposed, plan: made }) => {
    const at = occurred.get(factKey);
    if (at === undefined) return [];
    const { policyVersion } = made;
    const [promisedAt, targetAt, lastCallAt] = [timed(made.promisedAt), timed(made.targetAt), timed(made.lastCallAt)];
    return [{ factKey, at, imposed, policyVersion, promisedAt, targetAt, lastCallAt }];
  });
}
