import { z } from '@hono/zod-openapi';
import type { CallbackDay } from '../db/callbacks.ts';
import { PHASES } from '../domain/promise/words.ts';
import { instantAnswer } from './fields.ts';

/** The callbacks of a day as the route and the command answer them. */
export const callbacksSchema = z
  .strictObject({
    day: z.string().openapi({ description: "A day of the company's zone." }),
    items: z.array(
      z.strictObject({
        id: z.uuid(),
        from: instantAnswer.nullable().openapi({ description: 'Null: no window was told.' }),
        to: instantAnswer,
        owner: z.string().nullable(),
        phase: z.enum(PHASES),
        attempts: z.strictObject({ counted: z.int(), max: z.int() }),
      }),
    ),
    overflow: z.array(z.uuid()).openapi({
      description: "Of today's, those still to be made for which nobody on duty has a free parallel call.",
    }),
  })
  .openapi('Callbacks');

/** What the API says of them. */
export const callbacksView = ({ day, items, overflow }: CallbackDay): z.input<typeof callbacksSchema> => ({
  day,
  items: items.map(({ id, from, to, owner, phase, attempts }) => ({ id, from, to, owner, phase, attempts })),
  overflow: [...overflow],
});
