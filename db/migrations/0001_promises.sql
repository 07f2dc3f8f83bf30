-- Up Migration
-- The first schema: promises, their facts, what they owe, and the doors to the engine.
-- Closed sets repeat domain/promise/words.ts; personal data of customers stands in customers and dispatches only, of staff in people only.

create table policies (
  kind text not null,
  version integer not null check (version > 0),
  document jsonb not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (kind, version)
);

create table customers (
  id uuid primary key,
  ref text not null unique,
  name text,
  email text,
  phone text,
  language text,
  zone text,
  updated_at timestamptz not null default clock_timestamp()
);

-- Staff, and as the row `hotline` the contact of last resort.
create table people (
  id text primary key,
  name text not null,
  email text,
  phone text,
  lead text,
  manager text
);

create table promises (
  id uuid primary key,
  source text not null,
  ref text not null,
  -- SHA-256 of the request as sent, without the customer: tells a repeated POST from a clash.
  body_hash bytea not null,
  kind text not null,
  policy_version integer not null,
  customer_id uuid not null references customers (id),
  owner text,
  partner text,
  region text,
  product text,
  subject text,
  flags text[] not null default '{}' check (flags <@ array['no_buffer', 'too_tight', 'owner_unknown', 'before_window', 'zone_assumed']),
  precision text not null check (precision in ('instant', 'day', 'window')),
  made_at timestamptz not null,
  -- The deadline that counts: of the last agreed revision, or the first.
  promised_at timestamptz not null,
  first_promised_at timestamptz not null,
  target_at timestamptz not null,
  last_call_at timestamptz not null,
  lead_to timestamptz not null,
  -- The whole plan with its reasons, as computed once; the columns beside it are for queries.
  plan jsonb not null,
  -- What the facts say, as of the last settle. `overdue` and the end of `at_risk` follow from the clock: promise_phase().
  phase text not null check (phase in ('open', 'at_risk', 'overdue', 'kept', 'broken', 'withdrawn')),
  revision integer not null default 1 check (revision > 0),
  told_at timestamptz not null,
  estimated_at timestamptz,
  estimate_fresh_until timestamptz,
  fulfilled_at timestamptz,
  withdrawn_by text check (withdrawn_by in ('customer', 'company', 'unknown')),
  closed_at timestamptz,
  warned_at timestamptz,
  recovered_at timestamptz,
  -- The next instant at which a new duty is owed; null: none without further facts.
  wake_at timestamptz,
  -- When its workflow looks by itself; infinity: only when poked; null: it has no workflow.
  armed_at timestamptz,
  engine_epoch integer not null default 0,
  version integer not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  unique (source, ref),
  foreign key (kind, policy_version) references policies (kind, version),
  check (target_at <= greatest(promised_at, made_at)),
  check (closed_at is null or wake_at is null)
);

-- The due sweep: whatever should have woken.
create index promises_due on promises (wake_at) where closed_at is null and wake_at is not null;
-- The starter: open promises whose workflow is not known to exist, nearest first.
create index promises_unarmed on promises (wake_at) where closed_at is null and armed_at is null;
-- The same after the engine was emptied: those that slept in a former epoch.
create index promises_epoch on promises (engine_epoch, wake_at) where closed_at is null and armed_at is not null;
-- Lists: newest deadline last, by keyset (promised_at, id).
create index promises_by_time on promises (promised_at, id);
create index promises_by_customer on promises (customer_id, promised_at, id);
create index promises_by_owner on promises (owner, promised_at, id);
create index promises_by_kind on promises (kind, promised_at, id);
create index promises_by_partner on promises (partner, promised_at, id);
create index promises_open on promises (promised_at, id) where closed_at is null;
-- Lists by phase: an ended promise keeps the phase it has.
create index promises_closed on promises (phase, promised_at, id) where closed_at is not null;

-- Append-only. occurred_at is the sender's word, recorded_at ours.
create table facts (
  promise_id uuid not null references promises (id),
  fact_key text not null,
  kind text not null check (kind in ('registered', 'progressed', 'estimated', 'escalated', 'notice_sent', 'notice_dropped', 'notice_failed', 'fulfilled', 'withdrawn')),
  occurred_at timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  -- The kind's own fields; never free text, never a name or an address.
  data jsonb not null default '{}',
  primary key (promise_id, fact_key)
);

