import { z } from '@hono/zod-openapi';
import { acknowledge, handOver, type OwnerCommandResult } from '../../db/hand-over.ts';
import { getPromise } from '../../db/promises.ts';
import type { ApiDeps } from '../deps.ts';
import { answer, endpoint } from '../endpoint.ts';
import { MAX, text } from '../fields.ts';
import { problem, type Fault, type Problem } from '../problem.ts';
import { promiseView, viewOf } from '../promise-view.ts';
import { noteText, unknownPerson } from './notes.ts';
import { promisePath } from './promise-path.ts';

/** Somebody of the staff. */
export const personField = text(MAX.name).openapi({ description: 'Id of a person.', example: 'jaan' });

const handOverPromise = endpoint({
  scope: 'admin',
  owner: 'promise',
  method: 'post',
  path: '/v1/promises/{id}:hand-over',
  name: 'handOverPromise',
  summary: 'Make somebody else answer for a promise',
  description:
    'The whole timeline and all notes go with it. The new owner is alerted and acknowledges it, or it goes to their lead ' +
    'after `acknowledge` of company.yaml. The customer reads the new name in the next notice; at once, where a risk, ' +
    'progress or recovery notice had named the old one. Said of who owns it already it changes nothing.',
  params: promisePath,
  body: z.strictObject({ to: personField, note: noteText.optional(), by: personField }).openapi('HandOver', {
    description: '`by`: who says so. Who hands a promise to themselves need not acknowledge it.',
  }),
  answers: { 200: { description: 'The promise as it is now.', schema: promiseView } },
  problems: ['INVALID_BODY', 'PROMISE_UNKNOWN', 'PROMISE_CLOSED'],
  handle: async ({ params: { id }, body }, deps) => {
    const errors = await unknownPeople({ '/to': body.to, '/by': body.by }, deps);
    if (errors.length > 0) return problem('INVALID_BODY', { errors });
    return answerOf(await handOver(deps.pool, id, body), id, deps);
  },
});

const acknowledgePromise = endpoint({
  scope: 'admin',
  owner: 'promise',
  method: 'post',
  path: '/v1/promises/{id}:acknowledge',
  name: 'acknowledgePromise',
  summary: 'Take on a promise that was handed over',
  params: promisePath,
  body: z.strictObject({ by: personField }).openapi('Acknowledge'),
  answers: { 200: { description: 'The promise as it is now.', schema: promiseView } },
  problems: ['INVALID_BODY', 'PROMISE_UNKNOWN', 'PROMISE_CLOSED', 'NOT_OWNER'],
  handle: async ({ params: { id }, body: { by } }, deps) => {
    const errors = await unknownPeople({ '/by': by }, deps);
    if (errors.length > 0) return problem('INVALID_BODY', { errors });
    return answerOf(await acknowledge(deps.pool, id, by), id, deps);
  },
});

export const handOverRoutes = [handOverPromise, acknowledgePromise];

/** Every one of those named, by the place that names them, who is not of the staff. */
export async function unknownPeople(
  named: Readonly<Record<string, string | undefined>>,
  deps: Pick<ApiDeps, 'reference'>,
): Promise<readonly Fault[]> {
  const faults = await Promise.all(
    Object.entries(named).map(([pointer, id]) =>
      id === undefined ? Promise.resolve(null) : unknownPerson(pointer, id, deps),
    ),
  );
  return faults.filter((fault) => fault !== null);
}

async function answerOf(result: OwnerCommandResult, id: string, { pool, reference, baseUrl, now }: ApiDeps) {
  if (result.result === 'done') {
    const staff = await reference.staff(result.promise.owner);
    return answer(200, viewOf(result.promise, staff, { baseUrl, now: now() }));
  }
  return refusalOf(result.result, (await getPromise(pool, id))?.owner ?? null);
}

const NOT_THEIRS = 'The people of a partner answer for promises of that partner only.';

function refusalOf(result: Exclude<OwnerCommandResult['result'], 'done'>, owner: string | null): Problem {
  switch (result) {
    case 'unknown':
      return problem('PROMISE_UNKNOWN');
    case 'closed':
      return problem('PROMISE_CLOSED');
    case 'not_theirs':
      return problem('INVALID_BODY', { errors: [{ pointer: '/to', message: NOT_THEIRS }] });
    case 'not_owner':
      return problem('NOT_OWNER', { words: { owner: owner ?? 'nobody is named' } });
  }
}
