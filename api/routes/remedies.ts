import { z } from '@hono/zod-openapi';
import { getPromise } from '../../db/promises.ts';
import { decideRemedy, type RemedyResult } from '../../db/remedy-commands.ts';
import { listRemedies, remediesOf, type RemedyRow } from '../../db/remedies.ts';
import { REMEDY_KINDS, REMEDY_REASONS, REMEDY_STATES } from '../../domain/promise/words.ts';
import type { ApiDeps } from '../deps.ts';
import { answer, endpoint } from '../endpoint.ts';
import { instantAnswer, MAX, text } from '../fields.ts';
import { problem, type Problem } from '../problem.ts';
import { noteText, unknownPerson } from './notes.ts';
import { promisePath } from './promise-path.ts';

const remedyView = z
  .strictObject({
    id: z.uuid(),
    promiseId: z.uuid(),
    state: z.enum(REMEDY_STATES).openapi({
      description: 'pending: waits for approval, and no notice names it. arrived: its refund promise was fulfilled.',
    }),
    reason: z.enum(REMEDY_REASONS),
    lateMs: z.int().openapi({ description: 'How late the promise was taken to be.' }),
    options: z
      .array(z.strictObject({ kind: z.enum(REMEDY_KINDS), amount: z.string(), currency: z.string() }))
      .openapi({ description: 'Equal to us.' }),
    chosen: z
      .int()
      .openapi({ description: 'The place of the option that holds: the first until the customer chooses.' }),
    refundPromiseId: z.uuid().nullable().openapi({
      description:
        'The promise by which it reaches the customer, a voucher as well; null as long as it is not granted.',
    }),
    at: instantAnswer,
    by: z.string().nullable().openapi({ description: 'Who decided last; null: Kept by itself.' }),
  })
  .openapi('Remedy');

/** A remedy as it is answered. */
export const remedyOf = (row: RemedyRow): z.input<typeof remedyView> => {
  const { id, promiseId, state, reason, lateMs, options, chosen, refundPromiseId, at, by } = row;
  return { id, promiseId, state, reason, lateMs, options: [...options], chosen, refundPromiseId, at, by };
};

const remedyList = z.strictObject({ items: z.array(remedyView) }).openapi('Remedies');

const promiseRemedies = endpoint({
  scope: 'admin',
  owner: 'promise',
  method: 'get',
  path: '/v1/promises/{id}/remedies',
  name: 'getPromiseRemedies',
  summary: 'What the customer gets for a broken promise',
  params: promisePath,
  answers: { 200: { description: 'In the order in which they were decided.', schema: remedyList } },
  problems: ['PROMISE_UNKNOWN'],
  handle: async ({ params: { id } }, { pool }) => {
    const [promise, rows] = await Promise.all([getPromise(pool, id), remediesOf(pool, id)]);
    return promise ? answer(200, { items: rows.map(remedyOf) }) : problem('PROMISE_UNKNOWN');
  },
});

const allRemedies = endpoint({
  scope: 'admin',
  owner: 'company',
  method: 'get',
  path: '/v1/remedies',
  name: 'listRemedies',
  summary: 'Remedies of all promises, newest first',
  query: z.strictObject({ state: z.enum(REMEDY_STATES).exactOptional() }),
  answers: { 200: { description: 'At most 1,000.', schema: remedyList } },
  problems: ['INVALID_QUERY'],
  handle: async ({ search: { state } }, { pool }) =>
    answer(200, { items: (await listRemedies(pool, state ? [state] : null)).map(remedyOf) }),
});

const remedyPath = z.strictObject({ id: z.uuid() });

const decision = z
  .strictObject({
    by: text(MAX.name).openapi({ description: 'Id of the person who decides.' }),
    note: noteText.exactOptional().openapi({ description: 'Becomes a note about the promise.' }),
  })
  .openapi('RemedyDecision');

const DECISIONS = {
  approve: {
    name: 'approveRemedy',
    summary: 'Grant a remedy that waits for approval',
    description: 'The customer is told in a `remedy` notice, without an apology.',
  },
  refuse: {
    name: 'refuseRemedy',
    summary: 'Refuse a remedy that waits for approval',
    description: 'The customer does not know of it, and is not told.',
  },
  reverse: {
    name: 'reverseRemedy',
    summary: 'Take a granted remedy back',
    description:
      'As long as it has not arrived. Its refund promise is withdrawn; where the customer knows of it already, somebody has to tell her.',
  },
} as const;

const decide = (kind: keyof typeof DECISIONS) =>
  endpoint({
    scope: 'admin',
    owner: 'company',
    method: 'post',
    path: `/v1/remedies/{id}:${kind}`,
    ...DECISIONS[kind],
    params: remedyPath,
    unknown: 'REMEDY_UNKNOWN',
    body: decision,
    answers: { 200: { description: 'As it stands now; said again, nothing changes.', schema: remedyView } },
    problems: ['INVALID_BODY', 'REMEDY_UNKNOWN', 'REMEDY_CLOSED'],
    handle: async ({ params: { id }, body }, deps: ApiDeps) => {
      const fault = await unknownPerson('/by', body.by, deps);
      if (fault) return problem('INVALID_BODY', { errors: [fault] });
      return answered(await decideRemedy(deps.pool, id, { kind, ...body }));
    },
  });

const chooseRemedy = endpoint({
  scope: 'admin',
  owner: 'company',
  method: 'post',
  path: '/v1/remedies/{id}:choose',
  name: 'chooseRemedy',
  summary: 'The customer would rather have another of the options',
  description:
    'As long as it has not arrived. The refund promise of the option before is withdrawn, and another one made.',
  params: remedyPath,
  unknown: 'REMEDY_UNKNOWN',
  body: z
    .strictObject({
      option: z.int().min(0).openapi({ description: 'Its place among the options, from 0.' }),
      by: text(MAX.name).exactOptional().openapi({ description: 'Id of the person who records it.' }),
    })
    .openapi('RemedyChoice'),
  answers: { 200: { description: 'As it stands now; said again, nothing changes.', schema: remedyView } },
  problems: ['INVALID_BODY', 'REMEDY_UNKNOWN', 'REMEDY_CLOSED'],
  handle: async ({ params: { id }, body: { option, by } }, deps) => {
    const fault = by === undefined ? null : await unknownPerson('/by', by, deps);
    if (fault) return problem('INVALID_BODY', { errors: [fault] });
    return answered(await decideRemedy(deps.pool, id, { kind: 'choose', option, by: by ?? null }));
  },
});

function answered(decided: RemedyResult) {
  if ('remedy' in decided) return answer(200, remedyOf(decided.remedy));
  return REFUSALS[decided.result];
}

const REFUSALS: Readonly<Record<'closed' | 'unknown' | 'no_option', Problem>> = {
  closed: problem('REMEDY_CLOSED'),
  unknown: problem('REMEDY_UNKNOWN'),
  no_option: problem('INVALID_BODY', { errors: [{ pointer: '/option', message: 'No option stands at this place.' }] }),
};

export const remedyRoutes = [
  promiseRemedies,
  allRemedies,
  decide('approve'),
  decide('refuse'),
  decide('reverse'),
  chooseRemedy,
];
