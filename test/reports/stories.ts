import type { Pool } from '../../db/pool.ts';
import { inTransaction } from '../../db/pool.ts';
import { insertPromises } from '../../db/insert-promises.ts';
import { newestPolicy, savePolicies } from '../../db/policies.ts';
import { createRegistrar } from '../../db/register.ts';
import { settle } from '../../db/settle.ts';
import { NO_CALENDARS } from '../../domain/calendar/book.ts';
import { planOf } from '../../domain/calendar/plan.ts';
import { termsOf } from '../../domain/calendar/terms.ts';
import type { Promised, Undertaking } from '../../domain/promise/plan.ts';
import { plusDays, startOfDay } from '../../domain/calendar/zones.ts';
import type { Fact } from '../../domain/promise/facts.ts';
import { instant, plusMs } from '../../domain/promise/instant.ts';
import { policy, registration, seed, type RegistrationWish } from '../support/registrations.ts';
import { CHAINS } from './chains.ts';
import { at, HOUR, NOON } from './noon.ts';

export const GOALS: Readonly<Record<string, number | null>> = { delivery: 0.95, callback: null, reply: 0.9 };

/** What a promise is called by, as the report groups it. */
export interface Named {
  readonly kind: string;
  readonly source: string;
  readonly owner: string | null;
  readonly partner: string | null;
  readonly region: string | null;
  readonly product: string | null;
}

/** 120 promises of ours, 60 of a history and 96 chains: every kind, precision, ending and notice, mixed by a fixed seed. */
export async function tellStories(pool: Pool): Promise<readonly string[]> {
  await seed(pool, [
    policy({ kind: 'delivery', buffer: { fixed: 'P1D' }, lead: 'P1D', goal: '95%' }),
    policy({ kind: 'callback', buffer: { fixed: 'PT10M' }, lead: 'PT30M' }),
    policy({ kind: 'reply', buffer: { share: '25%' }, lead: 'PT4H', goal: '80%' }),
  ]);
  await savePolicies(pool, [policy({ kind: 'reply', buffer: { share: '25%' }, lead: 'PT4H', goal: '90%' })]);
  const random = seeded(7);
  const ids: string[] = [];
  for (let n = 0; n < 120; n += 1) ids.push(await tell(pool, storyOf(n, random)));
  for (let n = 120; n < 180; n += 1) ids.push(await remember(pool, n, random));
  for (let n = 180; n < 276; n += 1) ids.push(await tell(pool, chainOf(n, random)));
  return ids;
}

export interface Story {
  readonly wish: RegistrationWish;
  readonly named: Pick<Named, 'region' | 'product'>;
  readonly facts: readonly Fact[];
  /** What arrives after the others, whenever it occurred. */
  readonly late?: readonly Fact[];
}

/** A promise of ours, and what happened. */
export async function tell(pool: Pool, { wish, named, facts, late = [] }: Story): Promise<string> {
  const made = { ...(await registration(pool, wish)), ...named };
  await createRegistrar(pool).register(made);
  await inTransaction(pool, (tx) => settle(tx, [{ id: made.id, facts }]));
  for (const fact of late) await inTransaction(pool, (tx) => settle(tx, [{ id: made.id, facts: [fact] }]));
  return made.id;
}

/** A promise of a history, which names nobody and does not always say when it was made. */
async function remember(pool: Pool, n: number, random: () => number): Promise<string> {
  const { wish, named, facts } = storyOf(n, random);
  const made = { ...(await registration(pool, wish)), ...named };
  const stored = await newestPolicy(pool, made.kind);
  if (!stored) throw new Error(`No policy for ${made.kind}.`);
  const madeAt = n % 3 === 0 ? null : NOON;
  const request = { promised: wish.promised, madeAt, target: null, customerZone: null, companyZone: 'UTC', place: 0 };
  const terms = termsOf(
    planOf(request, stored.policy, { ...NO_CALENDARS, policyVersion: stored.version }),
    stored.policy,
    { history: true },
  );
  const registered: Fact = { kind: 'registered', factKey: 'registered', occurredAt: NOON };
  const ends = facts.filter((fact) => fact.kind !== 'notice_sent').map((fact) => byDay(fact, wish.promised, n));
  const promise = { ...made, source: 'past', customer: null, terms, facts: [registered, ...ends] };
  await insertPromises(pool, [promise], { now: instant(Date.now()), customers: 'known' });
  return made.id;
}

