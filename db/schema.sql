-- What the migrations of this folder make of an empty database, as PostgreSQL's catalogue says it.
-- Written by "npm run schema": to be read and compared, not to be run or edited. Without the tool's own table migrations.

create table absences (
  id uuid not null,
  person text not null,
  every text,
  starts text not null,
  ends text not null,
  given text not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint absences_pkey PRIMARY KEY (id),
  constraint absences_every_check CHECK (every = ANY (ARRAY['mon'::text, 'tue'::text, 'wed'::text, 'thu'::text, 'fri'::text, 'sat'::text, 'sun'::text])),
  constraint absences_given_check CHECK (given = ANY (ARRAY['file'::text, 'route'::text]))
);
CREATE UNIQUE INDEX absences_once ON public.absences USING btree (person, COALESCE(every, ''::text), starts, ends);

create table alert_links (
  token_hash bytea not null,
  alert_id uuid not null,
  digest_id uuid not null,
  constraint alert_links_pkey PRIMARY KEY (token_hash),
  constraint alert_links_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES staff_alerts(id),
  constraint alert_links_digest_id_fkey FOREIGN KEY (digest_id) REFERENCES digests(id) ON DELETE CASCADE
);
CREATE INDEX alert_links_by_digest ON public.alert_links USING btree (digest_id);

create table api_keys (
  id uuid not null,
  name text not null,
  key_hash bytea not null,
  scope text not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_key_hash_key UNIQUE (key_hash),
  constraint api_keys_name_key UNIQUE (name),
  constraint api_keys_scope_check CHECK (scope = 'admin'::text)
);

create table calendars (
  id text not null,
  version integer not null,
  document jsonb not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint calendars_pkey PRIMARY KEY (id, version),
  constraint calendars_version_check CHECK (version > 0)
);
CREATE TRIGGER calendars_document_stays BEFORE UPDATE OF document ON calendars FOR EACH ROW WHEN (old.document IS DISTINCT FROM new.document) EXECUTE FUNCTION refuse_another_document();

create table capacity (
  id boolean not null default true,
  looked_at timestamp with time zone not null default clock_timestamp(),
  needed_ms double precision not null default 0,
  have_ms double precision not null default 0,
  shortages jsonb not null default '[]'::jsonb,
  constraint capacity_pkey PRIMARY KEY (id),
  constraint capacity_have_ms_check CHECK (have_ms >= 0::double precision),
  constraint capacity_id_check CHECK (id),
  constraint capacity_needed_ms_check CHECK (needed_ms >= 0::double precision)
);

create table company (
  id boolean not null default true,
  zone text not null,
  causes text[] not null default '{stock,carrier,weather,other}'::text[],
  rules jsonb not null default '{}'::jsonb,
  constraint company_pkey PRIMARY KEY (id),
  constraint company_causes_check CHECK (cardinality(causes) > 0),
  constraint company_id_check CHECK (id)
);

create table customers (
  id uuid not null,
  ref text not null,
  name text,
  email text,
  phone text,
  language text,
  zone text,
  updated_at timestamp with time zone not null default clock_timestamp(),
  constraint customers_pkey PRIMARY KEY (id),
  constraint customers_ref_key UNIQUE (ref)
);
CREATE INDEX customers_by_email ON public.customers USING btree (lower(email)) WHERE (email IS NOT NULL);
CREATE INDEX customers_by_phone ON public.customers USING btree (phone) WHERE (phone IS NOT NULL);
CREATE INDEX customers_by_ref ON public.customers USING btree (lower(ref));
CREATE INDEX customers_phone_unread ON public.customers USING btree (id) WHERE (phone !~ '^\+[1-9][0-9]{4,14}$'::text);

