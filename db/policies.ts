import { KeptError } from './fault-fields.ts';
import { completed } from '../domain/policy/fields.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Queryable } from './pool.ts';

export interface VersionedPolicy {
  readonly policy: Policy;
  readonly version: number;
}

/** A row of `policies`. Its document may be older than a field of `Policy`. */
interface StoredPolicy {
  readonly version: number;
  readonly document: unknown;
}

/** Stores policies; a changed document becomes the next version of its kind, the same one changes nothing. */
export async function savePolicies(q: Queryable, policies: readonly Policy[]): Promise<void> {
  await q.query(
    `insert into policies (kind, version, document)
     select d.document ->> 'kind', coalesce(n.version, 0) + 1, d.document
     from jsonb_array_elements($1::jsonb) as d (document)
     left join lateral (select version, document from policies where kind = d.document ->> 'kind' order by version desc limit 1) n on true
     where n.document is distinct from d.document
     on conflict do nothing`,
    [JSON.stringify(policies)],
  );
}

/** The policy that new promises of a kind are made under; null for a kind without one. */
export async function newestPolicy(q: Queryable, kind: string): Promise<VersionedPolicy | null> {
  const { rows } = await q.query<StoredPolicy>({
    name: 'newest_policy',
    text: 'select version, document from policies where kind = $1 order by version desc limit 1',
    values: [kind],
  });
  const row = rows[0];
  return row ? { policy: completed(row.document), version: row.version } : null;
}

/** The newest policy of every kind, by kind. */
export async function newestPolicies(q: Queryable): Promise<readonly VersionedPolicy[]> {
  const { rows } = await q.query<StoredPolicy>(
    'select distinct on (kind) version, document from policies order by kind, version desc limit 1000',
  );
  return rows.map((row) => ({ policy: completed(row.document), version: row.version }));
}

/**
 * The policies of promises under settlement. A version never changes, so each is read once per process and pool.
 * @throws when a version is not there: promises refer to it, so the schema forbids that.
 */
export async function policyOf(q: Queryable, kind: string, version: number): Promise<Policy> {
  const known = versions.get(`${kind}@${version}`);
  if (known) return known;
  const { rows } = await q.query<Pick<StoredPolicy, 'document'>>(
    'select document from policies where kind = $1 and version = $2',
    [kind, version],
  );
  const row = rows[0];
  if (!row) throw new KeptError(`Policy ${kind} version ${version} is not stored.`);
  const policy = completed(row.document);
  versions.set(`${kind}@${version}`, policy);
  return policy;
}

const versions = new Map<string, Policy>();
