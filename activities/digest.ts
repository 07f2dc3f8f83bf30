import { createHash, randomBytes } from 'node:crypto';
import { claimDigest, recordDigest, refuseDigest, releaseDigest, type ClaimedDigest } from '../db/digests.ts';
import { handBack, keepText } from '../db/held.ts';
import { CLAIM_MS } from '../domain/promise/sending.ts';
import { composeAlerts } from '../notices/alert-mail.ts';
import { messageIdOf } from '../notices/compose.ts';
import type { DigestActivities, DigestInput, DigestStep } from '../workflows/contract.ts';
import { asFailure, pauseMs, tryAgain } from './failures.ts';
import { handOver, heard, mayLeave, record, type Held } from './handing-over.ts';
import { domainOf } from './compose.ts';
import type { PromiseDeps } from './promise.ts';

export interface DigestDeps extends PromiseDeps {
  /** Where the pages are that alerts lead to; null: mails hold no links. */
  readonly links: AlertLinks | null;
}

export interface AlertLinks {
  /** Where people reach the API. No slash at the end. */
  readonly baseUrl: string;
  /** Whether the pages of promises are there, too: under `kept up` only. */
  readonly pages: boolean;
}

/** The mails to staff: the port of `workflows/contract.ts` over a database and a channel. */
export function createDigestActivities(deps: DigestDeps): DigestActivities {
  const { pool, workerName, log, links } = deps;
  const [channel] = deps.channels;
  const domain = domainOf(deps.from);

  const mailAlerts = async ({ personId }: DigestInput): Promise<DigestStep> => {
    const startedMs = performance.now();
    const claim = await claimDigest(pool, {
      personId,
      workerName,
      claimMs: CLAIM_MS,
      newLink,
      compose: ({ digestId, ...request }) => {
        const content = composeAlerts({ ...request, from: deps.from, links });
        return content && { ...content, messageId: messageIdOf(digestId, domain) };
      },
    });
    if (claim.kind === 'nothing') return { againMs: null };
    if (claim.kind === 'held') throw tryAgain('MAILS_HELD', null, claim.afterMs);
    if (claim.kind === 'later') return { againMs: claim.afterMs };
    const held = heldBy(personId, claim);
    await mayLeave(deps.witness, claim.mail, held);
    const handed = await handOver({ channel, message: claim.message, trueForMs: null }, startedMs);
    await record(held, handed, log, startedMs);
    return { againMs: null };
  };

  const heldBy = (personId: string, { digestId, attempts }: ClaimedDigest): Held<void> => {
    const text = { id: digestId, workerName, attempts };
    const ids = { personId, digestId, workerName };
    return {
      ...{ ids, attempts },
      sent: () => recordDigest(pool, text),
      refused: async () => {
        await refuseDigest(pool, text);
        log.error(ids, 'A mail to one of the staff was refused; its alerts stand on the pages.');
      },
      throwAway: () => releaseDigest(pool, text),
      handBack: () => handBack(pool, 'digests', text),
      keep: (forMs) => keepText(pool, 'digests', text, forMs),
    };
  };

  return {
    mailAlerts: (input) =>
      heard(mailAlerts(input).catch((error: unknown) => asFailure(error, log, { ...input }, pauseMs()))),
  };
}

/** The key to an alert's page: random, and stored as its hash only. */
function newLink(): { readonly token: string; readonly hash: Buffer } {
  const token = randomBytes(24).toString('base64url');
  return { token, hash: createHash('sha256').update(token).digest() };
}