create table digests (
  id uuid not null,
  person uuid not null,
  message_id text not null,
  content jsonb not null,
  alerts integer not null,
  state text not null default 'claimed'::text,
  claimed_at timestamp with time zone not null default clock_timestamp(),
  claim_until timestamp with time zone not null,
  claimed_by text not null,
  attempts integer not null default 1,
  accepted_at timestamp with time zone,
  constraint digests_pkey PRIMARY KEY (id),
  constraint digests_message_id_key UNIQUE (message_id),
  constraint digests_state_check CHECK (state = ANY (ARRAY['claimed'::text, 'sent'::text, 'failed'::text]))
);
CREATE INDEX digests_by_person ON public.digests USING btree (person, claimed_at DESC);
CREATE UNIQUE INDEX digests_one_claimed ON public.digests USING btree (person) WHERE (state = 'claimed'::text);

create table dispatches (
  id uuid not null,
  customer_id uuid not null,
  channel text not null,
  message_id text not null,
  content jsonb not null,
  state text not null default 'claimed'::text,
  claimed_at timestamp with time zone not null default clock_timestamp(),
  claim_until timestamp with time zone not null,
  claimed_by text not null,
  attempts integer not null default 1,
  sent_at timestamp with time zone,
  accepted_at timestamp with time zone,
  place_at timestamp with time zone,
  constraint dispatches_pkey PRIMARY KEY (id),
  constraint dispatches_message_id_key UNIQUE (message_id),
  constraint dispatches_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint dispatches_channel_check CHECK (channel = 'email'::text),
  constraint dispatches_state_check CHECK (state = ANY (ARRAY['claimed'::text, 'sent'::text, 'failed'::text]))
);
CREATE INDEX dispatches_by_customer ON public.dispatches USING btree (customer_id, claimed_at);
CREATE INDEX dispatches_ended ON public.dispatches USING btree (claimed_at) WHERE (state <> 'claimed'::text);

create table duties (
  id uuid not null,
  promise_id uuid not null,
  key text not null,
  reason text not null,
  revision integer not null,
  occasion integer not null,
  state text not null default 'owed'::text,
  due_at timestamp with time zone not null,
  not_before timestamp with time zone not null,
  not_valid_after timestamp with time zone,
  dispatch_id uuid,
  told jsonb,
  created_at timestamp with time zone not null default clock_timestamp(),
  ended_at timestamp with time zone,
  place_at timestamp with time zone,
  constraint duties_pkey PRIMARY KEY (id),
  constraint duties_promise_id_key_key UNIQUE (promise_id, key),
  constraint duties_promise_id_fkey FOREIGN KEY (promise_id) REFERENCES promises(id),
  constraint duties_check CHECK ((state = 'claimed'::text) <= (dispatch_id IS NOT NULL)),
  constraint duties_reason_check CHECK (reason = ANY (ARRAY['promised'::text, 'risk'::text, 'progress'::text, 'recovery'::text, 'remedy'::text])),
  constraint duties_state_check CHECK (state = ANY (ARRAY['owed'::text, 'claimed'::text, 'sent'::text, 'dropped'::text, 'failed'::text]))
);
CREATE INDEX duties_dispatch ON public.duties USING btree (dispatch_id) WHERE (dispatch_id IS NOT NULL);
CREATE INDEX duties_places_left ON public.duties USING btree (place_at) WHERE ((state = 'dropped'::text) AND (place_at IS NOT NULL));
CREATE INDEX duties_unfinished ON public.duties USING btree (promise_id) WHERE (state = ANY (ARRAY['owed'::text, 'claimed'::text]));

create table engine (
  id boolean not null default true,
  namespace_id text not null,
  epoch integer not null,
  constraint engine_pkey PRIMARY KEY (id),
  constraint engine_epoch_check CHECK (epoch > 0),
  constraint engine_id_check CHECK (id)
);

