-- Instants in Boston. The published clock was shifted once too often: what it says, read in Boston, is as UTC the clock that
-- hung on the wall. A case without a deadline was promised nothing.
insert into raw.ledger
select 'boston', "CASE_ENQUIRY_ID", nullif(trim("Department"), ''), nullif(trim(neighborhood), ''), nullif(trim("TYPE"), ''),
  ((promised_at - interval '1 microsecond') at time zone zone)::date,
  case when closed_at <= promised_at then 'kept' else 'broken' end,
  closed_at < promised_at,
  opened_at, promised_at, closed_at,
  -- A quarter of the time promised, at least half an hour, at most a day of the calendar, and never before it was made.
  nullif(least(
    greatest(raw.ms(promised_at - opened_at) / 4, 30 * 60000),
    raw.ms(promised_at - raw.instant((promised_at at time zone zone) - interval '1 day', zone)),
    raw.ms(promised_at - opened_at)
  ), 0)
from (
  select *,
    raw.instant(raw.instant("OPEN_DT"::timestamp, zone) at time zone 'UTC', zone) as opened_at,
    raw.instant(raw.instant("TARGET_DT"::timestamp, zone) at time zone 'UTC', zone) as promised_at,
    raw.instant(raw.instant("CLOSED_DT"::timestamp, zone) at time zone 'UTC', zone) as closed_at
  from (select *, 'America/New_York' as zone from raw.boston where "TARGET_DT" <> '') as judged
) as cases;
