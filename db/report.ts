import {
  HAND_OVER_ALLOWANCE_MS,
  type Grouping,
  type WordKept,
  type WordKeptFilter,
  type WordKeptGroup,
  type WordKeptQuery,
} from '../domain/metrics/word-kept.ts';
import type { Measures } from '../domain/metrics/measures.ts';
import { msBetween } from '../domain/promise/instant.ts';
import { databaseNow, type Queryable } from './pool.ts';

/**
 * How well the word was kept, by kind, source, partner or owner. Phases are those at the moment of the read, by
 * PostgreSQL's clock; nothing is rolled up beforehand. At most 1,000 groups, in the order of their keys.
 */
export async function wordKept(q: Queryable, query: WordKeptQuery): Promise<WordKept> {
  const asOf = await databaseNow(q);
  const { kind, partner, owner, source, from, to } = query;
  const filters = [kind, partner, owner, source, from, to].map((value) => value ?? null);
  const { rows } = await q.query<FlatGroup>({
    name: 'word_kept',
    text: WORD_KEPT,
    values: [query.by, asOf, HAND_OVER_ALLOWANCE_MS, ...filters],
  });
  const generatedAt = await databaseNow(q);
  return { generatedAt, readLagMs: Math.max(0, msBetween(asOf, generatedAt)), by: query.by, groups: rows.map(groupOf) };
}

/**
 * What the report is counted from: the promises that the filter chooses, at one moment, with the groupings named.
 * Pages count several reports from one reading: `wordKeptBy(measures, 'week')`, `marginHistogram(measures)`.
 */
export async function readMeasures(
  _q: Queryable,
  _filter: WordKeptFilter,
  _bys: readonly Grouping[],
): Promise<Measures> {
  throw new Error('Not written yet.');
}

/** When a report was made that was counted from these, and how old it was then. */
export async function readLag(
  q: Queryable,
  { asOf }: Pick<Measures, 'asOf'>,
): Promise<Pick<WordKept, 'generatedAt' | 'readLagMs'>> {
  const generatedAt = await databaseNow(q);
  return { generatedAt, readLagMs: Math.max(0, msBetween(asOf, generatedAt)) };
}

/** Elapsed milliseconds of an interval expression. */
const ms = (interval: string): string => `round(extract(epoch from ${interval}) * 1000)::float8`;
/** How many of the group's rows. */
const n = (condition: string): string => `count(*) filter (where ${condition})`;
/** A share; null over nothing. */
const rate = (part: string, whole: string): string => `${n(part)}::float8 / nullif(${n(whole)}, 0)`;
/** The value of a measure at a percentile; rows without it do not take part. */
const at = (share: number, measure: string): string => `percentile_disc(${share}) within group (order by ${measure})`;

