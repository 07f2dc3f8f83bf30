-- Up Migration
-- Customers call: what they say is kept as notes, and whoever answers finds them by whatever they name.
-- An old `kept api` or `kept worker` survives it: notes are a table of their own, the rest are indexes.

-- What staff wrote about a promise, in their own words: with `customers` the only place for personal data of customers.
create table notes (
  id uuid primary key,
  promise_id uuid not null references promises (id),
  at timestamptz not null default clock_timestamp(),
  -- Id in people.
  written_by text not null,
  text text not null check (length(text) > 0)
);
create index notes_by_promise on notes (promise_id, at, id);

-- A phone is stored as E.164 where it can be read as one (`+3726000001`), else as it was given. Those that could not be
-- read are tried again when the company says in which country it is.
create index customers_by_phone on customers (phone) where phone is not null;
create index customers_phone_unread on customers (id) where phone !~ '^\+[1-9][0-9]{4,14}$';
create index customers_by_email on customers (lower(email)) where email is not null;
-- References as people say them: nobody hears capitals.
create index customers_by_ref on customers (lower(ref));
create index promises_by_ref on promises (lower(ref));
