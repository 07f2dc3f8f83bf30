-- Up Migration
-- A version of a policy or a calendar never changes: plans that were made by it are explained by it, and each process reads
-- it once. What changes is the next version. A worker of the version before writes no version anew, and does not notice.
create function refuse_another_document() returns trigger language plpgsql as $$
begin
  raise exception 'A version of % never changes: store the next one.', tg_table_name
    using errcode = 'integrity_constraint_violation';
end
$$;

create trigger policies_document_stays before update of document on policies
  for each row when (old.document is distinct from new.document) execute function refuse_another_document();
create trigger calendars_document_stays before update of document on calendars
  for each row when (old.document is distinct from new.document) execute function refuse_another_document();
