import { KeptError } from './fault-fields.ts';
import { dueDay } from '../domain/calendar/deadline.ts';
import { factRow } from './settle-reads.ts';
import type { Tx } from './pool.ts';
import { alertRows } from './alert-rows.ts';
import type { StaffMember } from './duty.ts';
import { askedFirst, isFirstContact } from '../domain/promise/contacts.ts';
import { noticeKeyText, type Fact } from '../domain/promise/facts.ts';
import type { PromiseState } from '../domain/promise/fold.ts';
import { acknowledgeBy } from '../domain/promise/hand-over.ts';
import type { Instant } from '../domain/promise/instant.ts';
import { imposedUntil } from '../domain/promise/moves.ts';
import { costOf } from '../domain/promise/remedies.ts';
import type { Judgement } from '../domain/promise/judge.ts';
import { warnedAt, type OwedNotice } from '../domain/promise/notices.ts';
import type { Plan, PlanStep, Terms } from '../domain/promise/plan.ts';
import type { NewAlert } from '../domain/promise/alerts.ts';
import type { Flag } from '../domain/promise/words.ts';
import type { ClockSegment } from '../domain/calendar/work-clock.ts';

/** Everything settle writes for one promise. */
export interface Difference {
  readonly id: string;
  /** As it names it. */
  readonly partner: string | null;
  /** Who answered for it when it was registered. */
  readonly registeredOwner: string | null;
  readonly now: Instant;
  readonly judged: Judgement;
  readonly state: PromiseState;
  readonly terms: Terms;
  readonly flags: readonly string[];
  readonly armedAt: Instant | null;
  readonly ownFacts: readonly Fact[];
  readonly insert: readonly (OwedNotice & { readonly id: string })[];
  readonly drop: readonly string[];
  readonly alerts: readonly NewAlert[];
  /** Null where nothing has moved the plan. */
  readonly replanned: Replanned | null;
  /** What its alerts to staff learn: it has ended, or goes on after all. */
  readonly ends: 'ended' | 'reopened' | null;
  readonly poke: boolean;
  /** It was or is closed, and so in the roll-up of its day. */
  readonly reported: boolean;
}

/** What is stored of a plan that has moved. */
export interface Replanned {
  readonly steps: readonly PlanStep[];
  readonly segments: readonly ClockSegment[] | null;
}

/** One statement for all tables, so that a settlement costs one round trip to write. */
export async function writeDifference(
  tx: Tx,
  differences: readonly Difference[],
  staff: ReadonlyMap<string, StaffMember>,
): Promise<void> {
  if (differences.length === 0) return;
  await tx.query({
    name: 'write_difference',
    text: WRITE,
    values: [
      JSON.stringify(differences.map(promiseColumns)),
      JSON.stringify(differences.flatMap((d) => d.ownFacts.map((fact) => factRow(d.id, fact)))),
      JSON.stringify(differences.flatMap((d) => d.insert.map((notice) => dutyRow(d.id, notice)))),
      differences.flatMap((d) => d.drop),
      JSON.stringify(differences.flatMap((d) => d.alerts.flatMap((alert) => alertRows(d, alert, staff)))),
      differences.filter((d) => d.poke).map((d) => d.id),
      differences.filter((d) => d.reported).map((d) => d.id),
      differences.filter((d) => d.ends === 'ended').map((d) => d.id),
      differences.filter((d) => d.ends === 'reopened').map((d) => d.id),
    ],
  });
}

/** What settle writes of a promise, besides its version. */
export const SETTLED_TYPES = `phase text, flags text[], revision int, told_at timestamptz,
  estimated_at timestamptz, estimate_fresh_until timestamptz, fulfilled_at timestamptz, fulfilled_as_day boolean,
  withdrawn_by text, closed_at timestamptz, warned_at timestamptz, recovered_at timestamptz, wake_at timestamptz,
  armed_at timestamptz, agreed_revision int, first_promised_at timestamptz, first_precision text, waiting_for text,
  waiting_since timestamptz, waiting_until timestamptz, attempts int, passed jsonb, precision text,
  promised_at timestamptz, promised_day date, target_at timestamptz, last_call_at timestamptz, lead_to timestamptz,
  plan jsonb, steps jsonb, segments jsonb, policy_version int, owner text, registered_owner text, hand_over jsonb,
  owned_since timestamptz, acknowledge_by timestamptz, hand_overs int, slot text, remedy_cost numeric, remedy_currency text,
  imposed timestamptz[], contacts int, asked_first boolean, first_contact boolean`;

