import { KeptError } from './fault-fields.ts';
import { settle } from './settle.ts';
import { allOrEach, databaseNow, inTransaction, type Pool, type Queryable, type Tried } from './pool.ts';
import { armedByStart, pokeAfterStart, sleepsUntil, type Startable } from '../domain/promise/decisions.ts';
import { msBetween, plusMs, type Instant } from '../domain/promise/instant.ts';
import type { Precision } from '../domain/promise/words.ts';

/**
 * A poke on its way; a claimed one comes back after this long, because its relay died. Where that only was slow, a poke is
 * carried twice, which changes nothing.
 */
const POKE_CLAIM_SECONDS = 10;

export interface Poke {
  readonly id: number;
  readonly promiseId: string;
  readonly kind: string;
  readonly partner: string | null;
  readonly precision: Precision;
}

/** Claims pokes, oldest first: those waiting, and those whose claim has run out. */
export async function takePokes(q: Queryable, limit: number): Promise<readonly Poke[]> {
  const { rows } = await q.query<Poke>({
    name: 'take_pokes',
    text: `update outbox o set claimed_at = clock_timestamp() from promises p
           where p.id = o.promise_id and o.id in (
             select id from outbox where claimed_at is null or claimed_at < clock_timestamp() - make_interval(secs => $2)
             order by id limit $1 for update skip locked)
           returning o.id, o.promise_id as "promiseId", p.kind, p.partner, p.precision`,
    values: [limit, POKE_CLAIM_SECONDS],
  });
  return rows;
}

/** The engine has them. */
export async function donePokes(q: Queryable, ids: readonly number[]): Promise<void> {
  await q.query({ name: 'done_pokes', text: 'delete from outbox where id = any ($1::bigint[])', values: [ids] });
}

/** The engine did not take them: their claim counts as run out, so that whoever asks next gets them. */
export async function returnPokes(q: Queryable, ids: readonly number[]): Promise<void> {
  await q.query({
    name: 'return_pokes',
    text: `update outbox set claimed_at = '-infinity' where id = any ($1::bigint[])`,
    values: [ids],
  });
}

/** How many pokes the engine has not taken yet. */
export async function pokesWaiting(q: Queryable): Promise<number> {
  const { rows } = await q.query<{ count: number }>('select count(*) as count from outbox');
  return rows[0]?.count ?? 0;
}

/** Of a poke `o`: nobody has taken it, or whoever did is still at it. */
const IS_FRESH = `(o.claimed_at is null or o.claimed_at > clock_timestamp() - interval '${POKE_CLAIM_SECONDS} seconds')`;

/** A promise to be put to sleep in the engine. */
export interface Start {
  readonly promiseId: string;
  readonly kind: string;
  readonly partner: string | null;
  readonly precision: Precision;
  readonly wakeAt: Instant | null;
  /** How long it sleeps from now, in milliseconds; 0 when a notice waits. */
  readonly delayMs: number;
  /** When it then looks by itself. */
  readonly sleepsUntil: Instant;
}

/**
 * Promises whose workflow is not known to exist in this engine, nearest first: the query finds them by their indexes,
 * `sleepsUntil` decides. `horizonMs` null: however far away.
 */
export async function startable(
  q: Queryable,
  epoch: number,
  horizonMs: number | null,
  limit: number,
): Promise<readonly Start[]> {
  const until = horizonMs === null ? 'infinity' : plusMs(await databaseNow(q), horizonMs);
  const { rows } = await q.query<Startable & Omit<Start, 'delayMs' | 'sleepsUntil'> & { readonly now: Instant }>({
    name: 'startable',
    text: `
      with waiting as (
        (select id, wake_at from promises
         where closed_at is null and armed_at is null and wake_at < $2
         order by wake_at limit $3)
        union all
        (select id, wake_at from promises
         where closed_at is null and armed_at is not null and engine_epoch < $1 and wake_at < $2
         order by wake_at limit $3)
        union all
        (select p.id, '-infinity' from duties d join promises p on p.id = d.promise_id
         where d.state in ('owed', 'claimed') and (p.armed_at is null or p.engine_epoch < $1)
           and not exists (select 1 from outbox o where o.promise_id = p.id and (o.claimed_at = '-infinity' or ${IS_FRESH}))
         order by d.due_at limit $3)
      ), first as (select id, min(wake_at) as look_at from waiting group by id order by 2 limit $3)
      select p.id as "promiseId", p.kind, p.partner, p.precision, p.wake_at as "wakeAt", p.armed_at as "armedAt",
        p.engine_epoch as "engineEpoch", p.closed_at is not null as closed, t.now,
        exists (select from duties d where d.promise_id = p.id and d.state in ('owed', 'claimed')) as unfinished,
        case when exists (select from outbox o where o.promise_id = p.id and (o.claimed_at is null or o.claimed_at = '-infinity'))
            then 'waiting'
          when exists (select from outbox o where o.promise_id = p.id and ${IS_FRESH}) then 'carried' else 'none' end as poke
      from first f join promises p on p.id = f.id cross join (select clock_timestamp() as now) t
      order by f.look_at`,
    values: [epoch, until, limit],
  });
  return rows.flatMap(({ now, ...found }) => {
    const { promiseId, kind, partner, precision, wakeAt } = found;
    const asleepUntil = sleepsUntil(found, epoch, now);
    if (asleepUntil === null) return [];
    return [
      { promiseId, kind, partner, precision, wakeAt, sleepsUntil: asleepUntil, delayMs: msBetween(now, asleepUntil) },
    ];
  });
}

