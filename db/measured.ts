import { SETTLED_BY_CONTACT, STANDINGS, WEIGHTS } from '../domain/metrics/outcome.ts';
import { HAND_OVER_ALLOWANCE_MS, type Grouping } from '../domain/metrics/word-kept.ts';
import { NEWS_SOURCE } from '../domain/promise/news.ts';
import type { Flag } from '../domain/promise/words.ts';

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

/** The texts of a promise of which `packed` keeps the numbers. */
export const TEXTS = [...LABELS, 'remedy_currency'] as const;
export type TextColumn = (typeof TEXTS)[number];

/** The figures of a promise, besides its texts, as `packed` keeps them. */
export const FIGURES = [
  'outcome',
  'margin_ms',
  'promised_length_ms',
  'buffer_ms',
  'notice_lead_ms',
  'recovery_time_ms',
  'new_times_kept',
  'new_times_broken',
  'contacts',
  'asked_first',
  'second_breaks',
  'hand_overs',
  'remedy_cents',
] as const;
export type FigureColumn = (typeof FIGURES)[number];

/**
 * SQL of a query: a row per promise with its id, day, texts and figures, and whether Kept made it to be in touch again. The
 * one place where it is said what a report counts of a promise. At its very deadline an instant is still kept, a day or
 * window is over; of an end of which only the day is known the days are compared. An apology that a later word made needless
 * (another time agreed in time, a clock that stood) took no time to recover. Of history no notices, contacts and times told
 * are counted: nothing is known of them.
 * @param chosen `from promises p where …`
 * @param now an instant: what is open is judged at it
 */
export const measured = (chosen: string, now: string): string => `
select id, promised_day as day, source = '${NEWS_SOURCE}' as news, ${TEXTS.join(', ')},
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
    + case when fulfilled_at is null or split_part(kind, '-', 1) not in ('${SETTLED_BY_CONTACT.join("', '")}') then 0
        else coalesce(first_contact::int + 1, 0) end * ${WEIGHTS.isFirstContact}
    + (recovered_at is not null)::int * ${WEIGHTS.isRecovered}
    + history::int * ${WEIGHTS.isHistory} as outcome,
  ${ms('promised_at - fulfilled_at')} as margin_ms,
  case when fulfilled_at is not null then ${ms('promised_at - made_at')} end as promised_length_ms,
  case when fulfilled_at is not null and promised_at > target_at then ${ms('promised_at - target_at')} end as buffer_ms,
  case when isfinite(lead_to) then ${ms('lead_to - warned_at')} end as notice_lead_ms,
  case when recovered_at >= broken_at then ${ms('recovered_at - broken_at')} end as recovery_time_ms,
  case when imposed is not null and fulfilled_at is not null and not history then ${countOf('told >= counted_at')} end
    as new_times_kept,
  case when imposed is null or history or phase = 'unreachable' or withdrawn_by = 'unknown' then null
    when withdrawn_by = 'company' then cardinality(imposed) else ${countOf('told < counted_at')} end as new_times_broken,
  case when not history then nullif(contacts, 0) end as contacts,
  case when asked_first and not history and now_phase in ('kept', 'broken', 'overdue') then 1 end as asked_first,
  case when '${'second_break' satisfies Flag}' = any (flags) then 1 end as second_breaks,
  nullif(hand_overs, 0) as hand_overs,
  remedy_cost * 100 as remedy_cents
from (
  select *, end_at > first_promised_at
      or (end_at = first_promised_at and first_precision <> 'instant' and not fulfilled_as_day) as late_first,
    case when fulfilled_as_day then end_at - interval '1 millisecond' else end_at end as counted_at
  from (
    select p.*, promise_phase(p, ${now}) as now_phase, coalesce(p.closed_at, ${now}) as end_at,
      case when p.withdrawn_by = 'company' then least(p.promised_at, p.closed_at) else p.promised_at end as broken_at
    ${chosen}
  ) as ended
) as judged`;

/** How many of the times told that nobody agreed to; null: none. */
const countOf = (which: string): string => `(select nullif(count(*), 0) from unnest(imposed) told where ${which})`;

/** Whole milliseconds of an interval. */
const ms = (interval: string): string => `round(extract(epoch from ${interval}) * 1000)::bigint`;

const place = (standing: (typeof STANDINGS)[number]): number => STANDINGS.indexOf(standing);

/** The place of a phase among the standings; what is at risk is open. */
const standing = (phase: string): string =>
  `case ${phase} ${STANDINGS.map((each, at) => `when '${each}' then ${at}`).join(' ')} else ${place('open')} end`;

/**
 * SQL of a query: a row per day with the figures of its promises packed, in the order of their ids; another for those to be
 * in touch again.
 * @param rows a relation with the columns of `measured`
 * @param labels a relation (id, label) that has every text of the rows
 */
export const packedByDay = (rows: string, labels: string): string => `
select m.day, m.news, count(*) as n, ${TEXTS.map((label) => `packed(array_agg(${label}_label.id order by m.id)) as ${label}`).join(', ')},
  ${FIGURES.map((figure) => `packed(array_agg(m.${figure}::bigint order by m.id)) as ${figure}`).join(', ')}
from ${rows} m
  ${TEXTS.map((label) => `left join ${labels} ${label}_label on ${label}_label.label = m.${label}`).join('\n  ')}
group by m.day, m.news`;

/** SQL of a query: the texts of `rows` that have no number yet. */
export const unknownLabels = (rows: string): string => `
select distinct named.label from ${rows}, unnest(array[${TEXTS.join(', ')}]) as named (label)
where named.label is not null and not exists (select from rollup_labels known where known.label = named.label)`;
