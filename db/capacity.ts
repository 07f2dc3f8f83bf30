import { v7 as uuid } from 'uuid';
import { companyRules } from './company.ts';
import { everybody, managersOn } from './duty.ts';
import { policyOf } from './policies.ts';
import { databaseNow, inTransaction, type Pool, type Queryable, type Tx } from './pool.ts';
import { linesAhead, shortagesAt, WAKES_MS, type Load, type Shortage, type Wakes } from '../domain/promise/capacity.ts';
import { plusMs, type Instant } from '../domain/promise/instant.ts';
import { urgencyOf } from '../domain/promise/urgency.ts';
import type { Precision } from '../domain/promise/words.ts';

/** Herds within so many milliseconds are looked for: further ones are found when they come nearer. */
const AHEAD_MS = 24 * 3_600_000;
/** Of herds, not of promises; more than fit into a day. */
const MOST = 100_000;

/** Whether the engine can wake all promises ahead in time, as the leading worker saw it last. */
export interface Capacity extends Load {
  /** Those ahead that count. */
  readonly shortages: readonly Shortage[];
}

export async function capacityOf(q: Queryable): Promise<Capacity> {
  const { rows } = await q.query<Capacity & { readonly now: Instant }>({
    name: 'capacity_of',
    text: `select needed_ms as "neededMs", have_ms as "haveMs", shortages, clock_timestamp() as now from capacity`,
  });
  const { now = '' as Instant, shortages = [], neededMs = 0, haveMs = 0 } = rows[0] ?? {};
  return { neededMs, haveMs, shortages: shortages.filter(({ told, until }) => told && until > now) };
}

/**
 * Looks whether the engine can wake all promises ahead in time, and remembers it. Managers are told once of each stretch of
 * time for which it cannot; what is over, or fits by now, needs nobody any more.
 */
export async function lookAtCapacity(pool: Pool): Promise<void> {
  const now = await databaseNow(pool);
  const [wakes, { capacity }] = await Promise.all([wakesAhead(pool, now), companyRules(pool)]);
  const { fullest, short } = linesAhead(wakes, capacity.wakesPerSecond);
  await inTransaction(pool, async (tx) => {
    const { rows } = await tx.query<{ shortages: readonly Shortage[] }>('select shortages from capacity for update');
    const shortages = shortagesAt(rows[0]?.shortages ?? [], short, now);
    await tx.query(`update capacity set looked_at = $1, needed_ms = $2, have_ms = $3, shortages = $4`, [
      ...[now, fullest.neededMs, fullest.haveMs],
      JSON.stringify(shortages),
    ]);
    await tellManagers(
      tx,
      shortages.filter(({ told }) => told),
      now,
    );
  });
}

/** One alert each, by the promise that stands for the line. */
async function tellManagers(tx: Tx, told: readonly Shortage[], now: Instant): Promise<void> {
  await tx.query(
    `update staff_alerts set ended_at = $2, waiting_since = null where id in (
       select id from staff_alerts where reason = 'capacity' and ended_at is null and promise_id <> all ($1::uuid[])
       order by id for update)`,
    [told.map(({ promiseId }) => promiseId), now],
  );
  if (told.length === 0) return;
  const managers = managersOn(await everybody(tx), now);
  const rows = told.flatMap(({ promiseId, since }) =>
    managers.map((person) => ({ id: uuid(), promise_id: promiseId, person, occasion: `${since} ${person}` })),
  );
  // Told before, it has its row: the same shortage was first found at the same instant.
  await tx.query(
    `insert into staff_alerts (id, promise_id, reason, rung, person, at, occasion)
     select id, promise_id, 'capacity', 'manager', person, $2, occasion
     from json_to_recordset($1::json) as r (id uuid, promise_id uuid, person text, occasion text) on conflict do nothing`,
    [JSON.stringify(rows), now],
  );
}

interface WakesRow extends Omit<Wakes, 'urgency'> {
  readonly kind: string;
  readonly policyVersion: number;
  readonly precision: Precision;
  /** A last call that comes after the next instant at which it wakes anyway. */
  readonly isLater: boolean;
}

/**
 * Every instant ahead at which the engine will wake a promise by itself: the next one, and its last call where that comes
 * after it (index promises_due finds them all). Only where the policy warns without news anybody is woken at a last call. A
 * history that is played in seconds is no herd of anybody's.
 */
async function wakesAhead(q: Queryable, now: Instant): Promise<readonly Wakes[]> {
  const { rows } = await q.query<WakesRow>({
    name: 'wakes_ahead',
    text: `with ahead as (
             select id, kind, policy_version, precision, wake_at, last_call_at, lead_to - last_call_at as lead,
               warned_at is null and wake_at < promised_at as is_open
             from promises where closed_at is null and wake_at is not null and wake_at > $1 and wake_at < $2
               and source not in (select source from replays)
           ), wakes as (
             select id, kind, policy_version, precision, wake_at as at, case when is_open and wake_at >= last_call_at then lead end as lead,
               false as is_later
             from ahead
             union all
             select id, kind, policy_version, precision, last_call_at, lead, true from ahead
             where is_open and last_call_at > wake_at and last_call_at < $2
           )
           select date_bin(make_interval(secs => $3::float8 / 1000), at, 'epoch') as at, kind, policy_version as "policyVersion",
             precision, is_later as "isLater", count(*)::int as count,
             (extract(epoch from min(lead)) * 1000)::float8 as "leadMs", min(id::text) as "promiseId"
           from wakes group by 1, 2, 3, 4, 5 order by 1 limit $4`,
    values: [now, plusMs(now, AHEAD_MS), WAKES_MS, MOST],
  });
  const wakes: Wakes[] = [];
  for (const { kind, policyVersion, precision, isLater, ...row } of rows) {
    const warns = (await policyOf(q, kind, policyVersion)).whenUnknown === 'warn';
    if (isLater && !warns) continue;
    wakes.push({ ...row, urgency: urgencyOf(kind, precision), leadMs: warns ? row.leadMs : null });
  }
  return wakes;
}
