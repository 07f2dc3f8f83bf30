import { companyRules, companyZone } from './company.ts';
import { isOursOr, membersOf } from './duty.ts';
import { createHeirs, lastOwners } from './heirs.ts';
import { addNote } from './notes.ts';
import { databaseNow, inTransaction, type Pool, type Queryable, type Tx } from './pool.ts';
import { getPromise } from './promises.ts';
import { settle } from './settle.ts';
import { lockPromises, readFacts, type LockedPromise } from './settle-reads.ts';
import { IS_SHOWN, type PromiseRow } from './shapes.ts';
import { plusDuration } from '../domain/calendar/durations.ts';
import type { Fact } from '../domain/promise/facts.ts';
import type { Instant } from '../domain/promise/instant.ts';
import { ownerFactKey } from '../domain/promise/hand-over.ts';
import type { HandOverCause } from '../domain/promise/words.ts';

/** What a command about the owner of one promise came to. */
export type OwnerCommandResult =
  | { readonly result: 'done'; readonly promise: PromiseRow }
  | { readonly result: 'unknown' | 'closed' | 'not_owner' | 'not_theirs' };

/** Who says so, and what they write about it. */
export interface Said {
  /** Null: Kept by itself. */
  readonly by: string | null;
  readonly note?: string | undefined;
}

/** Makes another of the staff answer for a promise, with all that has happened and was noted. Said twice it changes nothing. */
export async function handOver(
  pool: Pool,
  id: string,
  { to, ...said }: Said & { readonly to: string },
): Promise<OwnerCommandResult> {
  return inTransaction(pool, async (tx) => {
    const locked = await lockPromises(tx, [id]);
    const promise = locked.get(id);
    if (!promise) return { result: 'unknown' };
    if (promise.owner !== to) {
      if (promise.closedAt !== null) return { result: 'closed' };
      if (!(await mayOwn(tx, to, promise))) return { result: 'not_theirs' };
      await give(tx, locked, [{ promise, to }], 'command', said);
    }
    return done(tx, id);
  });
}

/** Whether somebody may answer for a promise: the people of a partner for what is of it only. */
async function mayOwn(q: Queryable, id: string, { partner }: LockedPromise): Promise<boolean> {
  const member = (await membersOf(q, [id])).get(id);
  return !member || isOursOr(partner, member);
}

/** The new owner has taken it over. Said twice it changes nothing, nor where nothing was handed over. */
export async function acknowledge(pool: Pool, id: string, by: string): Promise<OwnerCommandResult> {
  return inTransaction(pool, (tx) => acknowledgeIn(tx, id, by));
}

/** As `acknowledge`, inside a transaction. `told`: when somebody was who stands in for the owner and speaks in their name. */
export async function acknowledgeIn(
  tx: Tx,
  id: string,
  speaker: string,
  told: Instant | null = null,
): Promise<OwnerCommandResult> {
  const promise = (await lockPromises(tx, [id])).get(id);
  if (!promise) return { result: 'unknown' };
  const standsIn = told !== null && promise.handOver !== null && promise.handOver.at <= told;
  const by = standsIn && promise.owner !== null ? promise.owner : speaker;
  if (promise.owner !== by) return { result: promise.closedAt === null ? 'not_owner' : 'closed' };
  if (promise.handOver !== null && promise.handOver.acknowledgedAt === null) {
    if (promise.closedAt !== null) return { result: 'closed' };
    const facts = (await readFacts(tx, [id])).get(id) ?? [];
    const occurredAt = await databaseNow(tx);
    await settle(tx, [
      { id, facts: [{ kind: 'acknowledged', factKey: ownerFactKey(facts, 'acknowledged'), occurredAt, by }] },
    ]);
    await tx.query({
      name: 'acknowledge_hand_over',
      text: `update staff_alerts set acknowledged_at = clock_timestamp(), acknowledged_by = $2, due_at = null
             where promise_id = $1 and person = $2 and reason = 'handed_over' and acknowledged_at is null`,
      values: [id, by],
    });
  }
  return done(tx, id);
}

async function done(tx: Tx, id: string): Promise<OwnerCommandResult> {
  const promise = await getPromise(tx, id);
  return promise ? { result: 'done', promise } : { result: 'unknown' };
}

/** How many promises went to whom. */
export interface HandedOver {
  readonly handedOver: number;
  readonly to: Readonly<Record<string, number>>;
}

