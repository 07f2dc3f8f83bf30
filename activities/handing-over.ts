import { setTimeout as sleep } from 'node:timers/promises';
import { faultFields } from '../db/fault-fields.ts';
import type { MailCount } from '../db/hold.ts';
import { isUnavailable } from '../db/pool.ts';
import { afterHandOver, CLAIM_MS, claimHoldsMs } from '../domain/promise/sending.ts';
import type { HandOver } from '../notices/notice.ts';
import { pauseMs, tryAgain } from './failures.ts';

const RECORD_MS = 23_000;
const RECORD_PAUSE_MS = 500;

/** Who remembers outside of the database how many mails have left, so that an older one, put back, is recognised. */
export interface Witness {
  /**
   * To be asked after a mail is counted and before it leaves. `told`: it may. `restored`: more mails have left than the
   * database knows of, and from now on it holds all back. `not_told`: nobody could be told. Never rejects.
   */
  tell(mail: MailCount): Promise<'told' | 'restored' | 'not_told'>;
}

/** A claimed text, whoever it is for, and what can be written down of this try to hand it over. */
export interface Held<T> {
  readonly ids: Readonly<Record<string, string>>;
  /** As `Claim.attempts`. */
  readonly attempts: number;
  sent(): Promise<T>;
  refused(): Promise<T>;
  /** It has not left: a new text follows. */
  throwAway(): Promise<void>;
  /** It has not left now, but may have earlier: the same text follows. */
  handBack(): Promise<void>;
  /** It may have left: the same text follows, but not for so many milliseconds. */
  keep(forMs: number): Promise<void>;
}

interface Log {
  error(fields: object, message: string): void;
}

/** Goes on where the mail may leave. @throws where it may not, after the claim has been given up */
export async function mayLeave(witness: Witness, mail: MailCount, held: Held<unknown>): Promise<void> {
  const answer = await witness.tell(mail);
  if (answer === 'told') return;
  await giveBack(held);
  throw tryAgain(answer === 'restored' ? 'MAILS_HELD' : 'NOT_TOLD', null, pauseMs());
}

/** Writes down what came of a hand-over. @throws where it is to be tried again */
export async function record<T>(held: Held<T>, handed: HandOver, log: Log, startedMs: number): Promise<T> {
  const code = 'code' in handed ? handed.code : null;
  switch (afterHandOver(handed.outcome, held.attempts)) {
    case 'record_sent':
      return persistently(held.sent, log, held.ids, startedMs);
    case 'record_refused':
      return persistently(held.refused, log, held.ids, startedMs);
    case 'throw_away':
    case 'hand_back':
      await giveBack(held);
      throw tryAgain('NOT_ACCEPTED', code, pauseMs());
    case 'keep': {
      const forMs = claimHoldsMs(CLAIM_MS, held.attempts);
      await held.keep(forMs);
      throw tryAgain('HAND_OVER_UNKNOWN', code, forMs);
    }
  }
}

const giveBack = (held: Held<unknown>): Promise<void> =>
  afterHandOver('not_accepted', held.attempts) === 'hand_back' ? held.handBack() : held.throwAway();

/** The mail is out: what is not recorded now is sent twice later, so a database that is away gets all the time there is. */
async function persistently<T>(
  write: () => Promise<T>,
  log: Log,
  ids: Readonly<Record<string, string>>,
  startedMs: number,
): Promise<T> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      const timeIsUp = performance.now() - startedMs + RECORD_PAUSE_MS > RECORD_MS;
      if (!isUnavailable(error) || timeIsUp) {
        log.error({ ...ids, ...faultFields(error) }, 'A mail is out, and could not be recorded.');
        throw tryAgain('NOT_RECORDED', null, claimLeftMs(startedMs));
      }
      await sleep(RECORD_PAUSE_MS);
    }
  }
}

/** Just after the claim has run out. */
export const claimLeftMs = (startedMs: number): number => Math.max(0, CLAIM_MS - (performance.now() - startedMs)) + 500;
