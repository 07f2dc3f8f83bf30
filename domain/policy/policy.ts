import type { RemedyKind, Rung } from '../promise/words.ts';

/** An ISO 8601 duration such as `P1D` or `PT4H`; days and longer are calendar days. Checked where it enters. */
export type Duration = string;

/** An exact amount with two decimals, such as `20.00`: money is never a float. Checked where it enters. */
export type Money = string;

/** How far before the promised time our own target lies. */
export type BufferRule =
  | { readonly fixed: Duration }
  | {
      /** Share of the time promised, 0 < share < 1. */
      readonly share: number;
      readonly min: Duration | null;
      readonly max: Duration | null;
    }
  | {
      /** Working time: hours, minutes and seconds only. */
      readonly working: Duration;
      /** The id of a calendar. That there is one is checked where the policy is stored. */
      readonly calendar: string;
    };

export const QUIET_CHANNELS = ['email', 'sms', 'call'] as const;
/** By what a customer can be disturbed. */
export type QuietChannel = (typeof QUIET_CHANNELS)[number];

/** When a customer is left in peace, every day: from `from` until before `to`, past midnight where `to` is earlier. */
export interface QuietHours {
  readonly channels: readonly QuietChannel[];
  /** Wall time of the customer, `21:00`. */
  readonly from: string;
  /** Wall time of the customer, `09:00`. */
  readonly to: string;
}

/** A milestone inside a promise, with a target of its own. */
export interface CheckpointRule {
  /** What `progressed` says when it is passed. */
  readonly name: string;
  /** Its target, from when the promise was made: a share (0 < share < 1) of the time promised, or always this much. */
  readonly at: { readonly share: number } | { readonly fixed: Duration };
  /** True: where the promise has a partner, a missed one is the partner's slip. */
  readonly partner: boolean;
}

/** Who of the staff is told, by reason; in the order of the rungs, each once. */
export interface Escalation {
  readonly slip: readonly Rung[];
  readonly at_risk: readonly Rung[];
  readonly broken: readonly Rung[];
  readonly checkpoint: readonly Rung[];
  /** Not acknowledged for this long, an alert is repeated; null: never. */
  readonly repeat: Duration | null;
  /** So often; then it goes one rung up. */
  readonly times: number;
}

/** How a customer is called. */
export interface Tries {
  readonly max: number;
  /** Tries nearer than this count as one. */
  readonly every: Duration;
  /** The owner is reminded this long before. */
  readonly remind: Duration;
}

/** How places for calls are offered. */
export interface SlotRule {
  /** Hours and minutes. */
  readonly length: Duration;
  readonly ahead: Duration;
  /** Id of the team whose calls they are; null: the teams that serve the kind, else everybody. */
  readonly team: string | null;
}

/** What a customer is offered: an amount, or an exact per cent (`12.5`) of the promise's value. */
export type RemedyOption = { readonly kind: RemedyKind } & ({ readonly amount: Money } | { readonly percent: string });

/** What is offered from a lateness and a value on. */
export interface RemedyRow {
  readonly late: Duration;
  readonly value: Money;
  /** The first holds until the customer chooses. */
  readonly options: readonly RemedyOption[];
}

/** How a broken promise is made good. The last row whose lateness and value are both reached holds. */
export interface RemedyTable {
  /** ISO 4217, e.g. `EUR`. */
  readonly currency: string;
  readonly rows: readonly RemedyRow[];
  /** Instead of a row, for the second break; empty: the row holds. */
  readonly secondBreak: readonly RemedyOption[];
  /** How long the promise of a refund is. */
  readonly arrives: Duration;
  /** A remedy above it needs approval; null: none does for its size. */
  readonly limit: Money | null;
  /** With so much granted in a month, further ones need approval; null: no end. */
  readonly month: Money | null;
}

/** The rules of one kind of promise. Immutable once used: each promise remembers the version it was made under. */
export interface Policy {
  readonly kind: string;
  readonly buffer: BufferRule;
  readonly lead: Duration;
  readonly estimateFresh: Duration;
  readonly whenUnknown: 'silent' | 'warn';
  readonly factLag: Duration;
  readonly nextNews: Duration;
  /** Null: the customer may be disturbed at any hour. */
  readonly quiet: QuietHours | null;
  readonly notices: { readonly promised: boolean };
  /** Share of promises to be kept, 0 < goal <= 1; null where none is set. */
  readonly goal: number | null;
  readonly sendGuard: Duration;
  readonly spread: Duration;
  readonly tooTight: 'flag' | 'refuse';
  readonly shortest: Duration;
  readonly longest: Duration;
  readonly escalation: Escalation;
  readonly checkpoints: readonly CheckpointRule[];
  /** Null: the kind is not fulfilled by calling. */
  readonly tries: Tries | null;
  /** Null: no places are offered. */
  readonly slots: SlotRule | null;
  /** Null: nothing is offered. */
  readonly remedies: RemedyTable | null;
}

/**
 * The ids of the calendars that a policy counts by, each once. Whether there are such is not known here.
 * @example calendarsOf({ …, buffer: { working: 'PT4H', calendar: 'office' } }) //=> ['office']
 */
export const calendarsOf = ({ buffer }: Policy): readonly string[] => ('working' in buffer ? [buffer.calendar] : []);
