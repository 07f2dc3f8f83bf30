-- Up Migration
-- Callbacks have a place in a slot, and the customer may choose another one.
-- An old `kept api` or `kept worker` survives it: it takes no places, and what it settles keeps the place it had.

-- Id of the slot (`callback@2026-11-27T08:00:00.000Z`) in which a place is kept. What is taken of a slot is counted by the
-- open promises that name it, so that a promise that ends gives its place back by ending.
alter table promises add slot text;
create index promises_by_slot on promises (slot) where slot is not null and closed_at is null;

alter table facts drop constraint facts_kind_check;
alter table facts add constraint facts_kind_check check (kind in ('registered', 'policy_applied', 'contacted', 'progressed', 'estimated', 'repromised',
  'chosen', 'paused', 'resumed', 'handed_over', 'acknowledged', 'escalated', 'notice_sent', 'notice_dropped', 'notice_failed', 'attempted', 'fulfilled', 'withdrawn',
  'fulfilment_reversed', 'rated'));
