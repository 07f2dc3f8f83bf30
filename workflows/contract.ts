import type { Instant } from '../domain/promise/instant.ts';
import type { NoticeReason, Outcome } from '../domain/promise/words.ts';

/**
 * The one door between Temporal and the rest: ids, messages, queues and the port that `activities/` implements.
 * Row ids only; nothing personal ever crosses it.
 */

/** Workflows and the local activity `advance`. */
export const PROMISE_QUEUE = 'kept-promises';
/** `perform` runs here: a provider that has become slow starves no `advance`. */
export const NOTICE_QUEUE = 'kept-notices';

export const PROMISE_WORKFLOW = 'promise';
export const promiseWorkflowId = (promiseId: string): string => `promise/${promiseId}`;

/** "Look again." Carries nothing: a lost, doubled or late poke changes nothing. */
export const POKE_SIGNAL = 'poke';

export interface PromiseInput {
  readonly promiseId: string;
}

/** A notice to be performed. */
export interface Duty {
  readonly id: string;
  readonly reason: NoticeReason;
}

/** What a promise owes now and when to look next. */
export interface Step {
  /** Every unfinished notice of the promise, whoever created it. */
  readonly duties: readonly Duty[];
  /** When a new duty will be owed; null: only when poked. */
  readonly wakeAt: Instant | null;
  /** Set once nothing more can come: the outcome, or `unknown` for an id the database does not hold. */
  readonly closed: Outcome | 'unknown' | null;
}

export interface PerformInput {
  readonly promiseId: string;
  readonly dutyId: string;
}

export const DIGEST_WORKFLOW = 'digest';
/** By the row of the person: what people go by is personal. */
export const digestWorkflowId = (personId: string): string => `digest/${personId}`;

export const WITNESS_WORKFLOW = 'witness';
/** Of each database, one after the other: a workflow takes only so many signals. */
export const witnessWorkflowId = (installation: string, share: number): string => `witness/${installation}/${share}`;
/** "So many mails have been about to leave": a number. */
export const MAILS_SIGNAL = 'mails';

/** "Look at once": ends the delay, so it comes only for an alert that may not wait for the window. Carries nothing. */
export const URGENT_SIGNAL = 'urgent';

export interface DigestInput {
  /** Id of the person's row. */
  readonly personId: string;
}

export interface DigestStep {
  /** How long until there is something to mail, in milliseconds; null: nothing waits, or it has just left. */
  readonly againMs: number | null;
}

/** What the workflow of a person's mails may ask for. */
export interface DigestActivities {
  /** Sends the person one mail of all alerts that wait, if it is due. Regular activity. */
  mailAlerts(input: DigestInput): Promise<DigestStep>;
}

/** What the workflow may ask for. */
export interface PromiseActivities {
  /** Lets time pass for one promise, and may deliver at once what is owed then (decision 0041). Local activity. */
  advance(input: PromiseInput): Promise<Step>;
  /** Delivers one notice, with whatever else its customer is due, and says what comes next. Regular activity. */
  perform(input: PerformInput): Promise<Step>;
}
