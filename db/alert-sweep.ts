import { alertStands } from './alerts.ts';
import { moved, type DueAlert, type Moved } from './alert-rows.ts';
import { membersOf } from './duty.ts';
import { policyOf } from './policies.ts';
import { databaseNow, inTransaction, type Pool, type Queryable, type Tx } from './pool.ts';
import { alertAgainAt } from '../domain/calendar/terms.ts';
import type { Instant } from '../domain/promise/instant.ts';
import type { Plan } from '../domain/promise/plan.ts';

/** Rows whose mail nobody can be sent are looked at this many at a time. */
const UNMAILABLE = 10_000;

/**
 * Gives again, or one rung up, what nobody has acknowledged for as long as the policy waits. No promise changes, no workflow
 * is told: the mails find the rows. Answers how many it looked at; at most `limit`.
 */
export async function sweepAlerts(pool: Pool, limit: number): Promise<number> {
  return inTransaction(pool, async (tx) => {
    await endWaiting(tx);
    const due = await alertsDue(tx, limit);
    if (due.length === 0) return 0;
    const now = await databaseNow(tx);
    const owners = due.flatMap(({ owner }) => owner ?? []);
    const partners = due.flatMap(({ promisePartner }) => promisePartner ?? []);
    const staff = await membersOf(tx, [...new Set(owners)], [...new Set(partners)]);
    const moves: Moved[] = [];
    for (const alert of due) {
      const policy = await policyOf(tx, alert.kind, alert.plan.policyVersion);
      const dueAt = alertAgainAt(now, policy, alert.plan.zone);
      moves.push(moved(alert, { times: policy.escalation.times, dueAt }, staff, now));
    }
    await writeMoves(tx, moves, now);
    return due.length;
  });
}

/** With what the pause before the next look is counted by. */
type StoredAlert = DueAlert & { readonly kind: string; readonly plan: Plan };

async function alertsDue(tx: Tx, limit: number): Promise<readonly StoredAlert[]> {
  const { rows } = await tx.query<StoredAlert>({
    name: 'alerts_due',
    text: `select a.id, a.promise_id as "promiseId", a.reason, a.about, a.root, a.rung, a.person, a.times, a.revision,
             a.checkpoint, a.partner,
             array(select distinct b.person from staff_alerts b
               where a.rung = 'partner' and b.promise_id = a.promise_id and b.revision = a.revision and b.checkpoint = a.checkpoint
                 and coalesce(b.about, b.reason) = coalesce(a.about, a.reason) and b.id <> a.id and b.person is not null
               limit 1000) as others,
             a.acknowledged_at is null and a.ended_at is null as "isOpen",
             ${alertStands('t.now')} as stands, p.kind, p.owner, p.partner as "promisePartner", p.plan
           from staff_alerts a join promises p on p.id = a.promise_id cross join (select clock_timestamp() as now) t
           where a.due_at <= t.now order by a.due_at, a.id limit $1 for update of a skip locked`,
    values: [limit],
  });
  return rows;
}

async function writeMoves(tx: Tx, moves: readonly Moved[], now: Instant): Promise<void> {
  await tx.query(
    `update staff_alerts a set due_at = m.due_at, person = m.person, times = m.times,
       waiting_since = case when m.again then coalesce(a.waiting_since, $2) else a.waiting_since end
     from json_to_recordset($1::json) as m (id uuid, again boolean, person text, times int, due_at timestamptz) where a.id = m.id`,
    [
      JSON.stringify(moves.map(({ id, again, person, times, dueAt }) => ({ id, again, person, times, due_at: dueAt }))),
      now,
    ],
  );
  await tx.query(
    `insert into staff_alerts (id, promise_id, reason, rung, person, at, revision, checkpoint, partner, root, about, occasion, due_at)
     select id, promise_id, reason, rung, person, at, revision, checkpoint, partner, root, about, occasion, due_at
     from json_to_recordset($1::json) as r (id uuid, promise_id uuid, reason text, rung text, person text, at timestamptz, revision int,
       checkpoint text, partner text, root uuid, about text, occasion text, due_at timestamptz)
     on conflict do nothing`,
    [JSON.stringify(moves.flatMap(({ above }) => above ?? []))],
  );
}

/** What is over waits for no mail, nor what is for somebody who cannot be written to: it stands where alerts are read. */
async function endWaiting(q: Queryable): Promise<void> {
  await q.query({
    name: 'end_waiting',
    text: `update staff_alerts set waiting_since = null where id in (
             select id from staff_alerts a where waiting_since is not null
               and (acknowledged_at is not null or ended_at is not null
                 or not exists (select 1 from people w where w.id = a.person and w.email is not null))
             order by id limit $1 for update skip locked)`,
    values: [UNMAILABLE],
  });
}
