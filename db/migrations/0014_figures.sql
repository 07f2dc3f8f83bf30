-- Up Migration
-- What the report counts beside the end of a promise: each time told that nobody agreed to, what the customer's contacts
-- were about, what was granted, and apart from all others the promises that Kept makes itself, to be in touch again.
-- An old `kept api` or `kept worker` survives it, but rolls days up as before, without these: stop it first.

alter table promises
  -- Of each time that was told and not agreed to, the last instant at which it is kept; without those that another time
  -- agreed before they had passed made void. Null: none.
  add imposed timestamptz[],
  -- How often the customer came to us, and whether before we told her anything.
  add contacts integer not null default 0 check (contacts >= 0),
  add asked_first boolean not null default false,
  -- Whether it needed no second contact; null: it is not fulfilled.
  add first_contact boolean;

-- What rows tell of the past. Of durations that were told and then moved by a pause, only the time first told; the next
-- fact about such a promise sets it right.
with told as (
  select f.promise_id, f.occurred_at as at, f.kind <> 'notice_sent' and s.step @> '{"imposed": false}' as agreed,
    case when f.kind = 'notice_sent' then (f.data #>> '{told,at}')::timestamptz
      else (s.step #>> '{plan,promisedAt}')::timestamptz end
    - case when coalesce(f.data #>> '{told,day}', nullif(s.step #>> '{plan,precision}', 'instant')) is null
      then interval '0' else interval '1 millisecond' end as until
  from facts f join promises p on p.id = f.promise_id
    left join lateral (
      select step from jsonb_array_elements(p.steps) step where step ->> 'factKey' = f.fact_key limit 1) s on true
  where (f.kind = 'notice_sent' and f.data #>> '{told,at}' is not null)
    or (f.kind in ('repromised', 'chosen') and s.step is not null)
)
update promises p set imposed = i.times from (
  select promise_id, array_agg(until order by at) as times from told t
  where not agreed and isfinite(until) and not exists (
    select from told a where a.promise_id = t.promise_id and a.agreed and a.at >= t.at and a.at <= t.until)
  group by promise_id
) i where p.id = i.promise_id;

update promises p set contacts = c.n, asked_first = coalesce(c.asked_at <= c.told_at, c.asked_at is not null)
from (
  select promise_id, count(*) filter (where kind = 'contacted') as n,
    min(occurred_at) filter (where kind = 'contacted' and data ->> 'about' in ('status', 'trouble')) as asked_at,
    min(occurred_at) filter (where kind = 'notice_sent' and data ->> 'reason' <> 'promised') as told_at
  from facts where kind in ('contacted', 'notice_sent') group by promise_id
) c where p.id = c.promise_id and c.n > 0;

update promises p set first_contact = coalesce(
  (select (f.data ->> 'firstContact')::boolean from facts f
    where f.promise_id = p.id and f.kind = 'fulfilled' and f.occurred_at = p.fulfilled_at limit 1),
  p.attempts <= 1 and not exists (select from facts f where f.promise_id = p.id and f.kind = 'contacted'
    and f.occurred_at > coalesce(p.made_at, '-infinity')))
where p.fulfilled_at is not null;

alter table rollup
  add new_times_kept bytea storage external,
  add new_times_broken bytea storage external,
  add contacts bytea storage external,
  add asked_first bytea storage external,
  add second_breaks bytea storage external,
  add remedy_cents bytea storage external,
  add remedy_currency bytea storage external,
  -- Of the promises that Kept makes itself, to be in touch again: in no group but their own.
  add news boolean not null default false,
  drop constraint rollup_pkey,
  add primary key (day, news);
-- What an outcome holds has changed, too: all days are counted anew.
insert into rollup_due (day) select day from rollup;