/** So many promises in one transaction, unless one customer has more: hers go together, so that she gets one mail. */
const CHUNK = 100;
const MOST_OF_A_CUSTOMER = 1_000;

/**
 * Hands over every open promise of somebody: to one person, else by the owner rule, each customer's to the same one as far
 * as that is possible. Killed in the middle and run again, it does the rest. Those for whom nobody is there stay, and those
 * that `to` may not answer for.
 */
export async function handOverAll(
  pool: Pool,
  from: string,
  { to, ...said }: Said & { readonly to: string | null },
): Promise<HandedOver> {
  const counts = new Map<string, number>();
  const heir = to === null ? undefined : (await membersOf(pool, [to])).get(to);
  for (const chunk of byCustomer(await openOf(pool, from))) {
    const given = await inTransaction(pool, async (tx) => {
      await lockCustomers(tx, chunk);
      const locked = await lockPromises(
        tx,
        chunk.map(({ id }) => id),
      );
      const theirs = [...locked.values()].filter(({ owner, closedAt }) => owner === from && closedAt === null);
      const gifts =
        to === null
          ? await giftsByRule(tx, from, theirs, chunk)
          : theirs.flatMap((promise) => (!heir || isOursOr(promise.partner, heir) ? [{ promise, to }] : []));
      return give(tx, locked, gifts, 'command', said);
    });
    for (const gift of given) counts.set(gift.to, (counts.get(gift.to) ?? 0) + 1);
  }
  const all = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { handedOver: all.reduce((sum, [, count]) => sum + count, 0), to: Object.fromEntries(all) };
}

interface Open {
  readonly id: string;
  readonly customerId: string;
  readonly customerRef: string;
}

async function openOf(q: Queryable, owner: string): Promise<readonly Open[]> {
  const { rows } = await q.query<Open>({
    name: 'open_of_owner',
    text: `select p.id, p.customer_id as "customerId", c.ref as "customerRef"
           from promises p join customers c on c.id = p.customer_id
           where p.owner = $1 and p.closed_at is null and not p.history order by p.customer_id, p.id limit 100000`,
    values: [owner],
  });
  return rows;
}

function byCustomer(open: readonly Open[]): readonly (readonly Open[])[] {
  const chunks: Open[][] = [];
  for (const promise of open) {
    const last = chunks.at(-1);
    const isHers = last?.at(-1)?.customerId === promise.customerId;
    if (last && last.length < (isHers ? MOST_OF_A_CUSTOMER : CHUNK)) last.push(promise);
    else chunks.push([promise]);
  }
  return chunks;
}

/** Before her promises, as whoever writes to her does. */
async function lockCustomers(tx: Tx, chunk: readonly Open[]): Promise<void> {
  await tx.query({
    name: 'lock_customers',
    text: 'select 1 from customers where id = any ($1::uuid[]) order by id limit 1000 for no key update',
    values: [[...new Set(chunk.map(({ customerId }) => customerId))]],
  });
}

/** A promise and who gets it. */
export interface Gift {
  readonly promise: LockedPromise;
  readonly to: string;
}

/** The customer's last owner but this one, else the rota, else the deputy, else the lead. */
async function giftsByRule(
  tx: Tx,
  from: string,
  promises: readonly LockedPromise[],
  chunk: readonly Open[],
): Promise<readonly Gift[]> {
  const refs = new Map(chunk.map(({ id, customerRef }) => [id, customerRef]));
  const last = new Map(await lastOwners(tx, [...new Set(refs.values())], from));
  const heirs = createHeirs(tx, { now: await databaseNow(tx), from, deputyLast: true });
  const gifts: Gift[] = [];
  for (const promise of promises) {
    const ref = refs.get(promise.id) ?? '';
    const before = last.get(ref);
    const { kind, plan, partner } = promise;
    const to = await heirs.give({
      kind,
      targetAt: plan.targetAt,
      partner,
      first: before === undefined ? [] : [before],
    });
    if (to === null) continue;
    last.set(ref, to);
    gifts.push({ promise, to });
  }
  return gifts;
}

/**
 * Writes the facts of hand-overs under the locks of their promises, and answers what went to somebody else. A note is
 * written once for each of them. `locked` holds the promises to be in touch again that follow from them: those go along.
 */
