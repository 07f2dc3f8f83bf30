-- Up Migration
-- What the report counts beside the end of a promise: each time told that nobody agreed to, what the customer's contacts
-- were about, what was granted, and apart from all others the promises that Kept makes itself, to be in touch again.
-- An old `kept api` or `kept worker` survives it, but rolls days up as before, without these: stop it first. Only columns are
-- added, which waits for no scan and rewrites nothing; 0020 fills them.

alter table promises
  -- Of each time that was told and not agreed to, the last instant at which it is kept; without those that another time
  -- agreed before they had passed made void. Null: none.
  add imposed timestamptz[],
  -- How often the customer came to us, and whether before we told her anything.
  add contacts integer not null default 0,
  add asked_first boolean not null default false,
  -- Whether it needed no second contact; null: it is not fulfilled.
  add first_contact boolean,
  add constraint promises_contacts_check check (contacts >= 0) not valid;

alter table rollup
  add new_times_kept bytea,
  add new_times_broken bytea,
  add contacts bytea,
  add asked_first bytea,
  add second_breaks bytea,
  add remedy_cents bytea,
  add remedy_currency bytea,
  -- Of the promises that Kept makes itself, to be in touch again: in no group but their own.
  add news boolean not null default false,
  drop constraint rollup_pkey,
  add primary key (day, news);
-- By themselves: PostgreSQL 15 does not take it with the column.
alter table rollup
  alter new_times_kept set storage external, alter new_times_broken set storage external, alter contacts set storage external,
  alter asked_first set storage external, alter second_breaks set storage external, alter remedy_cents set storage external,
  alter remedy_currency set storage external;
