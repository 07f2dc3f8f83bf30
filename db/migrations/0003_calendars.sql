-- Up Migration
-- When people work becomes data: a promise will name the version of a calendar that its times were counted by, as it
-- names that of its policy. And the company says itself which causes a withdrawal may name.
-- An old `kept api` or `kept worker` survives it: it asks for neither, and a company written by it gets the causes that
-- were the only ones until now.

-- As the file says it. A version never changes: a changed calendar is the next one.
create table calendars (
  id text not null,
  version integer not null check (version > 0),
  document jsonb not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (id, version)
);

alter table company add causes text[] not null default '{stock,carrier,weather,other}' check (cardinality(causes) > 0);
