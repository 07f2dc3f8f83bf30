import { claimNotice, type Claim } from '../db/claims.ts';
import { recordRefused, recordSent, releaseClaim } from '../db/dispatches.ts';
import { handBack, keepText } from '../db/held.ts';
import type { Pool } from '../db/pool.ts';
import { advance } from '../db/settle.ts';
import { CLAIM_MS, handOverAtOnce, isQuick, NO_SHORT_WAY, QUICK_MS, shortWayAfter } from '../domain/promise/sending.ts';
import type { NoticeChannel } from '../notices/notice.ts';
import type { PerformInput, PromiseActivities, Step } from '../workflows/contract.ts';
import { composer } from './compose.ts';
import { asFailure, pauseMs, tryAgain } from './failures.ts';
import { handOver, heard, mayLeave, record, TOO_LATE, type Held, type Witness } from './handing-over.ts';

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

type Sendable = Extract<Claim, { kind: 'send' }>;

/** The duties of a promise, done: the port of `workflows/contract.ts` over a database and a channel. */
export function createPromiseActivities(deps: PromiseDeps): PromiseActivities {
  const { pool, workerName, log } = deps;
  const [channel] = deps.channels;
  const compose = composer(deps.from);

  let shortWay = NO_SHORT_WAY;
  const note = (wasQuick: boolean): void => void (shortWay = shortWayAfter(shortWay, wasQuick, performance.now()));

  const perform = async (input: PerformInput): Promise<Step> => {
    const startedMs = performance.now();
    /** Null: it says nothing of how quick hand-overs are. */
    let wasQuick: boolean | null = null;
    // Whatever hangs is known to be slow before that has an end.
    const tooLong = setTimeout(() => note(false), QUICK_MS);
    try {
      const claim = await claimNotice(pool, {
        ...input,
        ...{ workerName, claimMs: CLAIM_MS, channel: channel.name, compose },
      });
      if (claim.kind === 'done') return claim.step;
      if (claim.kind === 'held') throw tryAgain('MAILS_HELD', null, claim.afterMs);
      // Whoever holds the notice is usually done at once.
      if (claim.kind === 'later')
        throw tryAgain('NOTICE_LATER', null, claim.exactly ? claim.afterMs : Math.min(claim.afterMs, pauseMs()));
      wasQuick = false;
      const held = heldBy(input, claim);
      await mayLeave(deps.witness, claim.mail, held);
      const handed = await handOver({ channel, ...claim }, startedMs);
      if (handed === TOO_LATE) wasQuick = null;
      const step = await record(held, handed, log, startedMs);
      wasQuick = isQuick(handed.outcome, performance.now() - startedMs);
      return step;
    } finally {
      clearTimeout(tooLong);
      if (wasQuick !== null) note(wasQuick);
    }
  };

  /**
   * Lets time pass, and where hand-overs are quick, tries what is owed before the engine has been told of it: that saves
   * it two thirds of its writing. What comes of nothing is owed as before, and the activity made for it tries again. A try
   * that hangs longer than `advance` may goes on by itself, under its claim.
   */
  const look = async (promiseId: string): Promise<Step> => {
    const step = await advance(pool, promiseId);
    const duty = handOverAtOnce(step.duties, shortWay);
    return duty ? perform({ promiseId, dutyId: duty.id }).catch(() => step) : step;
  };

  const heldBy = ({ promiseId }: PerformInput, { dispatchId, attempts }: Sendable): Held<Step> => {
    const ids = { promiseId, dispatchId, workerName };
    const text = { id: dispatchId, workerName, attempts };
    return {
      ...{ ids, attempts },
      sent: () => recordSent(pool, ids),
      refused: () => recordRefused(pool, { promiseId, ...text }),
      throwAway: () => releaseClaim(pool, text),
      handBack: () => handBack(pool, 'dispatches', text),
      keep: (forMs) => keepText(pool, 'dispatches', text, forMs),
    };
  };

  return {
    advance: ({ promiseId }) => look(promiseId).catch((error: unknown) => asFailure(error, log, { promiseId }, null)),
    perform: (input) => heard(perform(input).catch((error: unknown) => asFailure(error, log, { ...input }, pauseMs()))),
  };
}
