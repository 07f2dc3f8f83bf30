-- Up Migration
-- Mails that leave are counted, and can be held back. Temporal is told the count before a mail leaves, so that a database
-- whose count is lower than what Temporal has heard is seen to be an older one, put back. One row; `installation` keeps
-- apart what several Kepts tell one namespace. A worker of the version before survives it, but neither counts nor holds.
create table outgoing (
  id boolean primary key default true check (id),
  installation uuid not null default gen_random_uuid(),
  mails bigint not null default 0 check (mails >= 0),
  held_since timestamptz,
  held_reason text check (held_reason in ('operator', 'restored')),
  check ((held_since is null) = (held_reason is null))
);
insert into outgoing default values;
