-- Up Migration
-- Texts to customers go after a while, and their notices stay: what was said stands in facts. An API or a worker of the version
-- before survives it, and forgets nothing.
-- Alone: takes a moment's lock, and looks at no rows. It needs both tables at once, and a worker beside takes them one after
-- the other: it gives way before PostgreSQL sees a deadlock (1 s) and ends a transaction that records a mail.
do $$
begin
  loop
    begin
      set local lock_timeout = '300ms';
      lock table dispatches, duties in access exclusive mode;
      alter table duties drop constraint if exists duties_dispatch_id_fkey;
      exit;
    exception when lock_not_available or deadlock_detected then
      perform pg_sleep(0.1);
    end;
  end loop;
end $$;
-- Alone: the oldest of those that have ended
create index concurrently if not exists dispatches_ended on dispatches (claimed_at) where state <> 'claimed';
