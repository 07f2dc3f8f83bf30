import { createHash } from 'node:crypto';
import type { Labels, StoredPromise } from '../../db/import.ts';
import type { NewPromise } from '../../db/insert-promises.ts';
import { factText } from '../../db/settle.ts';
import { dayOf } from '../../domain/calendar/zones.ts';
import type { Fact, OutsideFact } from '../../domain/promise/facts.ts';
import { plusMs, type Instant } from '../../domain/promise/instant.ts';
import type { PlanReason } from '../../domain/promise/plan.ts';
import type { BadCell, HistoryRow, Rejected } from './mapping.ts';
import { hasEnded, promiseHash } from './new-promise.ts';

/** A promise that is there already, in the database or by an earlier line: what a further line of its ref is held against. */
export interface Known {
  readonly id: string;
  /** Of what was promised. */
  readonly hash: string;
  readonly promise: PromiseWords;
  readonly history: boolean;
  readonly ended: boolean;
  /** A digest of its labels. */
  readonly labels: string;
  /** By key, and brief: a rehearsal remembers those of a whole file. */
  readonly facts: ReadonlyMap<string, KnownFact>;
}

/** What was promised, as a clash words it; empty: not known, or not given. */
export interface PromiseWords {
  readonly kind: string;
  readonly made: string;
  readonly promised: string;
  /** Of a day. */
  readonly zone: string;
  readonly target: string;
}

export interface KnownFact {
  /** Of its content. */
  readonly digest: string;
  /** When it happened; of a forecast what it says. */
  readonly at: Instant;
  /** Only the day is known, and `at` is its end. */
  readonly asDay: boolean;
}

export const knownOf = (stored: StoredPromise): Known => ({
  id: stored.id,
  hash: hashText(stored.bodyHash),
  promise: wordsOf(stored),
  history: stored.history,
  ended: stored.ended,
  labels: labelsDigest(stored.labels),
  facts: briefly(stored.facts),
});

/** A new promise, as whoever stores it will find it. */
export const knownAs = ({ id, bodyHash, kind, terms: { plan, history }, facts, ...labels }: NewPromise): Known => ({
  id,
  hash: hashText(bodyHash),
  promise: wordsOf({ ...plan, kind, target: plan.reasons.some(isGivenTarget) ? plan.targetAt : null }),
  history,
  ended: hasEnded({ facts }),
  labels: labelsDigest(labels),
  facts: briefly(facts),
});

const isGivenTarget = ({ because }: PlanReason): boolean => because === 'target_given';

/** The same promise after some more facts. */
export const knowing = (known: Known, facts: readonly OutsideFact[]): Known => ({
  ...known,
  ended: known.ended || hasEnded({ facts }),
  facts: new Map([...known.facts, ...briefly(facts)]),
});

/** What a line says of a promise that is known. */
export interface News {
  /** Not told before; none where the line says nothing new. */
  readonly facts: readonly OutsideFact[];
  /** What it says otherwise, and what is left as it stands all the same. */
  readonly ignored: readonly BadCell[];
}

/** What is new in a line; or why it contradicts what is known. */
export function newsOf(row: HistoryRow, known: Known): News | Rejected {
  if (hashText(promiseHash(row)) !== known.hash)
    return clash('PROMISE_CLASH', row.ref, anotherPromise(known.promise, row));
  for (const fact of row.facts) {
    const told = known.facts.get(fact.factKey);
    if (told && told.digest !== factDigest(fact))
      return clash('FACT_CLASH', fact.factKey, anotherContent(told, brief(fact), known.promise.zone));
  }
  const relabelled = labelsDigest(row) !== known.labels;
  return {
    facts: row.facts.filter((fact) => !known.facts.has(fact.factKey)),
    ignored: relabelled ? [{ code: 'LABEL_CHANGED', column: null, value: row.ref, message: LABEL_CHANGED }] : [],
  };
}

const briefly = (facts: readonly Fact[]): ReadonlyMap<string, KnownFact> =>
  new Map(facts.map((fact) => [fact.factKey, brief(fact)]));

const brief = (fact: Fact): KnownFact => ({
  digest: factDigest(fact),
  at: fact.kind === 'estimated' ? fact.at : fact.occurredAt,
  asDay: fact.kind === 'fulfilled' && fact.asDay === true,
});

const factDigest = (fact: Fact): string => digest(factText(fact));

const labelsDigest = ({ owner, partner, region, product, subject }: Labels): string =>
  digest(JSON.stringify([owner, partner, region, product, subject]));

const hashText = (hash: Buffer): string => hash.toString('base64url');

/** 72 bits: enough to tell the few that bear one key apart. */
const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 12);

const clash = (code: string, value: string, message: string): Rejected => ({
  rejected: true,
  code,
  column: null,
  value,
  message,
});

type Worded = Pick<
  StoredPromise,
  'kind' | 'precision' | 'madeAt' | 'promisedAt' | 'day' | 'zone' | 'windowFrom' | 'target'
>;

const wordsOf = ({ kind, precision, madeAt, promisedAt, day, zone, windowFrom, target }: Worded): PromiseWords => ({
  kind,
  made: timeText(madeAt),
  promised:
    precision === 'window' ? `${timeText(windowFrom)} to ${timeText(promisedAt)}` : (day ?? timeText(promisedAt)),
  zone: precision === 'day' ? zone : '',
  target: timeText(target),
});

function wordsOfRow({ kind, madeAt, promised, target }: HistoryRow): PromiseWords {
  const head = { kind, made: timeText(madeAt), zone: '', target: timeText(target) };
  switch (promised.precision) {
    case 'instant':
      return { ...head, promised: timeText(promised.at) };
    case 'day':
      return { ...head, promised: promised.day, zone: promised.zone };
    case 'window':
      return { ...head, promised: `${timeText(promised.from)} to ${timeText(promised.to)}` };
  }
}

const timeText = (at: Instant | null): string => at?.replace('.000Z', 'Z') ?? '';

const WORDS = ['kind', 'made', 'promised', 'zone', 'target'] as const satisfies readonly (keyof PromiseWords)[];

function anotherPromise(known: PromiseWords, row: HistoryRow): string {
  const here = known;
  const there = wordsOfRow(row);
  // A day against an instant: the zone says nothing more.
  const differ = WORDS.filter((key) => here[key] !== there[key] && (key !== 'zone' || (here.zone && there.zone)));
  const what = differ.map((key) => `${key} ${here[key] || 'not given'} here, ${there[key] || 'not given'} in the file`);
  return `Under this reference another promise is known: ${what.join('; ') || 'it came in another way, e.g. through the API'}. The first one stands.`;
}

function anotherContent(told: KnownFact, news: KnownFact, zone: string): string {
  const [here, there] = [told, news].map(({ at, asDay }) => (asDay ? dayOf(plusMs(at, -1), zone) : timeText(at)));
  const what =
    here === there
      ? `at the same time, ${here}, but something else of it differs`
      : `${here} here, ${there} in the file`;
  return `It was told before with another content: ${what}. What was told first stands.`;
}

const LABEL_CHANGED = 'Owner, partner, region, product or subject differ from what is known. They stay as they are.';
