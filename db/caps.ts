import { companyRules, companyZone } from './company.ts';
import type { Queryable, Tx } from './pool.ts';
import { dayOf, plusDays, startOfDay } from '../domain/calendar/zones.ts';
import { instant, msOf, plusMs, type Instant } from '../domain/promise/instant.ts';
import { APART_MS, hasRoom, nextPlace, secondOf, type Second } from '../domain/promise/places.ts';
import type { NoticeReason } from '../domain/promise/words.ts';

/** A notice as far as its place among the mails goes. */
export interface Placed {
  readonly id: string;
  readonly reason: NoticeReason;
  /** The second in which a place is kept for it; null: none is. */
  readonly placeAt: Instant | null;
}

/** One mail: what is due for a customer, and what else of hers is not due yet. */
export interface PlacedMail {
  readonly customerId: string;
  readonly due: readonly Placed[];
  readonly others: readonly Placed[];
  readonly now: Instant;
}

/** `at` null: it may leave now; `placeAt`: in which second it counts, null where nobody counts. */
export interface Place {
  readonly at: Instant | null;
  readonly placeAt: Instant | null;
}

const FREE: Place = { at: null, placeAt: null };

/**
 * The place of a mail under the caps of `company.yaml`, taken or reserved: a mail counts once, however many notices it
 * holds. What is held back keeps its place in its rows, so that it comes exactly then. Under the customer's lock.
 */
export async function placeOf(tx: Tx, mail: PlacedMail): Promise<Place> {
  const { perMinute, perCustomerDay } = (await companyRules(tx)).caps;
  if (perMinute === null && perCustomerDay === null) return FREE;
  const nextDay = perCustomerDay === null ? null : await dayAfterFull(tx, mail, perCustomerDay);
  if (nextDay !== null) {
    await giveBackOwn(tx, mail);
    return keep(tx, mail, nextDay, null);
  }
  return perMinute === null ? FREE : placeInTime(tx, mail, perMinute);
}

/** What is never held back by what a customer got on a day. */
const ALWAYS: ReadonlySet<NoticeReason> = new Set<NoticeReason>(['risk', 'recovery']);

/** The beginning of the customer's next day, where she got all that she is to get on this one; else null. */
async function dayAfterFull(tx: Tx, { customerId, due, now }: PlacedMail, cap: number): Promise<Instant | null> {
  if (due.some(({ reason }) => ALWAYS.has(reason))) return null;
  const zone = await zoneOf(tx, customerId);
  const today = dayOf(now, zone);
  const { rows } = await tx.query<{ mails: number }>({
    name: 'mails_of_day',
    text: `select count(*)::int as mails from dispatches where customer_id = $1 and claimed_at >= $2 and state <> 'failed'`,
    values: [customerId, startOfDay(today, zone)],
  });
  return (rows[0]?.mails ?? 0) >= cap ? startOfDay(plusDays(today, 1), zone) : null;
}

async function zoneOf(tx: Tx, customerId: string): Promise<string> {
  const { rows } = await tx.query<{ zone: string | null }>('select zone from customers where id = $1', [customerId]);
  return rows[0]?.zone ?? companyZone(tx);
}

/** Whoever waits for longer is held up by something else, and holds nobody up. */
const NEW_MS = 120_000;

