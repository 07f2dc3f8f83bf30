import { alertRows, moved, type AlertRow } from '../../db/alert-rows.ts';
import type { StaffMember } from '../../db/duty.ts';
import { tryAgain } from '../../activities/failures.ts';
import { NO_CALENDARS } from '../../domain/calendar/book.ts';
import { bookOf, planningOf, storedSteps, type Rules, type StoredPlans } from '../../domain/calendar/planning.ts';
import { planOf } from '../../domain/calendar/plan.ts';
import { alertAgainAt, termsOf } from '../../domain/calendar/terms.ts';
import type { Partner } from '../../domain/policy/partner.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { newAlerts } from '../../domain/promise/alerts.ts';
import { alertFacts, noticeChanges, type UnfinishedNotice } from '../../domain/promise/decisions.ts';
import { noticeKeyText, type Fact } from '../../domain/promise/facts.ts';
import { fold, type PromiseState } from '../../domain/promise/fold.ts';
import { isOwnerUntold } from '../../domain/promise/hand-over.ts';
import type { Instant } from '../../domain/promise/instant.ts';
import { judge, type Judgement } from '../../domain/promise/judge.ts';
import { MOST_NEWS, newsFacts, newsInARow } from '../../domain/promise/news.ts';
import { untoldRemedies } from '../../domain/promise/notices.ts';
import { tellable } from '../../domain/promise/tellable.ts';
import type { Basis, Terms, Undertaking } from '../../domain/promise/plan.ts';
import { breakOf, needsApproval, wantedFor } from '../../domain/promise/remedies.ts';
import type { NoticeReason } from '../../domain/promise/words.ts';
import type { PromiseActivities, Step } from '../../workflows/contract.ts';

type GrantedFact = Extract<Fact, { kind: 'remedy_granted' }>;

/** A promise of which only the rules are real: its facts lie in memory, and its clock is the test server's. */
export interface MemoryPromise {
  readonly madeAt: Instant;
  /** Of a promise to be in touch again: the one that it is about. */
  readonly about: MemoryPromise | null;
  /** Those to be in touch again about this one. */
  readonly news: MemoryPromise[];
  readonly rules: Rules;
  readonly partner: Partner | null;
  /** Everybody, by id, as they are now. */
  staff: ReadonlyMap<string, StaffMember>;
  /** As the columns basis, plan and steps hold them. */
  plans: StoredPlans;
  readonly facts: Fact[];
  unfinished: UnfinishedNotice[];
  /** Every remedy that was decided; one that waits for approval is no fact yet. */
  readonly remedies: GrantedFact[];
  /** As staff_alerts holds them. */
  alerts: MemoryAlert[];
  /** How many of the facts were news already. */
  seen: number;
  /** Set while no mail leaves. */
  mailDown: boolean;
  /** Awaited inside `advance`, after it has read and before it answers. */
  beforeAnswer: () => Promise<void>;
  /** Awaited inside `perform`, after it has recorded and before it answers. */
  afterSending: () => Promise<void>;
  advances: number;
}

/** With everybody who was told, and when; null: nobody stood there. */
export interface MemoryAlert extends AlertRow {
  readonly times: number;
  readonly told: readonly { readonly at: Instant; readonly person: string | null }[];
  readonly acknowledged: boolean;
}

/** Who hears of a promise. */
export interface Staffing {
  readonly partner: Partner | null;
  readonly staff: ReadonlyMap<string, StaffMember>;
}

const NOBODY: Staffing = { partner: null, staff: new Map() };

/** Made at `madeAt` in UTC, under versions 1, 2 and so on of the policy of its kind, of which the first is in force. */
export function promiseInMemory(
  promised: Undertaking,
  madeAt: Instant,
  policies: readonly [Policy, ...Policy[]],
  { partner, staff }: Staffing = NOBODY,
  about: MemoryPromise | null = null,
): MemoryPromise {
  const rules: Rules = {
    policy: (version) => policies[version - 1] ?? policies[0],
    calendar: (id) => NO_CALENDARS.calendar(id),
    ...(partner && { partner: () => partner }),
  };
  const basis: Basis = {
    promised,
    madeAt,
    target: null,
    customerZone: 'UTC',
    companyZone: 'UTC',
    place: 0,
    policyVersion: 1,
    calendars: {},
    ...(partner && { partnerVersion: 1 }),
    ...(about && { news: Math.min(MOST_NEWS, putOff(about) + 1) }),
  };
  return {
    madeAt,
    about,
    news: [],
    rules,
    partner,
    staff,
    plans: { basis, plan: planOf(basis, policies[0], bookOf(basis, rules)), steps: [], registeredOwner: 'kati' },
    facts: [{ kind: 'registered', factKey: 'registered', occurredAt: madeAt }],
    unfinished: [],
    remedies: [],
    alerts: [],
    seen: 0,
    mailDown: false,
    beforeAnswer: async () => {},
    afterSending: async () => {},
    advances: 0,
  };
}

