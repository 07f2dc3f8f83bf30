import { SECTIONS, type BoardAlert, type BoardData, type BoardRow, type KindCounts } from '../domain/metrics/board.ts';
import type { Instant } from '../domain/promise/instant.ts';
import type { Plan } from '../domain/promise/plan.ts';
import { PHASES, type Phase } from '../domain/promise/words.ts';
import { openAlerts } from './alerts.ts';
import { databaseNow, type Queryable } from './pool.ts';
import { companyZone } from './company.ts';
import { IS_SHOWN } from './shapes.ts';

const ROWS = 100;
/** Open promises looked at for the most urgent ones, nearest deadline first (index promises_open). */
const NEAREST = 5_000;
/** Promises counted for the kept rate, latest promised time first (index promises_by_time). */
const COUNTED = 100_000;
const ALERTS = 10;

/** What the first page shows: the most urgent open promises, the counts per kind and phase, the last alerts. */
export async function board(q: Queryable): Promise<BoardData> {
  const now = await databaseNow(q);
  const zone = await companyZone(q);
  const rows = await urgentRows(q, now, null);
  const kinds = await countsPerKind(q, now);
  const alerts = await lastAlerts(q);
  const open = await openAlerts(q, now);
  const counted = kinds.reduce((sum, { counts }) => sum + PHASES.reduce((all, phase) => all + counts[phase], 0), 0);
  return { now, zone, rows, kinds, alerts, openAlerts: open, countedOnly: counted === COUNTED ? COUNTED : null };
}

type OfPlan = 'zone' | 'day' | 'windowFrom' | 'recoveryAt' | 'clock' | 'checkpoints';
type StoredRow = Omit<BoardRow, OfPlan | 'closedAt'> & { readonly plan: Plan };

/** Of a notice `d` of the promise `u`: nobody has to call because of it, since she is called anyway. */
const IS_NO_CALL = `(split_part(u.kind, '-', 1) = 'callback' and d.reason = 'promised')`;

/** Open promises, the most urgent ones first: of one owner, or of all of them. */
export async function urgentRows(q: Queryable, now: Instant, owner: string | null): Promise<readonly BoardRow[]> {
  const { rows } = await q.query<StoredRow>({
    name: owner === null ? 'board_rows' : 'board_rows_of_owner',
    text: `with near as (
             select p.*, promise_phase(p, $1) as phase_now from promises p
             where closed_at is null and ${IS_SHOWN} ${owner === null ? '' : 'and owner = $5'}
             order by promised_at, id limit $2
           ), placed as (
             select *, case when phase_now = 'at_risk'
                                or told_at > greatest(promised_at, $1) and isfinite(told_at) then 'at_risk'
                            when phase_now = 'overdue' then 'overdue' else 'open' end as section
             from near
           ), urgent as (
             select * from placed order by array_position($4::text[], section), promised_at, id limit $3
           )
           select u.id, u.source, u.ref, u.kind, u.subject, c.ref as "customerRef", coalesce(w.name, u.owner) as owner,
             u.owner as "ownerId", u.partner, case when u.waiting_until is null or u.waiting_until > $1 then u.waiting_for end as "waitingFor",
             u.waiting_since as "waitingSince", u.waiting_until as "waitingUntil", u.passed,
             u.phase_now as phase, u.section, u.plan, u.made_at as "madeAt", u.target_at as "targetAt",
             u.last_call_at as "lastCallAt", u.promised_at as "promisedAt", u.estimated_at as "estimatedAt",
             u.told_at as "toldAt", u.wake_at as "wakeAt",
             (select reason from duties d where d.promise_id = u.id and d.state in ('owed', 'claimed')
              order by d.due_at, d.id limit 1) as notice,
             coalesce((select d.state = 'failed' from duties d
              where d.promise_id = u.id and d.state in ('sent', 'failed') and not ${IS_NO_CALL}
              order by d.ended_at desc, d.id desc limit 1), false) as unreached,
             (select d.told ->> 'nextNewsAt' from duties d
              where d.promise_id = u.id and d.state = 'sent' and d.reason <> 'promised'
              order by d.ended_at desc, d.id desc limit 1) as "nextNewsAt"
           from urgent u join customers c on c.id = u.customer_id left join people w on w.id = u.owner
           order by array_position($4::text[], u.section), u.promised_at, u.id
           limit $3`,
    values: [now, NEAREST, ROWS, SECTIONS, ...(owner === null ? [] : [owner])],
  });
  return rows.map(({ plan, ...row }) => ({
    ...row,
    zone: plan.zone,
    windowFrom: plan.windowFrom,
    recoveryAt: plan.recoveryAt,
    day: plan.day,
    clock: plan.clock,
    checkpoints: plan.checkpoints,
    closedAt: null,
  }));
}

async function countsPerKind(q: Queryable, now: Instant): Promise<readonly KindCounts[]> {
  const { rows } = await q.query<{ kind: string; phase: Phase; count: number; goal: number | null }>({
    name: 'board_counts',
    text: `with counted as (
             select kind, promise_phase(p, $1) as phase from promises p where ${IS_SHOWN}
             order by promised_at desc, id desc limit $2
           ), per as (select kind, phase, count(*)::int as count from counted group by kind, phase)
           select kind, phase, count, g.goal from per
           left join lateral (select (document ->> 'goal')::float8 as goal from policies o where o.kind = per.kind
                              order by version desc limit 1) g on true
           order by kind limit 1000`,
    values: [now, COUNTED],
  });
  const none = Object.fromEntries(PHASES.map((phase) => [phase, 0])) as Record<Phase, number>;
  const kinds = new Map<string, KindCounts>();
  for (const { kind, phase, count, goal } of rows) {
    const counts = kinds.get(kind)?.counts ?? none;
    kinds.set(kind, { kind, goal, counts: { ...counts, [phase]: count } });
  }
  return [...kinds.values()];
}

async function lastAlerts(q: Queryable): Promise<readonly BoardAlert[]> {
  const { rows } = await q.query<BoardAlert>({
    name: 'board_alerts',
    text: `select a.id, a.promise_id as "promiseId", p.source, p.ref, p.subject, a.reason, a.rung,
             coalesce(w.name, a.person) as person, a.at,
             nullif(a.checkpoint, '') as checkpoint, a.partner,
             a.reason = 'broken' and p.withdrawn_by is not distinct from 'company' and a.at < (p.plan ->> 'recoveryAt')::timestamptz as "takenBack"
           from staff_alerts a join promises p on p.id = a.promise_id left join people w on w.id = a.person
           order by a.at desc, a.id limit $1`,
    values: [ALERTS],
  });
  return rows;
}
