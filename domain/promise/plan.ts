import { IDLE, type Instant, type Zone } from './instant.ts';
import type { Offer, Told } from './facts.ts';
import type { LadderAlert, Flag, Precision, Rung } from './words.ts';

/** The instants of a plan that a reason explains. */
export const PLAN_INSTANTS = ['promisedAt', 'targetAt', 'riskAt', 'lastCallAt', 'sendBy', 'recoveryAt'] as const;
export type PlanInstant = (typeof PLAN_INSTANTS)[number];

/** Why one instant of the plan stands where it stands. */
export interface PlanReason {
  readonly instant: PlanInstant;
  readonly at: Instant | null;
  /** A stable code, e.g. `buffer_share`; its sentence is in `words/`. */
  readonly because: string;
  /** The policy field it comes from, e.g. `buffer.share`; null where the caller's own words decided. */
  readonly field: string | null;
  /** The value of that field, e.g. `20%`. */
  readonly value: string | null;
}

/** What a customer was told. */
export type Promised =
  | { readonly precision: 'instant'; readonly at: Instant }
  /** A whole local day, `YYYY-MM-DD`. */
  | { readonly precision: 'day'; readonly day: string; readonly zone: Zone }
  /** Half-open: from `from` up to, not including, `to`. */
  | { readonly precision: 'window'; readonly from: Instant; readonly to: Instant };

/** A duration, told instead of a time: the deadline is derived, and moves by the working time spent waiting for the customer. */
export interface Lasting {
  readonly precision: 'instant';
  /** ISO 8601. With a calendar hours to seconds of its working time; without, also calendar days. Counted from madeAt. */
  readonly within: string;
  /** Id of the calendar whose working time counts; null: every hour does. */
  readonly calendar: string | null;
}

/** Whatever a customer can be told. */
export type Undertaking = Promised | Lasting;

/** A stretch in which the clock of a duration promise stands, because we wait for the customer. Half-open. */
export interface Pause {
  readonly from: Instant;
  /** When it ended, or will by itself; null: only when something happens. */
  readonly to: Instant | null;
}

/** Of a duration promise: what its clock counts. */
export interface PlannedClock {
  /** Running time that was promised, in milliseconds, reckoned at madeAt. */
  readonly withinMs: number;
  readonly calendar: string | null;
  /** When it stood, by the facts that the plan was made by. */
  readonly pauses: readonly Pause[];
  /** While it stands until something happens: the running time left; else null, and the instants say it. */
  readonly leftMs: number | null;
  /** While it stands: the deadline, had it gone on at once; for the day under which it is filed. */
  readonly wouldEndAt: Instant | null;
}

/** A milestone inside a promise, with its own target. Passed by the fact `progressed` of this name. */
export interface PlannedCheckpoint {
  readonly name: string;
  readonly at: Instant;
  /** The partner answers for it: missed, it is the partner's slip. */
  readonly partner: boolean;
  /** What the policy or the partner says of it, `60%` or `P1D`. */
  readonly value: string;
  /** Where that stands, e.g. `partners.dpd.checkpoints.delivery`; absent: in `checkpoints` of the policy. */
  readonly field?: string;
}

/** How often and how fast a customer is tried before a promise ends as unreachable. */
export interface PlannedTries {
  readonly max: number;
  /** A try sooner after the last counted one does not count. Milliseconds. */
  readonly everyMs: number;
  /** How long before the call is due its owner is reminded; absent in plans made before owners were. Milliseconds. */
  readonly remindMs?: number;
}

/** What a zone's clock was from an instant on, as known when the plan was made. */
export interface Offset {
  /** Null: from the beginning. */
  readonly from: Instant | null;
  /** Minutes east of UTC. */
  readonly minutes: number;
}

