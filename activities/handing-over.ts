import { setTimeout as sleep } from 'node:timers/promises';
import { faultFields } from '../db/fault-fields.ts';
import { isUnavailable } from '../db/pool.ts';
import { tryAgain } from './failures.ts';

/** Send < start-to-close (25 s, in `workflows/`) < claim: nobody takes over a text that may still be on its way. */
export const SEND_MS = 20_000;
export const CLAIM_MS = 30_000;
const RECORD_MS = 23_000;
const RECORD_PAUSE_MS = 500;

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
