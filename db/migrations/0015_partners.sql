-- Up Migration
-- Partners become data: what each is held to, in versions that never change, since plans are made by them. And their own
-- people hear of their promises.
-- An old `kept api` or `kept worker` survives it: it plans by no partner, and alerts nobody on the new rung.

-- As partners.yaml says it; `id` is what promises name in `partner`.
create table partners (
  id text not null,
  version integer not null check (version > 0),
  document jsonb not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (id, version)
);
create trigger partners_document_stays before update of document on partners
  for each row when (old.document is distinct from new.document) execute function refuse_another_document();

-- Beside the ladder: the people of the promise's partner. Wider than before, so nothing is looked at; 0020 validates it.
alter table staff_alerts drop constraint staff_alerts_rung_check;
alter table staff_alerts add constraint staff_alerts_rung_check check (rung in ('owner', 'lead', 'manager', 'partner'))
  not valid;
-- Who belongs to a partner.
create index people_of_partner on people (partner) where partner is not null;
