import { reachableCustomers, storedPromises, tellFacts } from '../../db/import.ts';
import { insertPromises, type NewPromise } from '../../db/insert-promises.ts';
import { staffOf } from '../../db/people.ts';
import { databaseNow, type Pool } from '../../db/pool.ts';
import { instant, msOf, plusMs } from '../../domain/promise/instant.ts';
import type { Change } from '../../db/settle.ts';
import { knownOf, type Known } from './known.ts';
import type { Moment } from './new-promise.ts';

/** Where an import looks promises up and puts them. A rehearsal has one that writes nothing. */
export interface Ledger {
  /** Those of the refs that are there, by ref; of at most 1,000 refs. */
  known(refs: readonly string[]): Promise<ReadonlyMap<string, Known>>;
  moment(people: People): Promise<Moment>;
  write(entry: Entry): Promise<Written>;
}

/** Of whom something must be known before rows can become promises that live. */
export interface People {
  /** Are they staff? */
  readonly owners: readonly string[];
  /** Refs; has one an address? */
  readonly customers: readonly string[];
}

export interface Entry {
  readonly moment: Moment;
  readonly add: readonly NewPromise[];
  /** Also of promises that are added with it. */
  readonly tell: readonly Change[];
  /** Open history, under the ids it has, as the living promises it becomes. */
  readonly wake: readonly NewPromise[];
  /** What their refs are after it. */
  readonly after: ReadonlyMap<string, () => Known>;
}

/** What others did meanwhile; ids of promises. */
export interface Written {
  /** Not added, and not told anything: their refs were taken. */
  readonly lost: ReadonlySet<string>;
  /** Some fact had been told with another content. */
  readonly clashes: ReadonlySet<string>;
  /** Of those to be woken: they live now. */
  readonly woken: ReadonlySet<string>;
}

const DAY_MS = 86_400_000;

/** The promises of one source in the database. */
export const databaseLedger = (pool: Pool, source: string): Ledger => ({
  known: async (refs) => new Map((await storedPromises(pool, source, refs)).map((row) => [row.ref, knownOf(row)])),
  moment: async ({ owners, customers }) => {
    const now = await databaseNow(pool);
    const staff = owners.length === 0 ? [] : (await staffOf(pool, owners)).keys();
    const reachable = await reachableCustomers(pool, customers);
    return { now, latest: plusMs(now, DAY_MS), staff: new Set(staff), reachable };
  },
  write: async ({ moment: { now }, add, tell, wake }) => {
    const stored = new Set([
      // What is old must not overwrite where living promises are told.
      ...(await insertPromises(pool, add.filter(isHistory), { now, customers: 'known' })),
      ...(await insertPromises(pool, add.filter(lives), { now, customers: 'given' })),
    ]);
    const lost = new Set(add.flatMap(({ id }) => (stored.has(id) ? [] : [id])));
    const { clashes, woken } = await tellFacts(
      pool,
      tell.filter(({ id }) => !lost.has(id)),
      wake,
    );
    return { lost, woken, clashes: new Set([...clashes].flatMap(([id, keys]) => (keys.length > 0 ? [id] : []))) };
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
    write: ({ after, wake }) => {
      for (const [ref, known] of after) remembered.set(ref, packed(known()));
      return Promise.resolve({ lost: new Set(), clashes: new Set(), woken: new Set(wake.map(({ id }) => id)) });
    },
  };
}

type PackedFact = readonly [key: string, digest: string, ms: number, asDay: 0 | 1];
type Packed = readonly [
  rest: Omit<Known, 'promise' | 'facts'>,
  promise: readonly string[],
  facts: readonly PackedFact[],
];

function packed({ facts, promise: { kind, made, promised, zone, target }, ...rest }: Known): string {
  const told = [...facts].map(([key, { digest, at, asDay }]): PackedFact => [key, digest, msOf(at), asDay ? 1 : 0]);
  return JSON.stringify([rest, [kind, made, promised, zone, target], told] satisfies Packed);
}

function unpacked(text: string): Known {
  const [rest, [kind = '', made = '', promised = '', zone = '', target = ''], told] = JSON.parse(text) as Packed;
  const facts = told.map(([key, digest, ms, asDay]) => [key, { digest, at: instant(ms), asDay: asDay === 1 }] as const);
  return { ...rest, promise: { kind, made, promised, zone, target }, facts: new Map(facts) };
}
