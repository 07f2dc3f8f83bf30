import { v7 as uuid } from 'uuid';
import { KeptError } from './fault-fields.ts';
import { databaseNow, inTransaction, type Pool, type Tx } from './pool.ts';
import { contactOf, staffOf, type ContactPerson } from './people.ts';
import { settle, type SettledPromise } from './settle.ts';
import type { Person } from './shapes.ts';
import { resend } from '../domain/promise/decisions.ts';
import { noticeKeyText, type Fact, type NoticeKey, type Told } from '../domain/promise/facts.ts';
import { earliest, instant, msBetween, type Instant } from '../domain/promise/instant.ts';
import { tellable } from '../domain/promise/judge.ts';
import type { Channel, FailOutcome, NoticeReason } from '../domain/promise/words.ts';
import type { Step } from '../workflows/contract.ts';

/** Everything a text needs to be true at the moment it leaves, read under the customer's lock. */
export interface ComposeRequest {
  readonly dispatchId: string;
  readonly now: Instant;
  readonly recipient: { readonly name: string | null; readonly email: string | null; readonly language: string | null };
  readonly members: readonly ComposeMember[];
}

export interface ComposeMember extends NoticeKey {
  readonly promiseId: string;
  readonly kind: string;
  readonly source: string;
  readonly ref: string;
  readonly subject: string | null;
  readonly settled: Pick<SettledPromise, 'terms' | 'state'>;
  readonly told: Told | null;
  readonly nextNewsAt: Instant | null;
  /** The owner, or the hotline where the owner is not known. */
  readonly contact: ContactPerson;
}

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
      /** How long the text stays true, in milliseconds; null: as long as its reason stands. */
      readonly trueForMs: number | null;
    }
  /** Sent, dropped or failed meanwhile: nothing to do but what the step says. */
  | { readonly kind: 'done'; readonly step: Step }
  /** Not due yet, or held by somebody else: ask again then. */
  | { readonly kind: 'later'; readonly afterMs: number };

interface DutyRow extends NoticeKey {
  readonly id: string;
  readonly promiseId: string;
  readonly state: 'owed' | 'claimed';
  readonly notBefore: Instant;
  readonly notValidAfter: Instant | null;
  readonly dispatchId: string | null;
}

const GONE: Step = { duties: [], wakeAt: null, closed: 'unknown' };

/**
 * Settles everything the customer has waiting, then freezes one text for all her notices that are due, or takes over a
 * text whose claim ran out: the same words under the same Message-ID, unless they are no longer true.
 */
export async function claimNotice(pool: Pool, input: ClaimInput): Promise<Claim> {
  return inTransaction(pool, async (tx) => {
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
    const duty = duties.find((candidate) => candidate.id === input.dutyId);
    if (!duty) return { kind: 'done', step };
    if (duty.dispatchId !== null) return takeOver(tx, input, duty.dispatchId, now);
    if (duty.notBefore > now) return { kind: 'later', afterMs: msBetween(now, duty.notBefore) };
    const due = duties.filter((other) => other.dispatchId === null && other.notBefore <= now);
    return freeze(tx, input, { customer, settled, due, now });
  });
}

/** The channel took it: always recorded, whatever the promises have become, but by a claim that is still ours. */
export async function recordSent(
  pool: Pool,
  input: { readonly promiseId: string; readonly dispatchId: string; readonly workerName: string },
): Promise<Step> {
  return inTransaction(pool, async (tx) => {
    await lockCustomer(tx, input.promiseId);
    const { rows } = await tx.query<{ claimedAt: Instant; messageId: string; channel: Channel }>(
      `update dispatches set state = 'sent', sent_at = claimed_at, accepted_at = clock_timestamp()
       where id = $1 and claimed_by = $2 and state = 'claimed'
       returning claimed_at as "claimedAt", message_id as "messageId", channel`,
      [input.dispatchId, input.workerName],
    );
    const sent = rows[0];
    if (!sent) return stepOf(tx, input.promiseId);
    const members = await endDuties(tx, input.dispatchId, 'sent');
    return record(tx, input.promiseId, members, ({ reason, revision, occasion, told, nextNewsAt }) => ({
      kind: 'notice_sent',
      factKey: `notice:${noticeKeyText({ reason, revision, occasion })}:sent`,
      occurredAt: sent.claimedAt,
      reason,
      revision,
      occasion,
      told,
      nextNewsAt,
      channel: sent.channel,
      messageId: sent.messageId,
    }));
  });
}

