import { v7 as uuid } from 'uuid';
import { registerChildren, usualPolicy, type Child } from './children.ts';
import { companyRules } from './company.ts';
import type { Tx } from './pool.ts';
import { drawBudgets, type Need } from './remedy-budgets.ts';
import { decidedBefore, insertRemedies, type Decided, type NewRemedy } from './remedies.ts';
import type { LockedPromise } from './settle-reads.ts';
import { callBy } from '../domain/calendar/call-by.ts';
import { minusDuration, plusDuration } from '../domain/calendar/durations.ts';
import { dayOf } from '../domain/calendar/zones.ts';
import type { CompanyRules } from '../domain/policy/company.ts';
import type { NewAlert } from '../domain/promise/alerts.ts';
import type { Fact, Offer } from '../domain/promise/facts.ts';
import type { PromiseState } from '../domain/promise/fold.ts';
import { earlier, inWholes, type Instant } from '../domain/promise/instant.ts';
import type { Terms } from '../domain/promise/plan.ts';
import { needsApproval, wantedFor, type Break, type Wanted } from '../domain/promise/remedies.ts';

/** A promise that breaks at this moment; locked. */
export interface Broken {
  readonly promise: LockedPromise;
  readonly terms: Terms;
  readonly state: PromiseState;
  readonly broke: Break;
}

/** What was decided for one of them: facts and alerts that settle writes, and what follows when it has. */
export interface MadeGood {
  readonly facts: readonly Fact[];
  readonly alerts: readonly NewAlert[];
  readonly remedies: readonly NewRemedy[];
  readonly children: readonly (Child & { readonly id: string })[];
}

/** What only other promises and the budget can tell, read before anything is decided. */
interface Known {
  readonly rules: CompanyRules;
  readonly now: Instant;
  /** A promise of the same customer that was broken before, by the id of the one that breaks now. */
  readonly earlier: ReadonlyMap<string, string>;
  readonly decided: ReadonlyMap<string, Decided>;
}

/**
 * Decides what follows from breaks: whether it is the second one, what is granted for it and what waits for approval. The
 * budgets are locked here, after the promises.
 */
export async function makeGood(
  tx: Tx,
  broken: readonly Broken[],
  now: Instant,
): Promise<ReadonlyMap<string, MadeGood>> {
  if (broken.length === 0) return new Map();
  const rules = await companyRules(tx);
  const ids = broken.map(({ promise }) => promise.id);
  const known = {
    rules,
    now,
    earlier: await brokenBefore(tx, broken, rules, now),
    decided: await decidedBefore(tx, ids),
  };
  const cases = broken.map((one) => ({ ...one, again: againFact(one, known), wanted: wantedOf(one, known) }));
  const needs = cases.map((one) => needOf(one, now));
  const drawn = await drawBudgets(
    tx,
    needs.flatMap((need) => need ?? []),
  );
  const calls = cases.some(({ again }) => again !== null) ? await callQuiet(tx) : null;
  let place = 0;
  return new Map(
    cases.map((one, index) => {
      const fits = needs[index] === null || drawn[place++] === true;
      return [one.promise.id, madeGood(one, known, { fits, calls, month: needs[index]?.month ?? null })];
    }),
  );
}

/** Stores what follows, once the promises themselves are written. */
export async function writeMadeGood(tx: Tx, made: Iterable<MadeGood>, now: Instant): Promise<void> {
  const all = [...made];
  const children = all.flatMap((one) => one.children);
  const registered = await registerChildren(tx, children, now);
  const remedies = all.flatMap((one) => one.remedies);
  await insertRemedies(
    tx,
    remedies.map((remedy) => ({
      ...remedy,
      // Where somebody else's promise bears its name, the remedy stands without one.
      refundPromiseId: registered.has(remedy.refundPromiseId ?? '') ? remedy.refundPromiseId : null,
    })),
  );
}

