-- The report by a grouping ($1), counted from the ledger: of one source ($2), one partner ($3), the days from ($4) to ($5),
-- both included. Null leaves out that filter.
select key, jsonb_build_object(
  'promises', count(*),
  'kept', count(*) filter (where phase = 'kept'),
  'broken', count(*) filter (where phase = 'broken'),
  'overdue', count(*) filter (where phase = 'overdue'),
  'open', 0,
  'withdrawn', count(*) filter (where phase = 'withdrawn'),
  'withdrawnByUs', 0,
  'keptRate', (count(*) filter (where phase = 'kept'))::float8 / nullif(count(*) filter (where judged), 0),
  'keptRateFirst', (count(*) filter (where phase = 'kept'))::float8 / nullif(count(*) filter (where judged), 0),
  'earlyRate', (count(*) filter (where early))::float8 / nullif(count(*) filter (where judged), 0),
  'goal', null,
  'brokenAllowed', null,
  'promisedLengthMs', jsonb_build_object(
    'p50', percentile_disc(0.5) within group (order by promised_ms),
    'p90', percentile_disc(0.9) within group (order by promised_ms)),
  'actualLengthMs', jsonb_build_object(
    'p50', percentile_disc(0.5) within group (order by actual_ms),
    'p90', percentile_disc(0.9) within group (order by actual_ms)),
  'marginMs', jsonb_build_object(
    'p5', percentile_disc(0.05) within group (order by margin_ms),
    'p10', percentile_disc(0.1) within group (order by margin_ms),
    'p50', percentile_disc(0.5) within group (order by margin_ms),
    'p90', percentile_disc(0.9) within group (order by margin_ms)),
  'bufferUse', jsonb_build_object(
    'p50', percentile_disc(0.5) within group (order by buffer_use),
    'p90', percentile_disc(0.9) within group (order by buffer_use)),
  -- Nobody was ever written to about history.
  'noticeLeadMs', jsonb_build_object('p10', null, 'p50', null),
  'noticeRecall', null,
  'falseAlarmRate', null,
  'noticeMissed', 0,
  'unreachable', 0,
  'newTimeKeptRate', null,
  'falseRecovery', 0,
  'contactsPerPromise', 0,
  'askedFirst', null,
  'firstContactRate', null,
  'recoveryTimeMs', jsonb_build_object('p50', null, 'p90', null),
  'remedyCost', '{}'::jsonb,
  'secondBreaks', 0,
  'handOvers', 0
) as figures
from (
  select phase, early,
    case $1
      when 'source' then source
      when 'kind' then case source when 'boston' then 'reply' else 'delivery' end
      when 'partner' then partner
      when 'region' then region
      when 'product' then product
      when 'week' then to_char(day, 'IYYY"-W"IW')
      when 'month' then to_char(day, 'YYYY-MM')
    end as key,
    phase in ('kept', 'broken', 'overdue') as judged,
    raw.ms(promised_at - actual_at) as margin_ms,
    case when actual_at is not null then raw.ms(promised_at - made_at) end as promised_ms,
    raw.ms(actual_at - made_at) as actual_ms,
    -- Asked first: greatest and least pass over nulls.
    case when actual_at is not null and buffer_ms is not null then
      least(1, greatest(0, (buffer_ms - raw.ms(promised_at - actual_at))::float8 / buffer_ms))
    end as buffer_use
  from raw.ledger
  where ($2::text is null or source = $2) and ($3::text is null or partner = $3)
    and ($4::date is null or day >= $4) and ($5::date is null or day <= $5)
) as promises
group by key
order by key nulls last;
