-- Up Migration
-- Brings a company's past in (history), and reports from a roll-up by day.
-- An old `kept api` or `kept worker` does not survive it: it registers without the day that a promise falls due on, and
-- says nothing to the roll-up. Stop them first; what is open sleeps on in Temporal.

-- Imported as it was: nobody is written to about it, and no workflow starts.
alter table promises add history boolean not null default false;
-- History may name nobody, and may not say when it was promised.
alter table promises alter customer_id drop not null, alter made_at drop not null;
alter table promises add check (history or (customer_id is not null and made_at is not null));
alter table promises add check (not history or (wake_at is null and armed_at is null));

-- Of the fulfilment only the day is known: fulfilled_at is that day's end, and dates are compared.
alter table promises add fulfilled_as_day boolean not null default false;

-- The local day, in the promise's own zone, on which it falls due: by it reports choose and group.
alter table promises add promised_day date;
update promises set promised_day = coalesce((plan ->> 'day')::date,
  ((promised_at - interval '1 millisecond') at time zone (plan ->> 'zone'))::date);
alter table promises alter promised_day set not null;

-- The first page counts what is alive, the latest first; among a past of millions it would look for it long.
create index promises_living_by_time on promises (promised_at, id) where not history;
-- Days whose roll-up is made anew.
create index promises_closed_by_day on promises (promised_day) where closed_at is not null;

-- Reports. A number per promise, in one value: int4 width, int4 unit, then each number divided by the unit, big-endian, in
-- that many bytes (2 and 4: integers, 8: a double); of a null the least integer of the width, or NaN. Null: all are null.
create function packed(numbers bigint[]) returns bytea
language sql immutable parallel safe
return (
  with sized as (
    select case when bool_and(x % 1000 = 0) then 1000 else 1 end as unit, max(abs(x)) as most from unnest(numbers) x
  ), shaped as (
    select unit, case when most / unit < 32768 then 2 when most / unit < 2147483648 then 4 else 8 end as width
    from sized where most is not null
  )
  select int4send(width) || int4send(unit) || string_agg(
    case width when 2 then int2send(coalesce(x / unit, -32768)::int2) when 4 then int4send(coalesce(x / unit, -2147483648)::int4)
      else float8send(coalesce((x / unit)::float8, 'NaN')) end, ''::bytea order by place)
  from shaped, unnest(numbers) with ordinality as each (x, place) group by unit, width
);

-- Numbers for the texts that promises are grouped by.
create table rollup_labels (
  id integer generated always as identity primary key,
  label text not null unique
);

-- The closed promises that fell due on a day, a packed column per figure, in the order of their ids; null: no promise of
-- the day has it. Made anew from `promises` whenever one of the day changed, so it holds nothing of its own.
create table rollup (
  day date primary key,
  n bigint not null,
  kind bytea not null,
  source bytea not null,
  partner bytea,
  owner bytea,
  region bytea,
  product bytea,
  outcome bytea not null,
  margin_ms bytea,
  promised_length_ms bytea,
  buffer_ms bytea,
  notice_lead_ms bytea,
  recovery_time_ms bytea
);
alter table rollup alter kind set storage external, alter source set storage external, alter partner set storage external,
  alter owner set storage external, alter region set storage external, alter product set storage external,
  alter outcome set storage external, alter margin_ms set storage external,
  alter promised_length_ms set storage external, alter buffer_ms set storage external,
  alter notice_lead_ms set storage external, alter recovery_time_ms set storage external;

-- Days on which a closed promise has changed since the day was rolled up; written with the change, so none is missed.
create table rollup_due (
  id bigint generated always as identity primary key,
  day date not null
);
create index rollup_due_by_day on rollup_due (day);

insert into rollup_due (day) select distinct promised_day from promises where closed_at is not null;
