import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from './journal.ts';
import type { Sink } from './sink.ts';

const people = 'people: []\nhotline: { name: Customer care, email: care@books.example }\n';
const policy = (kind: string, fields: string): string => `kind: ${kind}\nbuffer: { fixed: PT1S }\n${fields}\n`;

/** What the load needs in `KEPT_POLICIES`; `company`: further lines of company.yaml. */
export const loadPolicies = (company = ''): Readonly<Record<string, string>> => ({
  'people.yaml': people,
  'company.yaml': `zone: UTC\n${company}`,
  'parcel.yaml': policy('parcel', 'lead: PT1M\nwhenUnknown: silent\nfactLag: PT2S\nsendGuard: PT5S'),
  'visit.yaml': policy('visit', 'lead: PT10M\nwhenUnknown: warn\nfactLag: PT2S\nsendGuard: PT5S'),
  'tight.yaml': policy('tight', 'lead: PT12S\nwhenUnknown: warn\nfactLag: PT2S\nsendGuard: PT3S'),
});

/** What is known of one promise by whoever made it, without asking Kept. */
export interface Promised {
  readonly ref: string;
  readonly kind: string;
  /** When a warning may be handed over at the latest, in milliseconds. */
  readonly sendByMs: number;
  /** How many mails its customer must get at least and may get at most, by reason; none of any other. */
  readonly owes: Readonly<Record<string, readonly [number, number]>>;
  readonly ends: 'kept' | 'broken' | 'overdue' | 'open';
  /** Null until a registration was acknowledged. */
  id: string | null;
  readonly facts: Told[];
}

/** A fact as it was sent. */
export interface Told {
  readonly key: string;
  readonly kind: string;
  readonly occurredAt: string;
  acknowledged: boolean;
}

export interface Load {
  readonly promised: readonly Promised[];
  /** Registers no more; resolves when every promise has had its three facts, or patience has ended. */
  stop(): Promise<void>;
}

export interface LoadOptions {
  readonly client: Client;
  readonly sink: Sink;
  readonly perSecond: number;
  /** Less than 1: notices are owed after that part of the usual time. */
  readonly pace?: number;
  /** How long a promise waits for the mail it is owed before its last fact comes, in milliseconds. */
  readonly patienceMs?: number;
}

interface Kind {
  readonly kind: string;
  /** From its registration to its deadline, in seconds: so much, and a part of `spread`. */
  readonly length: number;
  readonly spread: number;
  /** How long before the deadline a warning may be handed over at the latest, in seconds. */
  readonly guard: number;
  readonly owes: Promised['owes'];
  /** Its last fact comes after the mail of this reason. */
  readonly after: string | null;
  readonly ends: Promised['ends'];
  readonly second: 'progressed' | 'estimated';
}

const between = (from: number, to: number): number => from + Math.random() * (to - from);
const calm: Kind = {
  ...{ kind: 'parcel', length: 600, spread: 0, guard: 5, owes: {}, after: null, ends: 'kept', second: 'progressed' },
};
/** Late by an estimate: a poke brings the mail. */
const slips: Kind = { ...calm, owes: { risk: [1, 1] }, after: 'risk', second: 'estimated' };
/** Nothing is known at the last call, which comes within `spread` and 5 s: a timer brings the mail. */
const unknown: Kind = { ...slips, kind: 'visit', length: 605, spread: 25, second: 'progressed' };
/** 9 s from the last call until a warning comes too late; then the deadline passes and an apology is owed. */
const tight: Kind = {
  ...{ kind: 'tight', length: 15, spread: 25, guard: 3, owes: { risk: [0, 1], recovery: [1, 1] } },
  ...{ after: 'recovery', ends: 'broken', second: 'progressed' },
};
/** A third owes notices within 60 s. */
const KINDS = [calm, slips, calm, calm, unknown, calm, calm, tight, calm] as const;

