import { createHash, randomBytes } from 'node:crypto';
import {
  claimDigest,
  handBackDigest,
  keepDigest,
  recordDigest,
  refuseDigest,
  releaseDigest,
  type ClaimedDigest,
} from '../db/digests.ts';
import { afterHandOver, claimHoldsMs } from '../domain/promise/sending.ts';
import { composeAlerts } from '../notices/alert-mail.ts';
import { messageIdOf } from '../notices/compose.ts';
import type { HandOver } from '../notices/notice.ts';
import type { DigestActivities, DigestInput, DigestStep } from '../workflows/contract.ts';
import { asFailure, tryAgain } from './failures.ts';
import { CLAIM_MS, mayLeave, persistently, SEND_MS } from './handing-over.ts';
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
    await mayLeave(deps.witness, claim.mail, () => giveBack(claim));
    await record(personId, claim, await channel.send(claim.message, SEND_MS), startedMs);
    return { againMs: null };
  };

  /** As that of notices. */
  const giveBack = ({ digestId, attempts }: ClaimedDigest): Promise<void> =>
    (afterHandOver('not_accepted', attempts) === 'hand_back' ? handBackDigest : releaseDigest)(pool, {
      digestId,
      workerName,
      attempts,
    });

  const record = async (personId: string, claim: ClaimedDigest, handed: HandOver, startedMs: number): Promise<void> => {
    const ids = { personId, digestId: claim.digestId, workerName };
    const code = 'code' in handed ? handed.code : null;
    switch (afterHandOver(handed.outcome, claim.attempts)) {
      case 'record_sent':
        return persistently(() => recordDigest(pool, ids), log, ids, startedMs);
      case 'record_refused':
        log.error(ids, 'A mail to one of the staff was refused; its alerts stand on the pages.');
        return persistently(() => refuseDigest(pool, { ...ids, attempts: claim.attempts }), log, ids, startedMs);
      case 'throw_away':
      case 'hand_back':
        await giveBack(claim);
        throw tryAgain('NOT_ACCEPTED', code);
      case 'keep': {
        const forMs = claimHoldsMs(CLAIM_MS, claim.attempts);
        await keepDigest(pool, { ...ids, attempts: claim.attempts, forMs });
        throw tryAgain('HAND_OVER_UNKNOWN', code, forMs);
      }
    }
  };

  return {
    mailAlerts: (input) => mailAlerts(input).catch((error: unknown) => asFailure(error, log, { ...input })),
  };
}

/** The key to an alert's page: random, and stored as its hash only. */
function newLink(): { readonly token: string; readonly hash: Buffer } {
  const token = randomBytes(24).toString('base64url');
  return { token, hash: createHash('sha256').update(token).digest() };
}
