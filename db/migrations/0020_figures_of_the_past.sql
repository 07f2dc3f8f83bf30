-- Up Migration
-- Fills what 0014 added, and validates what was added without looking at rows: beside running API and workers, a thousand
-- promises at a time, locked in the order of their ids as settle does. What a worker of this version has written stays;
-- interrupted, it goes on with what is not filled. What a worker of the version before settles after it, it leaves as it was:
-- the next fact about such a promise sets it right.

-- Alone: what rows tell of the past. Of durations that were told and then moved by a pause, only the time first told; the
-- next fact about such a promise sets it right.
do $$
declare
  batch uuid[];
  last uuid := '00000000-0000-0000-0000-000000000000';
begin
  loop
    select array_agg(id order by id) into batch from (
      select id from promises
      where id > last and imposed is null and contacts = 0 and not asked_first and first_contact is null
      order by id limit 1000 for no key update
    ) b;
    exit when batch is null;

    with told as (
      select f.promise_id, f.occurred_at as at, f.kind <> 'notice_sent' and s.step @> '{"imposed": false}' as agreed,
        case when f.kind = 'notice_sent' then (f.data #>> '{told,at}')::timestamptz
          else (s.step #>> '{plan,promisedAt}')::timestamptz end
        - case when coalesce(f.data #>> '{told,day}', nullif(s.step #>> '{plan,precision}', 'instant')) is null
          then interval '0' else interval '1 millisecond' end as until
      from facts f join promises p on p.id = f.promise_id
        left join lateral (
          select step from jsonb_array_elements(p.steps) step where step ->> 'factKey' = f.fact_key limit 1) s on true
      where f.promise_id = any (batch)
        and ((f.kind = 'notice_sent' and f.data #>> '{told,at}' is not null)
          or (f.kind in ('repromised', 'chosen') and s.step is not null))
    ), imposed as (
      select promise_id, array_agg(until order by at) as times from told t
      where not agreed and isfinite(until) and not exists (
        select from told a where a.promise_id = t.promise_id and a.agreed and a.at >= t.at and a.at <= t.until)
      group by promise_id
    ), contacts as (
      select promise_id, count(*) filter (where kind = 'contacted') as n,
        min(occurred_at) filter (where kind = 'contacted' and data ->> 'about' in ('status', 'trouble')) as asked_at,
        min(occurred_at) filter (where kind = 'notice_sent' and data ->> 'reason' <> 'promised') as told_at
      from facts where promise_id = any (batch) and kind in ('contacted', 'notice_sent') group by promise_id
    ), figures as (
      select p.id, i.times as imposed, coalesce(c.n, 0) as contacts,
        coalesce(c.n > 0 and coalesce(c.asked_at <= c.told_at, c.asked_at is not null), false) as asked_first,
        case when p.fulfilled_at is not null then coalesce(
          (select (f.data ->> 'firstContact')::boolean from facts f
            where f.promise_id = p.id and f.kind = 'fulfilled' and f.occurred_at = p.fulfilled_at limit 1),
          p.attempts <= 1 and not exists (select from facts f where f.promise_id = p.id and f.kind = 'contacted'
            and f.occurred_at > coalesce(p.made_at, '-infinity'))) end as first_contact
      from promises p left join imposed i on i.promise_id = p.id left join contacts c on c.promise_id = p.id
      where p.id = any (batch)
    )
    update promises p set imposed = f.imposed, contacts = f.contacts, asked_first = f.asked_first,
      first_contact = f.first_contact
    from figures f
    where f.id = p.id and (f.imposed is not null or f.contacts > 0 or f.first_contact is not null);

    last := batch[array_upper(batch, 1)];
    commit;
  end loop;
end
$$;
-- Alone: what an outcome holds has changed, too, so all days are counted anew.
insert into rollup_due (day) select day from rollup;
-- Alone
alter table promises validate constraint promises_contacts_check;
-- Alone
alter table staff_alerts validate constraint staff_alerts_rung_check;
