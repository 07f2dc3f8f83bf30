import { activityInfo } from '@temporalio/activity';
import { claimNotice, type Claim } from '../db/claims.ts';
import { recordRefused, recordSent, releaseClaim } from '../db/dispatches.ts';
import type { Pool } from '../db/pool.ts';
import { advance } from '../db/settle.ts';
import type { HandOver, NoticeChannel } from '../notices/notice.ts';
import type { PerformInput, PromiseActivities, Step } from '../workflows/contract.ts';
import { composer } from './compose.ts';
import { asFailure, tryAgain } from './failures.ts';
import { CLAIM_MS, claimLeftMs, mayLeave, persistently, SEND_MS, type Witness } from './handing-over.ts';

export interface PromiseDeps {
  readonly pool: Pool;
  /** The ways out of the house; the first one is taken. */
  readonly channels: readonly [NoticeChannel, ...NoticeChannel[]];
  /** `Bookshop <care@books.example>`: signs the texts, and its domain makes the Message-IDs. */
  readonly from: string;
  /** Stands on claims: another one for every process that ever runs. */
  readonly workerName: string;
  readonly witness: Witness;
  readonly log: { error(fields: object, message: string): void };
}

const LATER_MS = 1_000;
const TOO_LATE: HandOver = { outcome: 'not_accepted', code: 'TOO_LATE' };

type Sendable = Extract<Claim, { kind: 'send' }>;

/** The duties of a promise, done: the port of `workflows/contract.ts` over a database and a channel. */
export function createPromiseActivities(deps: PromiseDeps): PromiseActivities {
  const { pool, workerName, log } = deps;
  const [channel] = deps.channels;
  const compose = composer(deps.from);

  const perform = async (input: PerformInput): Promise<Step> => {
    const startedMs = performance.now();
    const claim = await claimNotice(pool, { ...input, workerName, claimMs: CLAIM_MS, channel: channel.name, compose });
    if (claim.kind === 'done') return claim.step;
    if (claim.kind === 'held') throw tryAgain('MAILS_HELD', null, claim.afterMs);
    if (claim.kind === 'later')
      throw tryAgain('NOTICE_LATER', null, claim.exactly ? claim.afterMs : laterMs(claim.afterMs));
    await mayLeave(deps.witness, claim, () => releaseClaim(pool, { dispatchId: claim.dispatchId, workerName }));
    // A text that is true for less than a hand-over may take is cut off when it no longer is. Counted from before it was
    // claimed, so that a slow commit makes no late warning.
    const leftMs = Math.floor(Math.min(SEND_MS, claim.trueForMs ?? SEND_MS) - (performance.now() - startedMs));
    const handed = leftMs > 0 ? await channel.send(claim.message, leftMs) : TOO_LATE;
    return record(input, claim, handed, startedMs);
  };

  const record = async (input: PerformInput, claim: Sendable, handed: HandOver, startedMs: number): Promise<Step> => {
    const ids = { promiseId: input.promiseId, dispatchId: claim.dispatchId, workerName };
    switch (handed.outcome) {
      case 'accepted':
        return persistently(() => recordSent(pool, ids), log, ids, startedMs);
      case 'refused':
        return persistently(() => recordRefused(pool, ids), log, ids, startedMs);
      case 'not_accepted':
        await releaseClaim(pool, ids);
        throw tryAgain('NOT_ACCEPTED', handed.code);
      case 'unknown':
        // The claim stays: when it has run out, the same text follows under the same id.
        throw tryAgain('HAND_OVER_UNKNOWN', handed.code, claimLeftMs(startedMs));
    }
  };

  return {
    advance: ({ promiseId }) =>
      advance(pool, promiseId).catch((error: unknown) => asFailure(error, log, { promiseId })),
    perform: (input) => perform(input).catch((error: unknown) => asFailure(error, log, { ...input })),
  };
}

/** Whoever holds the notice is usually done at once: asks soon, then less often, and when the claim has run out. */
const laterMs = (afterMs: number): number => Math.min(afterMs, LATER_MS * 2 ** (activityInfo().attempt - 1));