/**
 * Every instant at which a promise may owe something, computed at registration and when a fact moves it (a pause, another
 * time, another policy), stored, never recomputed silently. `madeAt <= targetAt, lastCallAt <= promisedAt`, where madeAt is
 * known. While the clock of a duration promise stands until something happens, all of them are `IDLE`.
 */
export interface Plan {
  readonly precision: Precision;
  /** The zone in which its calendar days are counted and its times are shown. */
  readonly zone: Zone;
  /** Null only for history that does not say when it was promised. */
  readonly madeAt: Instant | null;
  /** Windows only: the start of the window. */
  readonly windowFrom: Instant | null;
  /** Days only: the promised local day, `YYYY-MM-DD`. */
  readonly day: string | null;
  /** The deadline. Day: the first instant of the next local day. Window: its end. */
  readonly promisedAt: Instant;
  /** Our own earlier deadline. */
  readonly targetAt: Instant;
  /** Where P(late) crosses the threshold; null without history. */
  readonly riskAt: Instant | null;
  /** What the notice lead is counted to: promisedAt, start of the day, start of the window. */
  readonly leadTo: Instant;
  /** The latest instant at which a risk notice still gives the customer its lead. */
  readonly lastCallAt: Instant;
  /** No risk notice is handed over at or after this. */
  readonly sendBy: Instant;
  /** When recovery and the manager's alert are owed, if still open: deadline + late facts + spread. */
  readonly recoveryAt: Instant;
  readonly reasons: readonly PlanReason[];
  readonly flags: readonly Flag[];
  /** Of a duration promise only. */
  readonly clock: PlannedClock | null;
  /** In the order of their instants. */
  readonly checkpoints: readonly PlannedCheckpoint[];
  /** Null: a kind whose customers are not tried. */
  readonly tries: PlannedTries | null;
  /** What the plan was made by. */
  readonly policyVersion: number;
  /** Versions of the calendars it was made by, by id. */
  readonly calendars: Readonly<Record<string, number>>;
  /** Version of the promise's partner it was made by; absent: nothing was said of one. */
  readonly partnerVersion?: number;
  /** The zone's clock over the promise's life. */
  readonly offsets: readonly Offset[];
}

/** What a promise is planned from; with the facts since, all that a plan follows from. Stored at registration. */
export interface Basis {
  readonly promised: Undertaking;
  readonly madeAt: Instant | null;
  /** The caller's own internal target; null: by policy. */
  readonly target: Instant | null;
  /** The customer's zone; null when not known. */
  readonly customerZone: Zone | null;
  /** The company's zone, the last resort; using it sets the flag `zone_assumed`. */
  readonly companyZone: Zone;
  /** In [0, 1): where in the policy's spread this promise falls; by its id, so that it never changes. */
  readonly place: number;
  readonly policyVersion: number;
  readonly calendars: Readonly<Record<string, number>>;
  /** As `Plan.partnerVersion`. */
  readonly partnerVersion?: number;
  /** The customer is told of it at registration whatever the policy says: a promise that Kept makes by itself. */
  readonly confirms?: true;
  /** Of a promise to be in touch again: which one it is since a person last was, from 1 on. */
  readonly news?: number;
}

/** Where a plan has come to, by the facts that move it. A basis is the clock of the registration. */
export interface Clock extends Basis {
  /** When what is promised was told, where that was after madeAt; a duration still counts from madeAt. */
  readonly toldAt: Instant | null;
  /** When we waited for the customer; in order, without overlap. */
  readonly pauses: readonly Pause[];
}

/** A plan and the fact that made it. */
export interface PlanStep {
  /** Of that fact. */
  readonly factKey: string;
  readonly plan: Plan;
  /** A time that was told but not agreed: it is measured by itself, and the ladder keeps to the plan before. */
  readonly imposed: boolean;
}

