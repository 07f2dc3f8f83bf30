import { v7 as uuid } from 'uuid';
import { KeptError } from './fault-fields.ts';
import { withFreshness } from './insert-promises.ts';
import { getPromise } from './promises.ts';
import { inTransaction, type Pool, type Tx } from './pool.ts';
import { makeGood, writeMadeGood, type Broken, type MadeGood } from './make-good.ts';
import { recordArrivals } from './remedies.ts';
import { rulesOf } from './rules.ts';
import { lockPromises, readFacts, readMoment, insertFacts, type LockedPromise } from './settle-reads.ts';
import { flagsAfter, writeDifference, type Difference } from './settle-writes.ts';
import type { FactResult } from './shapes.ts';
import { membersOf } from './duty.ts';
import { planningOf, segmentsOf, storedSteps, termsFor, type Rules } from '../domain/calendar/planning.ts';
import type { UnfinishedNotice } from '../domain/promise/decisions.ts';
import { newAlerts } from '../domain/promise/alerts.ts';
import type { Fact, OutsideFact } from '../domain/promise/facts.ts';
import type { PromiseState } from '../domain/promise/fold.ts';
import type { Instant } from '../domain/promise/instant.ts';
import { breakOf } from '../domain/promise/remedies.ts';
import { newsChanges } from '../domain/promise/news.ts';
import type { Terms } from '../domain/promise/plan.ts';
import { settlement } from '../domain/promise/settlement.ts';
import type { Step } from '../workflows/contract.ts';

/** New facts of one promise; none lets time pass only. */
export interface Change {
  readonly id: string;
  readonly facts: readonly Fact[];
}

export interface SettleOptions {
  /** The promise whose own workflow gets the step as its answer, and so needs no poke. */
  readonly answering?: string | undefined;
  /** Poke whatever was settled: the sweep found that nobody had looked. */
  readonly pokeAll?: boolean;
  /** Write the plan, too, though nothing has moved it: somebody found another one in its place. */
  readonly rewrite?: boolean;
}

/** What one promise has become. */
export interface SettledPromise {
  readonly promise: LockedPromise;
  readonly terms: Terms;
  readonly state: PromiseState;
  readonly step: Step;
  /** Its workflow is told to look, since it would look too late by itself. */
  readonly poked: boolean;
  /** Keys of the facts that were new. */
  readonly applied: readonly string[];
  /** Keys that were known with another content; those facts were not stored. */
  readonly clashes: readonly string[];
}

/**
 * The one door to change promises: locks them in id order, appends facts, folds, judges at PostgreSQL's time, and
 * writes the difference (state, notices, alerts, poke) into the caller's transaction; then those to be in touch again that
 * end with it. Unknown ids are left out.
 */
