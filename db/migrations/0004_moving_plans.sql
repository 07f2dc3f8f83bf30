-- Up Migration
-- A plan moves: pauses, agreed times, applied policies, checkpoints, tries, callbacks given up.
-- An old `kept api` or `kept worker` does not survive it: it registers without the basis that a plan is made from, and
-- knows no phase `paused`. Stop them first; what is open sleeps on in Temporal.

-- What a promise is planned from; with its facts, all that its plan follows from. Of promises made before only what their
-- plan tells: the company's zone is taken for its own.
alter table promises add basis jsonb;
update promises set basis = jsonb_build_object(
  'promised', case precision
    when 'instant' then jsonb_build_object('precision', precision, 'at', plan -> 'promisedAt')
    when 'day' then jsonb_build_object('precision', precision, 'day', plan -> 'day', 'zone', plan -> 'zone')
    else jsonb_build_object('precision', precision, 'from', plan -> 'windowFrom', 'to', plan -> 'promisedAt') end,
  'madeAt', plan -> 'madeAt',
  'target', case when plan @> '{"reasons": [{"because": "target_given"}]}' then plan -> 'targetAt' end,
  'customerZone', case when 'zone_assumed' = any (flags) then null else plan -> 'zone' end,
  'companyZone', plan -> 'zone',
  -- As it was computed when the promise was registered: by the hash of its names.
  'place', case when history then 0 else ('x' || encode(substr(sha256(convert_to(
    '[' || to_json(source)::text || ',' || to_json(ref)::text || ']', 'UTF8')), 1, 6), 'hex'))::bit(48)::bigint / (2.0 ^ 48) end,
  'policyVersion', policy_version,
  'calendars', '{}'::jsonb);
alter table promises alter basis set not null;
update promises set plan = plan || jsonb_build_object('clock', null, 'checkpoints', '[]'::jsonb, 'tries', null,
  'policyVersion', policy_version, 'calendars', '{}'::jsonb, 'offsets', jsonb_build_array(jsonb_build_object(
    'from', null, 'minutes', extract(epoch from (promised_at at time zone (plan ->> 'zone')) - (promised_at at time zone 'UTC'))::int / 60)));

-- The plans before the one in force, with the facts that made them; empty where nothing has moved it.
alter table promises add steps jsonb not null default '[]';
-- What the clock of a duration promise did and does up to its deadline; null for a date.
alter table promises add segments jsonb;
-- Number of the revision in force: the last one that the customer agreed to.
alter table promises add agreed_revision integer not null default 1 check (agreed_revision > 0);
alter table promises add first_precision text check (first_precision in ('instant', 'day', 'window'));
update promises set first_precision = precision;
alter table promises alter first_precision set not null;
-- Who must act, as far as the facts say; null: we.
alter table promises add waiting_for text check (waiting_for in ('customer', 'partner', 'us')),
  add waiting_since timestamptz, add waiting_until timestamptz;
-- Tries to reach the customer that counted, and the checkpoints passed.
alter table promises add attempts integer not null default 0 check (attempts >= 0);
alter table promises add passed jsonb not null default '{}';

alter table promises drop constraint promises_phase_check;
alter table promises add constraint promises_phase_check check (
  phase in ('open', 'at_risk', 'paused', 'overdue', 'kept', 'broken', 'withdrawn', 'unreachable'));

alter table facts drop constraint facts_kind_check;
alter table facts add constraint facts_kind_check check (kind in ('registered', 'policy_applied', 'contacted', 'progressed',
  'estimated', 'repromised', 'paused', 'resumed', 'escalated', 'notice_sent', 'notice_dropped', 'notice_failed', 'attempted',
  'fulfilled', 'withdrawn', 'fulfilment_reversed', 'rated'));
-- Until when an estimate is news, as reckoned when it was recorded: a later policy changes nothing of what was true.
alter table facts add fresh_until timestamptz;
update facts f set fresh_until = ((f.occurred_at at time zone (p.plan ->> 'zone'))
  + (o.document ->> 'estimateFresh')::interval) at time zone (p.plan ->> 'zone')
from promises p join policies o on o.kind = p.kind and o.version = p.policy_version
where f.kind = 'estimated' and p.id = f.promise_id;

-- Alerts come again for each time that was agreed, and one for each checkpoint that was missed.
alter table staff_alerts add revision integer not null default 1, add checkpoint text not null default '';
-- Whose slip it is, where a partner answers for the checkpoint.
alter table staff_alerts add partner text;
alter table staff_alerts drop constraint staff_alerts_promise_id_reason_rung_key;
alter table staff_alerts add unique (promise_id, reason, rung, revision, checkpoint);
alter table staff_alerts drop constraint staff_alerts_reason_check;
alter table staff_alerts add constraint staff_alerts_reason_check check (reason in ('checkpoint', 'slip', 'at_risk', 'broken'));

-- What a changed policy is applied to, nearest first.
create index promises_open_by_kind on promises (kind, promised_at, id) where closed_at is null and not history;

create or replace function promise_phase(p promises, now timestamptz) returns text
language sql stable
return case
  when p.closed_at is not null then p.phase
  when p.promised_at < now or (p.promised_at = now and p.precision <> 'instant') then 'overdue'
  when p.phase = 'at_risk' and p.estimate_fresh_until > now then 'at_risk'
  when p.waiting_for = 'customer' and (p.waiting_until is null or p.waiting_until > now) then 'paused'
  else 'open'
end;
