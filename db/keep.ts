import { companyRules, companyZone } from './company.ts';
import { databaseNow, type Pool, type Queryable } from './pool.ts';
import { durationMs } from '../domain/calendar/durations.ts';
import { plusMs, type Instant } from '../domain/promise/instant.ts';

/** So many rows at once: a statement stays short, and the next turn takes the next. */
const AT_ONCE = 5_000;

/**
 * Forgets what `company.yaml` keeps no longer: texts to customers that have left or never will, and pokes that nobody took
 * for promises that have ended meanwhile. What was said, when and under which Message-ID stands in facts. At most
 * so many of each at once.
 */
export async function forgetOld(q: Queryable): Promise<void> {
  const { keep } = await companyRules(q);
  const now = await databaseNow(q);
  const zone = await companyZone(q);
  const before = (kept: string): Instant => plusMs(now, -durationMs(kept, now, zone));
  await q.query({
    name: 'forget_dispatches',
    text: `delete from dispatches where id in (
             select id from dispatches where state <> 'claimed' and claimed_at < $1 order by claimed_at limit $2)`,
    values: [before(keep.dispatches), AT_ONCE],
  });
  await q.query({
    name: 'forget_pokes',
    text: `delete from outbox where id in (
             select o.id from outbox o join promises p on p.id = o.promise_id
             where o.created_at < $1 and p.closed_at is not null and not exists (
               select from duties d where d.promise_id = p.id and d.state in ('owed', 'claimed'))
             order by o.id limit $2)`,
    values: [before(keep.outbox), AT_ONCE],
  });
}

/**
 * Frees what pokes that were taken have left behind: thousands a minute pass through a table that is nearly empty, and
 * PostgreSQL looks after it by itself only once a minute. Nobody waits for it, nor does it for anybody.
 */
export async function tidyOutbox(pool: Pool): Promise<void> {
  await pool.query('vacuum (skip_locked, truncate false) outbox');
}