export async function settle(
  tx: Tx,
  changes: readonly Change[],
  options: SettleOptions = {},
): Promise<ReadonlyMap<string, SettledPromise>> {
  const ids = changes.map((change) => change.id);
  const locked = await lockPromises(tx, ids);
  const known = changes.filter((change) => locked.has(change.id));
  const inserted = await insertFacts(tx, await withFreshEstimates(tx, known, locked));
  const { now, unfinished } = await readMoment(tx, ids);
  const facts = await readFacts(tx, ids);

  const looks: Look[] = [];
  for (const change of known) {
    const promise = locked.get(change.id);
    if (!promise) continue;
    const stored = facts.get(change.id) ?? [];
    const rules = await rulesOf(tx, promise, stored);
    const news = change.facts.filter((fact) => inserted.has(`${change.id} ${fact.factKey}`));
    const look = { change, promise, rules, stored, news, unfinished: unfinished.get(change.id) ?? [], now, options };
    looks.push({ ...look, settled: settleOne(look, NOTHING) });
  }
  const made = await makeGood(tx, looks.flatMap(brokenOf), now);

  const results = new Map<string, SettledPromise>();
  const differences: Difference[] = [];
  for (const look of looks) {
    const { change, promise, stored, news } = look;
    const good = made.get(promise.id);
    const settled = good ? settleOne(look, good) : look.settled;
    if (isChanged(look, settled.difference)) differences.push(settled.difference);
    const { terms } = settled.difference;
    const applied = news.map((fact) => fact.factKey);
    const clashes = change.facts.filter((fact) => !applied.includes(fact.factKey) && !isStored(fact, stored));
    results.set(change.id, {
      promise,
      terms,
      state: settled.state,
      step: settled.step,
      poked: settled.difference.poke,
      applied,
      clashes: clashes.map((fact) => fact.factKey),
    });
  }
  const alerting = differences.filter(({ alerts }) => alerts.length > 0);
  const owners = alerting.flatMap(({ state }) => state.owner ?? []);
  const partners = alerting.flatMap(({ partner }) => partner ?? []);
  const isTold = owners.length + partners.length > 0;
  await writeDifference(tx, differences, isTold ? await membersOf(tx, owners, partners) : new Map());
  await writeMadeGood(tx, made.values(), now);
  await recordArrivals(tx, differences.flatMap(arrivalOf));
  const news = newsChanges(locked.values(), (id) => {
    const result = results.get(id);
    return result && { facts: facts.get(id) ?? [], end: result.state.end };
  });
  if (news.length === 0) return results;
  return new Map([...results, ...(await settle(tx, news, { answering: options.answering }))]);
}

/** One promise as it is found, with the facts that are new. */
interface Found {
  readonly change: Change;
  readonly promise: LockedPromise;
  readonly rules: Rules;
  readonly stored: readonly Fact[];
  readonly news: readonly Fact[];
  readonly unfinished: readonly UnfinishedNotice[];
  readonly now: Instant;
  readonly options: SettleOptions;
}

/** What it would become if nothing followed from a break. */
interface Look extends Found {
  readonly settled: ReturnType<typeof settleOne>;
}

const NOTHING: Pick<MadeGood, 'facts' | 'alerts'> = { facts: [], alerts: [] };

function brokenOf({ promise, news, now, settled }: Look): readonly Broken[] {
  const { terms, judged } = settled.difference;
  const broke = breakOf(terms, settled.before, judged, news, now);
  return broke ? [{ promise, terms, state: settled.before, broke }] : [];
}

/** A refund that is over, or is not after all. */
const arrivalOf = ({ id, ends, terms, state }: Difference) =>
  terms.follows && ends !== null ? [{ id, arrived: state.end?.kind === 'fulfilled' }] : [];

/** What `settlement` decides of one promise, as it is written and as its workflow is answered. Pure but for new ids. */
function settleOne(
  { promise, rules, stored: known, news, unfinished, now, options }: Found,
  made: Pick<MadeGood, 'facts' | 'alerts'>,
): { difference: Difference; before: PromiseState; state: PromiseState; step: Step } {
  const planning = planningOf(promise, rules);
  const facts = [...known, ...made.facts];
  const engaged = { armedAt: promise.armedAt, closed: promise.closedAt !== null };
  const answering = options.answering === promise.id;
  const settled = settlement({
    ...{ planning, facts, unfinished, engaged, now, answering },
    termsFor: (plan) => termsFor(promise, plan, rules),
    pokeAnyway: options.pokeAll === true,
  });
  const { before, state, terms, judged, left, drop, armedAt, ends, poke } = settled;
  const insert = settled.insert.map((notice) => ({ ...notice, id: uuid() }));
  const steps = storedSteps(planning, state);
  const alerting = { partner: promise.partner, isOver: engaged.closed || promise.history };
  return {
    before,
    state,
    step: {
      duties: [...left, ...insert].map(({ id, reason }) => ({ id, reason })),
      wakeAt: judged.wakeAt,
      closed: judged.closed,
    },
    difference: {
      ...{ id: promise.id, partner: promise.partner, registeredOwner: promise.registeredOwner, now },
      ...{ judged, state, terms, insert, drop, armedAt, ends, poke },
      flags: flagsAfter(promise.flags, state.plan, state),
      replanned:
        options.rewrite !== true && isSame(steps, promise.steps) ? null : { steps, segments: segmentsOf(state, rules) },
      ownFacts: [...made.facts, ...settled.ownFacts],
      alerts: [...newAlerts(alerting, terms, judged, news, facts), ...made.alerts],
      reported: engaged.closed || judged.closed !== null,
    },
  };
}