create table facts (
  promise_id uuid not null,
  fact_key text not null,
  kind text not null,
  occurred_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  data jsonb not null default '{}'::jsonb,
  fresh_until timestamp with time zone,
  constraint facts_pkey PRIMARY KEY (promise_id, fact_key),
  constraint facts_promise_id_fkey FOREIGN KEY (promise_id) REFERENCES promises(id),
  constraint facts_kind_check CHECK (kind = ANY (ARRAY['registered'::text, 'policy_applied'::text, 'contacted'::text, 'progressed'::text, 'estimated'::text, 'repromised'::text, 'paused'::text, 'resumed'::text, 'handed_over'::text, 'acknowledged'::text, 'escalated'::text, 'broken_again'::text, 'remedy_granted'::text, 'remedy_reversed'::text, 'chosen'::text, 'notice_sent'::text, 'notice_dropped'::text, 'notice_failed'::text, 'attempted'::text, 'fulfilled'::text, 'withdrawn'::text, 'fulfilment_reversed'::text, 'rated'::text]))
);

create table mail_minutes (
  minute timestamp with time zone not null,
  mails integer not null,
  constraint mail_minutes_pkey PRIMARY KEY (minute),
  constraint mail_minutes_mails_check CHECK (mails >= 0)
);

create table mail_seconds (
  second timestamp with time zone not null,
  mails integer not null,
  constraint mail_seconds_pkey PRIMARY KEY (second),
  constraint mail_seconds_mails_check CHECK (mails >= 0)
);

create table notes (
  id uuid not null,
  promise_id uuid not null,
  at timestamp with time zone not null default clock_timestamp(),
  written_by text not null,
  text text not null,
  constraint notes_pkey PRIMARY KEY (id),
  constraint notes_promise_id_fkey FOREIGN KEY (promise_id) REFERENCES promises(id),
  constraint notes_text_check CHECK (length(text) > 0)
);
CREATE INDEX notes_by_promise ON public.notes USING btree (promise_id, at, id);

create table outbox (
  id bigint not null generated always as identity,
  promise_id uuid not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  claimed_at timestamp with time zone,
  constraint outbox_pkey PRIMARY KEY (id),
  constraint outbox_promise_id_fkey FOREIGN KEY (promise_id) REFERENCES promises(id)
);
CREATE INDEX outbox_claimed ON public.outbox USING btree (claimed_at) WHERE (claimed_at IS NOT NULL);
CREATE UNIQUE INDEX outbox_one_waiting ON public.outbox USING btree (promise_id) WHERE (claimed_at IS NULL);

create table outgoing (
  id boolean not null default true,
  installation uuid not null default gen_random_uuid(),
  mails bigint not null default 0,
  held_since timestamp with time zone,
  held_reason text,
  constraint outgoing_pkey PRIMARY KEY (id),
  constraint outgoing_check CHECK ((held_since IS NULL) = (held_reason IS NULL)),
  constraint outgoing_held_reason_check CHECK (held_reason = ANY (ARRAY['operator'::text, 'restored'::text])),
  constraint outgoing_id_check CHECK (id),
  constraint outgoing_mails_check CHECK (mails >= 0)
);

create table partners (
  id text not null,
  version integer not null,
  document jsonb not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint partners_pkey PRIMARY KEY (id, version),
  constraint partners_version_check CHECK (version > 0)
);
CREATE TRIGGER partners_document_stays BEFORE UPDATE OF document ON partners FOR EACH ROW WHEN (old.document IS DISTINCT FROM new.document) EXECUTE FUNCTION refuse_another_document();

create table people (
  id text not null,
  name text not null,
  email text,
  phone text,
  lead text,
  manager text,
  hours text,
  deputy text,
  team text,
  parallel integer not null default 1,
  partner text,
  given text not null default 'file'::text,
  row_id uuid not null default gen_random_uuid(),
  constraint people_pkey PRIMARY KEY (id),
  constraint people_row_id_key UNIQUE (row_id),
  constraint people_given_check CHECK (given = ANY (ARRAY['file'::text, 'route'::text])),
  constraint people_parallel_check CHECK (parallel >= 1 AND parallel <= 1000)
);
CREATE INDEX people_of_partner ON public.people USING btree (partner) WHERE (partner IS NOT NULL);