const WRITE = `
with n as materialized (
  select * from json_to_recordset($1::json) as n (id uuid, ${SETTLED_TYPES})
), own_facts as (
  insert into facts (promise_id, fact_key, kind, occurred_at, data)
  select promise_id, fact_key, kind, occurred_at, data
  from json_to_recordset($2::json) as f (promise_id uuid, fact_key text, kind text, occurred_at timestamptz, data jsonb)
), owed as (
  insert into duties (id, promise_id, key, reason, revision, occasion, due_at, not_before, not_valid_after)
  select id, promise_id, key, reason, revision, occasion, due_at, due_at, not_valid_after
  from json_to_recordset($3::json) as d (id uuid, promise_id uuid, key text, reason text, revision int, occasion int,
    due_at timestamptz, not_valid_after timestamptz)
), dropped as (
  update duties set state = 'dropped', ended_at = clock_timestamp() where id = any ($4::uuid[])
), alerted as (
  insert into staff_alerts (id, promise_id, reason, rung, person, at, revision, checkpoint, partner, occasion, due_at, root)
  select id, promise_id, reason, rung, person, at, revision, checkpoint, partner, occasion, due_at, root
  from json_to_recordset($5::json) as a (id uuid, promise_id uuid, reason text, rung text, person text, at timestamptz,
    revision int, checkpoint text, partner text, occasion text, due_at timestamptz, root uuid)
  on conflict do nothing
), alerts_ended as (
  -- Those of this moment are not seen here: that we took the promise back is news though it has ended.
  update staff_alerts set ended_at = clock_timestamp() where id in (
    select id from staff_alerts where promise_id = any ($8::uuid[]) and ended_at is null and reason not in ('approval', 'capacity')
    order by id for update)
), alerts_reopened as (
  update staff_alerts set ended_at = null where id in (
    select id from staff_alerts where promise_id = any ($9::uuid[]) and ended_at is not null and reason not in ('approval', 'capacity')
    order by id for update)
), poked as (
  insert into outbox (promise_id) select unnest($6::uuid[]) on conflict do nothing
), to_roll_up as (
  insert into rollup_due (day)
  select promised_day from promises where id = any ($7::uuid[])
  union select promised_day from n where id = any ($7::uuid[]) and promised_day is not null
)
update promises p set phase = n.phase, flags = n.flags, revision = n.revision, told_at = n.told_at,
  estimated_at = n.estimated_at, estimate_fresh_until = n.estimate_fresh_until, fulfilled_at = n.fulfilled_at,
  fulfilled_as_day = n.fulfilled_as_day, withdrawn_by = n.withdrawn_by, closed_at = n.closed_at, warned_at = n.warned_at, recovered_at = n.recovered_at,
  wake_at = n.wake_at, armed_at = n.armed_at, version = p.version + 1, agreed_revision = n.agreed_revision,
  first_promised_at = n.first_promised_at, first_precision = n.first_precision, waiting_for = n.waiting_for,
  waiting_since = n.waiting_since, waiting_until = n.waiting_until, attempts = n.attempts, passed = n.passed, slot = n.slot,
  remedy_cost = n.remedy_cost, remedy_currency = n.remedy_currency, imposed = n.imposed, contacts = n.contacts,
  asked_first = n.asked_first, first_contact = n.first_contact,
  precision = coalesce(n.precision, p.precision), promised_at = coalesce(n.promised_at, p.promised_at),
  promised_day = coalesce(n.promised_day, p.promised_day), target_at = coalesce(n.target_at, p.target_at),
  last_call_at = coalesce(n.last_call_at, p.last_call_at), lead_to = coalesce(n.lead_to, p.lead_to),
  plan = coalesce(n.plan, p.plan), steps = coalesce(n.steps, p.steps),
  segments = case when n.plan is null then p.segments else n.segments end,
  policy_version = coalesce(n.policy_version, p.policy_version), owner = n.owner,
  registered_owner = n.registered_owner, hand_over = n.hand_over, owned_since = n.owned_since,
  acknowledge_by = n.acknowledge_by, hand_overs = n.hand_overs
from n
where p.id = n.id`;

