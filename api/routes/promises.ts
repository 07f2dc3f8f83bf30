import { z } from '@hono/zod-openapi';
import { getPromise, listPromises } from '../../db/promises.ts';
import { membersOf } from '../../db/duty.ts';
import type { PromiseRow } from '../../db/shapes.ts';
import { PHASES } from '../../domain/promise/words.ts';
import { cursorField, cursorOf, DEFAULT_LIMIT, limitField } from '../cursor.ts';
import type { ApiDeps } from '../deps.ts';
import { answer, endpoint } from '../endpoint.ts';
import { boundField, MAX, text } from '../fields.ts';
import { isProblem, problem } from '../problem.ts';
import { promiseView, viewOf } from '../promise-view.ts';
import { registerPromise, repeated } from '../register-promise.ts';
import { refused } from '../registration.ts';
import { registerInSlot } from '../slot-registration.ts';
import { asksForSlot, promiseBody, saysTime, type SlotBody } from './promise-body.ts';
import { promisePath } from './promise-path.ts';

const createPromise = endpoint({
  scope: 'admin',
  owner: 'new',
  method: 'post',
  path: '/v1/promises',
  name: 'createPromise',
  summary: 'Register a promise',
  description:
    'The same request may be sent again: it answers 200 with the promise it made. What counts as the same is the content ' +
    'as sent, without `customer`, whose data are brought up to date each time; the order of keys and the offset in which ' +
    'an instant is written make no difference.',
  body: promiseBody,
  answers: {
    201: { description: 'Created.', schema: promiseView },
    200: { description: 'Known already: the same source, ref and content.', schema: promiseView },
  },
  problems: ['INVALID_BODY', 'CANNOT_BE_PROMISED', 'PROMISE_CLASH', 'SLOT_TAKEN'],
  handle: async ({ body }, deps) => {
    if (!saysTime(body)) return asksForSlot(body) ? inSlot(body, deps) : problem('INVALID_BODY');
    const outcome = await registerPromise(body, deps);
    if (isProblem(outcome) || outcome.result === 'refused') {
      // A request sent again late, its default madeAt now past the promised time, still names the promise it made.
      const before = await repeated(body, deps);
      if (before) return answer(200, await answerOf(before, deps));
      return isProblem(outcome) ? outcome : refused(outcome.refusal, outcome.planned);
    }
    const { result, promise } = outcome;
    if (result === 'clash') return problem('PROMISE_CLASH', { words: { promiseId: promise.id } });
    return answer(result === 'created' ? 201 : 200, await answerOf(promise, deps));
  },
});

async function inSlot(body: SlotBody, deps: ApiDeps) {
  const made = await registerInSlot(body, deps);
  if (isProblem(made)) return made;
  return answer(made.result === 'created' ? 201 : 200, await answerOf(made.promise, deps));
}

const readPromise = endpoint({
  scope: 'admin',
  owner: 'promise',
  method: 'get',
  path: '/v1/promises/{id}',
  name: 'getPromise',
  summary: 'Read a promise',
  params: promisePath,
  answers: { 200: { description: 'The promise as it stands now.', schema: promiseView } },
  problems: ['PROMISE_UNKNOWN'],
  handle: async ({ params }, deps) => {
    const promise = await getPromise(deps.pool, params.id);
    return promise ? answer(200, await answerOf(promise, deps)) : problem('PROMISE_UNKNOWN');
  },
});

const MAX_LIMIT = 500;

const listQuery = z.strictObject({
  source: text(MAX.name).optional(),
  ref: text(MAX.ref).optional(),
  customer: text(MAX.ref).optional().openapi({ description: "The customer's ref." }),
  phase: z.enum(PHASES).optional(),
  kind: text(MAX.name).optional(),
  owner: text(MAX.name).optional(),
  partner: text(MAX.label).optional(),
  from: boundField('from').optional(),
  to: boundField('to').optional(),
  limit: limitField(MAX_LIMIT).optional(),
  cursor: cursorField.optional(),
});

const listOfPromises = endpoint({
  scope: 'admin',
  owner: 'list',
  method: 'get',
  path: '/v1/promises',
  name: 'listPromises',
  summary: 'Find promises',
  description:
    'By any of these together, in the order of promisedAt. `from` and `to` bound promisedAt: an instant at `from` is in, ' +
    'one at `to` is not. A day holds what falls due on it in the zone of the promise; midnight closes a day.',
  query: listQuery,
  answers: {
    200: {
      description: 'One page.',
      schema: z
        .strictObject({
          items: z.array(promiseView),
          next: z.string().nullable().openapi({ description: 'The cursor of the next page; null on the last one.' }),
        })
        .openapi('PromisePage'),
    },
  },
  problems: ['INVALID_QUERY'],
  handle: async ({ search }, { pool, baseUrl, now }) => {
    const { limit = DEFAULT_LIMIT, cursor, ...filters } = search;
    const after = cursor === undefined ? {} : { after: cursor };
    const set = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
    const rows = await listPromises(pool, { ...set, ...after, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const staff = await membersOf(pool, ownersOf(page));
    return answer(200, {
      items: page.map((row) => viewOf(row, staff, { baseUrl, now: now() })),
      next: rows.length > limit && last ? cursorOf(last) : null,
    });
  },
});

export const promiseRoutes = [createPromise, listOfPromises, readPromise];

async function answerOf(
  promise: PromiseRow,
  { reference, baseUrl, now }: ApiDeps,
): Promise<z.input<typeof promiseView>> {
  return viewOf(promise, await reference.staff(promise.owner), { baseUrl, now: now() });
}

const ownersOf = (rows: readonly PromiseRow[]): readonly string[] => [
  ...new Set(rows.flatMap((row) => (row.owner === null ? [] : [row.owner]))),
];
