import { byOccurrence, type Fact } from './facts.ts';
import type { End } from './fold.ts';
import { later, type Instant } from './instant.ts';
import type { Basis } from './plan.ts';

/**
 * Where no time can be told, the customer is told when she hears next. That is a promise, too: Kept registers a `reply` that
 * follows from the one it is about. The next word about that one keeps it, whoever says it; with the end of that one it is
 * withdrawn. Put off so many times without a person having been in touch, nobody is put off once more: somebody must act.
 */
export const MOST_NEWS = 3;

/** The source of these promises: theirs alone, so that they are in no other group of a report. */
export const NEWS_SOURCE = 'kept';
/** The kind of these promises. */
export const NEWS_KIND = 'reply';

/** A promise to be in touch again, as far as its end goes. */
export interface NewsPromise {
  readonly madeAt: Instant;
  readonly closedAt: Instant | null;
}

/** What is stored of a promise, to be in touch or other. */
interface NewsRow {
  readonly id: string;
  readonly parent: string | null;
  readonly basis: Pick<Basis, 'news' | 'madeAt'>;
  readonly closedAt: Instant | null;
}

/** What is known of a promise once it has been settled. */
interface About {
  readonly facts: readonly Fact[];
  readonly end: End | null;
}

/**
 * How promises to be in touch end, by what is known of the promises that they are about, and by their own notices, which
 * are word, too. `about` holds those that were settled.
 */
export function newsChanges(
  locked: Iterable<NewsRow>,
  about: (id: string) => About | undefined,
): readonly { readonly id: string; readonly facts: readonly Fact[] }[] {
  return [...locked].flatMap(({ id, parent, basis: { news, madeAt }, closedAt }) => {
    if (news === undefined || parent === null || madeAt === null) return [];
    const [subject, own] = [about(parent), about(id)];
    const stored = new Set(own?.facts.map(({ factKey }) => factKey));
    const facts = newsFacts(
      { madeAt, closedAt },
      [...(subject?.facts ?? []), ...(own?.facts ?? [])],
      subject?.end ?? null,
    );
    const unknown = facts.filter(({ factKey }) => !stored.has(factKey));
    return unknown.length === 0 ? [] : [{ id, facts: unknown }];
  });
}

/**
 * How a promise to be in touch ends by what happened to the one that it is about: kept by the first word after it was made,
 * else withdrawn once `end` has come. Empty: it goes on, or had ended by then.
 */
export function newsFacts({ madeAt, closedAt }: NewsPromise, facts: readonly Fact[], end: End | null): readonly Fact[] {
  const word = facts.toSorted(byOccurrence).find((fact) => isWord(fact) && fact.occurredAt > madeAt);
  const until = end && later(end.at, madeAt);
  if (word && (until === null || word.occurredAt <= until))
    return isOver(closedAt, word.occurredAt) ? [] : [kept(word)];
  if (until === null || closedAt !== null) return [];
  return [{ kind: 'withdrawn', factKey: 'news:over', occurredAt: until, by: 'unknown' }];
}

/**
 * How often the customer was put off about a promise since a person last was in touch: by how many promises to be in touch
 * again, made at `madeAts`. `facts` are those of the promise that they are about.
 */
export function newsInARow(madeAts: readonly Instant[], facts: readonly Fact[]): number {
  const inTouch = facts.filter(isByPerson);
  return madeAts.filter((madeAt) => inTouch.every(({ occurredAt }) => madeAt >= occurredAt)).length;
}

const isOver = (closedAt: Instant | null, at: Instant): boolean => closedAt !== null && closedAt <= at;

const kept = ({ factKey, occurredAt }: Fact): Fact => ({ kind: 'fulfilled', factKey: `news:${factKey}`, occurredAt });

/** The customer heard from us about it, or came to us and so heard. Who looks after it now is no news of it. */
const isWord = (fact: Fact): boolean => (fact.kind === 'notice_sent' && fact.about !== 'owner') || isByPerson(fact);

/** One of us and the customer spoke: she came to us, was reached, or was told another time. */
const isByPerson = (fact: Fact): boolean =>
  fact.kind === 'contacted' || fact.kind === 'repromised' || (fact.kind === 'attempted' && fact.result === 'reached');
