-- Up Migration
-- A notice that is dropped while it keeps a place in a capped minute gives it back: the sweep finds it by this index. A worker
-- of the version before leaves the place unused, as it did.

-- Alone: one that was left by an interrupted run may be invalid.
drop index concurrently if exists duties_places_left;
-- Alone
create index concurrently duties_places_left on duties (place_at) where state = 'dropped' and place_at is not null;
