import { registerChildren, type Child } from './children.ts';
import type { Tx } from './pool.ts';
import { readFacts } from './settle-reads.ts';
import type { Instant } from '../domain/promise/instant.ts';
import { MOST_NEWS, NEWS_KIND, NEWS_SOURCE, newsInARow as inARow } from '../domain/promise/news.ts';

/** Promises to be in touch again: Kept makes them where a notice names the time of the next news; `newsChanges` ends them. */

/** A time at which the customer was told that she hears next. */
export interface ToldNews {
  /** The promise that the news are about. */
  readonly about: string;
  readonly at: Instant;
  /** When the notice that tells it was handed over. */
  readonly toldAt: Instant;
}

/**
 * Registers the promises to be in touch that notices have just made, in the transaction that records them as sent. The
 * promises that they are about are locked, and their customer before them. Nothing is promised about what has ended.
 */
export async function promiseNews(tx: Tx, told: readonly ToldNews[], now: Instant): Promise<void> {
  const latest = new Map(told.map((each) => [each.about, each]));
  if (latest.size === 0) return;
  const subjects = await subjectsOf(tx, [...latest.keys()]);
  const counts = await newsInARow(tx, [...latest.keys()]);
  const children = subjects.flatMap(({ id, owner, ref, subject, made }): readonly Child[] => {
    const news = latest.get(id);
    if (!news) return [];
    return [
      {
        parent: id,
        kind: NEWS_KIND,
        source: NEWS_SOURCE,
        ref: `${id}#news-${made + 1}`,
        promised: { precision: 'instant', at: news.at },
        madeAt: news.toldAt,
        owner,
        subject: subject ?? ref,
        confirms: false,
        news: Math.min(MOST_NEWS, (counts.get(id) ?? 0) + 1),
      },
    ];
  });
  await registerChildren(tx, children, now);
}

interface Subject {
  readonly id: string;
  readonly owner: string | null;
  readonly ref: string;
  readonly subject: string | null;
  /** How many promises to be in touch there have been about it. */
  readonly made: number;
}

async function subjectsOf(tx: Tx, ids: readonly string[]): Promise<readonly Subject[]> {
  const { rows } = await tx.query<Subject>({
    name: 'subjects_of_news',
    text: `select p.id, p.owner, p.ref, p.subject,
             (select count(*)::int from promises n where n.parent = p.id and n.source = '${NEWS_SOURCE}') as made
           from promises p where p.id = any ($1::uuid[]) and p.closed_at is null order by p.id limit 1000`,
    values: [ids],
  });
  return rows;
}

/** As `newsInARow` of the domain, of each of these promises. One not named: never. */
export async function newsInARow(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map();
  const { rows } = await tx.query<{ about: string; madeAt: Instant }>({
    name: 'news_about',
    text: `select parent as about, made_at as "madeAt" from promises
           where parent = any ($1::uuid[]) and source = '${NEWS_SOURCE}' limit 10000`,
    values: [ids],
  });
  const abouts = [...new Set(rows.map(({ about }) => about))];
  if (abouts.length === 0) return new Map();
  const facts = await readFacts(tx, abouts);
  const madeAts = (id: string): readonly Instant[] =>
    rows.flatMap(({ about, madeAt }) => (about === id ? [madeAt] : []));
  return new Map(abouts.map((id) => [id, inARow(madeAts(id), facts.get(id) ?? [])]));
}
