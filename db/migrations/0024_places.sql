-- Up Migration
-- Mails that `caps.perMinute` counts have their places by the second, so that no 60 s hold more, wherever they begin. A worker
-- of the version before counts in mail_minutes: while both run, up to twice as many may leave. What keeps a place there keeps
-- its time.
create table mail_seconds (
  second timestamptz primary key,
  mails integer not null check (mails >= 0)
);

-- Rows that change all their life leave dead ones behind: they are cleared away soon, so that what is looked for stays near.
alter table promises set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 200);
alter table duties set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 200);
alter table outbox set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);
