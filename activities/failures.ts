import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { faultFields } from '../db/fault-fields.ts';
import { isUnavailable } from '../db/pool.ts';
import { retryPauseMs } from '../domain/promise/sending.ts';

/** What may stand in a history: codes and these sentences, never a provider's or a driver's words, never a name. */
export const FAILURES = {
  MAILS_HELD: 'All mails are held back until an operator lets them go.',
  NOT_TOLD: 'The engine could not be told of the mail, so that it did not leave.',
  NOTICE_LATER: 'The notice is not due yet, or somebody else is handing it over.',
  NOT_ACCEPTED: 'The channel did not take the notice; nothing left the house.',
  HAND_OVER_UNKNOWN: 'Whether the channel has the notice is not known; only the same text may follow.',
  NOT_RECORDED: 'The channel has the notice, but the database could not be told.',
  DATABASE_DOWN: 'PostgreSQL is not there.',
  UNEXPECTED: 'Something went wrong; the log of the worker says what.',
} as const;

export type FailureCode = keyof typeof FAILURES;

/** Not logged for each promise: waiting for one's turn is in order, and a database that is down is told of once. */
const NO_NEWS = new Set<FailureCode>(['MAILS_HELD', 'NOTICE_LATER', 'DATABASE_DOWN']);

/** How long the activity that runs waits before it is tried again, with nothing better to go by. */
export const pauseMs = (): number => retryPauseMs(activityInfo().attempt);

/**
 * A failure after which Temporal tries again, after `afterMs`, which costs no history either; null: by its own pauses,
 * which are short, made for a worker that died.
 */
export function tryAgain(
  code: FailureCode,
  detail: string | null = null,
  afterMs: number | null = null,
): ApplicationFailure {
  return ApplicationFailure.create({
    type: code,
    message: detail === null ? FAILURES[code] : `${FAILURES[code]} (${detail})`,
    ...(NO_NEWS.has(code) ? { category: ApplicationFailureCategory.BENIGN } : {}),
    ...(afterMs === null ? {} : { nextRetryDelay: Math.max(1, Math.ceil(afterMs)) }),
  });
}

/** Turns whatever was thrown into a failure fit for a history; its words go to the log only. `afterMs`: as above. */
export function asFailure(
  error: unknown,
  log: { error(fields: object, message: string): void },
  subject: Readonly<Record<string, string>>,
  afterMs: number | null,
): never {
  if (error instanceof ApplicationFailure) throw error;
  if (isUnavailable(error)) throw tryAgain('DATABASE_DOWN', null, afterMs);
  log.error({ ...subject, ...faultFields(error) }, 'An activity failed unexpectedly; it is tried again.');
  throw tryAgain('UNEXPECTED', null, afterMs);
}