/** One row per group. At its very deadline an instant is still kept; a day or window is over. */
const WORD_KEPT = `
with goals as (
  select distinct on (kind) kind, (document ->> 'goal')::numeric as goal from policies order by kind, version desc
), chosen as (
  select p.*, g.goal, promise_phase(p, $2) as now_phase, coalesce(p.closed_at, $2) as end_at,
    case $1::text when 'kind' then p.kind when 'source' then p.source when 'partner' then p.partner else p.owner end as key
  from promises p left join goals g using (kind)
  where ($4::text is null or p.kind = $4) and ($5::text is null or p.partner = $5)
    and ($6::text is null or p.owner = $6) and ($7::text is null or p.source = $7)
    and ($8::timestamptz is null or p.promised_at >= $8) and ($9::timestamptz is null or p.promised_at < $9)
), judged as (
  select *, now_phase in ('kept', 'broken', 'overdue') as counted, now_phase in ('broken', 'overdue') as failed,
    end_at > first_promised_at or (end_at = first_promised_at and precision <> 'instant') as late_first,
    end_at > told_at or (end_at = told_at and precision <> 'instant') as late_told,
    case precision when 'instant' then fulfilled_at < promised_at
      when 'window' then fulfilled_at < (plan ->> 'windowFrom')::timestamptz
      else (fulfilled_at at time zone (plan ->> 'zone'))::date < (plan ->> 'day')::date end as early
  from chosen
), measured as (
  select *,
    case when closed_at is null then case when late_first then 'overdue' else 'open' end
      when fulfilled_at is not null then case when late_first then 'broken' else 'kept' end
      when withdrawn_by = 'company' or (withdrawn_by = 'customer' and late_first) then 'broken'
      else 'withdrawn' end as first_phase,
    case when revision = 1 then null
      when fulfilled_at is not null then not late_told
      when withdrawn_by = 'company' or (late_told and withdrawn_by is distinct from 'unknown') then false
      end as new_time_kept,
    case when fulfilled_at is not null then ${ms('promised_at - made_at')} end as promised_length,
    ${ms('fulfilled_at - made_at')} as actual_length,
    ${ms('promised_at - fulfilled_at')} as margin,
    case when promised_at > target_at and fulfilled_at is not null
      then least(1, greatest(0, ${ms('fulfilled_at - target_at')} / ${ms('promised_at - target_at')}))
      end as buffer_use,
    ${ms('lead_to - warned_at')} as notice_lead,
    warned_at <= last_call_at + $3 * interval '1 millisecond' as warned_in_time,
    ${ms(`recovered_at - case when withdrawn_by = 'company' then least(promised_at, closed_at) else promised_at end`)}
      as recovery_time
  from judged
), counted as (
  select key, count(*) as promises,
    ${n(`now_phase = 'kept'`)} as kept,
    ${n(`now_phase = 'broken'`)} as broken,
    ${n(`now_phase = 'overdue'`)} as overdue,
    ${n(`now_phase in ('open', 'at_risk')`)} as open,
    ${n(`now_phase = 'withdrawn'`)} as withdrawn,
    ${n(`now_phase = 'broken' and withdrawn_by = 'company'`)} as "withdrawnByUs",
    ${rate(`now_phase = 'kept'`, 'counted')} as "keptRate",
    ${rate(`first_phase = 'kept'`, `first_phase in ('kept', 'broken', 'overdue')`)} as "keptRateFirst",
    ${rate('counted and early', 'counted')} as "earlyRate",
    case when count(goal) = count(*) and min(goal) = max(goal) then min(goal) end as "sharedGoal",
    ${n('counted')} as counted,
    ${at(0.5, 'promised_length')} as "promisedLengthP50", ${at(0.9, 'promised_length')} as "promisedLengthP90",
    ${at(0.5, 'actual_length')} as "actualLengthP50", ${at(0.9, 'actual_length')} as "actualLengthP90",
    ${at(0.05, 'margin')} as "marginP5", ${at(0.1, 'margin')} as "marginP10",
    ${at(0.5, 'margin')} as "marginP50", ${at(0.9, 'margin')} as "marginP90",
    ${at(0.5, 'buffer_use')} as "bufferUseP50", ${at(0.9, 'buffer_use')} as "bufferUseP90",
    ${at(0.1, 'notice_lead')} as "noticeLeadP10", ${at(0.5, 'notice_lead')} as "noticeLeadP50",
    ${rate('failed and warned_in_time', 'failed')} as "noticeRecall",
    ${rate(`warned_at is not null and first_phase = 'kept'`, 'counted and warned_at is not null')} as "falseAlarmRate",
    ${n('failed and warned_at is null and end_at > last_call_at')} as "noticeMissed",
    ${rate('new_time_kept', 'new_time_kept is not null')} as "newTimeKeptRate",
    ${n(`now_phase = 'kept' and recovered_at is not null`)} as "falseRecovery",
    ${at(0.5, 'recovery_time')} as "recoveryTimeP50", ${at(0.9, 'recovery_time')} as "recoveryTimeP90"
  from measured group by key order by key collate "C" nulls last limit 1000
)
select *, "sharedGoal"::float8 as goal, floor((1 - "sharedGoal") * counted)::int as "brokenAllowed" from counted order by key collate "C" nulls last`;

/** A row as PostgreSQL gives it. */
type FlatGroup = Omit<
  WordKeptGroup,
  'promisedLengthMs' | 'actualLengthMs' | 'marginMs' | 'bufferUse' | 'noticeLeadMs' | 'recoveryTimeMs'
> &
  Readonly<
    Record<
      | `promisedLength${'P50' | 'P90'}`
      | `actualLength${'P50' | 'P90'}`
      | `margin${'P5' | 'P10' | 'P50' | 'P90'}`
      | `bufferUse${'P50' | 'P90'}`
      | `noticeLead${'P10' | 'P50'}`
      | `recoveryTime${'P50' | 'P90'}`,
      number | null
    >
  >;

/** The keys in the order of the contract. What no fact of this version can tell yet is null, or a count of nothing. */
function groupOf(row: FlatGroup): WordKeptGroup {
  return {
    key: row.key,
    promises: row.promises,
    kept: row.kept,
    broken: row.broken,
    overdue: row.overdue,
    open: row.open,
    withdrawn: row.withdrawn,
    withdrawnByUs: row.withdrawnByUs,
    keptRate: row.keptRate,
    keptRateFirst: row.keptRateFirst,
    earlyRate: row.earlyRate,
    goal: row.goal,
    brokenAllowed: row.brokenAllowed,
    promisedLengthMs: { p50: row.promisedLengthP50, p90: row.promisedLengthP90 },
    actualLengthMs: { p50: row.actualLengthP50, p90: row.actualLengthP90 },
    marginMs: { p5: row.marginP5, p10: row.marginP10, p50: row.marginP50, p90: row.marginP90 },
    bufferUse: { p50: row.bufferUseP50, p90: row.bufferUseP90 },
    noticeLeadMs: { p10: row.noticeLeadP10, p50: row.noticeLeadP50 },
    noticeRecall: row.noticeRecall,
    falseAlarmRate: row.falseAlarmRate,
    noticeMissed: row.noticeMissed,
    unreachable: 0,
    newTimeKeptRate: row.newTimeKeptRate,
    falseRecovery: row.falseRecovery,
    contactsPerPromise: 0,
    askedFirst: null,
    firstContactRate: null,
    recoveryTimeMs: { p50: row.recoveryTimeP50, p90: row.recoveryTimeP90 },
    remedyCost: {},
    secondBreaks: 0,
    handOvers: 0,
  };
}
