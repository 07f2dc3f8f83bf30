-- The four files as a stranger reads them: one row per promise, with its times and what became of it.
create schema raw;

-- A reading of a wall clock. In the hour that autumn repeats the earlier instant; in the hour that spring skips the first
-- instant after it (where these histories happened, both begin on a full hour).
create function raw.instant(wall timestamp, zone text) returns timestamptz language sql stable
return case
  when (wall at time zone zone) at time zone zone <> wall then date_trunc('hour', wall) at time zone zone
  when ((wall at time zone zone) - interval '1 hour') at time zone zone = wall then (wall at time zone zone) - interval '1 hour'
  else wall at time zone zone
end;

create function raw.ms(length interval) returns bigint language sql immutable
return (extract(epoch from length) * 1000)::bigint;

create unlogged table raw.ledger (
  source text not null,
  ref text not null,
  partner text,
  region text,
  product text,
  -- The local day on which it falls due; a midnight belongs to the day that it ends.
  day date not null,
  phase text not null,
  early boolean not null,
  made_at timestamptz,
  promised_at timestamptz not null,
  -- Null unless fulfilled.
  actual_at timestamptz,
  -- Null where no target stands before the promise.
  buffer_ms bigint,
  primary key (source, ref)
);
