-- Up Migration
-- Texts to customers go after a while, and their notices stay: what was said stands in facts.
-- Alone: takes a moment's lock, and looks at no rows
alter table duties drop constraint if exists duties_dispatch_id_fkey;
-- Alone: the oldest of those that have ended
create index concurrently if not exists dispatches_ended on dispatches (claimed_at) where state <> 'claimed';
