import { setTimeout as pause } from 'node:timers/promises';
import { HOTLINE, staffOf } from '../db/people.ts';
import type { Pool } from '../db/pool.ts';
import { whenDatabaseAnswers, type Waiting } from './when-database-answers.ts';

const AGAIN_MS = 1_000;

/**
 * Who signs the mails: the hotline of people.yaml, as `"Customer care" <care@books.example>`. Without a hotline no
 * notice can be written at all, so a first staff list is waited for, and so is a database that is not there yet.
 * @throws the reason of `ending`
 */
export async function senderOf(pool: Pool, waiting: Waiting): Promise<string> {
  for (let told = false; ; told = true) {
    const hotline = await whenDatabaseAnswers(async () => (await staffOf(pool, [])).get(HOTLINE), waiting);
    if (hotline?.email) return mailbox(hotline.name, hotline.email);
    if (!told)
      waiting.warn(
        'No notice can be sent yet: no hotline with an e-mail address is stored. ' +
          'Write people.yaml into the folder of KEPT_POLICIES and run "kept migrate"; this worker goes on by itself then.',
      );
    await pause(AGAIN_MS, undefined, { signal: waiting.ending });
  }
}

/** The name quoted, without what would end the quotes or the line. */
const mailbox = (name: string, address: string): string => `"${name.replaceAll(/["\\\p{Cc}]/gu, ' ')}" <${address}>`;