create table policies (
  kind text not null,
  version integer not null,
  document jsonb not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint policies_pkey PRIMARY KEY (kind, version),
  constraint policies_version_check CHECK (version > 0)
);
CREATE TRIGGER policies_document_stays BEFORE UPDATE OF document ON policies FOR EACH ROW WHEN (old.document IS DISTINCT FROM new.document) EXECUTE FUNCTION refuse_another_document();

create table promises (
  id uuid not null,
  source text not null,
  ref text not null,
  body_hash bytea not null,
  kind text not null,
  policy_version integer not null,
  customer_id uuid,
  owner text,
  partner text,
  region text,
  product text,
  subject text,
  flags text[] not null default '{}'::text[],
  "precision" text not null,
  made_at timestamp with time zone,
  promised_at timestamp with time zone not null,
  first_promised_at timestamp with time zone not null,
  target_at timestamp with time zone not null,
  last_call_at timestamp with time zone not null,
  lead_to timestamp with time zone not null,
  plan jsonb not null,
  phase text not null,
  revision integer not null default 1,
  told_at timestamp with time zone not null,
  estimated_at timestamp with time zone,
  estimate_fresh_until timestamp with time zone,
  fulfilled_at timestamp with time zone,
  withdrawn_by text,
  closed_at timestamp with time zone,
  warned_at timestamp with time zone,
  recovered_at timestamp with time zone,
  wake_at timestamp with time zone,
  armed_at timestamp with time zone,
  engine_epoch integer not null default 0,
  version integer not null default 1,
  created_at timestamp with time zone not null default clock_timestamp(),
  history boolean not null default false,
  fulfilled_as_day boolean not null default false,
  promised_day date not null,
  basis jsonb not null,
  steps jsonb not null default '[]'::jsonb,
  segments jsonb,
  agreed_revision integer not null default 1,
  first_precision text not null,
  waiting_for text,
  waiting_since timestamp with time zone,
  waiting_until timestamp with time zone,
  attempts integer not null default 0,
  passed jsonb not null default '{}'::jsonb,
  parent uuid,
  value_amount numeric(14,2),
  value_currency text,
  hand_over jsonb,
  registered_owner text,
  owned_since timestamp with time zone,
  acknowledge_by timestamp with time zone,
  hand_overs integer not null default 0,
  slot text,
  remedy_cost numeric(14,2),
  remedy_currency text,
  imposed timestamp with time zone[],
  contacts integer not null default 0,
  asked_first boolean not null default false,
  first_contact boolean,
  constraint promises_pkey PRIMARY KEY (id),
  constraint promises_source_ref_key UNIQUE (source, ref),
  constraint promises_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint promises_kind_policy_version_fkey FOREIGN KEY (kind, policy_version) REFERENCES policies(kind, version),
  constraint promises_parent_fkey FOREIGN KEY (parent) REFERENCES promises(id),
  constraint promises_agreed_revision_check CHECK (agreed_revision > 0),
  constraint promises_attempts_check CHECK (attempts >= 0),
  constraint promises_check CHECK (target_at <= GREATEST(promised_at, made_at)),
  constraint promises_check1 CHECK (closed_at IS NULL OR wake_at IS NULL),
  constraint promises_check2 CHECK (history OR customer_id IS NOT NULL AND made_at IS NOT NULL),
  constraint promises_check3 CHECK (NOT history OR wake_at IS NULL AND armed_at IS NULL),
  constraint promises_check4 CHECK ((value_amount IS NULL) = (value_currency IS NULL)),
  constraint promises_check5 CHECK (hand_over IS NOT NULL OR owned_since IS NULL AND acknowledge_by IS NULL AND hand_overs = 0),
  constraint promises_check6 CHECK ((remedy_cost IS NULL) = (remedy_currency IS NULL)),
  constraint promises_contacts_check CHECK (contacts >= 0),
  constraint promises_first_precision_check CHECK (first_precision = ANY (ARRAY['instant'::text, 'day'::text, 'window'::text])),
  constraint promises_flags_check CHECK (flags <@ ARRAY['no_buffer'::text, 'too_tight'::text, 'owner_unknown'::text, 'before_window'::text, 'zone_assumed'::text, 'second_break'::text]),
  constraint promises_hand_overs_check CHECK (hand_overs >= 0),
  constraint promises_phase_check CHECK (phase = ANY (ARRAY['open'::text, 'at_risk'::text, 'paused'::text, 'overdue'::text, 'kept'::text, 'broken'::text, 'withdrawn'::text, 'unreachable'::text])),
  constraint promises_precision_check CHECK ("precision" = ANY (ARRAY['instant'::text, 'day'::text, 'window'::text])),
  constraint promises_remedy_cost_check CHECK (remedy_cost >= 0::numeric),
  constraint promises_revision_check CHECK (revision > 0),
  constraint promises_value_amount_check CHECK (value_amount >= 0::numeric),
  constraint promises_value_currency_check CHECK (length(value_currency) = 3 AND value_currency = upper(value_currency)),
  constraint promises_waiting_for_check CHECK (waiting_for = ANY (ARRAY['customer'::text, 'partner'::text, 'us'::text])),
  constraint promises_withdrawn_by_check CHECK (withdrawn_by = ANY (ARRAY['customer'::text, 'company'::text, 'unknown'::text]))
);
CREATE INDEX promises_by_customer ON public.promises USING btree (customer_id, promised_at, id);
CREATE INDEX promises_by_kind ON public.promises USING btree (kind, promised_at, id);
CREATE INDEX promises_by_owner ON public.promises USING btree (owner, promised_at, id);
CREATE INDEX promises_by_partner ON public.promises USING btree (partner, promised_at, id);
CREATE INDEX promises_by_ref ON public.promises USING btree (lower(ref));
CREATE INDEX promises_by_slot ON public.promises USING btree (slot) WHERE ((slot IS NOT NULL) AND (closed_at IS NULL));
CREATE INDEX promises_by_time ON public.promises USING btree (promised_at, id);
CREATE INDEX promises_children ON public.promises USING btree (parent) WHERE (parent IS NOT NULL);
CREATE INDEX promises_closed ON public.promises USING btree (phase, promised_at, id) WHERE (closed_at IS NOT NULL);
CREATE INDEX promises_closed_by_day ON public.promises USING btree (promised_day) WHERE (closed_at IS NOT NULL);
CREATE INDEX promises_due ON public.promises USING btree (wake_at) WHERE ((closed_at IS NULL) AND (wake_at IS NOT NULL));
CREATE INDEX promises_epoch ON public.promises USING btree (engine_epoch, wake_at) WHERE ((closed_at IS NULL) AND (armed_at IS NOT NULL));
CREATE INDEX promises_living_by_time ON public.promises USING btree (promised_at, id) WHERE (NOT history);
CREATE INDEX promises_newest_by_owner ON public.promises USING btree (owner, COALESCE(owned_since, created_at) DESC) WHERE ((owner IS NOT NULL) AND (NOT history));
CREATE INDEX promises_open ON public.promises USING btree (promised_at, id) WHERE (closed_at IS NULL);
CREATE INDEX promises_open_by_kind ON public.promises USING btree (kind, promised_at, id) WHERE ((closed_at IS NULL) AND (NOT history));
CREATE INDEX promises_open_by_owner ON public.promises USING btree (owner, target_at) WHERE ((closed_at IS NULL) AND (NOT history));
CREATE INDEX promises_recovered ON public.promises USING btree (customer_id, recovered_at) WHERE (recovered_at IS NOT NULL);
CREATE INDEX promises_unacknowledged ON public.promises USING btree (acknowledge_by) WHERE ((acknowledge_by IS NOT NULL) AND (closed_at IS NULL));
CREATE INDEX promises_unarmed ON public.promises USING btree (wake_at) WHERE ((closed_at IS NULL) AND (armed_at IS NULL));