/** Of every other fulfilment of a promise for a day only the day is known. */
function byDay(fact: Fact, promised: Promised, n: number): Fact {
  if (fact.kind !== 'fulfilled' || promised.precision !== 'day' || n % 2 === 0) return fact;
  const day = plusDays(promised.day, (n % 5) - 2);
  return { ...fact, asDay: true, occurredAt: startOfDay(plusDays(day, 1), promised.zone) };
}

function storyOf(n: number, random: () => number): Story & { readonly wish: { readonly promised: Promised } } {
  const kind = ['delivery', 'callback', 'reply'][n % 3] ?? 'delivery';
  const length = 1 + Math.floor(random() * 5);
  const deadline = at(length);
  const promised: Promised =
    kind === 'callback'
      ? { precision: 'window', from: plusMs(deadline, -2 * HOUR), to: deadline }
      : kind === 'reply'
        ? { precision: 'instant', at: random() < 0.2 ? at(60) : deadline }
        : { precision: 'day', day: at(length - 1).slice(0, 10), zone: n % 2 ? 'Europe/Tallinn' : 'Pacific/Kiritimati' };
  const wish = {
    kind,
    promised,
    madeAt: NOON,
    ref: `R-${n}`,
    owner: n % 5 === 0 ? null : n % 2 ? 'kati' : 'jaan',
    partner: n % 4 === 0 ? null : n % 4 === 1 ? 'dpd' : 'omniva',
    source: n % 7 === 0 ? 'phone' : 'shop',
  };
  return { wish, named: namedOf(n), facts: [...noticesOf(length, random), ...endOf(length, random)] };
}

const namedOf = (n: number): Story['named'] => ({
  region: n % 6 === 0 ? null : `region ${n % 4}`,
  product: n % 8 === 0 ? null : `product ${n % 11}`,
});

/** A promise that was moved: by pauses, by other times, by taking back its end. */
function chainOf(n: number, random: () => number): Story {
  const length = 2 + Math.floor(random() * 3);
  const chain = CHAINS[n % CHAINS.length];
  if (!chain) throw new RangeError(`No chain of the number ${n}.`);
  const promised: Undertaking = chain.lasts
    ? { precision: 'instant', within: `PT${length * 24}H`, calendar: null }
    : chain.kind === 'callback'
      ? { precision: 'window', from: at(length - 0.5), to: at(length) }
      : { precision: 'instant', at: at(length) };
  return {
    wish: { kind: chain.kind ?? 'reply', promised, madeAt: NOON, ref: `C-${n}`, owner: n % 3 ? 'kati' : null },
    named: namedOf(n),
    ...chain.tell(length, random),
  };
}

function endOf(length: number, random: () => number): Fact[] {
  const occurredAt = at(length * (0.3 + random()));
  const lot = random();
  // Fulfilled on the very deadline of an instant and of a window.
  if (lot < 0.1) return [{ kind: 'fulfilled', factKey: 'end', occurredAt: at(length) }];
  if (lot < 0.6) return [{ kind: 'fulfilled', factKey: 'end', occurredAt }];
  if (lot < 0.65) return [{ kind: 'withdrawn', by: 'customer', factKey: 'end', occurredAt }];
  if (lot < 0.7) return [{ kind: 'withdrawn', by: 'unknown', factKey: 'end', occurredAt }];
  if (lot < 0.8) return [{ kind: 'withdrawn', by: 'company', factKey: 'end', occurredAt }];
  return [];
}

function noticesOf(length: number, random: () => number): Fact[] {
  const sent = {
    kind: 'notice_sent',
    nextNewsAt: null,
    channel: 'email',
    messageId: '<a@b>',
    revision: 1,
    occasion: 0,
  } as const;
  const told = random() < 0.6 ? { at: at(length + random() * 2), day: null } : null;
  const risk: Fact = { ...sent, reason: 'risk', factKey: 'risk', occurredAt: at(length * (0.5 + random() / 2)), told };
  const recovery: Fact = {
    ...sent,
    reason: 'recovery',
    factKey: 'recovery',
    occurredAt: at(length + random()),
    told: null,
  };
  return [...(random() < 0.5 ? [risk] : []), ...(random() < 0.3 ? [recovery] : [])];
}

/** A small generator of numbers in [0, 1); the same seed gives the same numbers. */
function seeded(first: number): () => number {
  let state = first;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