function promiseColumns(difference: Difference): Record<string, unknown> {
  const { id, judged, state, terms, flags, armedAt, now, replanned } = difference;
  if (judged.wakeAt !== null && judged.wakeAt <= now) throw new KeptError(`Promise ${id} would wake in the past.`);
  const { plan } = state;
  const { steps, segments } = replanned ?? {};
  const moved = replanned && { ...planColumns(plan), steps, segments, policy_version: plan.policyVersion };
  return { id, flags, armed_at: armedAt, ...stateColumns(terms, state, judged), ...ownerColumns(difference), ...moved };
}

/** Who answers for it. As long as nobody handed it over, `owner` is also who it was registered with. */
export function ownerColumns({
  state,
  registeredOwner,
}: Pick<Difference, 'state' | 'registeredOwner'>): Record<string, unknown> {
  const { owner, handOver, handOvers } = state;
  return {
    owner,
    registered_owner: handOver && registeredOwner,
    hand_over: handOver,
    owned_since: handOver?.at ?? null,
    acknowledge_by: acknowledgeBy(state),
    hand_overs: handOvers,
  };
}

/** A plan, as columns of `promises`. */
export const planColumns = (plan: Plan) => ({
  precision: plan.precision,
  made_at: plan.madeAt,
  promised_at: plan.promisedAt,
  promised_day: dueDay(plan),
  target_at: plan.targetAt,
  last_call_at: plan.lastCallAt,
  lead_to: plan.leadTo,
  plan,
});

/** What the facts say, as columns of `promises`. */
export function stateColumns(terms: Terms, state: PromiseState, judged: Judgement): Record<string, unknown> {
  const { end, estimate, waiting, first } = state;
  const cost = costOf(state);
  const imposed = imposedUntil(state);
  return {
    agreed_revision: state.agreedRevision,
    first_promised_at: first.promisedAt,
    first_precision: first.precision,
    waiting_for: waiting?.for ?? null,
    waiting_since: waiting?.since ?? null,
    waiting_until: waiting?.until ?? null,
    attempts: state.tried.counted,
    slot: state.slot,
    passed: state.passed,
    phase: judged.phase,
    revision: state.revision,
    told_at: state.told.at,
    estimated_at: estimate?.at ?? null,
    estimate_fresh_until: estimate && (estimate.freshUntil ?? terms.freshUntil(estimate.occurredAt)),
    fulfilled_at: end?.kind === 'fulfilled' ? end.at : null,
    fulfilled_as_day: end?.kind === 'fulfilled' && end.asDay,
    withdrawn_by: end?.kind === 'withdrawn' ? end.by : null,
    closed_at: end?.at ?? null,
    warned_at: warnedAt(state),
    recovered_at: state.notices.find((notice) => notice.reason === 'recovery' && notice.state === 'sent')?.at ?? null,
    wake_at: judged.wakeAt,
    remedy_cost: cost?.amount ?? null,
    remedy_currency: cost?.currency ?? null,
    imposed: imposed.length === 0 ? null : imposed,
    contacts: state.contacts.count,
    asked_first: askedFirst(state),
    first_contact: isFirstContact(state),
  };
}

/** The flags of a promise: those of its plan in force, those decided when it was registered, and those that its end and a second break decide. Whoever gets it later is known. */
export function flagsAfter(
  flags: readonly string[],
  plan: Plan,
  { end, handOver, secondBreak }: Pick<PromiseState, 'end' | 'handOver' | 'secondBreak'>,
): readonly string[] {
  const others = flags.filter((flag) => !DECIDED_LATER.has(flag) && !(flag === 'owner_unknown' && handOver));
  const again = secondBreak === null ? [] : ['second_break'];
  const early = end?.kind === 'fulfilled' && plan.windowFrom !== null && end.at < plan.windowFrom;
  return [...plan.flags, ...others, ...(early ? ['before_window'] : []), ...again];
}

const DECIDED_LATER = new Set<string>([
  'no_buffer',
  'too_tight',
  'zone_assumed',
  'before_window',
  'second_break',
] satisfies Flag[]);

/** A notice newly owed, as a row. */
export function dutyRow(promiseId: string, notice: OwedNotice & { readonly id: string }): Record<string, unknown> {
  return {
    id: notice.id,
    promise_id: promiseId,
    key: noticeKeyText(notice),
    reason: notice.reason,
    revision: notice.revision,
    occasion: notice.occasion,
    due_at: notice.dueAt,
    not_valid_after: notice.notValidAfter,
  };
}