/**
 * Records that the workflows sleep. Where the promise changed between the starter's read and its start, settle saw no
 * workflow and sent no poke: it is sent here.
 */
export async function started(
  pool: Pool,
  epoch: number,
  items: readonly { readonly promiseId: string; readonly sleepsUntil: Instant }[],
): Promise<void> {
  const asleep = new Map(items.map((item) => [item.promiseId, item.sleepsUntil]));
  await inTransaction(pool, async (tx) => {
    const { rows } = await tx.query<Started>({
      name: 'lock_started',
      text: `select id, wake_at as "wakeAt", armed_at as "armedAt", closed_at is not null as closed,
               exists (select 1 from duties d where d.promise_id = p.id and d.state in ('owed', 'claimed')) as unfinished
             from promises p where id = any ($1::uuid[]) order by id limit 1000 for no key update`,
      values: [[...asleep.keys()]],
    });
    const starts = rows.flatMap((row) => {
      const asleepUntil = asleep.get(row.id);
      return asleepUntil === undefined ? [] : [{ ...row, asleepUntil }];
    });
    const changed = starts.filter((row) => pokeAfterStart(row.asleepUntil, row));
    await tx.query({
      name: 'mark_started',
      text: `update promises p set engine_epoch = $3, armed_at = s.at
             from unnest($1::uuid[], $2::timestamptz[]) as s (id, at) where p.id = s.id`,
      values: [starts.map((row) => row.id), starts.map((row) => armedByStart(row, row.asleepUntil)), epoch],
    });
    await tx.query({
      name: 'poke_started',
      text: 'insert into outbox (promise_id) select unnest($1::uuid[]) on conflict do nothing',
      values: [changed.map((row) => row.id)],
    });
  });
}

interface Started {
  readonly id: string;
  readonly wakeAt: Instant | null;
  readonly armedAt: Instant | null;
  readonly closed: boolean;
  readonly unfinished: boolean;
}

/** `urgencyOf` of the domain, of a promise `p`. */
export const URGENCY = `case when p.kind = 'callback' then 1 when p.precision = 'instant' then 2 when p.precision = 'window' then 3 else 4 end`;

/** What a sweep is to take, and what it does with it. */
export interface Sweep {
  /** What is due for longer. */
  readonly graceMs: number;
  /** So many at a time. */
  readonly limit: number;
  /** `all`: nobody has looked, so each is poked; `owing`: only what owes a notice, the others wake by themselves. */
  readonly poke: 'all' | 'owing';
}

/**
 * Settles and pokes what has been due for longer than `graceMs`, most urgent first: its workflow was lost, or nobody runs
 * it, or too many are due at once.
 */
export async function sweepDue(
  pool: Pool,
  { graceMs, limit, poke }: Sweep,
): Promise<{ readonly found: number; readonly failed: Tried<unknown>['failed'] }> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'due_promises',
    text: `select id from promises p
           where closed_at is null and wake_at is not null
             and wake_at < clock_timestamp() - make_interval(secs => $1::float8 / 1000)
           order by ${URGENCY}, wake_at limit $2`,
    values: [graceMs, limit],
  });
  const due = rows.map(({ id }) => id);
  if (due.length === 0) return { found: 0, failed: [] };
  const { failed } = await allOrEach(pool, due, (tx, ids) =>
    settle(
      tx,
      ids.map((id) => ({ id, facts: [] })),
      { pokeAll: poke === 'all' },
    ),
  );
  return { found: due.length, failed };
}

/**
 * Takes the word of the engine no longer for promises whose notice has been owed for longer than `graceMs`: the starter
 * starts them again, which costs nothing where the workflow still runs. Answers how many there were; at most `limit`.
 */
export async function doubtOwed(q: Queryable, graceMs: number, limit: number): Promise<number> {
  const { rowCount } = await q.query({
    name: 'doubt_owed',
    // In the order in which all lock promises; what is being settled is looked at the next time.
    text: `with doubted as (
             select id from promises where engine_epoch > 0 and id in (
               select promise_id from duties
               where state in ('owed', 'claimed') and not_before < clock_timestamp() - make_interval(secs => $1::float8 / 1000)
               order by not_before limit $2)
             order by id for no key update skip locked)
           update promises p set engine_epoch = 0 from doubted where p.id = doubted.id`,
    values: [graceMs, limit],
  });
  return rowCount ?? 0;
}

/** The epoch of the engine with this namespace id; another id than the stored one is an emptied engine, and a new epoch. */
export async function engineEpoch(q: Queryable, namespaceId: string): Promise<number> {
  const { rows } = await q.query<{ epoch: number }>(
    `insert into engine (namespace_id, epoch) values ($1, 1)
     on conflict (id) do update set namespace_id = excluded.namespace_id,
       epoch = engine.epoch + (engine.namespace_id <> excluded.namespace_id)::int
     returning epoch`,
    [namespaceId],
  );
  const epoch = rows[0]?.epoch;
  if (epoch === undefined) throw new KeptError('The engine table gave no epoch.');
  return epoch;
}

/** Promises whose instant has come but that nobody has looked at, and the lag of the oldest, in whole milliseconds. */
export async function lag(q: Queryable): Promise<{ readonly due: number; readonly lagMs: number }> {
  const { rows } = await q.query<{ due: number; lagMs: number }>(
    `select count(*) as due,
       coalesce(round(extract(epoch from clock_timestamp() - min(wake_at)) * 1000), 0)::float8 as "lagMs"
     from promises where closed_at is null and wake_at is not null and wake_at <= clock_timestamp()`,
  );
  return rows[0] ?? { due: 0, lagMs: 0 };
}