/** A place now: one that was kept, or a free one; else the next one is kept. One that was kept moves to when the mail leaves. */
async function placeInTime(tx: Tx, mail: PlacedMail, cap: number): Promise<Place> {
  // One mail gets its place at a time, by what those before it have taken.
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('kept mail places', 0))`);
  const wasKept = await giveBackOwn(tx, mail);
  const nowMs = msOf(mail.now);
  const seconds = await secondsAround(tx, mail.now);
  const next = nextPlace(seconds, cap, nowMs, await callsBefore(tx, mail));
  const here = secondOf(nowMs);
  if (next === here || (wasKept && hasRoom(seconds, cap, here))) {
    await count(tx, here);
    return { at: null, placeAt: instant(here) };
  }
  // One mail takes all that is due for her: what waits with it needs no place of its own.
  const shared = mail.others.map(({ placeAt }) => placeAt).find((placeAt) => placeAt !== null && placeAt > mail.now);
  if (!shared) await count(tx, next);
  return keep(tx, mail, shared ?? instant(next), shared ?? instant(next));
}

/** Whoever waits for a mail about a call and has no place yet, or has not been looked at; nobody where this mail is about one itself. */
async function callsBefore(tx: Tx, { customerId, due, now }: PlacedMail): Promise<number> {
  const { rows } = await tx.query<{ calls: number }>({
    name: 'calls_before',
    text: `select count(distinct customer_id)::int as calls from promises p
           where kind = 'callback' and closed_at is null and customer_id <> $1
             and (wake_at <= $3 or exists (
               select from duties d where d.promise_id = p.id and d.state = 'owed' and d.place_at is null
                 and d.not_before <= $3 and d.created_at > $3::timestamptz - $4 * interval '1 ms'))
             and not exists (select from duties d join promises o on o.id = d.promise_id where d.id = any ($2) and o.kind = 'callback')`,
    values: [customerId, due.map(({ id }) => id), now, NEW_MS],
  });
  return rows[0]?.calls ?? 0;
}

/** A text that goes once more counts once more, where it is counted: it has waited for long enough. */
export async function countAgain(tx: Tx, placeAt: Instant | null, now: Instant): Promise<void> {
  if (placeAt !== null) await count(tx, secondOf(msOf(now)));
}

/** What counts for a place now, and for the last one. */
async function secondsAround(tx: Tx, now: Instant): Promise<readonly Second[]> {
  const { rows } = await tx.query<{ second: Instant; mails: number }>({
    name: 'mail_seconds_around',
    text: `select second, mails from mail_seconds where mails > 0
             and ((second > $1 and second < $2) or second > (select max(second) from mail_seconds where mails > 0) - $3 * interval '1 ms')
           order by second limit 1000`,
    values: [plusMs(now, -APART_MS), plusMs(now, APART_MS), APART_MS],
  });
  return rows.map(({ second, mails }) => ({ atMs: msOf(second), mails }));
}

async function count(tx: Tx, secondMs: number): Promise<void> {
  await tx.query({
    name: 'count_mail_second',
    text: `insert into mail_seconds as s (second, mails) values ($1, 1)
           on conflict (second) do update set mails = s.mails + 1`,
    values: [instant(secondMs)],
  });
}

/** Gives back what was kept for what is due, unless something else of hers keeps it, too. Answers whether anything was kept. */
async function giveBackOwn(tx: Tx, { customerId, due, others }: PlacedMail): Promise<boolean> {
  const shared = new Set(others.map(({ placeAt }) => placeAt));
  const own = new Set(due.flatMap(({ placeAt }) => (placeAt === null || shared.has(placeAt) ? [] : [placeAt])));
  if (own.size > 0) await takeOver(tx, customerId, [...own]);
  for (const second of [...own].toSorted()) await giveBack(tx, second);
  return own.size > 0;
}

/** The places are the mail's from now on: what was dropped out of it has nothing to give back any more. */
async function takeOver(tx: Tx, customerId: string, seconds: readonly Instant[]): Promise<void> {
  await tx.query({
    name: 'take_over_places',
    text: `update duties d set place_at = null from promises p
           where p.id = d.promise_id and p.customer_id = $1 and d.state = 'dropped' and d.place_at = any ($2::timestamptz[])`,
    values: [customerId, seconds],
  });
}

async function keep(tx: Tx, { due }: PlacedMail, at: Instant, placeAt: Instant | null): Promise<Place> {
  await tx.query('update duties set not_before = $2, place_at = $3 where id = any ($1::uuid[])', [
    due.map(({ id }) => id),
    at,
    placeAt,
  ]);
  return { at, placeAt };
}

/** Nothing left in it: the place is somebody else's. */
export async function giveBack(q: Queryable, second: Instant | null): Promise<void> {
  if (second !== null)
    await q.query('update mail_seconds set mails = mails - 1 where second = $1 and mails > 0', [second]);
}

/** So many dropped notices in one look. */
const DROPPED = 1_000;

/**
 * A notice that is not needed any more gives its place back, unless another one of its mail keeps it. By itself and not as
 * it is dropped: whoever settles has locked promises, and places are locked in their order only.
 */
export async function giveBackDropped(q: Queryable): Promise<void> {
  await q.query({
    name: 'give_back_dropped',
    text: `with left_over as materialized (
             select d.id, d.place_at, p.customer_id from duties d join promises p on p.id = d.promise_id
             where d.state = 'dropped' and d.place_at is not null order by d.place_at, d.id limit $1
             for update of d skip locked
           ), cleared as (
             update duties set place_at = null where id in (select id from left_over)
           ), free as (
             select place_at, count(distinct customer_id)::int as mails from left_over l
             where not exists (select from duties o join promises p on p.id = o.promise_id
               where p.customer_id = l.customer_id and o.state = 'owed' and o.place_at = l.place_at)
             group by place_at
           ), locked as (
             select second from mail_seconds where second in (select place_at from free) order by second for update
           )
           update mail_seconds s set mails = greatest(0, s.mails - f.mails)
           from free f join locked l on l.second = f.place_at where s.second = f.place_at`,
    values: [DROPPED],
  });
}

/** Seconds that are long over count no more. */
export async function forgetSeconds(q: Queryable): Promise<void> {
  await q.query(`delete from mail_seconds where second < clock_timestamp() - interval '1 hour'`);
}
