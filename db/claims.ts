import { v7 as uuid } from 'uuid';
import { countAgain, giveBack, placeOf } from './caps.ts';
import { membersFor, saidBy, type ComposeRequest } from './compose-request.ts';
import { GONE, lockCustomer, recordFailed, recordLeft, type CustomerRow, type SentText } from './dispatches.ts';
import { KeptError } from './fault-fields.ts';
import { countMail, unlessHeld, type Held, type MailCount } from './hold.ts';
import { inTransaction, type Pool, type Tx } from './pool.ts';
import { advance, settle, type SettledPromise } from './settle.ts';
import type { NoticeKey } from '../domain/promise/facts.ts';
import { earliest, instant, msBetween, type Instant } from '../domain/promise/instant.ts';
import { takeOver, takingOf, type FrozenText, type WaitingNotice } from '../domain/promise/sending.ts';
import type { Channel, FailOutcome } from '../domain/promise/words.ts';
import type { Step } from '../workflows/contract.ts';

/** A text frozen for one hand-over and its repetitions. */
export interface FrozenMessage {
  readonly messageId: string;
  readonly to: string;
  readonly replyTo: string | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface ClaimInput {
  readonly promiseId: string;
  readonly dutyId: string;
  /** Who holds the claim. */
  readonly workerName: string;
  /** How long the claim holds; longer than a hand-over can take. */
  readonly claimMs: number;
  readonly channel: Channel;
  readonly compose: (request: ComposeRequest) => FrozenMessage | { readonly failed: FailOutcome };
}

export type Claim =
  | {
      readonly kind: 'send';
      readonly dispatchId: string;
      readonly message: FrozenMessage;
      /** Hand-overs of this text, the one to come included, of which it is not known that they failed. */
      readonly attempts: number;
      /** How long the text stays true, in milliseconds; null: as long as its reason stands. */
      readonly trueForMs: number | null;
      readonly mail: MailCount;
    }
  | Held
  /** Sent, dropped or failed meanwhile: nothing to do but what the step says. */
  | { readonly kind: 'done'; readonly step: Step }
  /** Not due yet, or held by somebody else: ask again then. */
  | {
      readonly kind: 'later';
      readonly afterMs: number;
      /** It has a place of its own then: nothing can come sooner. */ readonly exactly?: true;
    };

interface DutyRow extends NoticeKey {
  readonly id: string;
  readonly promiseId: string;
  readonly state: 'owed' | 'claimed';
  readonly notBefore: Instant;
  readonly notValidAfter: Instant | null;
  readonly dispatchId: string | null;
  /** The second in which a place is kept for it, where mails are capped. */
  readonly placeAt: Instant | null;
}

/**
 * Settles everything the customer has waiting, then freezes one text for all her notices that are due, or takes over a
 * text whose claim ran out: the same words under the same Message-ID, unless they are no longer true.
 */
export async function claimNotice(pool: Pool, input: ClaimInput): Promise<Claim> {
  return (await nothingToSend(pool, input)) ?? unlessHeld(pool, () => inTransaction(pool, (tx) => claim(tx, input)));
}

/** What one look at its row can tell, with no lock: of a herd, most have left with another one, or have a later place. */
async function nothingToSend(pool: Pool, { promiseId, dutyId }: ClaimInput): Promise<Claim | null> {
  const { rows } = await pool.query<WaitingNotice & { readonly now: Instant }>({
    name: 'waiting_notice',
    text: `select id, not_before as "notBefore", dispatch_id as "dispatchId", clock_timestamp() as now
           from duties where id = $1 and state in ('owed', 'claimed')`,
    values: [dutyId],
  });
  const taking = takingOf(rows, dutyId, rows[0]?.now ?? instant(0));
  if (taking.kind === 'gone') return { kind: 'done', step: await advance(pool, promiseId) };
  return taking.kind === 'later' ? { ...taking, exactly: true } : null;
}

async function claim(tx: Tx, input: ClaimInput): Promise<Claim> {
  const customer = await lockCustomer(tx, input.promiseId);
  if (!customer) return { kind: 'done', step: GONE };
  const ids = await waitingPromises(tx, customer.id, input.promiseId);
  const answering = { answering: input.promiseId };
  const settled = await settle(
    tx,
    ids.map((id) => ({ id, facts: [] })),
    answering,
  );
  const step = settled.get(input.promiseId)?.step ?? GONE;
  const { now, duties } = await unfinishedDuties(tx, ids);
  const taking = takingOf(duties, input.dutyId, now);
  if (taking.kind === 'gone') return { kind: 'done', step };
  if (taking.kind === 'frozen') return sendAgain(tx, input, taking.dispatchId, now);
  if (taking.kind === 'later') return { ...taking, exactly: true };
  const { due, others } = taking;
  const place = await placeOf(tx, { customerId: customer.id, due, others, now });
  if (place.at !== null) return { kind: 'later', afterMs: msBetween(now, place.at), exactly: true };
  return freeze(tx, input, { customer, settled, due, now, placeAt: place.placeAt });
}

/** Her promises that something waits for: unfinished notices, or an instant that has come. */
async function waitingPromises(tx: Tx, customerId: string, promiseId: string): Promise<readonly string[]> {
  const { rows } = await tx.query<{ id: string }>({
    name: 'waiting_promises',
    text: `select p.id from promises p where p.customer_id = $1 and (
             p.id = $2 or p.wake_at <= clock_timestamp()
             or exists (select 1 from duties d where d.promise_id = p.id and d.state in ('owed', 'claimed')))
           order by (p.id = $2) desc, p.wake_at limit 100`,
    values: [customerId, promiseId],
  });
  return rows.map((row) => row.id);
}

async function unfinishedDuties(tx: Tx, ids: readonly string[]): Promise<{ now: Instant; duties: readonly DutyRow[] }> {
  const { rows } = await tx.query<DutyRow & { now: Instant }>({
    name: 'unfinished_duties',
    text: `select id, promise_id as "promiseId", reason, revision, occasion, state, not_before as "notBefore",
             not_valid_after as "notValidAfter", dispatch_id as "dispatchId", place_at as "placeAt", clock_timestamp() as now
           from duties where promise_id = any ($1::uuid[]) and state in ('owed', 'claimed')
           order by due_at, id limit 1000 for no key update`,
    values: [ids],
  });
  return { now: rows[0]?.now ?? instant(0), duties: rows };
}

interface Due {
  readonly customer: CustomerRow;
  readonly settled: ReadonlyMap<string, SettledPromise>;
  readonly due: readonly DutyRow[];
  readonly now: Instant;
  /** The second in which the mail counts; null: nobody counts. */
  readonly placeAt: Instant | null;
}

async function freeze(tx: Tx, input: ClaimInput, { customer, settled, due, now, placeAt }: Due): Promise<Claim> {
  const dispatchId = uuid();
  const members = await membersFor(tx, due, settled, now);
  const recipient = { name: customer.name, email: customer.email, language: customer.language };
  const message = composed(input, { dispatchId, now, recipient, members });
  // What cannot be put into words alone stands in nobody else's way.
  const own = due.filter((duty) => duty.id === input.dutyId);
  if (message === null) {
    await tx.query('update duties set place_at = null where id = any ($1::uuid[])', [due.map(({ id }) => id)]);
    return freeze(tx, input, { customer, settled, due: own, now, placeAt });
  }
  const unsent = 'failed' in message;
  await tx.query(
    `insert into dispatches (id, customer_id, channel, message_id, content, state, claim_until, claimed_by, place_at)
     values ($1, $2, $3, $4, $5, $6, clock_timestamp() + make_interval(secs => $7::float8 / 1000), $8, $9)`,
    [
      dispatchId,
      customer.id,
      input.channel,
      unsent ? `unsent-${dispatchId}` : message.messageId,
      JSON.stringify(unsent ? {} : message),
      unsent ? 'failed' : 'claimed',
      input.claimMs,
      input.workerName,
      unsent ? null : placeAt,
    ],
  );
  await tx.query(
    `update duties d set state = 'claimed', dispatch_id = $1, place_at = null, told = m.told
     from json_to_recordset($2::json) as m (id uuid, told jsonb) where d.id = m.id`,
    [
      dispatchId,
      JSON.stringify(
        due.map((duty) => {
          const member = members.find((m) => m.promiseId === duty.promiseId && m.reason === duty.reason);
          return { id: duty.id, told: saidBy(member) };
        }),
      ),
    ],
  );
  if (unsent) await giveBack(tx, placeAt);
  if (unsent) return { kind: 'done', step: await recordFailed(tx, input.promiseId, dispatchId, message.failed) };
  const notValidAfter = earliest(due.map((duty) => duty.notValidAfter));
  const trueForMs = leftMs(now, notValidAfter);
  return { kind: 'send', dispatchId, message, attempts: 1, trueForMs, mail: await countMail(tx) };
}

/** Null where a text for several could not be written, but perhaps one for the notice asked for. */
function composed(input: ClaimInput, request: ComposeRequest): ReturnType<ClaimInput['compose']> | null {
  try {
    return input.compose(request);
  } catch (error) {
    if (request.members.length > 1) return null;
    throw error;
  }
}

interface FrozenRow extends FrozenText, SentText {
  readonly placeAt: Instant | null;
  readonly content: FrozenMessage;
  readonly attempts: number;
  readonly state: 'claimed' | 'sent' | 'failed';
}

/** A text somebody claimed before: wait for the claim, then send the same again, or give it up when it is no longer true. */
async function sendAgain(tx: Tx, input: ClaimInput, dispatchId: string, now: Instant): Promise<Claim> {
  const { rows } = await tx.query<FrozenRow>(
    `select s.claim_until as "claimUntil", s.content, s.attempts, s.state, s.claimed_at as "claimedAt",
       s.message_id as "messageId", s.channel, s.place_at as "placeAt",
       (select min(not_valid_after) from duties d where d.dispatch_id = s.id) as "notValidAfter"
     from dispatches s where id = $1 for update`,
    [dispatchId],
  );
  const dispatch = rows[0];
  if (!dispatch) throw new KeptError(`Dispatch ${dispatchId} of a claimed notice is gone.`);
  // Somebody has set its notices back since: what left has left.
  if (dispatch.state === 'sent')
    return { kind: 'done', step: await recordLeft(tx, { promiseId: input.promiseId, dispatchId }, dispatch) };
  // Refused or given up for good, whatever its notices say.
  if (dispatch.state === 'failed')
    return { kind: 'done', step: await recordFailed(tx, input.promiseId, dispatchId, 'unknown') };
  const taken = takeOver(dispatch, now);
  if (taken.kind === 'later') return taken;
  if (taken.kind === 'give_up') {
    await tx.query(`update dispatches set state = 'failed' where id = $1`, [dispatchId]);
    return { kind: 'done', step: await recordFailed(tx, input.promiseId, dispatchId, 'unknown') };
  }
  await tx.query(
    `update dispatches set claimed_by = $2, claimed_at = clock_timestamp(), attempts = attempts + 1,
       claim_until = clock_timestamp() + make_interval(secs => $3::float8 / 1000)
     where id = $1`,
    [dispatchId, input.workerName, input.claimMs],
  );
  await countAgain(tx, dispatch.placeAt, now);
  const { content: message, notValidAfter } = dispatch;
  const trueForMs = leftMs(now, notValidAfter);
  const attempts = dispatch.attempts + 1;
  return { kind: 'send', dispatchId, message, attempts, trueForMs, mail: await countMail(tx) };
}

const leftMs = (now: Instant, until: Instant | null): number | null => (until === null ? null : msBetween(now, until));
