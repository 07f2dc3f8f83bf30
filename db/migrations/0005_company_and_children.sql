-- Up Migration
-- The rules of company.yaml beside its zone and causes; promises that Kept registers itself, and what a promise is worth.

-- As written in the file, without defaults: fields that come later get theirs when it is read.
alter table company add rules jsonb not null default '{}';

-- Set for promises that Kept registered itself: the one they follow from.
alter table promises add parent uuid references promises (id);
create index promises_children on promises (parent) where parent is not null;
alter table promises add value_amount numeric(14, 2) check (value_amount >= 0),
  add value_currency text check (length(value_currency) = 3 and value_currency = upper(value_currency)),
  add check ((value_amount is null) = (value_currency is null));

alter table duties drop constraint duties_reason_check;
alter table duties add constraint duties_reason_check check (reason in ('promised', 'risk', 'progress', 'recovery'));