const putOff = ({ news, facts }: MemoryPromise): number =>
  newsInARow(
    news.map(({ madeAt }) => madeAt),
    facts,
  );

const MAIL_RETRY_MS = 60 * 60_000;

/**
 * The port of workflows/contract.ts over promises in memory; decides with the same functions as `db/settle.ts`. `begin`
 * starts the workflow of a promise that was made meanwhile.
 */
export function memoryActivities(
  promises: ReadonlyMap<string, MemoryPromise>,
  now: () => Promise<Instant>,
  begin: (promise: MemoryPromise) => Promise<void>,
): PromiseActivities {
  return {
    advance: async ({ promiseId }) => {
      const promise = promises.get(promiseId);
      if (!promise) return { duties: [], wakeAt: null, closed: 'unknown' };
      promise.advances += 1;
      const step = settle(promise, await now());
      await promise.beforeAnswer();
      return step;
    },
    perform: async ({ promiseId, dutyId }) => {
      const promise = promises.get(promiseId);
      if (!promise) return { duties: [], wakeAt: null, closed: 'unknown' };
      const at = await now();
      const step = settle(promise, at);
      const duty = promise.unfinished.find((notice) => notice.id === dutyId);
      if (!duty) return step;
      if (promise.mailDown) throw tryAgain('NOT_ACCEPTED', 'ECONNREFUSED', MAIL_RETRY_MS);
      const { reason, revision, occasion } = duty;
      const { terms, state } = standing(promise);
      const says = tellable(terms, state, reason, at, putOff(promise));
      promise.unfinished = promise.unfinished.filter((notice) => notice.id !== dutyId);
      promise.facts.push({
        kind: 'notice_sent',
        factKey: `notice:${noticeKeyText(duty)}:sent`,
        occurredAt: at,
        reason,
        revision,
        occasion,
        ...says,
        ...namedIn(state, reason, says.nextNewsAt),
        ...remediesIn(state, reason),
        channel: 'email',
        messageId: `<${dutyId}@memory.example>`,
      });
      const answer = settle(promise, at);
      if (says.nextNewsAt !== null) await begin(promiseNews(promise.about ?? promise, says.nextNewsAt, at));
      await promise.afterSending();
      return answer;
    },
  };
}

/** What `promiseNews` of db/news.ts registers, under the rules of the promise that it is about. */
function promiseNews(about: MemoryPromise, at: Instant, now: Instant): MemoryPromise {
  const news = promiseInMemory({ precision: 'instant', at }, now, [about.rules.policy(1)], about, about);
  about.news.push(news);
  return news;
}

/** An apology and word of a remedy name all that hold and are not known. */
function remediesIn(state: PromiseState, reason: NoticeReason) {
  if (reason !== 'recovery' && reason !== 'remedy') return {};
  return { remedies: untoldRemedies(state).map(({ id }) => id) };
}

/** Whoever owns it is always on duty here. */
function namedIn(state: PromiseState, reason: NoticeReason, nextNewsAt: Instant | null) {
  if (state.owner === null) return {};
  const ofOwner = reason === 'progress' && isOwnerUntold(state) && nextNewsAt === null;
  return { named: { person: state.owner, role: 'owner' as const }, ...(ofOwner ? { about: 'owner' as const } : {}) };
}

/** What the facts say so far, and the terms of the plan that they put in force. */
function standing({ plans, rules, facts }: MemoryPromise): { readonly terms: Terms; readonly state: PromiseState } {
  const state = fold(planningOf(plans, rules), facts);
  const { plan } = state;
  const { news = null } = plans.basis;
  const options = { customerZone: 'UTC', book: bookOf(plan, rules), news, follows: news !== null };
  return { state, terms: termsOf(plan, rules.policy(plan.policyVersion), options) };
}

/** What `db/make-good.ts` decides, where no budget ends and the customer has no other promise. */
function makeGood(promise: MemoryPromise, now: Instant): void {
  const { terms, state } = standing(promise);
  const broke = breakOf(terms, state, judge(terms, state, now), [], now);
  if (!broke) return;
  if (broke.again) promise.facts.push({ kind: 'broken_again', factKey: 'second_break', occurredAt: now, of: 'chain' });
  const { lateAt, lateMs, again: isSecond } = broke;
  const decided = promise.remedies.map(({ options }) => ({ options, chosen: 0 }));
  const wanted = wantedFor(terms, { lateAt, isSecond, value: null }, decided);
  if (!wanted) return;
  const id = `remedy:${promise.remedies.length + 1}`;
  const granted = {
    kind: 'remedy_granted',
    factKey: `${id}:granted`,
    occurredAt: now,
    remedy: id,
    lateMs,
    ...wanted,
  } as const;
  promise.remedies.push(granted);
  if (!needsApproval(terms, wanted.options)) promise.facts.push(granted);
}

