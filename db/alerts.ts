import { acknowledgeIn } from './hand-over.ts';
import { inTransaction, type Pool, type Queryable } from './pool.ts';
import { ALERT_GROUPS, type AlertLine } from '../domain/promise/alerts.ts';
import type { OpenAlerts } from '../domain/metrics/board.ts';
import type { Instant } from '../domain/promise/instant.ts';
import type { Plan } from '../domain/promise/plan.ts';
import type { AlertReason, AlertRung } from '../domain/promise/words.ts';

/** Where an alert stands among those of its person; needs `a` of staff_alerts, `p` of promises, and the moment in `now`. */
export const ALERT_GROUP = `case
  when a.reason in ('callback', 'handed_over', 'unacknowledged', 'approval', 'capacity') then a.reason
  when a.reason = 'broken' or promise_phase(p, now) = 'overdue' then 'overdue'
  else a.reason end`;

/**
 * Whether an alert is for the eyes of its person: those of a partner see what is of that partner, whatever they were when it
 * was given. Needs `a` of staff_alerts and `p` of promises.
 */
export const IS_THEIRS = `not exists (select from people own
  where own.id = a.person and own.partner is not null and own.partner is distinct from p.partner)`;

const RUNG_REASONS = `array['checkpoint', 'slip', 'at_risk', 'broken']`;

/**
 * Whether an alert `a` of staff_alerts still says something of its promise `p` at the moment `now`, an expression that costs
 * nothing. Written out in each query: as a function of the schema, which workers of the version before call (alert_stands),
 * it was run once a row with the whole promise read, 11 s for 20,000 alerts on a busy machine.
 */
export const alertStands = (now: string): string => `(a.acknowledged_at is null and a.ended_at is null
  and case coalesce(a.about, a.reason)
    when 'checkpoint' then a.revision = p.agreed_revision and not p.passed ? a.checkpoint
    when 'slip' then a.revision = p.agreed_revision
      and (p.target_at <= ${now} or (p.estimate_fresh_until > ${now} and p.estimated_at > p.target_at))
    when 'at_risk' then a.revision = p.agreed_revision
      and not (coalesce(p.estimate_fresh_until > ${now}, false) and promise_phase(p, ${now}) in ('open', 'paused'))
    when 'broken' then a.revision = p.agreed_revision
    when 'handed_over' then p.hand_over is null or (p.hand_over ->> 'acknowledgedAt' is null
      and (p.hand_over ->> 'at')::timestamptz <= a.at)
    -- Of a further rung the first one says which call it is: call:2, call:2:again.
    when 'callback' then not exists (
      select 1 from staff_alerts c where c.id = coalesce(a.root, a.id) and c.occasion like 'call:%'
        and (c.revision <> p.agreed_revision or p.attempts >= split_part(c.occasion, ':', 2)::int))
    else true
  end
  -- What was an owner's before it was handed over is the next one's to take up.
  and not (a.rung = 'owner' and a.reason <> 'handed_over' and p.hand_over is not null
    and p.hand_over ->> 'from' = a.person and (p.hand_over ->> 'at')::timestamptz >= a.at)
  and not exists (
    select 1 from staff_alerts b
    where b.promise_id = a.promise_id and b.person = a.person and b.revision = a.revision
      and array_position(${RUNG_REASONS}, coalesce(b.about, b.reason)) > array_position(${RUNG_REASONS}, coalesce(a.about, a.reason))))`;

type OfPlan = 'zone' | 'day' | 'windowFrom';
type StoredLine = Omit<AlertLine, OfPlan> & { readonly plan: Plan };