/** Registers promises at a steady rate (0: none) whatever becomes of them, and tells three facts of each. */
export function startLoad({ client, sink, perSecond, pace = 1, patienceMs = 300_000 }: LoadOptions): Load {
  const run = Date.now().toString(36);
  const promised: Promised[] = [];
  const lives: Promise<void>[] = [];
  const heard = hearing(sink);
  const register = (): void => {
    const number = promised.length;
    const kind = KINDS[number % KINDS.length] ?? calm;
    const promisedAtMs = Date.now() + (kind.length + pace * between(0, kind.spread)) * 1_000;
    const made: Promised = {
      ...{ ref: `${run}-${number}`, kind: kind.kind, owes: kind.owes, ends: kind.ends },
      ...{ sendByMs: promisedAtMs - kind.guard * 1_000, facts: [], id: null },
    };
    promised.push(made);
    lives.push(live(client, made, kind, promisedAtMs, Math.floor(number / KINDS.length), heard, patienceMs));
  };
  const startedMs = performance.now();
  /** A timer that comes late is made up for. */
  const keepUp = (): void => {
    while (promised.length < ((performance.now() - startedMs) * perSecond) / 1_000) register();
  };
  const timer = perSecond > 0 ? setInterval(keepUp, 1_000 / perSecond) : undefined;
  return {
    promised,
    stop: async () => {
      clearInterval(timer);
      const failed = (await Promise.allSettled(lives)).find((life) => life.status === 'rejected');
      if (failed) throw failed.reason;
    },
  };
}

async function live(
  client: Client,
  promise: Promised,
  { kind, after, second }: Kind,
  promisedAtMs: number,
  family: number,
  heard: (notice: string) => boolean,
  patienceMs: number,
): Promise<void> {
  const { ref } = promise;
  const tell = async (key: string, what: Pick<Told, 'kind'> & Readonly<Record<string, unknown>>): Promise<void> => {
    const fact: Told = { key, kind: what.kind, occurredAt: new Date().toISOString(), acknowledged: false };
    promise.facts.push(fact);
    const body = { ...what, factKey: key, occurredAt: fact.occurredAt };
    fact.acknowledged =
      (await client.post({ what: 'fact', ref, key }, `/v1/promises/${promise.id}/facts`, body)) !== null;
  };
  const answer = await client.post({ what: 'register', ref }, '/v1/promises', {
    ...{ source: 'load', ref, kind, promised: { at: new Date(promisedAtMs).toISOString() } },
    madeAt: new Date(promisedAtMs - 3_600_000).toISOString(),
    customer: customerOf(kind, family, ref),
  });
  const id = answer?.['id'];
  if (typeof id !== 'string') return;
  promise.id = id;
  await sleep(between(500, 3_000));
  await tell('first', { kind: 'progressed', checkpoint: 'packed' });
  await sleep(between(500, 5_000));
  const late = new Date(promisedAtMs + 3_600_000).toISOString();
  await tell(
    'second',
    second === 'estimated' ? { kind: 'estimated', at: late } : { kind: 'progressed', checkpoint: 'sent' },
  );
  if (after === null) await sleep(between(1_000, 10_000));
  else for (const until = Date.now() + patienceMs; !heard(`${id}:${after}`) && Date.now() < until;) await sleep(200);
  await tell('third', { kind: 'fulfilled' });
}

/** Parcels and visits of nine registrations go to one customer, so that some of their mails become one. */
function customerOf(kind: string, family: number, ref: string) {
  const name = kind === 'tight' ? ref : `family-${family}`;
  return { ref: name, name: 'Mari Tamm', email: `${name}@customers.example` };
}

/** Tells whether a mail of `<promise>:<reason>` has arrived. */
function hearing(sink: Sink): (notice: string) => boolean {
  const known = new Set<string>();
  let read = 0;
  return (notice) => {
    for (; read < sink.mails.length; read += 1)
      for (const key of sink.mails[read]?.notices ?? []) known.add(key.slice(0, key.lastIndexOf(':')));
    return known.has(notice);
  };
}
