import { z } from '@hono/zod-openapi';
import { FLAGS } from '../../domain/promise/words.ts';
import { answer, endpoint } from '../endpoint.ts';
import { instantAnswer } from '../fields.ts';
import { isProblem } from '../problem.ts';
import { reasonsOf, reasonView } from '../reason-view.ts';
import { planFor } from '../registration.ts';
import { promiseBody } from './promise-body.ts';

const planPromise = endpoint({
  scope: 'admin',
  owner: 'new',
  method: 'post',
  path: '/v1/promises:plan',
  name: 'planPromise',
  summary: 'Plan a promise without making it',
  description: 'Takes the body of POST /v1/promises, stores nothing. madeAt may be any time, past or future.',
  body: promiseBody,
  answers: {
    200: {
      description: 'What Kept would do, and why.',
      schema: z
        .strictObject({
          promisedAt: instantAnswer,
          targetAt: instantAnswer,
          riskAt: instantAnswer.nullable(),
          lastCallAt: instantAnswer,
          flags: z.array(z.enum(FLAGS)),
          reasons: z.array(reasonView),
          policyVersion: z.int(),
        })
        .openapi('Plan'),
    },
  },
  problems: ['INVALID_BODY'],
  handle: async ({ body }, deps) => {
    const planned = await planFor(body, deps, true);
    if (isProblem(planned)) return planned;
    const { promisedAt, targetAt, riskAt, lastCallAt } = planned.plan;
    const flags = [...planned.flags];
    const policyVersion = planned.policy.version;
    return answer(200, {
      promisedAt,
      targetAt,
      riskAt,
      lastCallAt,
      flags,
      reasons: reasonsOf(planned.plan),
      policyVersion,
    });
  },
});

export const planRoutes = [planPromise];
