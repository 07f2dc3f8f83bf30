-- Up Migration
-- A reminder of a call has lost its reason once that call was made, or the customer chose another time: nobody is reminded
-- again, on no rung. What was handed to somebody who is away is told to their deputy: an alert of the newest hand-over
-- stands until that is acknowledged, whoever it went to. A worker of the version before calls the same function by the
-- same name.
create or replace function alert_stands(a staff_alerts, p promises, now timestamptz) returns boolean
language sql stable
return a.acknowledged_at is null and a.ended_at is null
  and case coalesce(a.about, a.reason)
    when 'checkpoint' then a.revision = p.agreed_revision and not p.passed ? a.checkpoint
    when 'slip' then a.revision = p.agreed_revision
      and (p.target_at <= now or (p.estimate_fresh_until > now and p.estimated_at > p.target_at))
    when 'at_risk' then a.revision = p.agreed_revision
      and not (coalesce(p.estimate_fresh_until > now, false) and promise_phase(p, now) in ('open', 'paused'))
    when 'broken' then a.revision = p.agreed_revision
    when 'handed_over' then p.hand_over is null or (p.hand_over ->> 'acknowledgedAt' is null
      and (p.hand_over ->> 'at')::timestamptz <= a.at)
    -- Of a further rung the first one says which call it is: `call:2`, `call:2:again`.
    when 'callback' then not exists (
      select 1 from staff_alerts c where c.id = coalesce(a.root, a.id) and c.occasion like 'call:%'
        and (c.revision <> p.agreed_revision or p.attempts >= split_part(c.occasion, ':', 2)::int))
    else true
  end
  -- What was an owner's before it was handed over is the next one's to take up.
  and not (a.rung = 'owner' and a.reason <> 'handed_over' and p.hand_over is not null
    and p.hand_over ->> 'from' = a.person and (p.hand_over ->> 'at')::timestamptz >= a.at)
  and not exists (
    select 1 from staff_alerts b
    where b.promise_id = a.promise_id and b.person = a.person and b.revision = a.revision
      and array_position(array['checkpoint', 'slip', 'at_risk', 'broken'], coalesce(b.about, b.reason))
        > array_position(array['checkpoint', 'slip', 'at_risk', 'broken'], coalesce(a.about, a.reason))
  );