create table remedies (
  id uuid not null,
  promise_id uuid not null,
  number integer not null,
  state text not null,
  reason text not null,
  late_ms bigint not null,
  options jsonb not null,
  chosen integer not null default 0,
  amount numeric(14,2) not null,
  currency text not null,
  refund_promise_id uuid,
  at timestamp with time zone not null,
  decided_by text,
  decided_at timestamp with time zone,
  month date,
  constraint remedies_pkey PRIMARY KEY (id),
  constraint remedies_promise_id_number_key UNIQUE (promise_id, number),
  constraint remedies_promise_id_fkey FOREIGN KEY (promise_id) REFERENCES promises(id),
  constraint remedies_refund_promise_id_fkey FOREIGN KEY (refund_promise_id) REFERENCES promises(id),
  constraint remedies_amount_check CHECK (amount > 0::numeric),
  constraint remedies_chosen_check CHECK (chosen >= 0),
  constraint remedies_currency_check CHECK (length(currency) = 3 AND currency = upper(currency)),
  constraint remedies_late_ms_check CHECK (late_ms >= 0),
  constraint remedies_number_check CHECK (number > 0),
  constraint remedies_reason_check CHECK (reason = ANY (ARRAY['late'::text, 'second_break'::text])),
  constraint remedies_state_check CHECK (state = ANY (ARRAY['pending'::text, 'granted'::text, 'refused'::text, 'reversed'::text, 'arrived'::text]))
);
CREATE INDEX remedies_by_refund ON public.remedies USING btree (refund_promise_id) WHERE (refund_promise_id IS NOT NULL);
CREATE INDEX remedies_by_state ON public.remedies USING btree (state, at DESC, id DESC);
CREATE INDEX remedies_by_time ON public.remedies USING btree (at DESC, id DESC);