/** What fold needs to move a plan. */
export interface Planning {
  /** As registered. */
  readonly plan: Plan;
  /** Who answered for it then; absent: nobody was named. */
  readonly owner?: string | null;
  /** Absent: nothing moves it, as with rehearsals and with history as it is read. */
  readonly chain?: {
    readonly basis: Basis;
    /** Steps made before, after the registration. Used again as long as the same facts lead to them. */
    readonly steps: readonly PlanStep[];
    readonly replan: (clock: Clock) => Plan;
  };
}

/**
 * The plan and what its policy says about times not known yet. Functions, because they count calendar days, which
 * this folder does not know how to do; `termsOf` in `domain/calendar/` makes them.
 */
export interface Terms {
  /** The plan in force. */
  readonly plan: Plan;
  /** Imported as it was: it owes nothing, to nobody, ever. */
  readonly history: boolean;
  /** Tell the customer at registration. */
  readonly confirms: boolean;
  /** What is owed at the last call without news: a warning, word that there is none yet, or nothing. */
  readonly withoutNews: 'risk' | 'progress' | null;
  /** Set of a promise that Kept made itself, to be in touch again: which one in a row it is, from 1 on. */
  readonly news: number | null;
  /** Until when (exclusive) an estimate that occurred then is news. */
  readonly freshUntil: (occurredAt: Instant) => Instant;
  /** The new time told for an estimate: the estimate plus the policy's buffer, in the promise's precision. */
  readonly newTimeFor: (estimate: Instant) => Told;
  /** When the customer hears next, where no new time can be told. */
  readonly nextNewsAfter: (now: Instant) => Instant;
  /** When recovery is owed after a told deadline: the deadline + late facts + spread. */
  readonly recoveryAfter: (deadline: Instant) => Instant;
  /** When a notice goes that is owed at `at` and, if it can be, should be out by `before`: not in quiet hours. */
  readonly decent: (at: Instant, before: Instant | null) => Instant;
  /** Who of the staff is told, by reason. */
  readonly escalation: Readonly<Record<LadderAlert, readonly Rung[]>>;
  /** How a broken promise is made good; null: nothing is offered. */
  readonly remedies: RemedyTerms | null;
  /** Kept made it itself, because of another promise: it starts no remedy and no callback. */
  readonly follows: boolean;
  /** When an alert given at `at` goes again, unless somebody acknowledges it; null: it does not. */
  readonly alertAgainAt: (at: Instant) => Instant | null;
}

/** What a policy offers for a broken promise. Amounts are exact, as `5.00`. */
export interface RemedyTerms {
  /** Of every amount here. */
  readonly currency: string;
  /** A larger remedy needs approval; null: none does for its size. */
  readonly limit: string | null;
  /** With so much granted in a month, further ones need approval; null: no end. */
  readonly month: string | null;
  /** How long the promise is by which it reaches the customer; ISO 8601. */
  readonly arrives: string;
  /** What is offered where it came, or is expected to come, at `lateAt`. Empty: nothing. */
  readonly offered: (
    lateAt: Instant,
    value: { readonly amount: string; readonly currency: string } | null,
  ) => readonly Offer[];
  /** What is offered for the second break; empty: the same as for the first. */
  readonly offeredAgain: (value: { readonly amount: string; readonly currency: string } | null) => readonly Offer[];
}

/** Whether the clock stands until something happens: then nothing has a time. */
export const stands = (plan: Pick<Plan, 'promisedAt'>): boolean => plan.promisedAt === IDLE;

/** What the customer was told by a plan. */
export const toldBy = ({ promisedAt, day }: Plan): Told => ({ at: promisedAt, day });

/**
 * True when an end at `at` is after the deadline: instant `>`, day and window `>=` (half-open). `asDay`: of the end only
 * the local day is known, and `at` is that day's end: compared as dates, the promised day itself is in time.
 */
export function isLate(plan: Pick<Plan, 'precision' | 'promisedAt'>, at: Instant, asDay = false): boolean {
  return plan.precision === 'instant' || asDay ? at > plan.promisedAt : at >= plan.promisedAt;
}
