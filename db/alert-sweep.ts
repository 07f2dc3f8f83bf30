import { v7 as uuid } from 'uuid';
import { alertedOn, membersOf, type StaffMember } from './duty.ts';
import { policyOf } from './policies.ts';
import { databaseNow, inTransaction, type Pool, type Queryable, type Tx } from './pool.ts';
import { alertAgainAt } from '../domain/calendar/terms.ts';
import { moveOf } from '../domain/promise/alerts.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Instant } from '../domain/promise/instant.ts';
import type { Plan } from '../domain/promise/plan.ts';
import type { AlertReason, AlertRung, Rung } from '../domain/promise/words.ts';

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
    const staff = await membersOf(tx, [...new Set(due.flatMap(({ owner }) => owner ?? []))]);
    const moves = await Promise.all(
      due.map(async (alert) => moved(alert, await policyOf(tx, alert.kind, alert.plan.policyVersion), staff, now)),
    );
    await writeMoves(tx, moves, now);
    return due.length;
  });
}

interface DueAlert {
  readonly id: string;
  readonly promiseId: string;
  readonly reason: AlertReason;
  readonly about: AlertReason | null;
  readonly root: string | null;
  readonly rung: AlertRung;
  readonly person: string | null;
  readonly times: number;
  readonly revision: number;
  readonly checkpoint: string;
  /** Whose slip it is. */
  readonly partner: string | null;
  /** As the promise names it. */
  readonly promisePartner: string | null;
  readonly isOpen: boolean;
  readonly stands: boolean;
  readonly kind: string;
  readonly owner: string | null;
  readonly plan: Plan;
}

async function alertsDue(tx: Tx, limit: number): Promise<readonly DueAlert[]> {
  const { rows } = await tx.query<DueAlert>({
    name: 'alerts_due',
    text: `select a.id, a.promise_id as "promiseId", a.reason, a.about, a.root, a.rung, a.person, a.times, a.revision,
             a.checkpoint, a.partner, a.acknowledged_at is null and a.ended_at is null as "isOpen",
             alert_stands(a, p, clock_timestamp()) as stands, p.kind, p.owner, p.partner as "promisePartner", p.plan
           from staff_alerts a join promises p on p.id = a.promise_id
           where a.due_at <= clock_timestamp() order by a.due_at, a.id limit $1 for update of a skip locked`,
    values: [limit],
  });
  return rows;
}

/** What one alert becomes, and the one that is given on the next rung. */
interface Moved {
  readonly id: string;
  readonly again: boolean;
  readonly person: string | null;
  readonly dueAt: Instant | null;
  readonly above: object | null;
}

function moved(alert: DueAlert, policy: Policy, staff: ReadonlyMap<string, StaffMember>, now: Instant): Moved {
  const { id, person, rung } = alert;
  const of = { owner: alert.owner, partner: alert.promisePartner };
  const dueAt = alertAgainAt(now, policy, alert.plan.zone);
  const stays = { id, again: false, person, above: null };
  // What is over is looked at no more, nor a hand-over, which goes to the lead; what has lost its reason may get it back.
  if (!alert.isOpen || dueAt === null || alert.reason === 'handed_over') return { ...stays, dueAt: null };
  if (!alert.stands) return { ...stays, dueAt };
  const next = moveOf(alert, policy.escalation.times);
  if (next.move === 'again') {
    const named = rung === 'partner' ? person : alertedOn(of, rung, staff, now);
    return { ...stays, again: true, person: named ?? person, dueAt };
  }
  const [above] = next.rungs.flatMap((each) => {
    const named = alertedOn(of, each, staff, now);
    return named === null ? [] : [{ rung: each, person: named }];
  });
  return { ...stays, dueAt: null, above: above ? aboveRow(alert, above, dueAt) : null };
}

function aboveRow(alert: DueAlert, { rung, person }: { rung: Rung; person: string }, dueAt: Instant): object {
  const { promiseId, revision, checkpoint, partner } = alert;
  const root = alert.root ?? alert.id;
  const about = alert.about ?? alert.reason;
  const names = {
    id: uuid(),
    promise_id: promiseId,
    reason: 'unacknowledged',
    rung,
    person,
    root,
    about,
    occasion: root,
  };
  return { ...names, revision, checkpoint, partner, due_at: dueAt };
}

async function writeMoves(tx: Tx, moves: readonly Moved[], now: Instant): Promise<void> {
  await tx.query(
    `update staff_alerts a set due_at = m.due_at, person = m.person, times = a.times + m.again::int,
       waiting_since = case when m.again then coalesce(a.waiting_since, $2) else a.waiting_since end
     from json_to_recordset($1::json) as m (id uuid, again boolean, person text, due_at timestamptz) where a.id = m.id`,
    [JSON.stringify(moves.map(({ id, again, person, dueAt }) => ({ id, again, person, due_at: dueAt }))), now],
  );
  await tx.query(
    `insert into staff_alerts (id, promise_id, reason, rung, person, at, revision, checkpoint, partner, root, about, occasion, due_at)
     select id, promise_id, reason, rung, person, $2, revision, checkpoint, partner, root, about, occasion, due_at
     from json_to_recordset($1::json) as r (id uuid, promise_id uuid, reason text, rung text, person text, revision int,
       checkpoint text, partner text, root uuid, about text, occasion text, due_at timestamptz)
     on conflict do nothing`,
    [JSON.stringify(moves.flatMap(({ above }) => above ?? [])), now],
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
