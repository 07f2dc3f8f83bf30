-- Arrivals, their clock read in New York. year-month-day is the day of the schedule: a flight that is late past midnight
-- leaves on the next one, and lands a day later again if its clock then stands before the departure's.
with clocks as materialized (
  select *,
    make_date(year::integer, month::integer, day::integer)::timestamp as midnight,
    -- Minutes: after that midnight, and of the clock at the arrival. 2400 is the end of a day.
    (dep_time::integer / 100 * 60 + dep_time::integer % 100 - dep_delay::integer + 1440) % 1440 + dep_delay::integer as departed,
    arr_time::integer / 100 * 60 + arr_time::integer % 100 as landed
  from raw.nyc
  where arr_delay <> ''
), walls as materialized (
  select *,
    midnight + make_interval(days => departed / 1440 + (landed < departed % 1440)::integer, mins => landed) as wall
  from clocks
), flights as materialized (
  select *, raw.instant(wall, 'America/New_York') as arrived_at from walls
), promises as materialized (
  select *, arrived_at - make_interval(mins => arr_delay::integer) as promised_at from flights
)
insert into raw.ledger
select 'nyc', concat_ws('-', year, lpad(month, 2, '0'), lpad(day, 2, '0'), carrier, flight, origin), carrier, origin, dest,
  ((promised_at - interval '1 microsecond') at time zone 'America/New_York')::date,
  case when arr_delay::integer <= 0 then 'kept' else 'broken' end,
  arr_delay::integer < 0,
  null, promised_at, arrived_at,
  -- Fifteen minutes, the mapping's own.
  15 * 60000
from promises;

-- Cancelled or diverted, nobody knows by whom or why: promised for the day of departure.
insert into raw.ledger
select 'nyc', concat_ws('-', year, lpad(month, 2, '0'), lpad(day, 2, '0'), carrier, flight, origin), carrier, origin, dest,
  departs, 'withdrawn', false, null, (departs + 1)::timestamp at time zone 'America/New_York', null, null
from (
  select *, make_date(year::integer, month::integer, nyc.day::integer) as departs from raw.nyc where arr_delay = ''
) as flights;
