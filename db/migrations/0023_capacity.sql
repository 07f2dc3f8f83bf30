-- Up Migration
-- What the leading worker found out about the herds ahead: how long the engine needs to wake the fullest stretch of time, how
-- long it has, and where it has too little. One row, so that `/ready`, the alert and refusals say the same. A worker of the
-- version before looks at nothing, and leaves an alert of it out of its mails.
create table capacity (
  id boolean primary key default true check (id),
  looked_at timestamptz not null default clock_timestamp(),
  needed_ms double precision not null default 0 check (needed_ms >= 0),
  have_ms double precision not null default 0 check (have_ms >= 0),
  shortages jsonb not null default '[]'
);
insert into capacity default values;
alter table staff_alerts drop constraint staff_alerts_reason_check;
alter table staff_alerts add constraint staff_alerts_reason_check check (reason in ('checkpoint', 'slip', 'at_risk', 'broken',
  'callback', 'handed_over', 'unacknowledged', 'approval', 'capacity'));
alter table staff_alerts drop constraint staff_alerts_about_check;
alter table staff_alerts add constraint staff_alerts_about_check check (about in ('checkpoint', 'slip', 'at_risk', 'broken',
  'callback', 'handed_over', 'unacknowledged', 'approval', 'capacity'));
