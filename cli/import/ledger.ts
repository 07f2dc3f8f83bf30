import { storedPromises, tellFacts } from '../../db/import.ts';
import { insertPromises, type NewPromise } from '../../db/insert-promises.ts';
import { staffOf } from '../../db/people.ts';
import { databaseNow, type Pool } from '../../db/pool.ts';
import { plusMs } from '../../domain/promise/instant.ts';
import type { Change } from '../../db/settle.ts';
import { knownOf, type Known } from './known.ts';
import type { Moment } from './new-promise.ts';

/** Where an import looks promises up and puts them. A rehearsal has one that writes nothing. */
export interface Ledger {
  /** Those of the refs that are there, by ref; of at most 1,000 refs. */
  known(refs: readonly string[]): Promise<ReadonlyMap<string, Known>>;
  moment(owners: readonly string[]): Promise<Moment>;
  write(entry: Entry): Promise<Written>;
}

export interface Entry {
  readonly moment: Moment;
  readonly add: readonly NewPromise[];
  /** Also of promises that are added with it. */
  readonly tell: readonly Change[];
  /** What their refs are after it. */
  readonly after: ReadonlyMap<string, () => Known>;
}

/** What others did meanwhile; ids of promises. */
export interface Written {
  /** Not added, and not told anything: their refs were taken. */
  readonly lost: ReadonlySet<string>;
  /** Some fact had been told with another content. */
  readonly clashes: ReadonlySet<string>;
}

const DAY_MS = 86_400_000;

/** The promises of one source in the database. */
export const databaseLedger = (pool: Pool, source: string): Ledger => ({
  known: async (refs) => new Map((await storedPromises(pool, source, refs)).map((row) => [row.ref, knownOf(row)])),
  moment: async (owners) => {
    const now = await databaseNow(pool);
    const staff = owners.length === 0 ? [] : (await staffOf(pool, owners)).keys();
    return { now, latest: plusMs(now, DAY_MS), staff: new Set(staff) };
  },
  write: async ({ moment: { now }, add, tell }) => {
    const stored = new Set([
      // What is old must not overwrite where living promises are told.
      ...(await insertPromises(pool, add.filter(isHistory), { now, customers: 'known' })),
      ...(await insertPromises(pool, add.filter(lives), { now, customers: 'given' })),
    ]);
    const lost = new Set(add.flatMap(({ id }) => (stored.has(id) ? [] : [id])));
    const clashes = await tellFacts(
      pool,
      tell.filter(({ id }) => !lost.has(id)),
    );
    return { lost, clashes: new Set([...clashes].flatMap(([id, keys]) => (keys.length > 0 ? [id] : []))) };
  },
});

const isHistory = ({ terms }: NewPromise): boolean => terms.history;
const lives = ({ terms }: NewPromise): boolean => !terms.history;

/** The same, but what would be written is only remembered, as briefly as will do: a file may have a million lines. */
export function rehearsal(pool: Pool, source: string): Ledger {
  const database = databaseLedger(pool, source);
  const remembered = new Map<string, string>();
  return {
    ...database,
    known: async (refs) => {
      const known = new Map(await database.known(refs));
      for (const ref of refs) {
        const text = remembered.get(ref);
        if (text !== undefined) known.set(ref, unpacked(text));
      }
      return known;
    },
    write: ({ after }) => {
      for (const [ref, known] of after) remembered.set(ref, packed(known()));
      return Promise.resolve({ lost: new Set(), clashes: new Set() });
    },
  };
}

const packed = ({ facts, ...rest }: Known): string => JSON.stringify({ ...rest, facts: [...facts] });

function unpacked(text: string): Known {
  const { facts, ...rest } = JSON.parse(text) as Omit<Known, 'facts'> & { readonly facts: [string, string][] };
  return { ...rest, facts: new Map(facts) };
}
