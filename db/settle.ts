import { v7 as uuid } from 'uuid';
import { policyOf } from './policies.ts';
import { getPromise } from './promises.ts';
import { inTransaction, type Pool, type Tx } from './pool.ts';
import { lockPromises, readFacts, readMoment, insertFacts, type LockedPromise } from './settle-reads.ts';
import { flagsAfter, writeDifference, type Difference } from './settle-writes.ts';
import type { FactResult } from './shapes.ts';
import { staffOf } from './people.ts';
import { termsOf } from '../domain/calendar/plan.ts';
import {
  armedByAnswer,
  armedByChange,
  needsPoke,
  noticeChanges,
  type Settled,
  type UnfinishedNotice,
} from '../domain/promise/decisions.ts';
import { noticeKeyText, type Fact, type OutsideFact } from '../domain/promise/facts.ts';
import { fold, type PromiseState } from '../domain/promise/fold.ts';
import type { Instant } from '../domain/promise/instant.ts';
import { judge, type Judgement } from '../domain/promise/judge.ts';
import type { Terms } from '../domain/promise/plan.ts';
import { ESCALATION } from '../domain/promise/words.ts';
import type { Step } from '../workflows/contract.ts';

/** New facts of one promise; none lets time pass only. */
export interface Change {
  readonly id: string;
  readonly facts: readonly Fact[];
}

export interface SettleOptions {
  /** The promise whose own workflow gets the step as its answer, and so needs no poke. */
  readonly answering?: string;
  /** Poke whatever was settled: the sweep found that nobody had looked. */
  readonly pokeAll?: boolean;
}

/** What one promise has become. */
export interface SettledPromise {
  readonly promise: LockedPromise;
  readonly terms: Terms;
  readonly state: PromiseState;
  readonly step: Step;
  /** Keys of the facts that were new. */
  readonly applied: readonly string[];
  /** Keys that were known with another content; those facts were not stored. */
  readonly clashes: readonly string[];
}

/**
 * The one door to change promises: locks them in id order, appends facts, folds, judges at PostgreSQL's time, and
 * writes the difference (state, notices, alerts, poke) into the caller's transaction. Unknown ids are left out.
 */
export async function settle(
  tx: Tx,
  changes: readonly Change[],
  options: SettleOptions = {},
): Promise<ReadonlyMap<string, SettledPromise>> {
  const ids = changes.map((change) => change.id);
  const locked = await lockPromises(tx, ids);
  const known = changes.filter((change) => locked.has(change.id));
  const inserted = await insertFacts(tx, known);
  const { now, unfinished } = await readMoment(tx, ids);
  const facts = await readFacts(tx, ids);

  const results = new Map<string, SettledPromise>();
  const differences: Difference[] = [];
  for (const change of known) {
    const promise = locked.get(change.id);
    if (!promise) continue;
    const terms = termsOf(promise.plan, await policyOf(tx, promise.kind, promise.policyVersion), promise.history);
    const stored = facts.get(change.id) ?? [];
    const settled = settleOne(promise, terms, stored, unfinished.get(change.id) ?? [], now, options);
    differences.push(settled.difference);
    const applied = change.facts.filter((fact) => inserted.has(`${change.id} ${fact.factKey}`)).map((f) => f.factKey);
    const clashes = change.facts.filter((fact) => !applied.includes(fact.factKey) && !isStored(fact, stored));
    results.set(change.id, {
      promise,
      terms,
      state: settled.state,
      step: settled.step,
      applied,
      clashes: clashes.map((fact) => fact.factKey),
    });
  }
  const owners = differences.flatMap((d) => (d.alerts.length > 0 && d.owner ? [d.owner] : []));
  await writeDifference(tx, differences, owners.length > 0 ? await staffOf(tx, owners) : new Map());
  return results;
}

