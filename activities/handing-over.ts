import { setTimeout as sleep } from 'node:timers/promises';
import { faultFields } from '../db/fault-fields.ts';
import type { MailCount } from '../db/hold.ts';
import { isUnavailable } from '../db/pool.ts';
import { tryAgain } from './failures.ts';

/** Send < claim: nobody takes over a text that may still be on its way. `perform` may take 25 s; `advance`, less than a send, is asked again. */
export const SEND_MS = 20_000;
export const CLAIM_MS = 30_000;
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

/** Goes on where the mail may leave. @throws where it may not, after `giveBack` has given up the claim */
export async function mayLeave(witness: Witness, mail: MailCount, giveBack: () => Promise<void>): Promise<void> {
  const answer = await witness.tell(mail);
  if (answer === 'told') return;
  await giveBack();
  throw tryAgain(answer === 'restored' ? 'MAILS_HELD' : 'NOT_TOLD');
}

/** The mail is out: what is not recorded now is sent twice later, so a database that is away gets all the time there is. */
export async function persistently<T>(
  write: () => Promise<T>,
  log: { error(fields: object, message: string): void },
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
