import { createFlush } from '../db/flush.ts';
import { faultFields } from '../db/fault-fields.ts';
import { holdOf, holdRestored, mailsCounted, type MailCount } from '../db/hold.ts';
import type { Pool } from '../db/pool.ts';
import { MAILS_SIGNAL, WITNESS_WORKFLOW, PROMISE_QUEUE, witnessWorkflowId } from '../workflows/contract.ts';
import { createEngineClient, type TemporalOptions } from './connection.ts';
import { isNotFound } from './failures.ts';
import { startLoop, type Log, type Loop } from './loop.ts';

/** Temporal as the witness of how many mails have left: what the database can forget, by being put back, it does not. */
export interface Witness {
  /** Tells it of a mail; see `Witness` in `activities/handing-over.ts`. Never rejects. */
  tell(mail: MailCount): Promise<Told>;
  /** Compares its word with the database's, and holds all mails back where that knows of fewer. @throws while either is away */
  look(): Promise<void>;
  close(): Promise<void>;
}

type Told = 'told' | 'restored' | 'not_told';

/** Signals of one workflow: Temporal takes 10,000. */
const SHARE = 5_000;
/** Mails told of by one signal. */
const BATCH = 100;
/** Signals read again: those of several workers need not arrive in the order of their numbers. */
const NEWEST = 100;
const LOOK_MS = 1_000;

/**
 * Each mail is counted in the database first and told of afterwards, so that a database that was not put back knows of
 * every number that was ever told. The telling is a signal to a workflow that sleeps: one event, no worker needed.
 */
export function createWitness({
  pool,
  temporal,
  log,
}: {
  readonly pool: Pool;
  readonly temporal: TemporalOptions;
  readonly log: Log;
}): Witness {
  const { client, connection, namespace, call, close } = createEngineClient(temporal);

  const isRestored = async (heard: number): Promise<boolean> => {
    // Read after what was told: whoever told it had counted it before.
    const { mails } = await mailsCounted(pool);
    // Whoever else has just seen the restore, has set the count to what was told: then the hold alone tells of it.
    if (heard <= mails) return (await holdOf(pool)).reason === 'restored';
    if (await holdRestored(pool, heard))
      log.warn({ heard }, 'More mails have left than this database knows of: it is an older one. All mails are held.');
    return true;
  };

  const tellAll = async (mails: readonly MailCount[]): Promise<Told> => {
    const last = mails.reduce((a, b) => (a.mails > b.mails ? a : b));
    try {
      const heard = await call(() => heardFrom(connection.workflowService, namespace, last));
      if (await isRestored(heard)) return 'restored';
      await call(() => signal(last));
      return 'told';
    } catch (error) {
      log.warn(faultFields(error), 'The engine could not be told of mails; they wait.');
      return 'not_told';
    }
  };

  const signal = async ({ installation, mails }: MailCount): Promise<void> => {
    const workflowId = witnessWorkflowId(installation, shareOf(mails));
    const tell = (): Promise<void> => client.workflow.getHandle(workflowId).signal(MAILS_SIGNAL, mails);
    try {
      await tell();
    } catch (error) {
      if (!isNotFound(error)) throw error;
      await client.workflow.start(WITNESS_WORKFLOW, {
        workflowId,
        taskQueue: PROMISE_QUEUE,
        // A signal does not end it: it sleeps, and remembers.
        startDelay: '3650 days',
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      });
      await tell();
    }
  };

  const tell = createFlush<MailCount, Told>({
    maxBatch: BATCH,
    maxInFlight: 1,
    store: async (mails) => {
      const answer = await tellAll(mails);
      return mails.map(() => answer);
    },
  });

  return {
    tell,
    look: async () => {
      const counted = await mailsCounted(pool);
      await isRestored(await call(() => heardFrom(connection.workflowService, namespace, counted)));
    },
    close,
  };
}

const shareOf = (mails: number): number => Math.floor(mails / SHARE);

type WorkflowService = ReturnType<typeof createEngineClient>['connection']['workflowService'];

/** The highest number told from that of `count` on; 0: none. Shares follow each other without a gap. */
async function heardFrom(
  service: WorkflowService,
  namespace: string,
  { installation, mails }: MailCount,
): Promise<number> {
  let highest = 0;
  for (let share = shareOf(mails); ; share += 1) {
    const heard = await heardBy(service, namespace, witnessWorkflowId(installation, share));
    if (heard === null) return highest;
    highest = Math.max(highest, heard);
  }
}

/** The highest of the newest numbers that a workflow was told; null: there is none. */
async function heardBy(service: WorkflowService, namespace: string, workflowId: string): Promise<number | null> {
  try {
    const { history } = await service.getWorkflowExecutionHistoryReverse({
      namespace,
      execution: { workflowId },
      maximumPageSize: NEWEST,
    });
    const numbers = (history?.events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: signaled }) => {
      const data = signaled?.input?.payloads?.[0]?.data;
      return data ? [Number(Buffer.from(data).toString('utf8'))] : [];
    });
    return Math.max(0, ...numbers);
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

/**
 * Whoever takes the lead looks once whether the database is an older one: a database cannot be put back under a process
 * without its losing the lead. Mails ask again each, so that none is ahead of this.
 */
export function startLook({
  witness,
  leads,
  log,
}: {
  readonly witness: Pick<Witness, 'look'>;
  readonly leads: () => boolean;
  readonly log: Log;
}): Loop {
  let hasLooked = false;
  return startLoop({
    name: 'The look for a restored database',
    log,
    minMs: LOOK_MS,
    maxMs: LOOK_MS,
    turn: async () => {
      if (!leads()) hasLooked = false;
      else if (!hasLooked) {
        await witness.look();
        hasLooked = true;
      }
      return 'some';
    },
  });
}