/** Facts and rows of one promise in, what to write and what its workflow should know out. Pure. */
function settleOne(
  promise: LockedPromise,
  terms: Terms,
  stored: readonly Fact[],
  unfinished: readonly UnfinishedNotice[],
  now: Instant,
  options: SettleOptions,
): { difference: Difference; state: PromiseState; step: Step } {
  const before = fold(terms.plan, stored);
  const judged = judge(terms, before, now);
  const changes = noticeChanges(judged, before, unfinished, now);
  const inserted = changes.insert.map((notice) => ({ ...notice, id: uuid() }));
  const ownFacts = ownFactsOf(judged, changes.drop, now);
  const state = fold(terms.plan, [...stored, ...ownFacts]);
  const dropped = new Set(changes.drop.map((drop) => drop.id));
  const left = [...unfinished.filter((notice) => !dropped.has(notice.id)), ...inserted];
  const after: Settled = {
    wakeAt: judged.wakeAt,
    closed: judged.closed !== null,
    noticeOwed: inserted.length > 0,
    unfinished: left.length > 0,
  };
  const engaged = { armedAt: promise.armedAt, closed: promise.closedAt !== null };
  const answering = options.answering === promise.id;
  return {
    state,
    step: {
      duties: left.map(({ id, reason }) => ({ id, reason })),
      wakeAt: judged.wakeAt,
      closed: judged.closed,
    },
    difference: {
      id: promise.id,
      owner: promise.owner,
      now,
      judged,
      state,
      terms,
      flags: flagsAfter(promise.flags, terms.plan, state),
      armedAt: promise.history ? null : answering ? armedByAnswer(after) : armedByChange(engaged, after),
      ownFacts,
      insert: inserted,
      drop: [...dropped],
      alerts: judged.alerts.flatMap((reason) => ESCALATION[reason].map((rung) => ({ id: uuid(), reason, rung }))),
      poke: !promise.history && !answering && (options.pokeAll === true || needsPoke(engaged, after)),
      reported: engaged.closed || after.closed,
    },
  };
}

/** What settle itself states: who was alerted, which notices lost their reason. */
function ownFactsOf(judged: Judgement, drops: ReturnType<typeof noticeChanges>['drop'], now: Instant): Fact[] {
  const alerted = judged.alerts.map((reason): Fact => {
    return { kind: 'escalated', factKey: `alert:${reason}`, occurredAt: now, reason, rungs: ESCALATION[reason] };
  });
  const dropped = drops.map(({ key, cause }): Fact => {
    const { reason, revision, occasion } = key;
    const factKey = `notice:${noticeKeyText(key)}:dropped`;
    return { kind: 'notice_dropped', factKey, occurredAt: now, reason, revision, occasion, cause };
  });
  return [...alerted, ...dropped];
}

/** The same key with the same content: told twice, not changed. */
function isStored(fact: Fact, stored: readonly Fact[]): boolean {
  const twin = stored.find((other) => other.factKey === fact.factKey);
  return twin !== undefined && factText(twin) === factText(fact);
}

/** The same text for the same fact, whatever the order of its fields. */
export const factText = (fact: Fact): string =>
  JSON.stringify(Object.entries(fact).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));

/** Lets time pass for one promise and tells its workflow what is owed and when to look next. */
export async function advance(pool: Pool, promiseId: string): Promise<Step> {
  return inTransaction(pool, async (tx) => {
    const settled = await settle(tx, [{ id: promiseId, facts: [] }], { answering: promiseId });
    return settled.get(promiseId)?.step ?? { duties: [], wakeAt: null, closed: 'unknown' };
  });
}

/** Appends one fact that came from outside and settles its promise. A fact told twice is `known` and changes nothing. */
export async function recordFact(pool: Pool, promiseId: string, fact: OutsideFact): Promise<FactResult> {
  return inTransaction(pool, async (tx) => {
    const settled = (await settle(tx, [{ id: promiseId, facts: [fact] }])).get(promiseId);
    if (!settled) return { result: 'unknown' };
    if (settled.clashes.length > 0) return { result: 'clash' };
    const promise = await getPromise(tx, promiseId);
    if (!promise) return { result: 'unknown' };
    return { result: settled.applied.length > 0 ? 'applied' : 'known', promise };
  });
}