/** The alerts of these ids as they read at `now`, most urgent first. */
export async function alertLines(q: Queryable, ids: readonly string[], now: Instant): Promise<readonly AlertLine[]> {
  const { rows } = await q.query<StoredLine>({
    name: 'alert_lines',
    text: `with moment as (select $2::timestamptz as now)
           select a.id, a.promise_id as "promiseId", a.reason, ${ALERT_GROUP} as "group", a.rung, a.about, a.occasion,
             nullif(a.checkpoint, '') as checkpoint, a.times,
             coalesce((select t.document ->> 'name' from partners t where t.id = a.partner order by t.version desc limit 1),
               a.partner) as partner, a.at, p.kind, p.source, p.ref, p.subject,
             coalesce(o.name, p.owner) as owner, p.plan, p.promised_at as "promisedAt", p.target_at as "targetAt",
             case when p.estimate_fresh_until > now then p.estimated_at end as "estimatedAt",
             promise_phase(p, now) as phase, p.withdrawn_by is not distinct from 'company' as "takenBack",
             coalesce(w.name, r.person) as silent, case when a.reason = 'handed_over' then p.acknowledge_by end as "acknowledgeBy",
             a.reason = 'handed_over' and a.person is distinct from p.owner as "standsIn",
             case when a.reason = 'handed_over' then coalesce(h.name, p.hand_over ->> 'from') end as "from",
             case when a.reason = 'handed_over' then (
               select json_build_object('by', coalesce(b.name, n.written_by), 'text', n.text)
               from facts f join notes n on n.id = (f.data ->> 'note')::uuid left join people b on b.id = n.written_by
               where f.promise_id = a.promise_id and f.fact_key = a.occasion) end as note,
             case when a.reason = 'approval' then (select m.options from remedies m where m.id = a.occasion::uuid) end as offers,
             case when a.reason = 'capacity' then (
               select s from capacity c, jsonb_array_elements(c.shortages) s where s ->> 'promiseId' = a.promise_id::text limit 1
             ) end as shortage
           from staff_alerts a join promises p on p.id = a.promise_id cross join moment
           left join people o on o.id = p.owner
           left join staff_alerts r on r.id = a.root left join people w on w.id = r.person
           left join people h on h.id = p.hand_over ->> 'from'
           where a.id = any ($1::uuid[])
           order by array_position($3::text[], ${ALERT_GROUP}), p.promised_at, a.id limit 1000`,
    values: [ids, now, ALERT_GROUPS],
  });
  return rows.map(({ plan: { zone, day, windowFrom }, ...row }) => ({ ...row, zone, day, windowFrom }));
}

/** An alert as a row. */
export interface AlertRow {
  readonly id: string;
  readonly person: string | null;
  readonly promiseId: string;
  readonly reason: AlertReason;
  readonly rung: AlertRung;
  readonly times: number;
  readonly at: Instant;
  /** When the newest mail with it left; null: none did. */
  readonly sentAt: Instant | null;
  /** When it goes again or up, unless somebody acknowledges it. */
  readonly dueAt: Instant | null;
  readonly acknowledgedAt: Instant | null;
  readonly acknowledgedBy: string | null;
}

const ROW = `a.id, a.person, a.promise_id as "promiseId", a.reason, a.rung, a.times, a.at, a.sent_at as "sentAt",
  case when a.acknowledged_at is null and a.ended_at is null then a.due_at end as "dueAt",
  a.acknowledged_at as "acknowledgedAt", a.acknowledged_by as "acknowledgedBy"`;

export interface AlertFilter {
  readonly person?: string;
  /** True: those that still have their reason and nobody acknowledged; false: the others. */
  readonly open?: boolean;
  /** Those before this one. */
  readonly after?: { readonly at: Instant; readonly id: string };
  readonly limit: number;
}

/** Newest first. */
export async function listAlerts(
  q: Queryable,
  { person, open, after, limit }: AlertFilter,
): Promise<readonly AlertRow[]> {
  const { rows } = await q.query<AlertRow>({
    name: 'list_alerts',
    text: `select ${ROW} from staff_alerts a join promises p on p.id = a.promise_id cross join (select clock_timestamp() as now) t
           where ($1::text is null or (a.person = $1 and ${IS_THEIRS}))
             and ($2::boolean is null or ${alertStands('t.now')} = $2)
             and ($3::timestamptz is null or a.at < $3 or (a.at = $3 and a.id > $4::uuid))
           order by a.at desc, a.id limit $5`,
    values: [person ?? null, open ?? null, after?.at ?? null, after?.id ?? null, limit],
  });
  return rows;
}

/** How many alerts each of the staff has open: by name, most first. */
export async function openAlerts(q: Queryable, now: Instant): Promise<readonly OpenAlerts[]> {
  const { rows } = await q.query<OpenAlerts>({
    name: 'open_alerts',
    text: `select a.person as "personId", coalesce(w.name, a.person) as person, count(*)::int as count
           from staff_alerts a join promises p on p.id = a.promise_id left join people w on w.id = a.person
           where ${alertStands('$1::timestamptz')}
           group by 1, 2 order by 3 desc, 2, 1 limit 100`,
    values: [now],
  });
  return rows;
}

