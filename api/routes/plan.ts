import { z } from '@hono/zod-openapi';
import { REFUSAL_REASONS } from '../../domain/calendar/earliest.ts';
import { FLAGS } from '../../domain/promise/words.ts';
import { answer, endpoint } from '../endpoint.ts';
import { instantAnswer } from '../fields.ts';
import { identified } from '../identify.ts';
import { isProblem } from '../problem.ts';
import { calendarVersionOf, reasonsOf, reasonView } from '../reason-view.ts';
import { planFor } from '../registration.ts';
import { inOfferedSlot } from '../slot-registration.ts';
import { promiseBody, saysTime } from './promise-body.ts';

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
          checkpoints: z.array(z.strictObject({ name: z.string(), at: instantAnswer, partner: z.boolean() })),
          policyVersion: z.int(),
          calendarVersion: z
            .int()
            .nullable()
            .openapi({ description: 'Of the calendar that the promise or its buffer counts by; null: none does.' }),
          calendars: z
            .record(z.string(), z.int())
            .openapi({ description: 'The version of every calendar that the plan was made by, by id.' }),
          refusal: z
            .strictObject({
              reason: z.enum(REFUSAL_REASONS),
              earliest: instantAnswer.nullable(),
              latest: instantAnswer.nullable(),
            })
            .nullable()
            .openapi({ description: 'Set where POST /v1/promises would refuse it, with what could be held instead.' }),
        })
        .openapi('Plan'),
    },
  },
  problems: ['INVALID_BODY'],
  handle: async ({ body }, deps) => {
    const known = await identified(body, deps);
    if (isProblem(known)) return known;
    const timed = saysTime(known) ? known : await inOfferedSlot(known, deps);
    if (isProblem(timed)) return timed;
    const planned = await planFor(timed, deps, true);
    if (isProblem(planned)) return planned;
    const { plan, policy, flags, refusal } = planned;
    const { promisedAt, targetAt, riskAt, lastCallAt } = plan;
    return answer(200, {
      ...{ promisedAt, targetAt, riskAt, lastCallAt },
      flags: [...flags],
      reasons: reasonsOf(plan),
      checkpoints: plan.checkpoints.map(({ name, at, partner }) => ({ name, at, partner })),
      policyVersion: policy.version,
      calendarVersion: calendarVersionOf(plan),
      calendars: plan.calendars,
      refusal: refusal && {
        reason: refusal.reason,
        earliest: refusal.reason === 'too_long' ? null : refusal.couldBe,
        latest: refusal.reason === 'too_long' ? refusal.couldBe : null,
      },
    });
  },
});

export const planRoutes = [planPromise];