create table remedy_budgets (
  kind text not null,
  currency text not null,
  month date not null,
  spent numeric(14,2) not null default 0,
  constraint remedy_budgets_pkey PRIMARY KEY (kind, currency, month),
  constraint remedy_budgets_spent_check CHECK (spent >= 0::numeric)
);

create table replays (
  source text not null,
  origin_at timestamp with time zone not null,
  day_ms integer not null,
  constraint replays_pkey PRIMARY KEY (source),
  constraint replays_day_ms_check CHECK (day_ms > 0)
);

create table rollup (
  day date not null,
  n bigint not null,
  kind bytea storage external not null,
  source bytea storage external not null,
  partner bytea storage external,
  owner bytea storage external,
  region bytea storage external,
  product bytea storage external,
  outcome bytea storage external not null,
  margin_ms bytea storage external,
  promised_length_ms bytea storage external,
  buffer_ms bytea storage external,
  notice_lead_ms bytea storage external,
  recovery_time_ms bytea storage external,
  hand_overs bytea storage external,
  new_times_kept bytea storage external,
  new_times_broken bytea storage external,
  contacts bytea storage external,
  asked_first bytea storage external,
  second_breaks bytea storage external,
  remedy_cents bytea storage external,
  remedy_currency bytea storage external,
  news boolean not null default false,
  constraint rollup_pkey PRIMARY KEY (day, news)
);

create table rollup_due (
  id bigint not null generated always as identity,
  day date not null,
  constraint rollup_due_pkey PRIMARY KEY (id)
);
CREATE INDEX rollup_due_by_day ON public.rollup_due USING btree (day);

create table rollup_labels (
  id integer not null generated always as identity,
  label text not null,
  constraint rollup_labels_pkey PRIMARY KEY (id),
  constraint rollup_labels_label_key UNIQUE (label)
);