/** How many alerts the page of a person lists. */
const LISTED = 100;

/** What one of the staff has open, most urgent first, and how many there are of them. */
export async function standingAlerts(
  q: Queryable,
  person: string,
  now: Instant,
): Promise<{ readonly lines: readonly AlertLine[]; readonly count: number }> {
  const { rows } = await q.query<{ id: string; count: number }>({
    name: 'standing_alerts',
    text: `with moment as (select $2::timestamptz as now)
           select a.id, count(*) over ()::int as count
           from staff_alerts a join promises p on p.id = a.promise_id cross join moment
           where a.person = $1 and ${alertStands('now')}
             and ${IS_THEIRS}
           order by array_position($3::text[], ${ALERT_GROUP}), p.promised_at, a.id limit $4`,
    values: [person, now, ALERT_GROUPS, LISTED],
  });
  const ids = rows.map(({ id }) => id);
  return { lines: ids.length === 0 ? [] : await alertLines(q, ids, now), count: rows[0]?.count ?? 0 };
}

/**
 * Somebody takes care of it: nobody is told again, on no rung. Its owner's of a hand-over acknowledges that, too. Said
 * again, or when it is over, it changes nothing. Null for an alert that is not there.
 */
export async function acknowledgeAlert(pool: Pool, id: string, by: string): Promise<AlertRow | null> {
  return inTransaction(pool, async (tx) => {
    const row = await alertOf(tx, id);
    if (!row || row.acknowledgedAt !== null) return row;
    // Where it is not their hand-over any more, the alert alone is settled.
    if (row.reason === 'handed_over')
      await acknowledgeIn(tx, row.promiseId, by, row.person === by && row.rung === 'owner' ? row.at : null);
    await tx.query(
      `update staff_alerts set acknowledged_at = clock_timestamp(), acknowledged_by = $2, due_at = null
       where id in (
         select b.id from staff_alerts a join staff_alerts b on b.id in (a.id, a.root) or b.root in (a.id, a.root)
         where a.id = $1 and b.acknowledged_at is null order by b.id for update of b)`,
      [id, by],
    );
    return alertOf(tx, id);
  });
}

async function alertOf(q: Queryable, id: string): Promise<AlertRow | null> {
  const { rows } = await q.query<AlertRow>({
    name: 'alert_of',
    text: `select ${ROW} from staff_alerts a where a.id = $1`,
    values: [id],
  });
  return rows[0] ?? null;
}

/** What the page of an alert shows. */
export interface AlertPageRow {
  readonly now: Instant;
  readonly alert: AlertRow;
  readonly line: AlertLine;
  /** Whether there is still something to do. */
  readonly stands: boolean;
  /** Name of who acknowledged it. */
  readonly acknowledgedBy: string | null;
  readonly reader: Reader;
}

/** Whom a mail went to. */
export interface Reader {
  readonly id: string;
  /** The partner whose own people they belong to. */
  readonly partner: string | null;
}

/**
 * The alert that a key opens, whoever it has gone to since; null where it opens none: also for who has left since, or belongs to
 * another partner now.
 */
export async function alertByKey(q: Queryable, tokenHash: Buffer): Promise<AlertPageRow | null> {
  const { rows } = await q.query<AlertRow & { now: Instant; stands: boolean; name: string | null; reader: Reader }>({
    name: 'alert_by_key',
    text: `select ${ROW}, t.now, ${alertStands('t.now')} as stands, coalesce(k.name, a.acknowledged_by) as name,
             json_build_object('id', w.id, 'partner', w.partner) as reader
           from alert_links l join staff_alerts a on a.id = l.alert_id join promises p on p.id = a.promise_id
           join digests d on d.id = l.digest_id join people w on w.row_id = d.person
           cross join (select clock_timestamp() as now) t left join people k on k.id = a.acknowledged_by
           where l.token_hash = $1 and (w.partner is null or w.partner is not distinct from p.partner) limit 1`,
    values: [tokenHash],
  });
  const [row] = rows;
  if (!row) return null;
  const { now, stands, name, reader, ...alert } = row;
  const [line] = await alertLines(q, [alert.id], now);
  return line ? { now, alert, line, stands, acknowledgedBy: name, reader } : null;
}
