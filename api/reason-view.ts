import { z } from '@hono/zod-openapi';
import { PLAN_INSTANTS, type Plan } from '../domain/promise/plan.ts';
import { explainReason } from '../words/explain.en.ts';
import { instantAnswer } from './fields.ts';

/** Why one instant of a plan stands where it stands. */
export const reasonView = z
  .strictObject({
    instant: z.enum(PLAN_INSTANTS),
    at: instantAnswer.nullable(),
    because: z.string().openapi({ description: 'A stable code, e.g. buffer_share.' }),
    field: z
      .string()
      .nullable()
      .openapi({ description: "The policy's field it comes from; null: from the request itself." }),
    value: z.string().nullable().openapi({ description: 'What that field says.' }),
    text: z.string().openapi({ description: 'The same for people.' }),
  })
  .openapi('PlanReason');

export const reasonsOf = (plan: Plan): z.input<typeof reasonView>[] =>
  plan.reasons.map((reason) => ({ ...reason, text: explainReason(reason, plan) }));

/** The version of the calendar that the promise itself counts by, else of the one its buffer does. */
export const calendarVersionOf = ({ clock, calendars }: Plan): number | null =>
  (clock?.calendar ? calendars[clock.calendar] : Object.values(calendars)[0]) ?? null;