export async function give(
  tx: Tx,
  locked: ReadonlyMap<string, LockedPromise>,
  wished: readonly Gift[],
  because: HandOverCause,
  { by, note }: Said,
): Promise<readonly Gift[]> {
  if (wished.length === 0) return [];
  const { gifts, along } = withNews(wished, locked);
  const now = await databaseNow(tx);
  const dueAt = plusDuration(now, (await companyRules(tx)).acknowledge, await companyZone(tx));
  const facts = await readFacts(
    tx,
    [...gifts, ...along].map(({ promise }) => promise.id),
  );
  const changeOf = ({ promise: { id }, to }: Gift, rest: { acknowledgeBy: Instant | null; note?: string }) => {
    const factKey = ownerFactKey(facts.get(id) ?? [], 'handed_over');
    const fact: Fact = { kind: 'handed_over', factKey, occurredAt: now, owner: to, by, because, ...rest };
    return { id, facts: [fact] };
  };
  const changes = along.map((gift) => changeOf(gift, { acknowledgeBy: null }));
  for (const gift of gifts) {
    const { id, history } = gift.promise;
    const written =
      note === undefined || by === null ? {} : { note: await addNote(tx, { promiseId: id, by, text: note }) };
    // Who takes it over by their own word has acknowledged it; the lead need not; of history nobody is told.
    const needs = because !== 'unacknowledged' && by !== gift.to && !history;
    changes.push(changeOf(gift, { acknowledgeBy: needs ? dueAt : null, ...written }));
  }
  await settle(tx, changes);
  return [...gifts, ...along].filter(({ promise, to }) => promise.owner !== to);
}

/** Who answers for a promise is who was to be in touch about it: what follows from one is acknowledged with it. */
function withNews(
  wished: readonly Gift[],
  locked: ReadonlyMap<string, LockedPromise>,
): { readonly gifts: readonly Gift[]; readonly along: readonly Gift[] } {
  const givers = new Map(wished.map((gift) => [gift.promise.id, gift]));
  const before = ({ basis, parent }: LockedPromise): Gift | undefined =>
    basis.news === undefined || parent === null ? undefined : givers.get(parent);
  return {
    gifts: wished.filter(({ promise }) => !before(promise)),
    along: [...locked.values()].flatMap((promise) => {
      const gift = before(promise);
      const goes =
        gift && promise.closedAt === null && promise.owner === gift.promise.owner && gift.to !== promise.owner;
      return goes ? [{ promise, to: gift.to }] : [];
    }),
  };
}

/** How many open promises somebody answers for, as they are listed. */
export async function openCounts(q: Queryable, owners: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const { rows } = await q.query<{ owner: string; count: number }>({
    name: 'open_counts',
    text: `select m.id as owner, (select count(*) from promises where owner = m.id and closed_at is null and ${IS_SHOWN}) as count
           from unnest($1::text[]) as m (id) limit 10000`,
    values: [owners],
  });
  return new Map(rows.map(({ owner, count }) => [owner, count]));
}

/** A hand-over that the new owner has not acknowledged. */
export interface WaitingHandOver extends Pick<PromiseRow, 'source' | 'ref' | 'kind' | 'subject'> {
  readonly promiseId: string;
  /** Name of who had it before; null: nobody was named. */
  readonly from: string | null;
  readonly at: Instant;
  /** By when, or it goes to the lead. */
  readonly dueAt: Instant;
  /** What was written with it. */
  readonly note: string | null;
}

/** What somebody has still to acknowledge, soonest due first. */
export async function waitingHandOvers(q: Queryable, owner: string): Promise<readonly WaitingHandOver[]> {
  const { rows } = await q.query<WaitingHandOver>({
    name: 'waiting_hand_overs',
    text: `select p.id as "promiseId", p.source, p.ref, p.kind, p.subject, p.owned_since as at,
             coalesce(w.name, p.hand_over ->> 'from') as "from", p.acknowledge_by as "dueAt", n.text as note
           from promises p left join people w on w.id = p.hand_over ->> 'from'
           left join lateral (
             select data ->> 'note' as id from facts where promise_id = p.id and kind = 'handed_over'
             order by occurred_at desc, fact_key desc limit 1) f on true
           left join notes n on n.id = f.id::uuid
           where p.owner = $1 and p.acknowledge_by is not null and p.closed_at is null
           order by p.acknowledge_by, p.id limit 100`,
    values: [owner],
  });
  return rows;
}
