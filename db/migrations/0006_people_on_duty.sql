-- Up Migration
-- When the staff are on duty, who stands in for them, and who has answered for a promise. Expands only: an old `kept api`
-- or `kept worker` goes on as before, names the owner whether on duty or not, and hands nothing over.

alter table people
  -- The id of a calendar; null: always.
  add hours text,
  add deputy text,
  add team text,
  -- Calls at once.
  add parallel integer not null default 1 check (parallel between 1 and 1000),
  -- The partner whose own people they belong to.
  add partner text,
  -- What a file gave is replaced by the next one; what a route gave stays.
  add given text not null default 'file' check (given in ('file', 'route'));

create table teams (
  id text primary key,
  -- The kinds of promises that it serves.
  kinds text[] not null
);

-- When somebody is away, and not why. Without a foreign key: who is left out of people.yaml by mistake comes back with
-- the absences that a route gave.
create table absences (
  id uuid primary key,
  person text not null,
  -- A day of the week; null: once.
  every text check (every in ('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')),
  -- As they were written: days and times of the person's zone, or instants.
  starts text not null,
  ends text not null,
  given text not null check (given in ('file', 'route')),
  created_at timestamptz not null default clock_timestamp()
);
create unique index absences_once on absences (person, coalesce(every, ''), starts, ends);

alter table promises
  -- The newest hand-over: { from, to, at, dueAt, acknowledgedAt }. Null: there was none, and `owner` is who it was
  -- registered with; then `registered_owner` says so, since a fact that arrives late folds all of them again.
  add hand_over jsonb,
  add registered_owner text,
  -- When the owner got it, where it was handed over.
  add owned_since timestamptz,
  -- By when the newest hand-over is to be acknowledged; null: nobody need.
  add acknowledge_by timestamptz,
  add hand_overs integer not null default 0 check (hand_overs >= 0),
  add check (hand_over is not null or (owned_since is null and acknowledge_by is null and hand_overs = 0));
-- The rota: what an owner has due on a day, and when the newest came; what an absence takes away.
create index promises_open_by_owner on promises (owner, target_at) where closed_at is null and not history;
create index promises_newest_by_owner on promises (owner, (coalesce(owned_since, created_at)) desc) where owner is not null and not history;
create index promises_unacknowledged on promises (acknowledge_by) where acknowledge_by is not null and closed_at is null;

alter table facts drop constraint facts_kind_check;
alter table facts add constraint facts_kind_check check (kind in ('registered', 'policy_applied', 'contacted', 'progressed', 'estimated', 'repromised',
  'paused', 'resumed', 'handed_over', 'acknowledged', 'escalated', 'notice_sent', 'notice_dropped', 'notice_failed', 'attempted', 'fulfilled', 'withdrawn',
  'fulfilment_reversed', 'rated'));

-- Of each promise of a day how often it was handed over; null: none of them ever was.
-- In two steps: PostgreSQL 15 does not take it with the column.
alter table rollup add hand_overs bytea;
alter table rollup alter hand_overs set storage external;