-- Texts as they left the house, frozen when claimed, so that a repeated hand-over says the same under the same Message-ID.
create table dispatches (
  id uuid primary key,
  customer_id uuid not null references customers (id),
  channel text not null check (channel in ('email')),
  message_id text not null unique,
  content jsonb not null,
  state text not null default 'claimed' check (state in ('claimed', 'sent', 'failed')),
  claimed_at timestamptz not null default clock_timestamp(),
  claim_until timestamptz not null,
  claimed_by text not null,
  -- Each take-over doubles the next claim: a provider that takes the text and never says so gets few copies of it.
  attempts integer not null default 1,
  -- When it was handed to the channel that took it, and when the channel said so.
  sent_at timestamptz,
  accepted_at timestamptz
);

create table duties (
  id uuid primary key,
  promise_id uuid not null references promises (id),
  -- reason:revision:occasion
  key text not null,
  reason text not null check (reason in ('promised', 'risk', 'recovery')),
  revision integer not null,
  occasion integer not null,
  state text not null default 'owed' check (state in ('owed', 'claimed', 'sent', 'dropped', 'failed')),
  due_at timestamptz not null,
  not_before timestamptz not null,
  not_valid_after timestamptz,
  dispatch_id uuid references dispatches (id),
  -- What the dispatch tells this promise's customer: { told, nextNewsAt }.
  told jsonb,
  created_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  unique (promise_id, key),
  check ((state = 'claimed') <= (dispatch_id is not null))
);

create index duties_unfinished on duties (promise_id) where state in ('owed', 'claimed');
create index duties_dispatch on duties (dispatch_id) where dispatch_id is not null;

-- Pokes on their way to the engine. At most one waits per promise; a claimed one may be followed by the next.
create table outbox (
  id bigint generated always as identity primary key,
  promise_id uuid not null references promises (id),
  created_at timestamptz not null default clock_timestamp(),
  claimed_at timestamptz
);
create unique index outbox_one_waiting on outbox (promise_id) where claimed_at is null;
create index outbox_claimed on outbox (claimed_at) where claimed_at is not null;

create table staff_alerts (
  id uuid primary key,
  promise_id uuid not null references promises (id),
  reason text not null check (reason in ('slip', 'at_risk', 'broken')),
  rung text not null check (rung in ('owner', 'lead', 'manager')),
  -- Id in people; null where nobody is known for the rung, so that the alert still shows.
  person text,
  at timestamptz not null,
  unique (promise_id, reason, rung)
);
create index staff_alerts_by_time on staff_alerts (at desc, id);

create table api_keys (
  id uuid primary key,
  name text not null unique,
  key_hash bytea not null unique,
  scope text not null check (scope in ('admin')),
  created_at timestamptz not null default clock_timestamp()
);

-- One row: which engine the promises sleep in. Another namespace id means an emptied engine: the epoch rises, and the
-- starter puts every open promise to sleep again.
create table engine (
  id boolean primary key default true check (id),
  namespace_id text not null,
  epoch integer not null check (epoch > 0)
);

-- One row: company.yaml.
create table company (
  id boolean primary key default true check (id),
  zone text not null
);

-- Histories played as if they happened now: where their clock began.
create table replays (
  source text primary key,
  origin_at timestamptz not null,
  day_ms integer not null check (day_ms > 0)
);

-- The phase at an instant, from the stored one: time alone makes an open promise overdue and old news no news.
create function promise_phase(p promises, now timestamptz) returns text
language sql stable
return case
  when p.closed_at is not null then p.phase
  when p.promised_at < now or (p.promised_at = now and p.precision <> 'instant') then 'overdue'
  when p.phase = 'at_risk' and (p.estimate_fresh_until is null or p.estimate_fresh_until <= now) then 'open'
  when p.phase = 'overdue' then 'open'
  else p.phase
end;
