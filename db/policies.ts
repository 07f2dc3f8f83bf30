import { documentsIn, type StoredDocument } from './documents.ts';
import { KeptError } from './fault-fields.ts';
import { completed } from '../domain/policy/fields.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Queryable } from './pool.ts';

export interface VersionedPolicy {
  readonly policy: Policy;
  readonly version: number;
}

const POLICIES = documentsIn('policies', 'kind');

const versioned = ({ document, version }: StoredDocument): VersionedPolicy => ({
  policy: completed(document),
  version,
});

/** Stores policies, each as `savePolicy` does. */
export async function savePolicies(q: Queryable, policies: readonly Policy[]): Promise<void> {
  // In the order of their kinds, so that two who save several of them inside transactions cannot wait for each other.
  const inOrder = policies.toSorted((a, b) => (a.kind < b.kind ? -1 : 1));
  for (const policy of inOrder) await savePolicy(q, policy);
}

/** Stores a policy; a changed one becomes the next version of its kind. Answers the version that it is stored as. */
export const savePolicy = (q: Queryable, policy: Policy): Promise<number> => POLICIES.save(q, policy.kind, policy);

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
  const row = await POLICIES.newest(q, kind);
  return row && versioned(row);
}

/** The newest policy of every kind, by kind. */
export const newestPolicies = async (q: Queryable): Promise<readonly VersionedPolicy[]> =>
  (await POLICIES.newestOfAll(q)).map(versioned);

/** One version of a policy; null where it was never stored. */
export async function findPolicy(q: Queryable, kind: string, version: number): Promise<Policy | null> {
  const row = await POLICIES.find(q, kind, version);
  return row && completed(row.document);
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
