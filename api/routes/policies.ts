import { z } from '@hono/zod-openapi';
import { newestCalendar } from '../../db/calendars.ts';
import { diffPolicy } from '../../db/policy-diff.ts';
import { findPolicy, newestPolicies, newestPolicy, savePolicy, type VersionedPolicy } from '../../db/policies.ts';
import type { Queryable } from '../../db/pool.ts';
import { applyPolicy } from '../../db/replan.ts';
import { isRecord } from '../../domain/policy/documents.ts';
import { parsePolicy, policyDocument, POLICY_FIELDS, REQUIRED_FIELDS } from '../../domain/policy/fields.ts';
import { KIND } from '../../domain/policy/names.ts';
import { calendarsOf, type Policy } from '../../domain/policy/policy.ts';
import { answer, endpoint } from '../endpoint.ts';
import { versionQuery } from '../fields.ts';
import { problem, type Fault } from '../problem.ts';
import { NO_CALENDAR } from '../registration.ts';
import { policyAppliedView, policyDiffView } from './policy-answers.ts';

const kind = z
  .string()
  .refine((name) => KIND.read(name, () => undefined) !== undefined)
  .openapi({ example: 'delivery' });

/** What a policy file says but its kind. The domain reads it: this tells what it takes. */
const { kind: _kind, ...othersRequired } = REQUIRED_FIELDS;
const fields = Object.fromEntries(
  Object.entries({ ...othersRequired, ...POLICY_FIELDS }).map(([name, { schema, meaning }]) => [
    name,
    z.unknown().openapi({ ...schema, description: meaning }),
  ]),
);
const optional = Object.fromEntries(
  Object.entries(fields).map(([name, field]) => [name, name in REQUIRED_FIELDS ? field : field.optional()]),
);

const policyFields = z
  .strictObject({ kind: kind.optional().openapi({ description: 'As in the address.' }), ...optional })
  .openapi('Policy', { description: 'The rules of a kind of promise.' });

const version = z.int().openapi({ description: 'Counted from 1. What a version says never changes.' });
const policyView = z.strictObject({ kind, ...fields, version }).openapi('VersionedPolicy');

const viewOf = ({ policy, version: number }: VersionedPolicy): z.input<typeof policyView> => ({
  ...policyDocument(policy),
  kind: policy.kind,
  version: number,
});

const policyPath = z.object({ kind });

const listOfPolicies = endpoint({
  scope: 'admin',
  owner: 'company',
  method: 'get',
  path: '/v1/policies',
  name: 'listPolicies',
  summary: 'The kinds of promises there are',
  answers: {
    200: {
      description: 'Each with the newest version of its policy, by kind.',
      schema: z.strictObject({ items: z.array(z.strictObject({ kind, version })) }).openapi('Policies'),
    },
  },
  problems: [],
  handle: async (_, { pool }) => {
    const newest = await newestPolicies(pool);
    return answer(200, { items: newest.map((each) => ({ kind: each.policy.kind, version: each.version })) });
  },
});

const readPolicy = endpoint({
  scope: 'admin',
  owner: 'company',
  method: 'get',
  path: '/v1/policies/{kind}',
  name: 'getPolicy',
  summary: 'Read a policy',
  params: policyPath,
  unknown: 'POLICY_UNKNOWN',
  query: versionQuery,
  answers: { 200: { description: 'The policy as its file says it, every field named.', schema: policyView } },
  problems: ['INVALID_QUERY', 'POLICY_UNKNOWN'],
  handle: async ({ params, search }, { pool }) => {
    const stored = await storedPolicy(pool, params.kind, search.version);
    return stored ? answer(200, viewOf(stored)) : problem('POLICY_UNKNOWN');
  },
});

async function storedPolicy(
  pool: Queryable,
  name: string,
  number: number | undefined,
): Promise<VersionedPolicy | null> {
  if (number === undefined) return newestPolicy(pool, name);
  const policy = await findPolicy(pool, name, number);
  return policy && { policy, version: number };
}

