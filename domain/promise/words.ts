/**
 * The closed sets of the domain. Each stands once: types, schemas, CHECK constraints and docs are derived from it or
 * compared with it by a test.
 */
export const PRECISIONS = ['instant', 'day', 'window'] as const;
/** How exactly the customer was told. */
export type Precision = (typeof PRECISIONS)[number];

export const PHASES = ['open', 'at_risk', 'paused', 'overdue', 'kept', 'broken', 'withdrawn', 'unreachable'] as const;
/** Where a promise stands; see `docs/glossary.md` and `phaseOf`. */
export type Phase = (typeof PHASES)[number];
/** The phases in which nothing more is owed on the promise itself. */
export type Outcome = Extract<Phase, 'kept' | 'broken' | 'withdrawn' | 'unreachable'>;

export const WAITED_FOR = ['customer', 'partner', 'us'] as const;
/** Who must act before a promise can go on. Only waiting for the customer stops its clock. */
export type WaitedFor = (typeof WAITED_FOR)[number];

export const CLOCK_REASONS = ['open', 'lunch', 'closed', 'holiday', 'paused'] as const;
/** Why a clock runs (`open`) or stands: `lunch` is any break between two intervals of one day, `paused` a wait for the customer. */
export type ClockReason = (typeof CLOCK_REASONS)[number];

export const TURN_CAUSES = ['registered', 'fact', 'deadline', 'estimate_stale', 'wait_over'] as const;
/** What changed a phase: a fact, or the clock by itself. */
export type TurnCause = (typeof TURN_CAUSES)[number];

export const ATTEMPT_RESULTS = ['reached', 'no_answer', 'wrong_number', 'declined'] as const;
/** What came of trying to reach the customer. */
export type AttemptResult = (typeof ATTEMPT_RESULTS)[number];

export const CONTACT_CHANNELS = ['phone', 'email', 'page', 'visit', 'other'] as const;
/** How the customer came to us. */
export type ContactChannel = (typeof CONTACT_CHANNELS)[number];

export const CONTACT_SUBJECTS = ['status', 'trouble', 'change', 'other'] as const;
/** What the customer came to us about. */
export type ContactSubject = (typeof CONTACT_SUBJECTS)[number];

export const NOTICE_REASONS = ['promised', 'risk', 'progress', 'recovery', 'remedy'] as const;
/** Why a customer is written to. */
export type NoticeReason = (typeof NOTICE_REASONS)[number];

export const NOTICE_STATES = ['owed', 'claimed', 'sent', 'dropped', 'failed'] as const;
export type NoticeState = (typeof NOTICE_STATES)[number];

export const LADDER_ALERTS = ['checkpoint', 'slip', 'at_risk', 'broken'] as const;
/** Why staff are told as a promise slips; in the order of the ladder: a later one voids the earlier ones. */
export type LadderAlert = (typeof LADDER_ALERTS)[number];

export const ALERT_REASONS = [
  ...LADDER_ALERTS,
  'callback',
  'handed_over',
  'unacknowledged',
  'approval',
  'capacity',
] as const;
/** Why staff are told: of the ladder, or because one of them has to do something. */
export type AlertReason = (typeof ALERT_REASONS)[number];

export const RUNGS = ['owner', 'lead', 'manager'] as const;
/** Who of the staff is told. */
export type Rung = (typeof RUNGS)[number];

export const ALERT_RUNGS = [...RUNGS, 'partner'] as const;
/** As whom somebody is told: on the ladder, or beside it as one of the people of the promise's partner. */
export type AlertRung = (typeof ALERT_RUNGS)[number];

export const CONTACT_ROLES = ['owner', 'deputy', 'hotline'] as const;
/** As what somebody is named in a notice. */
export type ContactRole = (typeof CONTACT_ROLES)[number];

export const HAND_OVER_CAUSES = ['command', 'absence', 'unacknowledged'] as const;
/** Why an owner changed: somebody said so, the owner is away at the target, or nobody acknowledged the last change. */
export type HandOverCause = (typeof HAND_OVER_CAUSES)[number];

export const FLAGS = [
  'no_buffer',
  'too_tight',
  'owner_unknown',
  'before_window',
  'zone_assumed',
  'second_break',
] as const;
export type Flag = (typeof FLAGS)[number];

export const REMEDY_KINDS = ['refund', 'voucher'] as const;
/** What a customer gets for a broken promise. */
export type RemedyKind = (typeof REMEDY_KINDS)[number];

export const REMEDY_REASONS = ['late', 'second_break'] as const;
/** By which part of the policy's table a remedy was chosen. */
export type RemedyReason = (typeof REMEDY_REASONS)[number];

export const REMEDY_STATES = ['pending', 'granted', 'refused', 'reversed', 'arrived'] as const;
/** What has become of a remedy. */
export type RemedyState = (typeof REMEDY_STATES)[number];

export const SECOND_BREAKS = ['chain', 'customer'] as const;
/** What was broken before: a later time told of the same promise, or another promise of the same customer. */
export type SecondBreak = (typeof SECOND_BREAKS)[number];

export const WITHDRAWERS = ['customer', 'company', 'unknown'] as const;
/** Who took the promise back. `unknown` is for imported histories without a cause. */
export type Withdrawer = (typeof WITHDRAWERS)[number];

export const CHANNELS = ['email'] as const;
export type Channel = (typeof CHANNELS)[number];

export const HOLD_REASONS = ['operator', 'restored'] as const;
/** Why all mails are held back: somebody asked for it, or the database is an older one than the engine has heard of. */
export type HoldReason = (typeof HOLD_REASONS)[number];

/** Why a notice did not leave. */
export const DROP_CAUSES = ['expired', 'fulfilled', 'withdrawn', 'no_longer_due'] as const;
export type DropCause = (typeof DROP_CAUSES)[number];

/** What became of a hand-over that did not succeed: refused for good, or not known and no longer true to repeat. */
export const FAIL_OUTCOMES = ['refused', 'unknown', 'no_address'] as const;
export type FailOutcome = (typeof FAIL_OUTCOMES)[number];

/** The first part of a kind's name: `delivery` and `delivery-express` promise the same thing. */
export const baseOf = (kind: string): string => kind.split('-')[0] ?? '';
