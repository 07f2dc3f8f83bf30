-- Up Migration
-- What customers get for broken promises: decided when a promise breaks, granted at once within a limit and a budget, else
-- by somebody's decision. And the second break, after which a person calls.
-- An old `kept worker` survives it, but drops `remedy` notices, which it does not know, and grants nothing: stop it first.

create table remedies (
  id uuid primary key,
  promise_id uuid not null references promises (id),
  -- Which one of its promise; a promise has a second one where it came later than it was taken to come.
  number int not null check (number > 0),
  state text not null check (state in ('pending', 'granted', 'refused', 'reversed', 'arrived')),
  reason text not null check (reason in ('late', 'second_break')),
  late_ms bigint not null check (late_ms >= 0),
  -- [{ kind, amount, currency }]
  options jsonb not null,
  chosen int not null default 0 check (chosen >= 0),
  -- Of the option that holds.
  amount numeric(14, 2) not null check (amount > 0),
  currency text not null check (length(currency) = 3 and currency = upper(currency)),
  -- By which it reaches the customer; null as long as it is not granted.
  refund_promise_id uuid references promises (id),
  at timestamptz not null,
  -- Id in people, of the last decision; null: Kept by itself.
  decided_by text,
  decided_at timestamptz,
  -- The first day of the month whose budget it was taken from; null: of none.
  month date,
  unique (promise_id, number)
);
-- What waits for approval, or is in any other state, newest first; all of them; the one that a refund is for.
create index remedies_by_state on remedies (state, at desc, id desc);
create index remedies_by_time on remedies (at desc, id desc);
create index remedies_by_refund on remedies (refund_promise_id) where refund_promise_id is not null;

-- What was granted in a month, by the kind of promise. A transaction takes what all its promises need in one slice.
create table remedy_budgets (
  kind text not null,
  currency text not null,
  -- Its first day, by the zone of the company.
  month date not null,
  spent numeric(14, 2) not null default 0 check (spent >= 0),
  primary key (kind, currency, month)
);

-- As the facts say: what was granted and not taken back.
alter table promises add remedy_cost numeric(14, 2) check (remedy_cost >= 0), add remedy_currency text,
  add check ((remedy_cost is null) = (remedy_currency is null));
-- Whether another promise of the same customer was broken, and she was told so.
create index promises_recovered on promises (customer_id, recovered_at) where recovered_at is not null;

alter table promises drop constraint promises_flags_check;
alter table promises add constraint promises_flags_check check (flags <@ array['no_buffer', 'too_tight', 'owner_unknown',
  'before_window', 'zone_assumed', 'second_break']);
alter table duties drop constraint duties_reason_check;
alter table duties add constraint duties_reason_check
  check (reason in ('promised', 'risk', 'progress', 'recovery', 'remedy'));
alter table facts drop constraint facts_kind_check;
alter table facts add constraint facts_kind_check check (kind in ('registered', 'policy_applied', 'contacted', 'progressed',
  'estimated', 'repromised', 'paused', 'resumed', 'handed_over', 'acknowledged', 'escalated', 'broken_again', 'remedy_granted', 'remedy_reversed', 'chosen',
  'notice_sent', 'notice_dropped', 'notice_failed', 'attempted', 'fulfilled', 'withdrawn', 'fulfilment_reversed', 'rated'));
