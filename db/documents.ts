import { KeptError } from './fault-fields.ts';
import type { Queryable } from './pool.ts';

/** A version of a document as it is stored. It never changes: what is changed becomes the next version. */
export interface StoredDocument {
  readonly id: string;
  readonly version: number;
  /** May be older than a field that it could have. */
  readonly document: unknown;
}

/** Where documents are kept, each with its versions. */
export interface Documents {
  /**
   * Stores a document; a changed one becomes the next version, the same one changes nothing. Answers the version that it is
   * stored as. Whoever takes the same number a moment earlier makes this one try again, so that each try that fails is a
   * version saved.
   */
  readonly save: (q: Queryable, id: string, document: object) => Promise<number>;
  /** Null where there is none of this id. */
  readonly newest: (q: Queryable, id: string) => Promise<StoredDocument | null>;
  /** The newest version of each, by id. */
  readonly newestOfAll: (q: Queryable) => Promise<readonly StoredDocument[]>;
  /** Of at most `limit` of them, those after an id; null: from the first on. */
  readonly newestAfter: (q: Queryable, id: string | null, limit: number) => Promise<readonly StoredDocument[]>;
  /** Null where it was never stored. */
  readonly find: (q: Queryable, id: string, version: number) => Promise<StoredDocument | null>;
}

/** More writers of one document at once than ever come together. */
const MAX_TRIES = 1_000;

/** So many are read at once. */
const PAGE = 1_000;

/** The documents of a table, which has `version`, `document` and `key`. */
export function documentsIn(table: 'policies' | 'calendars' | 'partners', key: 'id' | 'kind'): Documents {
  const saved = `
    with newest as (
      select version, document from ${table} where ${key} = $1 order by version desc limit 1
    ), saved as (
      insert into ${table} (${key}, version, document)
      select $1, coalesce((select version from newest), 0) + 1, $2::jsonb
      where not exists (select from newest where document = $2::jsonb)
      on conflict do nothing
      returning version
    )
    select version from saved union all select version from newest where document = $2::jsonb limit 1`;
  const columns = `${key} as id, version, document`;
  const one = async (q: Queryable, name: string, where: string, values: readonly unknown[]) => {
    const text = `select ${columns} from ${table} where ${where}`;
    const { rows } = await q.query<StoredDocument>({ name: `${name}_${table}`, text, values: [...values] });
    return rows[0] ?? null;
  };
  const newestAfter: Documents['newestAfter'] = async (q, id, limit) => {
    const { rows } = await q.query<StoredDocument>(
      `select distinct on (${key}) ${columns} from ${table} where $1::text is null or ${key} > $1
       order by ${key}, version desc limit $2`,
      [id, limit],
    );
    return rows;
  };
  return {
    save: async (q, id, document) => {
      const values = [id, JSON.stringify(document)];
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
        const { rows } = await q.query<{ version: number }>({ name: `save_${table}`, text: saved, values });
        const [row] = rows;
        if (row) return row.version;
      }
      throw new KeptError(`${id} of ${table} was saved by others ${MAX_TRIES} times in a row.`);
    },
    newest: (q, id) => one(q, 'newest', `${key} = $1 order by version desc limit 1`, [id]),
    newestOfAll: async (q) => {
      const all: StoredDocument[] = [];
      for (;;) {
        const page = await newestAfter(q, all.at(-1)?.id ?? null, PAGE);
        all.push(...page);
        if (page.length < PAGE) return all;
      }
    },
    newestAfter,
    find: (q, id, version) => one(q, 'find', `${key} = $1 and version = $2`, [id, version]),
  };
}
