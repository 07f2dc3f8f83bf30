import { setTimeout as sleep } from 'node:timers/promises';
import { heartbeat } from '@temporalio/activity';
import { faultFields } from '../db/fault-fields.ts';
import type { MailCount } from '../db/hold.ts';
import {
  afterHandOver,
  CLAIM_MS,
  claimHoldsMs,
  claimLeftMs,
  mayRecordAgain,
  RECORD_PAUSE_MS,
  SEND_MS,
  sendWithinMs,
} from '../domain/promise/sending.ts';
import type { HandOver, Message, NoticeChannel } from '../notices/notice.ts';
import { pauseMs, tryAgain } from './failures.ts';

/** A worker that says nothing for 8 s is dead, and another one takes the text up; most hand-overs end before the first word. */
const BEAT_MS = 3_000;

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

/** A claimed text on its way out. */
interface Sending {
  readonly channel: Pick<NoticeChannel, 'send'>;
  readonly message: Message;
  /** Null: for as long as its reasons stand. */
  readonly trueForMs: number | null;
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

/** Between claim and hand-over the text stopped being true, or its time ran out. */
export const TOO_LATE: HandOver = { outcome: 'not_accepted', code: 'TOO_LATE' };

/** Sends for as long as nobody else may take the text over, and as it is true. `startedMs`: since before it was claimed. */
export async function handOver({ channel, message, trueForMs }: Sending, startedMs: number): Promise<HandOver> {
  const withinMs = sendWithinMs(trueForMs, performance.now() - startedMs, SEND_MS);
  return withinMs === null ? TOO_LATE : channel.send(message, withinMs);
}

/** Writes down what came of a hand-over. @throws where it is to be tried again */
export async function record<T>(held: Held<T>, handed: HandOver, log: Log, startedMs: number): Promise<T> {
  const code = 'code' in handed ? handed.code : null;
  switch (afterHandOver(handed.outcome, held.attempts)) {
    case 'record_sent':
      return persistently(held.sent, held, log, startedMs);
    case 'record_refused':
      return persistently(held.refused, held, log, startedMs);
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

/**
 * What is not recorded now is sent twice later: whatever stands in the way, a deadlock or a database that is away, gets all
 * the time there is. Where it then is there and still refuses, the same text leaves again ever less often.
 */
async function persistently<T>(
  write: () => Promise<T>,
  { ids, attempts, keep }: Pick<Held<T>, 'ids' | 'attempts' | 'keep'>,
  log: Log,
  startedMs: number,
): Promise<T> {
  const spentMs = (): number => performance.now() - startedMs;
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (mayRecordAgain(spentMs())) {
        await sleep(RECORD_PAUSE_MS);
        continue;
      }
      log.error({ ...ids, ...faultFields(error) }, 'What came of a mail could not be recorded.');
      const forMs = claimHoldsMs(CLAIM_MS, attempts);
      const isKept = await keep(forMs).then(
        () => true,
        () => false,
      );
      throw tryAgain('NOT_RECORDED', null, isKept ? forMs : claimLeftMs(spentMs()));
    }
  }
}

/** Lets the engine know that this worker lives until the work is over. */
export function heard<T>(work: Promise<T>): Promise<T> {
  const beat = setInterval(() => heartbeat(), BEAT_MS);
  return work.finally(() => clearInterval(beat));
}
