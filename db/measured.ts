import { STANDINGS, WEIGHTS } from '../domain/metrics/outcome.ts';
import { HAND_OVER_ALLOWANCE_MS, type Grouping } from '../domain/metrics/word-kept.ts';

/** The groupings that are texts of a promise; the others follow from its day. */
export const LABELS = [
  'kind',
  'source',
  'partner',
  'owner',
  'region',
  'product',
] as const satisfies readonly Grouping[];
export type Label = (typeof LABELS)[number];

/** The figures of a promise, besides its labels, as `packed` keeps them. */
export const FIGURES = [
  'outcome',
  'margin_ms',
  'promised_length_ms',
  'buffer_ms',
  'notice_lead_ms',
  'recovery_time_ms',
] as const;
export type FigureColumn = (typeof FIGURES)[number];

/**
 * SQL of a query: a row per promise with its id, day, labels and figures. The one place where it is said what a report
 * counts of a promise. At its very deadline an instant is still kept, a day or window is over; of an end of which only
 * the day is known the days are compared. An apology that a later word made needless (another time agreed in time, a
 * clock that stood) took no time to recover.
 * @param chosen `from promises p where …`
 * @param now an instant: what is open is judged at it
 */
export const measured = (chosen: string, now: string): string => `
select id, promised_day as day, ${LABELS.join(', ')},
  ${standing('now_phase')} * ${WEIGHTS.standing}
    + case when closed_at is null then case when late_first then ${place('overdue')} else ${place('open')} end
        when fulfilled_at is not null then case when late_first then ${place('broken')} else ${place('kept')} end
        when phase = 'unreachable' then ${place('unreachable')}
        when withdrawn_by = 'company' or (withdrawn_by = 'customer' and late_first) then ${place('broken')}
        else ${place('withdrawn')} end * ${WEIGHTS.first}
    + coalesce(withdrawn_by = 'company', false)::int * ${WEIGHTS.isByUs}
    + coalesce(case when fulfilled_as_day or precision = 'instant' then fulfilled_at < promised_at
        when precision = 'window' then fulfilled_at < (plan ->> 'windowFrom')::timestamptz
        else (fulfilled_at at time zone (plan ->> 'zone'))::date < promised_day end, false)::int * ${WEIGHTS.isEarly}
    + (warned_at is not null)::int * ${WEIGHTS.isWarned}
    + coalesce(warned_at <= last_call_at + interval '${HAND_OVER_ALLOWANCE_MS} milliseconds', false)::int
      * ${WEIGHTS.isWarnedInTime}
    + (warned_at is null and end_at > last_call_at)::int * ${WEIGHTS.isNoticeMissed}
    + case when revision = agreed_revision or not isfinite(told_at) or phase = 'unreachable' then 0
        when fulfilled_at is not null then case when late_told then 1 else 2 end
        when withdrawn_by = 'company' or (late_told and withdrawn_by is distinct from 'unknown') then 1
        else 0 end * ${WEIGHTS.isNewTimeKept}
    + (recovered_at is not null)::int * ${WEIGHTS.isRecovered}
    + history::int * ${WEIGHTS.isHistory} as outcome,
  ${ms('promised_at - fulfilled_at')} as margin_ms,
  case when fulfilled_at is not null then ${ms('promised_at - made_at')} end as promised_length_ms,
  case when fulfilled_at is not null and promised_at > target_at then ${ms('promised_at - target_at')} end as buffer_ms,
  case when isfinite(lead_to) then ${ms('lead_to - warned_at')} end as notice_lead_ms,
  case when recovered_at >= broken_at then ${ms('recovered_at - broken_at')} end as recovery_time_ms
from (
  select *, end_at > first_promised_at
      or (end_at = first_promised_at and first_precision <> 'instant' and not fulfilled_as_day) as late_first,
    end_at > told_at or (end_at = told_at and is_over_at_end) as late_told
  from (
    select p.*, promise_phase(p, ${now}) as now_phase, coalesce(p.closed_at, ${now}) as end_at,
      p.precision <> 'instant' and not p.fulfilled_as_day as is_over_at_end,
      case when p.withdrawn_by = 'company' then least(p.promised_at, p.closed_at) else p.promised_at end as broken_at
    ${chosen}
  ) as ended
) as judged`;

/** Whole milliseconds of an interval. */
const ms = (interval: string): string => `round(extract(epoch from ${interval}) * 1000)::bigint`;

const place = (standing: (typeof STANDINGS)[number]): number => STANDINGS.indexOf(standing);

/** The place of a phase among the standings; what is at risk is open. */
const standing = (phase: string): string =>
  `case ${phase} ${STANDINGS.map((each, at) => `when '${each}' then ${at}`).join(' ')} else ${place('open')} end`;

/**
 * SQL of a query: a row per day with the figures of its promises packed, in the order of their ids.
 * @param rows a relation with the columns of `measured`
 * @param labels a relation (id, label) that has every label of the rows
 */
export const packedByDay = (rows: string, labels: string): string => `
select m.day, count(*) as n, ${LABELS.map((label) => `packed(array_agg(${label}_label.id order by m.id)) as ${label}`).join(', ')},
  ${FIGURES.map((figure) => `packed(array_agg(m.${figure}::bigint order by m.id)) as ${figure}`).join(', ')}
from ${rows} m
  ${LABELS.map((label) => `left join ${labels} ${label}_label on ${label}_label.label = m.${label}`).join('\n  ')}
group by m.day`;

/** SQL of a query: the labels of `rows` that have no number yet. */
export const unknownLabels = (rows: string): string => `
select distinct named.label from ${rows}, unnest(array[${LABELS.join(', ')}]) as named (label)
where named.label is not null and not exists (select from rollup_labels known where known.label = named.label)`;