/**
 * Another promise of the same customer that is broken, and about which she was written to before this one's deadline: so
 * what one outage broke is one break. What Kept made itself does not count. Read without a lock: what was handed over
 * before this deadline does not change any more (index promises_recovered).
 */
async function brokenBefore(
  tx: Tx,
  broken: readonly Broken[],
  { secondBreak }: CompanyRules,
  now: Instant,
): Promise<ReadonlyMap<string, string>> {
  const asked = broken.flatMap(({ promise, state, broke }) => {
    if (!broke.isFirst || state.secondBreak !== null) return [];
    const until = earlier(state.plan.promisedAt, broke.lateAt);
    const deadline = state.end ? earlier(until, state.end.at) : until;
    return [
      {
        id: promise.id,
        customer: promise.customerId,
        until: deadline,
        since: minusDuration(deadline, secondBreak.within, state.plan.zone),
      },
    ];
  });
  if (asked.length === 0) return new Map();
  const { rows } = await tx.query<{ id: string; earlier: string }>({
    name: 'broken_before',
    text: `select a.id, e.id as earlier
           from json_to_recordset($1::json) as a (id uuid, customer uuid, since timestamptz, until timestamptz)
           cross join lateral (
             select p.id from promises p
             where p.customer_id = a.customer and p.id <> a.id and p.parent is null and not p.history
               and p.recovered_at >= a.since and p.recovered_at < a.until
               and promise_phase(p, $2) in ('overdue', 'broken')
             order by p.recovered_at desc limit 1) as e
           limit 1000`,
    values: [JSON.stringify(asked), now],
  });
  return new Map(rows.map((row) => [row.id, row.earlier]));
}

type Again = Extract<Fact, { kind: 'broken_again' }>;

function againFact({ promise, state, broke }: Broken, { earlier: before, now }: Known): Again | null {
  if (state.secondBreak !== null) return null;
  const head = { kind: 'broken_again', factKey: 'second_break', occurredAt: now } as const;
  const other = before.get(promise.id);
  if (other !== undefined) return { ...head, of: 'customer', earlier: other };
  return broke.again ? { ...head, of: 'chain' } : null;
}

function wantedOf(one: Broken, known: Known): Wanted | null {
  const { promise, terms, state, broke } = one;
  const isSecond = state.secondBreak !== null || againFact(one, known) !== null;
  const decided = known.decided.get(promise.id)?.remedies ?? [];
  return wantedFor(terms, { lateAt: broke.lateAt, isSecond, value: promise.value }, decided);
}

/** Null: nothing is wanted, it waits for approval anyway, or there is no end to what may be granted. */
function needOf({ promise, terms, wanted }: Broken & { readonly wanted: Wanted | null }, now: Instant): Need | null {
  const [first] = wanted?.options ?? [];
  const budget = terms.remedies?.month ?? null;
  if (!wanted || !first || budget === null || needsApproval(terms, wanted.options)) return null;
  const { amount, currency } = first;
  return { kind: promise.kind, currency, month: monthOf(promise, now), budget, amount };
}

/** The first day of the month, by the company's zone. */
export const monthOf = ({ basis }: Pick<LockedPromise, 'basis'>, now: Instant): string =>
  `${dayOf(now, basis.companyZone).slice(0, 7)}-01`;

interface Decision {
  /** The budget has enough left, or there is none. */
  readonly fits: boolean;
  readonly month: string | null;
  readonly calls: ((now: Instant, within: string, zone: string) => Instant) | null;
}

function madeGood(
  one: Broken & { readonly again: Again | null; readonly wanted: Wanted | null },
  known: Known,
  decision: Decision,
): MadeGood {
  const { promise, state, again, wanted } = one;
  const { now, rules } = known;
  const before = known.decided.get(promise.id) ?? { remedies: [], refunds: 0, callbacks: 0 };
  const remedy = wanted && remedyOf(one, wanted, before, decision, now);
  const { calls } = decision;
  const callback =
    again && calls
      ? [
          callbackOf(
            { ...promise, owner: state.owner },
            before,
            calls(now, rules.secondBreak.callWithin, promise.basis.customerZone ?? state.plan.zone),
            now,
          ),
        ]
      : [];
  return {
    facts: [...(again ? [again] : []), ...(remedy?.facts ?? [])],
    alerts: remedy?.alerts ?? [],
    remedies: remedy ? [remedy.row] : [],
    children: [...callback, ...(remedy?.children ?? [])],
  };
}

