-- Up Migration
-- Alerts leave the house: one mail per person for all that waits, again where nobody acknowledges, then one rung up. And
-- mails to customers may be capped.
-- An old `kept api` or `kept worker` survives it: the alerts it writes wait for a mail like any other.

-- Names the workflow of a person's mails; the id that people go by is personal.
alter table people add row_id uuid not null default gen_random_uuid() unique;

alter table staff_alerts
  -- How often the person was told: by the first mail and each repetition.
  add times integer not null default 1 check (times > 0),
  -- Not acknowledged by then, it goes again or one rung up; null: it stays as it is.
  add due_at timestamptz,
  -- In no mail yet; null: nothing waits.
  add waiting_since timestamptz,
  add digest_id uuid,
  add sent_at timestamptz,
  add acknowledged_at timestamptz,
  add acknowledged_by text,
  -- Its promise has ended, and with it what was to be done.
  add ended_at timestamptz,
  -- Of the reason `unacknowledged`: the alert that nobody acknowledged, and its reason.
  add root uuid references staff_alerts (id),
  add about text check (about in ('checkpoint', 'slip', 'at_risk', 'broken', 'callback', 'handed_over', 'unacknowledged', 'approval')),
  -- Which one of its reason, where there can be several; empty: there is but one.
  add occasion text not null default '';
update staff_alerts a set ended_at = p.closed_at from promises p where p.id = a.promise_id and p.closed_at is not null;
-- What was alerted before mails existed is on the first page; it is mailed to nobody.
alter table staff_alerts alter waiting_since set default clock_timestamp();
alter table staff_alerts drop constraint staff_alerts_promise_id_reason_rung_revision_checkpoint_key;
alter table staff_alerts add unique (promise_id, reason, rung, revision, checkpoint, occasion);
alter table staff_alerts drop constraint staff_alerts_reason_check;
alter table staff_alerts add constraint staff_alerts_reason_check check (reason in ('checkpoint', 'slip', 'at_risk', 'broken',
  'callback', 'handed_over', 'unacknowledged', 'approval'));
-- Whose mail is due; what goes again; what a person has open, newest first; all of a person; a chain up the rungs.
create index staff_alerts_waiting on staff_alerts (person) where waiting_since is not null;
create index staff_alerts_due on staff_alerts (due_at) where due_at is not null;
create index staff_alerts_open on staff_alerts (person, at desc, id) where acknowledged_at is null and ended_at is null;
create index staff_alerts_of_person on staff_alerts (person, at desc, id);
create index staff_alerts_by_root on staff_alerts (root) where root is not null;
create index staff_alerts_by_digest on staff_alerts (digest_id) where digest_id is not null;

-- One mail to one of the staff, frozen when claimed, so that a repeated hand-over says the same under the same Message-ID.
create table digests (
  id uuid primary key,
  -- people.row_id; the row stays when the person leaves.
  person uuid not null,
  message_id text not null unique,
  -- Emptied once it left: it holds keys to the pages of its alerts.
  content jsonb not null,
  alerts integer not null,
  state text not null default 'claimed' check (state in ('claimed', 'sent', 'failed')),
  claimed_at timestamptz not null default clock_timestamp(),
  claim_until timestamptz not null,
  claimed_by text not null,
  attempts integer not null default 1,
  accepted_at timestamptz
);
create unique index digests_one_claimed on digests (person) where state = 'claimed';
create index digests_by_person on digests (person, claimed_at desc);
alter table staff_alerts add foreign key (digest_id) references digests (id);

-- The pages /a/{token}: random, known by their hash only.
create table alert_links (
  token_hash bytea primary key,
  alert_id uuid not null references staff_alerts (id),
  -- The mail it stands in; a mail that never left takes it along.
  digest_id uuid not null references digests (id) on delete cascade
);
create index alert_links_by_digest on alert_links (digest_id);

-- Whether an alert still has its reason at an instant: true when it is read, not when it was written. A later rung of the
-- ladder voids the earlier ones of the same person, a newly agreed time those of the time before.
create function alert_stands(a staff_alerts, p promises, now timestamptz) returns boolean
language sql stable
return a.acknowledged_at is null and a.ended_at is null
  and case coalesce(a.about, a.reason)
    when 'checkpoint' then a.revision = p.agreed_revision and not p.passed ? a.checkpoint
    when 'slip' then a.revision = p.agreed_revision
      and (p.target_at <= now or (p.estimate_fresh_until > now and p.estimated_at > p.target_at))
    when 'at_risk' then a.revision = p.agreed_revision
      and not (coalesce(p.estimate_fresh_until > now, false) and promise_phase(p, now) in ('open', 'paused'))
    when 'broken' then a.revision = p.agreed_revision
    when 'handed_over' then p.hand_over is null
      or (p.hand_over ->> 'to' = a.person and p.hand_over ->> 'acknowledgedAt' is null)
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

-- Mails to customers by the minute, counted where the company caps them; a notice keeps the place that it was given.
create table mail_minutes (
  minute timestamptz primary key,
  mails integer not null check (mails >= 0)
);
alter table duties add place_at timestamptz;
alter table dispatches add place_at timestamptz;
create index dispatches_by_customer on dispatches (customer_id, claimed_at);
