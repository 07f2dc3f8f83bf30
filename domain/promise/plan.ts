import type { Instant, Zone } from './instant.ts';
import type { Told } from './facts.ts';
import type { Flag, Precision } from './words.ts';

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

/** A stretch in which the clock of a duration promise stands, because we wait for the customer. Half-open. */
export interface Pause {
  readonly from: Instant;
  /** When it ended, or will by itself; null: only when something happens. */
  readonly to: Instant | null;
}

/**
 * Every instant at which a promise may owe something, computed once at registration, stored, never recomputed silently.
 * `madeAt <= targetAt, lastCallAt <= promisedAt`, where madeAt is known.
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
}

/**
 * The plan and what its policy says about times not known yet. Functions, because they count calendar days, which
 * this folder does not know how to do; `termsOf` in `domain/calendar/` makes them.
 */
export interface Terms {
  readonly plan: Plan;
  /** Imported as it was: it owes nothing, to nobody, ever. */
  readonly history: boolean;
  /** Tell the customer at registration. */
  readonly confirms: boolean;
  /** At the last call without news: say nothing, or warn. */
  readonly whenUnknown: 'silent' | 'warn';
  /** Until when (exclusive) an estimate that occurred then is news. */
  readonly freshUntil: (occurredAt: Instant) => Instant;
  /** The new time told for an estimate: the estimate plus the policy's buffer, in the promise's precision. */
  readonly newTimeFor: (estimate: Instant) => Told;
  /** When the customer hears next, where no new time can be told. */
  readonly nextNewsAfter: (now: Instant) => Instant;
  /** When recovery is owed after a told deadline: the deadline + late facts + spread. */
  readonly recoveryAfter: (deadline: Instant) => Instant;
}

/**
 * True when an end at `at` is after the deadline: instant `>`, day and window `>=` (half-open). `asDay`: of the end only
 * the local day is known, and `at` is that day's end: compared as dates, the promised day itself is in time.
 */
export function isLate(plan: Pick<Plan, 'precision' | 'promisedAt'>, at: Instant, asDay = false): boolean {
  return plan.precision === 'instant' || asDay ? at > plan.promisedAt : at >= plan.promisedAt;
}