function remedyOf(
  { promise, terms, state, broke }: Broken,
  wanted: Wanted,
  before: Decided,
  { fits, month }: Decision,
  now: Instant,
) {
  const { reason, options } = wanted;
  const { lateMs } = broke;
  const id = uuid();
  const number = before.remedies.length + 1;
  const isGranted = fits && !needsApproval(terms, options);
  const granted = grantOf({ id, number, reason, lateMs, options }, now);
  const child = refundOf({ ...promise, owner: state.owner }, terms, options[0], before.refunds + 1, now);
  const row: NewRemedy = {
    ...{ id, promiseId: promise.id, number, reason, lateMs, options, at: now },
    state: isGranted ? 'granted' : 'pending',
    refundPromiseId: isGranted ? child.id : null,
    month: isGranted ? month : null,
  };
  return isGranted
    ? { row, facts: [granted], children: [child], alerts: [] }
    : { row, facts: [], children: [], alerts: [approvalAlert(id)] };
}

type Granted = Extract<Fact, { kind: 'remedy_granted' }>;

/** The fact that a remedy is granted. */
export const grantOf = (
  {
    id,
    number,
    ...says
  }: Pick<NewRemedy, 'id' | 'number' | 'reason' | 'lateMs' | 'options'> & { readonly by?: string },
  now: Instant,
): Granted => ({ kind: 'remedy_granted', factKey: `remedy:${number}:granted`, occurredAt: now, remedy: id, ...says });

/** The manager is told that a remedy waits for approval. */
const approvalAlert = (id: string): NewAlert => ({
  reason: 'approval',
  rung: 'manager',
  checkpoint: '',
  partner: null,
  occasion: id,
});

/** The promise by which what was granted reaches the customer. `number`: which one of its parent. */
export function refundOf(
  promise: Pick<LockedPromise, 'id' | 'source' | 'ref' | 'owner' | 'basis'>,
  { remedies }: Pick<Terms, 'remedies'>,
  held: Offer | undefined,
  number: number,
  now: Instant,
): Child & { readonly id: string } {
  const zone = promise.basis.customerZone ?? promise.basis.companyZone;
  return {
    id: uuid(),
    parent: promise.id,
    kind: 'refund',
    source: promise.source,
    ref: `${promise.ref}#refund-${number}`,
    // She is told a time: it is one that can be said.
    promised: { precision: 'instant', at: inWholes(plusDuration(now, remedies?.arrives ?? 'P5D', zone), now) },
    madeAt: now,
    owner: promise.owner,
    subject: null,
    // The notice that names the remedy says by when it arrives.
    confirms: false,
    ...(held && { value: { amount: held.amount, currency: held.currency } }),
  };
}

function callbackOf(
  promise: Parameters<typeof refundOf>[0],
  before: Decided,
  at: Instant,
  now: Instant,
): Child & { readonly id: string } {
  return {
    id: uuid(),
    parent: promise.id,
    kind: 'callback',
    source: promise.source,
    ref: `${promise.ref}#callback-${before.callbacks + 1}`,
    promised: { precision: 'instant', at },
    madeAt: now,
    owner: promise.owner,
    subject: null,
    confirms: true,
  };
}

/** By when a person calls, by the quiet hours of the kind `callback`. */
async function callQuiet(tx: Tx): Promise<NonNullable<Decision['calls']>> {
  const { policy } = await usualPolicy(tx, 'callback');
  return (now, within, zone) => callBy(now, within, policy.quiet, zone);
}
