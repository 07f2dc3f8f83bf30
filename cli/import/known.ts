import { createHash } from 'node:crypto';
import type { Labels, StoredPromise } from '../../db/import.ts';
import type { NewPromise } from '../../db/insert-promises.ts';
import { factText } from '../../db/settle.ts';
import type { Fact, OutsideFact } from '../../domain/promise/facts.ts';
import type { BadCell, HistoryRow, Rejected } from './mapping.ts';
import { hasEnded, promiseHash } from './new-promise.ts';

/** A promise that is there already, in the database or by an earlier line: what a further line of its ref is held against. */
export interface Known {
  readonly id: string;
  /** Of what was promised. */
  readonly hash: string;
  readonly history: boolean;
  readonly ended: boolean;
  /** A digest of its labels. */
  readonly labels: string;
  /** The digests of its facts, by key: a rehearsal remembers those of a whole file. */
  readonly facts: ReadonlyMap<string, string>;
}

export const knownOf = ({ id, bodyHash, history, ended, labels, facts }: StoredPromise): Known => ({
  id,
  hash: hashText(bodyHash),
  history,
  ended,
  labels: labelsDigest(labels),
  facts: digestsOf(facts),
});

/** A new promise, as whoever stores it will find it. */
export const knownAs = ({ id, bodyHash, terms, facts, ...labels }: NewPromise): Known => ({
  id,
  hash: hashText(bodyHash),
  history: terms.history,
  ended: hasEnded({ facts }),
  labels: labelsDigest(labels),
  facts: digestsOf(facts),
});

/** The same promise after some more facts. */
export const knowing = (known: Known, facts: readonly OutsideFact[]): Known => ({
  ...known,
  ended: known.ended || hasEnded({ facts }),
  facts: new Map([...known.facts, ...digestsOf(facts)]),
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
  if (hashText(promiseHash(row)) !== known.hash) return clash('PROMISE_CLASH', row.ref, PROMISE_CLASH);
  const changed = row.facts.find(
    (fact) => known.facts.has(fact.factKey) && known.facts.get(fact.factKey) !== factDigest(fact),
  );
  if (changed) return clash('FACT_CLASH', changed.factKey, FACT_CLASH);
  const relabelled = labelsDigest(row) !== known.labels;
  return {
    facts: row.facts.filter((fact) => !known.facts.has(fact.factKey)),
    ignored: relabelled ? [{ code: 'LABEL_CHANGED', column: null, value: row.ref, message: LABEL_CHANGED }] : [],
  };
}

const digestsOf = (facts: readonly Fact[]): ReadonlyMap<string, string> =>
  new Map(facts.map((fact) => [fact.factKey, factDigest(fact)]));

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

const PROMISE_CLASH =
  'Under this reference another promise is known: its kind, its times, or the way it came. The first one stands.';
const FACT_CLASH = 'Of this fact another content was told before, e.g. another time. What was told first stands.';
const LABEL_CHANGED = 'Owner, partner, region, product or subject differ from what is known. They stay as they are.';
