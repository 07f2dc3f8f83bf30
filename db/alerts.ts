import type { Queryable } from './pool.ts';
import { ALERT_GROUPS, type AlertLine } from '../domain/promise/alerts.ts';
import type { Instant } from '../domain/promise/instant.ts';
import type { Plan } from '../domain/promise/plan.ts';

/** Where an alert stands among those of its person; needs `a` of staff_alerts, `p` of promises, and the moment in `now`. */
export const ALERT_GROUP = `case
  when a.reason in ('callback', 'handed_over', 'unacknowledged', 'approval') then a.reason
  when a.reason = 'broken' or promise_phase(p, now) = 'overdue' then 'overdue'
  else a.reason end`;

type OfPlan = 'zone' | 'day' | 'windowFrom';
type StoredLine = Omit<AlertLine, OfPlan> & { readonly plan: Plan };

/** The alerts of these ids as they read at `now`, most urgent first. */
export async function alertLines(q: Queryable, ids: readonly string[], now: Instant): Promise<readonly AlertLine[]> {
  const { rows } = await q.query<StoredLine>({
    name: 'alert_lines',
    text: `with moment as (select $2::timestamptz as now)
           select a.id, a.promise_id as "promiseId", a.reason, ${ALERT_GROUP} as "group", a.rung, a.about, a.occasion,
             nullif(a.checkpoint, '') as checkpoint, a.partner, a.times, a.at, p.kind, p.source, p.ref, p.subject,
             coalesce(o.name, p.owner) as owner, p.plan, p.promised_at as "promisedAt", p.target_at as "targetAt",
             case when p.estimate_fresh_until > now then p.estimated_at end as "estimatedAt",
             promise_phase(p, now) as phase, p.withdrawn_by is not distinct from 'company' as "takenBack",
             coalesce(w.name, r.person) as silent
           from staff_alerts a join promises p on p.id = a.promise_id cross join moment
           left join people o on o.id = p.owner
           left join staff_alerts r on r.id = a.root left join people w on w.id = r.person
           where a.id = any ($1::uuid[])
           order by array_position($3::text[], ${ALERT_GROUP}), p.promised_at, a.id limit 1000`,
    values: [ids, now, ALERT_GROUPS],
  });
  return rows.map(({ plan: { zone, day, windowFrom }, ...row }) => ({ ...row, zone, day, windowFrom }));
}