/** The channel will never take it: the ladder goes on as if the customer had not been told. */
export async function recordRefused(
  pool: Pool,
  input: { readonly promiseId: string; readonly dispatchId: string; readonly workerName: string },
): Promise<Step> {
  return inTransaction(pool, async (tx) => {
    await lockCustomer(tx, input.promiseId);
    const { rowCount } = await tx.query(
      `update dispatches set state = 'failed' where id = $1 and claimed_by = $2 and state = 'claimed'`,
      [input.dispatchId, input.workerName],
    );
    if (rowCount === 0) return stepOf(tx, input.promiseId);
    return failed(tx, input.promiseId, input.dispatchId, 'refused');
  });
}

/** Nothing left the house: the text is thrown away and the next try writes a new one, true then. */
export async function releaseClaim(
  pool: Pool,
  input: { readonly dispatchId: string; readonly workerName: string },
): Promise<void> {
  await inTransaction(pool, async (tx) => {
    await tx.query(
      `select 1 from customers where id = (select customer_id from dispatches where id = $1) for no key update`,
      [input.dispatchId],
    );
    const { rows } = await tx.query(
      `select 1 from dispatches where id = $1 and claimed_by = $2 and state = 'claimed' for update`,
      [input.dispatchId, input.workerName],
    );
    if (rows.length === 0) return;
    await tx.query(`update duties set state = 'owed', dispatch_id = null, told = null where dispatch_id = $1`, [
      input.dispatchId,
    ]);
    await tx.query('delete from dispatches where id = $1', [input.dispatchId]);
  });
}

interface CustomerRow {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly language: string | null;
}

async function lockCustomer(tx: Tx, promiseId: string): Promise<CustomerRow | null> {
  const { rows } = await tx.query<CustomerRow>({
    name: 'lock_customer',
    text: `select c.id, c.name, c.email, c.language from customers c
           where c.id = (select customer_id from promises where id = $1) for no key update`,
    values: [promiseId],
  });
  return rows[0] ?? null;
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
             not_valid_after as "notValidAfter", dispatch_id as "dispatchId", clock_timestamp() as now
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
}

async function freeze(tx: Tx, input: ClaimInput, { customer, settled, due, now }: Due): Promise<Claim> {
  const owners = [...settled.values()].flatMap(({ promise }) => (promise.owner === null ? [] : [promise.owner]));
  const staff = await staffOf(tx, owners);
  const dispatchId = uuid();
  const members = due.flatMap((duty) => memberOf(duty, settled, staff, now));
  const recipient = { name: customer.name, email: customer.email, language: customer.language };
  const message = input.compose({ dispatchId, now, recipient, members });
  const unsent = 'failed' in message;
  await tx.query(
    `insert into dispatches (id, customer_id, channel, message_id, content, state, claim_until, claimed_by)
     values ($1, $2, $3, $4, $5, $6, clock_timestamp() + make_interval(secs => $7::float8 / 1000), $8)`,
    [
      dispatchId,
      customer.id,
      input.channel,
      unsent ? `unsent-${dispatchId}` : message.messageId,
      JSON.stringify(unsent ? {} : message),
      unsent ? 'failed' : 'claimed',
      input.claimMs,
      input.workerName,
    ],
  );
  await tx.query(
    `update duties d set state = 'claimed', dispatch_id = $1, told = m.told
     from json_to_recordset($2::json) as m (id uuid, told jsonb) where d.id = m.id`,
    [
      dispatchId,
      JSON.stringify(
        due.map((duty) => {
          const member = members.find((m) => m.promiseId === duty.promiseId && m.reason === duty.reason);
          return { id: duty.id, told: { told: member?.told ?? null, nextNewsAt: member?.nextNewsAt ?? null } };
        }),
      ),
    ],
  );
  if (unsent) return { kind: 'done', step: await failed(tx, input.promiseId, dispatchId, message.failed) };
  const notValidAfter = earliest(due.map((duty) => duty.notValidAfter));
  return { kind: 'send', dispatchId, message, trueForMs: leftMs(now, notValidAfter) };
}

