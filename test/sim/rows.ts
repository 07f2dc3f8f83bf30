import { planningOf, storedSteps, termsFor, type Rules } from '../../domain/calendar/planning.ts';
import type { Engaged, UnfinishedNotice } from '../../domain/promise/decisions.ts';
import type { Fact, NoticeKey } from '../../domain/promise/facts.ts';
import type { End } from '../../domain/promise/fold.ts';
import type { Instant } from '../../domain/promise/instant.ts';
import { MOST_NEWS, NEWS_KIND, newsInARow } from '../../domain/promise/news.ts';
import type { OwedNotice } from '../../domain/promise/notices.ts';
import type { Basis, Plan, PlanStep } from '../../domain/promise/plan.ts';
import type { Said, WaitingNotice } from '../../domain/promise/sending.ts';
import type { Settlement } from '../../domain/promise/settlement.ts';
import type { NoticeState, Outcome } from '../../domain/promise/words.ts';
import type { Step } from '../../workflows/contract.ts';
import type { Decisions } from './decisions.ts';
import { firstPlan, rulesOf } from './policies.ts';

/** A row of `duties`. */
export interface NoticeRow extends UnfinishedNotice, WaitingNotice {
  readonly promiseId: string;
  readonly state: NoticeState;
  /** Frozen with the text. */
  readonly said: Said | null;
}

/** A row of `promises`, with its facts and notices. */
export interface PromiseRow {
  readonly id: string;
  readonly ref: string;
  readonly kind: string;
  readonly customer: string;
  readonly parent: string | null;
  readonly basis: Basis;
  readonly registeredOwner: string;
  readonly history: false;
  readonly rules: Rules;
  readonly facts: Map<string, Fact>;
  plan: Plan;
  steps: readonly PlanStep[];
  notices: readonly NoticeRow[];
  end: End | null;
  closed: Outcome | null;
  owner: string | null;
  wakeAt: Instant | null;
  armedAt: Instant | null;
  engineEpoch: number;
  /** When it was judged last. */
  judgedAt: Instant;
  /** The latest instant at which it was ever judged: a clock that steps back judges earlier. */
  seenAt: Instant;
}

/** A row of `outbox`. */
export interface PokeRow {
  readonly id: number;
  readonly promiseId: string;
  claimedAt: Instant | null;
}

export interface Change {
  readonly id: string;
  readonly facts: readonly Fact[];
}

/** A promise to be stored. */
export type NewRow = Pick<PromiseRow, 'ref' | 'kind' | 'customer' | 'parent' | 'basis' | 'registeredOwner'>;

export const isUnfinished = ({ state }: Pick<NoticeRow, 'state'>): boolean => state === 'owed' || state === 'claimed';
export const unfinishedOf = ({ notices }: PromiseRow): readonly NoticeRow[] => notices.filter(isUnfinished);
export const closedAtOf = ({ end }: PromiseRow): Instant | null => end?.at ?? null;
export const engagedOf = ({ armedAt, closed }: PromiseRow): Engaged => ({ armedAt, closed: closed !== null });
export const factsOf = ({ facts }: PromiseRow): readonly Fact[] => [...facts.values()];

/** The tables, and the transactions of `db/` as far as they change promises. Each is one step: locks make it so. */
export interface Rows {
  readonly promises: Map<string, PromiseRow>;
  outbox: PokeRow[];
  /** Ids of promises that changed since somebody looked. */
  readonly touched: Set<string>;
  id(of: string): string;
  poke(promiseId: string): void;
  insert(row: NewRow): PromiseRow;
  settle(changes: readonly Change[], options?: SettleOptions): ReadonlyMap<string, Settled>;
}

/** What a promise has become. */
export interface Settled extends Pick<Settlement, 'terms' | 'state'> {
  readonly step: Step;
}

interface SettleOptions {
  readonly answering?: string;
  readonly pokeAll?: boolean;
}

