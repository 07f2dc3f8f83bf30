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

/** Stores policies, each as `savePolicy` does. */
export async function savePolicies(q: Queryable, policies: readonly Policy[]): Promise<void> {
  // In the order of their kinds, so that two who save several of them inside transactions cannot wait for each other.
  const inOrder = policies.toSorted((a, b) => (a.kind < b.kind ? -1 : 1));
  for (const policy of inOrder) await savePolicy(q, policy);
}

/** More writers of one kind at once than ever come together. */
const MAX_TRIES = 1_000;

/**
 * Stores a policy; a changed document becomes the next version of its kind, the same one changes nothing. Answers the
 * version that it is stored as. Whoever takes the same number a moment earlier makes this one try again, so that each
 * try that fails is a version saved.
 */
export async function savePolicy(q: Queryable, policy: Policy): Promise<number> {
  const values = [policy.kind, JSON.stringify(policy)];
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const { rows } = await q.query<{ version: number }>({ name: 'save_policy', text: SAVE, values });
    const row = rows[0];
    if (row) return row.version;
  }
  throw new KeptError(`Policy ${policy.kind} was saved by others ${MAX_TRIES} times in a row.`);
}

const SAVE = `
with newest as (
  select version, document from policies where kind = $1 order by version desc limit 1
), saved as (
  insert into policies (kind, version, document)
  select $1, coalesce((select version from newest), 0) + 1, $2::jsonb
  where not exists (select from newest where document = $2::jsonb)
  on conflict do nothing
  returning version
)
select version from saved union all select version from newest where document = $2::jsonb limit 1`;

/** The version that `savePolicy` would store a policy as. */
export async function versionToBe(q: Queryable, policy: Policy): Promise<number> {
  const { rows } = await q.query<{ version: number; isSame: boolean }>({
    name: 'policy_version_to_be',
    text: `select version, document = $2::jsonb as "isSame" from policies where kind = $1 order by version desc limit 1`,
    values: [policy.kind, JSON.stringify(policy)],
  });
  const [newest] = rows;
  return newest ? newest.version + (newest.isSame ? 0 : 1) : 1;
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

/** One version of a policy; null where it was never stored. */
export async function findPolicy(q: Queryable, kind: string, version: number): Promise<Policy | null> {
  const { rows } = await q.query<Pick<StoredPolicy, 'document'>>({
    name: 'find_policy',
    text: 'select document from policies where kind = $1 and version = $2',
    values: [kind, version],
  });
  const row = rows[0];
  return row ? completed(row.document) : null;
}

/**
 * The policies of promises under settlement. A version never changes, so each is read once per process and pool.
 * @throws when a version is not there: promises refer to it, so the schema forbids that.
 */
export async function policyOf(q: Queryable, kind: string, version: number): Promise<Policy> {
  const known = versions.get(`${kind}@${version}`);
  if (known) return known;
  const policy = await findPolicy(q, kind, version);
  if (!policy) throw new KeptError(`Policy ${kind} version ${version} is not stored.`);
  versions.set(`${kind}@${version}`, policy);
  return policy;
}

const versions = new Map<string, Policy>();