/** An estimate is news for as long as the policy says under which it arrives. */
async function withFreshEstimates(
  tx: Tx,
  changes: readonly Change[],
  locked: ReadonlyMap<string, LockedPromise>,
): Promise<readonly Change[]> {
  return Promise.all(
    changes.map(async (change) => {
      const promise = locked.get(change.id);
      if (!promise || !change.facts.some(({ kind }) => kind === 'estimated')) return change;
      const terms = termsFor(promise, promise.plan, await rulesOf(tx, promise, []));
      return { id: change.id, facts: change.facts.map((fact) => withFreshness(terms, fact)) };
    }),
  );
}

/** Without a new fact, only time can have changed a row, or whoever asks for a `rewrite`. A claim settles once more what its workflow has just settled. */
function isChanged({ promise, news }: Look, difference: Difference): boolean {
  const { judged, ownFacts, insert, drop, alerts, flags, armedAt, replanned, ends, poke } = difference;
  const added = [news, ownFacts, insert, drop, alerts].some((each) => each.length > 0);
  if (added || replanned !== null || ends !== null || poke) return true;
  return (
    judged.phase !== promise.phase ||
    judged.wakeAt !== promise.wakeAt ||
    armedAt !== promise.armedAt ||
    flags.join() !== promise.flags.join()
  );
}

/** Steps are used again as they are: a plan that moved has another one at some place. */
const isSame = <T>(a: readonly T[], b: readonly T[]): boolean =>
  a.length === b.length && a.every((each, at) => at === 0 || each === b[at]);

/** The same key with the same content: told twice, not changed. */
function isStored(fact: Fact, stored: readonly Fact[]): boolean {
  const twin = stored.find((other) => other.factKey === fact.factKey);
  return twin !== undefined && factText(twin) === factText(fact);
}

/** The same text for the same fact, whatever the order of its fields; what we add to it ourselves is no part of it. */
export const factText = (fact: Fact): string =>
  JSON.stringify(
    Object.entries(fact)
      .filter(([key]) => key !== 'freshUntil')
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  );

/** Lets time pass for one promise and tells its workflow what is owed and when to look next. */
export async function advance(pool: Pool, promiseId: string): Promise<Step> {
  return inTransaction(pool, async (tx) => {
    const settled = await settle(tx, [{ id: promiseId, facts: [] }], { answering: promiseId });
    return settled.get(promiseId)?.step ?? { duties: [], wakeAt: null, closed: 'unknown' };
  });
}

/** Appends one fact that came from outside and settles its promise. A fact told twice is `known` and changes nothing. */
export async function recordFact(pool: Pool, promiseId: string, fact: OutsideFact): Promise<FactResult> {
  try {
    return await inTransaction(pool, async (tx) => {
      const settled = (await settle(tx, [{ id: promiseId, facts: [fact] }])).get(promiseId);
      if (!settled) return { result: 'unknown' };
      if (settled.clashes.length > 0) return { result: 'clash' };
      const told = settled.state.revisions.find(({ factKey }) => factKey === fact.factKey)?.told;
      if (told && told.at <= fact.occurredAt && settled.applied.length > 0) throw new NotTellable('past');
      const promise = await getPromise(tx, promiseId);
      if (!promise) return { result: 'unknown' };
      return { result: settled.applied.length > 0 ? 'applied' : 'known', promise };
    });
  } catch (error) {
    if (error instanceof NotTellable) return { result: error.result };
    if (error instanceof RangeError) return { result: 'out_of_range' };
    throw error;
  }
}

/** Rolls back a fact that tells what cannot be told. */
class NotTellable extends KeptError {
  readonly result: 'past';
  constructor(result: 'past') {
    super('What the fact tells has passed.');
    this.result = result;
  }
}
