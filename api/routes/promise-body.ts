import { z } from '@hono/zod-openapi';
import { dayField, instantField, languageField, MAX, text, zoneField } from '../fields.ts';

/** What a customer was told: one of three forms, by its keys. */
const promisedSchema = z
  .union(
    [
      z.strictObject({ at: instantField }).openapi({ title: 'instant' }),
      z.strictObject({ day: dayField, zone: zoneField }).openapi({ title: 'day' }),
      z
        .strictObject({ from: instantField, to: instantField })
        .refine(({ from, to }) => from < to, {
          path: ['to'],
          message: 'A window ends after it begins: to must be later than from.',
        })
        .openapi({ title: 'window' }),
    ],
    'Must be one of { at }, { day, zone } and { from, to }.',
  )
  .openapi('Promised', {
    description: 'An instant, a whole local day, or a window from `from` up to, not including, `to`.',
  });

const customerSchema = z
  .strictObject({
    ref: text(MAX.ref),
    name: text(MAX.personName).optional(),
    email: z
      .email('Must be an e-mail address such as mari@example.com.')
      .max(MAX.email)
      .optional()
      .openapi({ format: 'email' }),
    phone: text(MAX.phone).optional(),
    language: languageField.optional(),
    zone: zoneField.optional(),
  })
  .openapi('Customer', {
    description: 'Who was told. Data sent replace those known under the same ref; data left out stay as they are.',
  });

/** The body of `POST /v1/promises` and `POST /v1/promises:plan`. */
export const promiseBody = z
  .strictObject({
    source: text(MAX.name)
      .refine((source) => source !== 'kept', 'The source "kept" is ours. Name your own system.')
      .openapi({ description: 'The system that made the promise.', example: 'shop' }),
    ref: text(MAX.ref).openapi({ description: 'Its own reference, unique within the source.', example: 'A-1001' }),
    kind: text(MAX.name).openapi({ description: 'A kind that has a policy.', example: 'delivery' }),
    promised: promisedSchema,
    target: z
      .strictObject({ at: instantField })
      .optional()
      .openapi({ description: "The caller's own earlier deadline; without it the policy's buffer decides." }),
    madeAt: instantField.optional().openapi({ description: 'When it was said; now, when left out.' }),
    customer: customerSchema,
    owner: text(MAX.name).optional().openapi({
      description:
        'Id of the person who answers for it. An unknown one is accepted and flagged; the hotline is named then.',
    }),
    partner: text(MAX.label).optional(),
    region: text(MAX.label).optional(),
    product: text(MAX.label).optional(),
    subject: text(MAX.subject)
      .optional()
      .openapi({ description: 'What was promised, in words the customer knows.', example: '3 books, order A-1001' }),
  })
  .openapi('NewPromise');

export type PromiseBody = z.output<typeof promiseBody>;