/** What `db/settle.ts` writes, written into memory. */
export function settle(promise: MemoryPromise, now: Instant): Step {
  makeGood(promise, now);
  const { terms, state } = standing(promise);
  const judged = judge(terms, state, now);
  const changes = noticeChanges(judged, state, promise.unfinished, now);
  const steps = storedSteps(planningOf(promise.plans, promise.rules), state);
  promise.plans = { ...promise.plans, plan: state.plan, steps };
  alert(promise, { terms, state, judged, now });
  promise.facts.push(...alertFacts(terms, state, judged, now));
  for (const { key, cause } of changes.drop) {
    const { reason, revision, occasion } = key;
    const factKey = `notice:${noticeKeyText(key)}:dropped`;
    promise.facts.push({ kind: 'notice_dropped', factKey, occurredAt: now, reason, revision, occasion, cause });
  }
  const dropped = new Set(changes.drop.map((drop) => drop.id));
  const inserted = changes.insert.map((notice) => ({ ...notice, id: noticeKeyText(notice), claimed: false }));
  promise.unfinished = [...promise.unfinished.filter((notice) => !dropped.has(notice.id)), ...inserted];
  const duties = promise.unfinished.map(({ id, reason }) => ({ id, reason }));
  for (const news of promise.news) endNews(news);
  if (promise.about && endNews(promise)) return settle(promise, now);
  return { duties, wakeAt: judged.wakeAt, closed: judged.closed };
}

/** As db/news.ts: what is known of the promise that it is about ends it, and its own notices do. */
function endNews(news: MemoryPromise): boolean {
  const { madeAt, about } = news;
  if (!about) return false;
  const closedAt = standing(news).state.end?.at ?? null;
  const facts = newsFacts({ madeAt, closedAt }, [...about.facts, ...news.facts], standing(about).state.end);
  if (facts.length === 0) return false;
  news.facts.push(...facts);
  return true;
}

/** What `db/settle.ts` writes of alerts. */
function alert(
  promise: MemoryPromise,
  { terms, state, judged, now }: { terms: Terms; state: PromiseState; judged: Judgement; now: Instant },
): void {
  const partner = promise.partner?.id ?? null;
  const news = promise.facts.slice(promise.seen);
  promise.seen = promise.facts.length;
  const alerts = newAlerts({ partner, isOver: false }, terms, judged, news, promise.facts);
  const rows = alerts.flatMap((each) =>
    alertRows({ id: 'memory', partner, now, state, terms, alerts }, each, promise.staff),
  );
  promise.alerts.push(...rows.map(given));
}

const given = (row: AlertRow): MemoryAlert => ({
  ...row,
  times: 1,
  told: [{ at: row.at, person: row.person }],
  acknowledged: false,
});

/** What `db/alert-sweep.ts` does with an open promise; an alert of it stands until it is acknowledged or the promise ends. */
export function sweepAlerts(promise: MemoryPromise, now: Instant): void {
  const { state } = standing(promise);
  const policy = promise.rules.policy(state.plan.policyVersion);
  for (const due of promise.alerts.filter((row) => row.due_at !== null && row.due_at <= now)) {
    const same = promise.alerts.filter(
      ({ id, reason, checkpoint }) => id !== due.id && reason === due.reason && checkpoint === due.checkpoint,
    );
    const { again, person, times, dueAt, above } = moved(
      {
        ...due,
        promiseId: due.promise_id,
        about: due.about ?? null,
        root: due.root ?? null,
        others: same.flatMap((row) => row.person ?? []),
        promisePartner: promise.partner?.id ?? null,
        isOpen: !due.acknowledged && state.end === null,
        stands: true,
        owner: state.owner,
      },
      { times: policy.escalation.times, dueAt: alertAgainAt(now, policy, state.plan.zone) },
      promise.staff,
      now,
    );
    const told = again ? [...due.told, { at: now, person }] : due.told;
    const isThere =
      above && promise.alerts.some(({ rung, occasion }) => rung === above.rung && occasion === above.occasion);
    promise.alerts = [
      ...promise.alerts.map((row) => (row.id === due.id ? { ...row, person, times, told, due_at: dueAt } : row)),
      ...(above && !isThere ? [given(above)] : []),
    ];
  }
}

/** Somebody presses the button of an alert: it and all that it became are settled. */
export function acknowledge(promise: MemoryPromise, person: string): void {
  const roots = promise.alerts.filter((row) => row.person === person).map(({ id, root }) => root ?? id);
  promise.alerts = promise.alerts.map((row) =>
    roots.includes(row.root ?? row.id) ? { ...row, acknowledged: true } : row,
  );
}
