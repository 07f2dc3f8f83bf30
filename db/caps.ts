import { companyRules, companyZone } from './company.ts';
import { KeptError } from './fault-fields.ts';
import type { Queryable, Tx } from './pool.ts';
import { dayOf, plusDays, startOfDay } from '../domain/calendar/zones.ts';
import { instant, msOf, type Instant } from '../domain/promise/instant.ts';
import type { NoticeReason } from '../domain/promise/words.ts';

/** A notice as far as its place among the mails goes. */
export interface Placed {
  readonly id: string;
  readonly reason: NoticeReason;
  /** The minute in which a place is kept for it; null: none is. */
  readonly placeAt: Instant | null;
}

/** One mail: what is due for a customer, and what else of hers is not due yet. */
export interface PlacedMail {
  readonly customerId: string;
  readonly due: readonly Placed[];
  readonly others: readonly Placed[];
  readonly now: Instant;
}

/** `at` null: it may leave now; `minute`: in whose count it stands, null where nobody counts. */
export interface Place {
  readonly at: Instant | null;
  readonly minute: Instant | null;
}

const MINUTE_MS = 60_000;
const FREE: Place = { at: null, minute: null };

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
  return perMinute === null ? FREE : minuteOf(tx, mail, perMinute);
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

/** A place in this minute: one that was kept, else a free one; else the next free one is kept. */
async function minuteOf(tx: Tx, mail: PlacedMail, cap: number): Promise<Place> {
  const minute = minuteAt(mail.now);
  const isKept = mail.due.some(({ placeAt }) => placeAt === minute);
  if (isKept) await takeOver(tx, mail.customerId, minute);
  if (isKept || (await taken(tx, minute, cap))) return { at: null, minute };
  // One mail takes all that is due for her: what waits with it needs no place of its own.
  const shared = mail.others.map(({ placeAt }) => placeAt).find((placeAt) => placeAt !== null && placeAt > minute);
  if (shared) return keep(tx, mail, shared, shared);
  const free = await keepFree(tx, minute, cap);
  return keep(tx, mail, free, free);
}

/** What is put off to another day gives back what was kept for it, unless something else of hers keeps it, too. */
async function giveBackOwn(tx: Tx, { customerId, due, others }: PlacedMail): Promise<void> {
  const shared = new Set(others.map(({ placeAt }) => placeAt));
  const own = new Set(due.flatMap(({ placeAt }) => (placeAt === null || shared.has(placeAt) ? [] : [placeAt])));
  for (const minute of [...own].toSorted()) {
    await takeOver(tx, customerId, minute);
    await giveBack(tx, minute);
  }
}

/** The place is the mail's from now on: what was dropped out of it has nothing to give back any more. */
async function takeOver(tx: Tx, customerId: string, minute: Instant): Promise<void> {
  await tx.query({
    name: 'take_over_place',
    text: `update duties d set place_at = null from promises p
           where p.id = d.promise_id and p.customer_id = $1 and d.state = 'dropped' and d.place_at = $2`,
    values: [customerId, minute],
  });
}

const minuteAt = (at: Instant): Instant => instant(Math.floor(msOf(at) / MINUTE_MS) * MINUTE_MS);

/** Counts one mail more in a minute; false where it is full. Minutes are tried in their order, so nobody waits in a ring. */
async function taken(tx: Tx, minute: Instant, cap: number): Promise<boolean> {
  const { rows } = await tx.query({
    name: 'take_place',
    text: `insert into mail_minutes as m (minute, mails) values ($1, 1)
           on conflict (minute) do update set mails = m.mails + 1 where m.mails < $2 returning minute`,
    values: [minute, cap],
  });
  return rows.length > 0;
}

const MOST_TRIES = 1_000;

async function keepFree(tx: Tx, after: Instant, cap: number): Promise<Instant> {
  let last = after;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const { rows } = await tx.query<{ minute: Instant }>({
      name: 'next_place',
      text: `select coalesce(
               (select m from generate_series($1::timestamptz + interval '1 minute', $1::timestamptz + interval '1 day', interval '1 minute') m
                where not exists (select 1 from mail_minutes x where x.minute = m and x.mails >= $2) order by m limit 1),
               $1::timestamptz + interval '1 day 1 minute') as minute`,
      values: [last, cap],
    });
    const minute = rows[0]?.minute;
    if (minute === undefined) break;
    if (await taken(tx, minute, cap)) return minute;
    // Somebody was faster.
    last = minute;
  }
  throw new KeptError('No place for a mail was found.');
}

async function keep(tx: Tx, { due }: PlacedMail, at: Instant, minute: Instant | null): Promise<Place> {
  await tx.query('update duties set not_before = $2, place_at = $3 where id = any ($1::uuid[])', [
    due.map(({ id }) => id),
    at,
    minute,
  ]);
  return { at, minute };
}

/** Nothing left in it: the place is somebody else's. */
export async function giveBack(q: Queryable, minute: Instant | null): Promise<void> {
  if (minute !== null)
    await q.query('update mail_minutes set mails = mails - 1 where minute = $1 and mails > 0', [minute]);
}

/** So many dropped notices in one look. */
const DROPPED = 1_000;

/**
 * A notice that is not needed any more gives its minute back, unless another one of its mail keeps it. By itself and not as
 * it is dropped: whoever settles has locked promises, and minutes are locked in their order only.
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
             select minute from mail_minutes where minute in (select place_at from free) order by minute for update
           )
           update mail_minutes m set mails = greatest(0, m.mails - f.mails)
           from free f join locked l on l.minute = f.place_at where m.minute = f.place_at`,
    values: [DROPPED],
  });
}

/** Minutes that are over count no more. */
export async function forgetMinutes(q: Queryable): Promise<void> {
  await q.query(`delete from mail_minutes where minute < clock_timestamp() - interval '1 day'`);
}