const putPolicy = endpoint({
  scope: 'admin',
  owner: 'company',
  method: 'put',
  path: '/v1/policies/{kind}',
  name: 'putPolicy',
  summary: 'Store a policy',
  description:
    'A changed policy becomes the next version; the same one again changes nothing. New promises are made under it; those ' +
    'that are open keep theirs until POST /v1/policies/{kind}:apply. A file of the same kind in KEPT_POLICIES is written ' +
    'again at the next start.',
  params: policyPath,
  unknown: 'POLICY_UNKNOWN',
  body: z.unknown(),
  bodyShape: policyFields,
  answers: { 200: { description: 'Stored, as the version it says.', schema: policyView } },
  problems: ['INVALID_BODY', 'POLICY_UNKNOWN'],
  handle: async ({ params, body }, { pool, reference }) => {
    const sent = await readSent(pool, params.kind, body);
    if ('faults' in sent) return problem('INVALID_BODY', { errors: sent.faults });
    const stored = await savePolicy(pool, sent.policy);
    reference.forget();
    return answer(200, viewOf({ ...sent, version: stored }));
  },
});

const diffOfPolicy = endpoint({
  scope: 'admin',
  owner: 'company',
  method: 'post',
  path: '/v1/policies/{kind}:diff',
  name: 'diffPolicy',
  summary: 'Say what a policy would change',
  description:
    'Plans every open promise of the kind under the policy in the body, or, where the body is {}, under the newest stored ' +
    'one, and under the newest calendars. Stores nothing.',
  params: policyPath,
  unknown: 'POLICY_UNKNOWN',
  body: z.unknown(),
  bodyShape: policyFields.partial(),
  answers: { 200: { description: 'What would change, counted.', schema: policyDiffView } },
  problems: ['INVALID_BODY', 'POLICY_UNKNOWN'],
  handle: async ({ params, body }, { pool }) => {
    const isEmpty = isRecord(body) && Object.keys(body).length === 0;
    const sent = isEmpty ? { policy: null } : await readSent(pool, params.kind, body);
    if ('faults' in sent) return problem('INVALID_BODY', { errors: sent.faults });
    const diff = await diffPolicy(pool, params.kind, sent.policy);
    if (!diff) return problem('POLICY_UNKNOWN');
    const { examples, ...counts } = diff;
    return answer(200, {
      ...counts,
      failed: [...counts.failed],
      fields: [...counts.fields],
      examples: [...examples],
    });
  },
});

const applyOfPolicy = endpoint({
  scope: 'admin',
  owner: 'company',
  method: 'post',
  path: '/v1/policies/{kind}:apply',
  name: 'applyPolicy',
  summary: 'Put a policy in force for open promises',
  description:
    'Puts the newest stored policy and the newest calendars in force for every open promise of the kind, nearest first; ' +
    'what has closed is never touched. Answers when all are planned; who is woken by it is on the way then. Cut off and ' +
    'sent again, it does the rest.',
  params: policyPath,
  unknown: 'POLICY_UNKNOWN',
  answers: { 200: { description: 'What it came to.', schema: policyAppliedView } },
  problems: ['POLICY_UNKNOWN'],
  handle: async ({ params }, { pool }) => {
    const applied = await applyPolicy(pool, params.kind);
    if (!applied) return problem('POLICY_UNKNOWN');
    const { since: _since, ...counts } = applied;
    return answer(200, { ...counts, failed: [...counts.failed] });
  },
});

/** The policy of a body, or every fault of it: also a calendar that is not stored. */
async function readSent(
  pool: Queryable,
  name: string,
  body: unknown,
): Promise<{ readonly policy: Policy } | { readonly faults: readonly Fault[] }> {
  const read = parsePolicy(isRecord(body) ? { kind: name, ...body } : body);
  if ('faults' in read) return read;
  if (read.policy.kind !== name)
    return {
      faults: [{ pointer: '/kind', message: `The address says ${name}. Leave it out here, or write the same.` }],
    };
  for (const calendar of calendarsOf(read.policy))
    if (!(await newestCalendar(pool, calendar)))
      return { faults: [{ pointer: '/buffer/calendar', message: NO_CALENDAR }] };
  return read;
}

export const policyRoutes = [listOfPolicies, readPolicy, putPolicy, diffOfPolicy, applyOfPolicy];