export function rows(decisions: Decisions, now: () => Instant): Rows {
  const promises = new Map<string, PromiseRow>();
  const touched = new Set<string>();
  let count = 0;
  const id = (of: string): string => `${of}-${String((count += 1)).padStart(4, '0')}`;

  const noticeRow = (
    promiseId: string,
    { dueAt, reason, revision, occasion, notValidAfter }: OwedNotice,
  ): NoticeRow => ({
    ...{ id: id('n'), promiseId, reason, revision, occasion, notValidAfter, notBefore: dueAt },
    ...{ state: 'owed', claimed: false, dispatchId: null, said: null },
  });

  const self: Rows = {
    promises,
    outbox: [],
    touched,
    id,
    poke: (promiseId) => {
      const waits = self.outbox.some((poke) => poke.promiseId === promiseId && poke.claimedAt === null);
      if (!waits) self.outbox.push({ id: (count += 1), promiseId, claimedAt: null });
      touched.add(promiseId);
    },
    insert: (wanted) => {
      const rules = rulesOf(wanted.kind);
      const plan = firstPlan(wanted.kind, wanted.basis);
      const at = now();
      const fact: Fact = { kind: 'registered', factKey: 'registered', occurredAt: wanted.basis.madeAt ?? at };
      const terms = termsFor({ ...wanted, history: false }, plan, rules);
      const { state, judged, poke } = decisions.registered(terms, [fact], at);
      const promiseId = id('p');
      const row: PromiseRow = {
        ...{ ...wanted, history: false, id: promiseId, rules, plan, steps: [], facts: new Map([[fact.factKey, fact]]) },
        ...{
          end: state.end,
          closed: judged.closed,
          owner: wanted.registeredOwner,
          wakeAt: judged.wakeAt,
          judgedAt: at,
          seenAt: at,
        },
        ...{ armedAt: null, engineEpoch: 0, notices: judged.owed.map((notice) => noticeRow(promiseId, notice)) },
      };
      promises.set(promiseId, row);
      touched.add(promiseId);
      if (poke) self.poke(promiseId);
      return row;
    },
    settle: (changes, { answering, pokeAll = false } = {}) => {
      const at = now();
      const ids = new Set(changes.map((change) => change.id));
      const settled = new Map<string, Settled>();
      for (const change of changes) {
        const row = promises.get(change.id);
        if (!row) continue;
        for (const fact of change.facts) if (!row.facts.has(fact.factKey)) row.facts.set(fact.factKey, fact);
        const planning = planningOf(row, row.rules);
        const decided = decisions.settlement({
          ...{ planning, facts: factsOf(row), unfinished: unfinishedOf(row), engaged: engagedOf(row), now: at },
          termsFor: (plan) => termsFor(row, plan, row.rules),
          answering: answering === row.id,
          pokeAnyway: pokeAll,
        });
        const { state, judged } = decided;
        const inserted = decided.insert.map((notice) => noticeRow(row.id, notice));
        const dropped = new Set(decided.drop);
        for (const fact of decided.ownFacts) row.facts.set(fact.factKey, fact);
        row.notices = [
          ...row.notices.map((notice) => (dropped.has(notice.id) ? { ...notice, state: 'dropped' as const } : notice)),
          ...inserted,
        ];
        row.steps = storedSteps(planning, state);
        row.plan = state.plan;
        Object.assign(row, { end: state.end, closed: judged.closed, owner: state.owner, wakeAt: judged.wakeAt });
        Object.assign(row, { armedAt: decided.armedAt, judgedAt: at, seenAt: at > row.seenAt ? at : row.seenAt });
        touched.add(row.id);
        if (decided.poke) self.poke(row.id);
        const duties = [...decided.left, ...inserted].map((notice) => ({ id: notice.id, reason: notice.reason }));
        const step = { duties, wakeAt: judged.wakeAt, closed: judged.closed };
        settled.set(row.id, { terms: decided.terms, state, step });
      }
      const locked = [...promises.values()].filter(
        (row) => ids.has(row.id) || (row.parent !== null && ids.has(row.parent) && row.basis.news && !row.closed),
      );
      const news = decisions.newsChanges(
        locked.map((row) => ({ ...row, closedAt: closedAtOf(row) })),
        (about) => {
          const row = ids.has(about) ? promises.get(about) : undefined;
          return row && { facts: factsOf(row), end: row.end };
        },
      );
      if (news.length === 0) return settled;
      return new Map([...settled, ...self.settle(news, answering === undefined ? {} : { answering })]);
    },
  };
  return self;
}

/** How often a customer was put off about a promise since a person last was in touch. */
export function newsAbout({ promises }: Rows, about: string): number {
  const madeAts = [...promises.values()].flatMap(({ parent, basis: { news, madeAt } }) =>
    parent === about && news !== undefined && madeAt !== null ? [madeAt] : [],
  );
  return newsInARow(madeAts, factsOf(promises.get(about) ?? missing(about)));
}

/** A promise to be in touch again, as a notice has just told. */
export function promiseNews(table: Rows, about: string, at: Instant, toldAt: Instant): void {
  const subject = table.promises.get(about) ?? missing(about);
  if (subject.closed) return;
  const made = [...table.promises.values()].filter(({ parent, basis }) => parent === about && basis.news !== undefined);
  table.insert({
    ...{ ref: `${about}#news-${made.length + 1}`, kind: NEWS_KIND, customer: subject.customer, parent: about },
    registeredOwner: subject.owner ?? subject.registeredOwner,
    basis: {
      ...subject.basis,
      ...{ promised: { precision: 'instant', at }, madeAt: toldAt, target: null, place: 0, policyVersion: 1 },
      news: Math.min(MOST_NEWS, newsAbout(table, about) + 1),
    },
  });
}

export const keyOf = ({ reason, revision }: NoticeKey, promiseId: string): string =>
  `${promiseId}:${reason}:${revision}`;

export function missing(id: string): never {
  throw new Error(`There is no row ${id}.`);
}
