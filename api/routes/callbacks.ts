import { z } from '@hono/zod-openapi';
import { callbacksOf } from '../../db/callbacks.ts';
import { callbacksSchema, callbacksView } from '../callback-view.ts';
import { answer, endpoint } from '../endpoint.ts';
import { dayField, isDayWithinYears, MAX, text, YEARS } from '../fields.ts';

const listCallbacks = endpoint({
  scope: 'admin',
  owner: 'list',
  method: 'get',
  path: '/v1/callbacks',
  name: 'listCallbacks',
  summary: 'See the calls of a day',
  description: 'Of every kind whose customers are called, by when they are due; at most 2,000.',
  query: z.strictObject({
    day: dayField
      .refine(isDayWithinYears, YEARS)
      .optional()
      .openapi({ description: "In the company's zone; today, when left out." }),
    owner: text(MAX.name).optional(),
  }),
  answers: { 200: { description: 'The calls of the day.', schema: callbacksSchema } },
  problems: ['INVALID_QUERY'],
  handle: async ({ search: { day, owner } }, { pool }) =>
    answer(200, callbacksView(await callbacksOf(pool, day ?? null, owner ?? null))),
});

export const callbackRoutes = [listCallbacks];
