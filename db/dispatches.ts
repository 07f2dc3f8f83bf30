import { giveBack } from './caps.ts';
import type { HeldText } from './held.ts';
import { databaseNow, inTransaction, type Pool, type Tx } from './pool.ts';
import { promiseNews } from './news.ts';
import { settle } from './settle.ts';
import type { Fact, NoticeKey } from '../domain/promise/facts.ts';
import type { Instant } from '../domain/promise/instant.ts';
import { NEWS_SOURCE } from '../domain/promise/news.ts';
import { failedFact, sentFact, type Said } from '../domain/promise/sending.ts';
import type { Channel, FailOutcome, NoticeReason } from '../domain/promise/words.ts';
import type { Step } from '../workflows/contract.ts';

/** The answer for a promise that is not there. */
export const GONE: Step = { duties: [], wakeAt: null, closed: 'unknown' };

/** The channel took it: always recorded, whatever the promises have become, but by a claim that is still ours. */
export async function recordSent(
  pool: Pool,
  input: { readonly promiseId: string; readonly dispatchId: string; readonly workerName: string },
): Promise<Step> {
  return inTransaction(pool, async (tx) => {
    await lockCustomer(tx, input.promiseId);
    const { rows } = await tx.query<SentText>(
      `update dispatches set state = 'sent', sent_at = claimed_at, accepted_at = clock_timestamp()
       where id = $1 and claimed_by = $2 and state = 'claimed'
       returning claimed_at as "claimedAt", message_id as "messageId", channel`,
      [input.dispatchId, input.workerName],
    );
    const sent = rows[0];
    return sent ? recordLeft(tx, input, sent) : stepOf(tx, input.promiseId);
  });
}

/** A text that the channel took. */
export interface SentText {
  readonly claimedAt: Instant;
  readonly messageId: string;
  readonly channel: Channel;
}

/** Says on each of its promises that it left. */
export async function recordLeft(
  tx: Tx,
  { promiseId, dispatchId }: { readonly promiseId: string; readonly dispatchId: string },
  sent: SentText,
): Promise<Step> {
  const members = await endDuties(tx, dispatchId, 'sent');
  const step = await record(tx, promiseId, members, (duty) => sentFact(duty, sent));
  const news = members.flatMap(({ promiseId: id, newsOf, nextNewsAt: at }) =>
    at === null ? [] : [{ about: newsOf ?? id, at, toldAt: sent.claimedAt }],
  );
  await promiseNews(tx, news, await databaseNow(tx));
  return step;
}

/** The channel will never take it: the ladder goes on as if the customer had not been told. */
export async function recordRefused(pool: Pool, input: HeldText & { readonly promiseId: string }): Promise<Step> {
  return inTransaction(pool, async (tx) => {
    await lockCustomer(tx, input.promiseId);
    const { rowCount } = await tx.query(
      `update dispatches set state = 'failed' where id = $1 and claimed_by = $2 and attempts = $3 and state = 'claimed'`,
      [input.id, input.workerName, input.attempts],
    );
    if (rowCount === 0) return stepOf(tx, input.promiseId);
    return recordFailed(tx, input.promiseId, input.id, 'refused');
  });
}

/** Nothing left the house: the text is thrown away and the next try writes a new one, true then. */
export async function releaseClaim(pool: Pool, input: HeldText): Promise<void> {
  await inTransaction(pool, async (tx) => {
    await tx.query(
      `select 1 from customers where id = (select customer_id from dispatches where id = $1) for no key update`,
      [input.id],
    );
    const { rows } = await tx.query<{ placeAt: Instant | null }>(
      `select place_at as "placeAt" from dispatches
       where id = $1 and claimed_by = $2 and attempts = $3 and state = 'claimed' for update`,
      [input.id, input.workerName, input.attempts],
    );
    const [held] = rows;
    if (!held) return;
    await giveBack(tx, held.placeAt);
    await tx.query(`update duties set state = 'owed', dispatch_id = null, told = null where dispatch_id = $1`, [
      input.id,
    ]);
    await tx.query('delete from dispatches where id = $1', [input.id]);
  });
}

/** Whom the notices of a promise go to. */
export interface CustomerRow {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly language: string | null;
}

/** Taken before any of her promises is locked: one text at a time for one customer. Null for a promise that is not there. */
export async function lockCustomer(tx: Tx, promiseId: string): Promise<CustomerRow | null> {
  const { rows } = await tx.query<CustomerRow>({
    name: 'lock_customer',
    text: `select c.id, c.name, c.email, c.language from customers c
           where c.id = (select customer_id from promises where id = $1) for no key update`,
    values: [promiseId],
  });
  return rows[0] ?? null;
}

interface EndedDuty extends NoticeKey, Said {
  readonly promiseId: string;
  /** Of a promise to be in touch again: the one that it is about. */
  readonly newsOf: string | null;
}

/** Ends the rows of a dispatch before settle reads what is unfinished. Settle never touches claimed rows, so the order is safe. */
async function endDuties(tx: Tx, dispatchId: string, state: 'sent' | 'failed'): Promise<readonly EndedDuty[]> {
  const { rows } = await tx.query<EndedDuty & { reason: NoticeReason }>(
    `update duties set state = $2, ended_at = clock_timestamp() where dispatch_id = $1 and state in ('owed', 'claimed')
     returning promise_id as "promiseId", reason, revision, occasion, told -> 'told' as told,
       told ->> 'nextNewsAt' as "nextNewsAt", told -> 'named' as named, told ->> 'about' as about, told -> 'remedies' as remedies,
       (select p.parent from promises p where p.id = promise_id and p.source = '${NEWS_SOURCE}') as "newsOf"`,
    [dispatchId, state],
  );
  return rows;
}

/** Ends the notices of a dispatch as failed and says so on each promise. */
export async function recordFailed(tx: Tx, promiseId: string, dispatchId: string, outcome: FailOutcome): Promise<Step> {
  const members = await endDuties(tx, dispatchId, 'failed');
  const now = await databaseNow(tx);
  return record(tx, promiseId, members, (duty) => failedFact(duty, outcome, now));
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
  // Locked in one go with those that follow from them: in the order of ids.
  for (const { newsOf } of members) if (newsOf !== null && !facts.has(newsOf)) facts.set(newsOf, []);
  const changes = [...facts].map(([id, own]) => ({ id, facts: own }));
  const settled = await settle(tx, changes, { answering: promiseId });
  return settled.get(promiseId)?.step ?? GONE;
}

async function stepOf(tx: Tx, promiseId: string): Promise<Step> {
  const settled = await settle(tx, [{ id: promiseId, facts: [] }], { answering: promiseId });
  return settled.get(promiseId)?.step ?? GONE;
}