function memberOf(
  duty: DutyRow,
  settled: ReadonlyMap<string, SettledPromise>,
  staff: ReadonlyMap<string, Person>,
  now: Instant,
): readonly ComposeMember[] {
  const found = settled.get(duty.promiseId);
  if (!found) return [];
  const { promise, terms, state } = found;
  const { id, kind, source, ref, subject } = promise;
  const { reason, revision, occasion } = duty;
  const contact = contactOf(promise.owner, staff);
  if (!contact) throw new KeptError('No hotline is stored: a notice must name someone. Save people.yaml first.');
  const says = tellable(terms, state, reason, now);
  return [
    {
      promiseId: id,
      kind,
      source,
      ref,
      subject,
      reason,
      revision,
      occasion,
      settled: { terms, state },
      contact,
      ...says,
    },
  ];
}

/** A text somebody claimed before: wait for the claim, then send the same again, or give it up when it is no longer true. */
async function takeOver(tx: Tx, input: ClaimInput, dispatchId: string, now: Instant): Promise<Claim> {
  const { rows } = await tx.query<{ claimUntil: Instant; content: FrozenMessage; notValidAfter: Instant | null }>(
    `select s.claim_until as "claimUntil", s.content,
       (select min(not_valid_after) from duties d where d.dispatch_id = s.id) as "notValidAfter"
     from dispatches s where id = $1 for update`,
    [dispatchId],
  );
  const dispatch = rows[0];
  if (!dispatch) throw new KeptError(`Dispatch ${dispatchId} of a claimed notice is gone.`);
  if (dispatch.claimUntil > now) return { kind: 'later', afterMs: msBetween(now, dispatch.claimUntil) };
  if (resend(dispatch.notValidAfter, now) === 'give_up') {
    await tx.query(`update dispatches set state = 'failed' where id = $1`, [dispatchId]);
    return { kind: 'done', step: await failed(tx, input.promiseId, dispatchId, 'unknown') };
  }
  await tx.query(
    `update dispatches set claimed_by = $2, claimed_at = clock_timestamp(),
       claim_until = clock_timestamp() + make_interval(secs => $3::float8 / 1000) where id = $1`,
    [dispatchId, input.workerName, input.claimMs],
  );
  return { kind: 'send', dispatchId, message: dispatch.content, trueForMs: leftMs(now, dispatch.notValidAfter) };
}

const leftMs = (now: Instant, until: Instant | null): number | null => (until === null ? null : msBetween(now, until));

interface EndedDuty extends NoticeKey {
  readonly promiseId: string;
  readonly told: Told | null;
  readonly nextNewsAt: Instant | null;
}

/** Ends the rows of a dispatch before settle reads what is unfinished. Settle never touches claimed rows, so the order is safe. */
async function endDuties(tx: Tx, dispatchId: string, state: 'sent' | 'failed'): Promise<readonly EndedDuty[]> {
  const { rows } = await tx.query<EndedDuty & { reason: NoticeReason }>(
    `update duties set state = $2, ended_at = clock_timestamp() where dispatch_id = $1 and state = 'claimed'
     returning promise_id as "promiseId", reason, revision, occasion, told -> 'told' as told,
       told ->> 'nextNewsAt' as "nextNewsAt"`,
    [dispatchId, state],
  );
  return rows;
}

async function failed(tx: Tx, promiseId: string, dispatchId: string, outcome: FailOutcome): Promise<Step> {
  const members = await endDuties(tx, dispatchId, 'failed');
  const now = await databaseNow(tx);
  return record(tx, promiseId, members, ({ reason, revision, occasion }) => ({
    kind: 'notice_failed',
    factKey: `notice:${noticeKeyText({ reason, revision, occasion })}:failed`,
    occurredAt: now,
    reason,
    revision,
    occasion,
    outcome,
  }));
}

/** Appends one fact to every member of a dispatch and answers the asking promise's next step. */
async function record(
  tx: Tx,
  promiseId: string,
  members: readonly EndedDuty[],
  factOf: (member: EndedDuty) => Fact,
): Promise<Step> {
  const facts = new Map<string, Fact[]>([[promiseId, []]]);
  for (const member of members) facts.set(member.promiseId, [...(facts.get(member.promiseId) ?? []), factOf(member)]);
  const changes = [...facts].map(([id, own]) => ({ id, facts: own }));
  const settled = await settle(tx, changes, { answering: promiseId });
  return settled.get(promiseId)?.step ?? GONE;
}

async function stepOf(tx: Tx, promiseId: string): Promise<Step> {
  const settled = await settle(tx, [{ id: promiseId, facts: [] }], { answering: promiseId });
  return settled.get(promiseId)?.step ?? GONE;
}