create table staff_alerts (
  id uuid not null,
  promise_id uuid not null,
  reason text not null,
  rung text not null,
  person text,
  at timestamp with time zone not null,
  revision integer not null default 1,
  checkpoint text not null default ''::text,
  partner text,
  times integer not null default 1,
  due_at timestamp with time zone,
  waiting_since timestamp with time zone default clock_timestamp(),
  digest_id uuid,
  sent_at timestamp with time zone,
  acknowledged_at timestamp with time zone,
  acknowledged_by text,
  ended_at timestamp with time zone,
  root uuid,
  about text,
  occasion text not null default ''::text,
  constraint staff_alerts_pkey PRIMARY KEY (id),
  constraint staff_alerts_promise_id_reason_rung_revision_checkpoint_occ_key UNIQUE (promise_id, reason, rung, revision, checkpoint, occasion),
  constraint staff_alerts_digest_id_fkey FOREIGN KEY (digest_id) REFERENCES digests(id),
  constraint staff_alerts_promise_id_fkey FOREIGN KEY (promise_id) REFERENCES promises(id),
  constraint staff_alerts_root_fkey FOREIGN KEY (root) REFERENCES staff_alerts(id),
  constraint staff_alerts_about_check CHECK (about = ANY (ARRAY['checkpoint'::text, 'slip'::text, 'at_risk'::text, 'broken'::text, 'callback'::text, 'handed_over'::text, 'unacknowledged'::text, 'approval'::text, 'capacity'::text])),
  constraint staff_alerts_reason_check CHECK (reason = ANY (ARRAY['checkpoint'::text, 'slip'::text, 'at_risk'::text, 'broken'::text, 'callback'::text, 'handed_over'::text, 'unacknowledged'::text, 'approval'::text, 'capacity'::text])),
  constraint staff_alerts_rung_check CHECK (rung = ANY (ARRAY['owner'::text, 'lead'::text, 'manager'::text, 'partner'::text])),
  constraint staff_alerts_times_check CHECK (times > 0)
);
CREATE INDEX staff_alerts_by_digest ON public.staff_alerts USING btree (digest_id) WHERE (digest_id IS NOT NULL);
CREATE INDEX staff_alerts_by_root ON public.staff_alerts USING btree (root) WHERE (root IS NOT NULL);
CREATE INDEX staff_alerts_by_time ON public.staff_alerts USING btree (at DESC, id);
CREATE INDEX staff_alerts_due ON public.staff_alerts USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX staff_alerts_of_person ON public.staff_alerts USING btree (person, at DESC, id);
CREATE INDEX staff_alerts_open ON public.staff_alerts USING btree (person, at DESC, id) WHERE ((acknowledged_at IS NULL) AND (ended_at IS NULL));
CREATE INDEX staff_alerts_waiting ON public.staff_alerts USING btree (person) WHERE (waiting_since IS NOT NULL);

create table teams (
  id text not null,
  kinds text[] not null,
  constraint teams_pkey PRIMARY KEY (id)
);

CREATE OR REPLACE FUNCTION public.alert_stands(a staff_alerts, p promises, now timestamp with time zone)
 RETURNS boolean
 LANGUAGE sql
 STABLE
RETURN (((a).acknowledged_at IS NULL) AND ((a).ended_at IS NULL) AND CASE COALESCE((a).about, (a).reason) WHEN 'checkpoint'::text THEN (((a).revision = (p).agreed_revision) AND (NOT ((p).passed ? (a).checkpoint))) WHEN 'slip'::text THEN (((a).revision = (p).agreed_revision) AND (((p).target_at <= now) OR (((p).estimate_fresh_until > now) AND ((p).estimated_at > (p).target_at)))) WHEN 'at_risk'::text THEN (((a).revision = (p).agreed_revision) AND (NOT (COALESCE(((p).estimate_fresh_until > now), false) AND (promise_phase(p, now) = ANY (ARRAY['open'::text, 'paused'::text]))))) WHEN 'broken'::text THEN ((a).revision = (p).agreed_revision) WHEN 'handed_over'::text THEN (((p).hand_over IS NULL) OR ((((p).hand_over ->> 'acknowledgedAt'::text) IS NULL) AND ((((p).hand_over ->> 'at'::text))::timestamp with time zone <= (a).at))) WHEN 'callback'::text THEN (NOT (EXISTS (SELECT 1 FROM staff_alerts c WHERE ((c.id = COALESCE((alert_stands.a).root, (alert_stands.a).id)) AND (c.occasion ~~ 'call:%'::text) AND ((c.revision <> (alert_stands.p).agreed_revision) OR ((alert_stands.p).attempts >= (split_part(c.occasion, ':'::text, 2))::integer)))))) ELSE true END AND (NOT (((a).rung = 'owner'::text) AND ((a).reason <> 'handed_over'::text) AND ((p).hand_over IS NOT NULL) AND (((p).hand_over ->> 'from'::text) = (a).person) AND ((((p).hand_over ->> 'at'::text))::timestamp with time zone >= (a).at))) AND (NOT (EXISTS (SELECT 1 FROM staff_alerts b WHERE ((b.promise_id = (alert_stands.a).promise_id) AND (b.person = (alert_stands.a).person) AND (b.revision = (alert_stands.a).revision) AND (array_position(ARRAY['checkpoint'::text, 'slip'::text, 'at_risk'::text, 'broken'::text], COALESCE(b.about, b.reason)) > array_position(ARRAY['checkpoint'::text, 'slip'::text, 'at_risk'::text, 'broken'::text], COALESCE((alert_stands.a).about, (alert_stands.a).reason))))))));

CREATE OR REPLACE FUNCTION public.packed(numbers bigint[])
 RETURNS bytea
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN (WITH sized AS (SELECT CASE WHEN bool_and(((x.x % (1000)::bigint) = 0)) THEN 1000 ELSE 1 END AS unit, max(abs(x.x)) AS most FROM unnest(packed.numbers) x(x)), shaped AS (SELECT sized.unit, CASE WHEN ((sized.most / sized.unit) < 32768) THEN 2 WHEN ((sized.most / sized.unit) < '2147483648'::bigint) THEN 4 ELSE 8 END AS width FROM sized WHERE (sized.most IS NOT NULL)) SELECT ((int4send(shaped.width) || int4send(shaped.unit)) || string_agg(CASE shaped.width WHEN 2 THEN int2send((COALESCE((each.x / shaped.unit), ('-32768'::integer)::bigint))::smallint) WHEN 4 THEN int4send((COALESCE((each.x / shaped.unit), ('-2147483648'::integer)::bigint))::integer) ELSE float8send(COALESCE(((each.x / shaped.unit))::double precision, 'NaN'::double precision)) END, '\x'::bytea ORDER BY each.place)) FROM shaped, unnest(packed.numbers) WITH ORDINALITY each(x, place) GROUP BY shaped.unit, shaped.width);

CREATE OR REPLACE FUNCTION public.promise_phase(p promises, now timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 STABLE
RETURN CASE WHEN ((p).closed_at IS NOT NULL) THEN (p).phase WHEN (((p).promised_at < now) OR (((p).promised_at = now) AND ((p)."precision" <> 'instant'::text))) THEN 'overdue'::text WHEN (((p).phase = 'at_risk'::text) AND ((p).estimate_fresh_until > now)) THEN 'at_risk'::text WHEN (((p).waiting_for = 'customer'::text) AND (((p).waiting_until IS NULL) OR ((p).waiting_until > now))) THEN 'paused'::text ELSE 'open'::text END;

CREATE OR REPLACE FUNCTION public.refuse_another_document()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'A version of % never changes: store the next one.', tg_table_name
    using errcode = 'integrity_constraint_violation';
end
$function$;
