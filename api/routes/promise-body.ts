import { z } from '@hono/zod-openapi';
import { CURRENCY_FORM } from '../../domain/policy/money.ts';
import { dayField, durationField, instantField, languageField, MAX, text, zoneField } from '../fields.ts';

/** What a customer was told: one of four forms, by its keys. */
export const promisedSchema = z
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
      z
        .strictObject({ within: durationField, calendar: text(MAX.name).optional() })
        .refine(({ within, calendar }) => calendar === undefined || within.startsWith('PT'), {
          path: ['within'],
          message: 'Working days have no one length: with a calendar write hours, such as PT16H.',
        })
        .openapi({ title: 'duration' }),
    ],
    'Must be one of { at }, { day, zone }, { from, to } and { within, calendar }.',
  )
  .openapi('Promised', {
    description:
      'An instant, a whole local day, a window from `from` up to, not including, `to`, or a duration: `within` counts from ' +
      'when the promise was made, with a calendar in its working time, and stands while we wait for the customer.',
  });

/** A place in a slot, by which it is promised for that window. */
const slotSchema = z.strictObject({ slot: text(MAX.slot) }).openapi('InSlot', {
  title: 'slot',
  description:
    'The id of a slot of GET /v1/slots, or `next`: the first with a free place. It is promised for the window of the slot, ' +
    'and the place is taken in the same commit.',
  example: { slot: 'next' },
});

/** An address that mails can be sent to. */
export const emailField = z.email('Must be an e-mail address such as mari@example.com.').max(MAX.email);

/** Who was told. */
export const customerSchema = z
  .strictObject({
    ref: text(MAX.ref).optional().openapi({
      description:
        'Her reference in your systems. Without it she is found by phone or, failing that, by e-mail address; where nobody has them, she is a new customer with a random reference.',
    }),
    name: text(MAX.personName).optional(),
    email: emailField.optional().openapi({ format: 'email' }),
    phone: text(MAX.phone).optional().openapi({
      description:
        "Any notation; stored as E.164 where it can be read. Without a prefix it is of the company's country.",
      example: '+372 600 0001',
    }),
    language: languageField.optional(),
    zone: zoneField.optional(),
  })
  .refine(({ ref, phone, email }) => ref !== undefined || phone !== undefined || email !== undefined, {
    path: ['ref'],
    message: 'Missing. Send a reference, or a phone or an e-mail address to find the customer by.',
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
    promised: z.union(
      [promisedSchema, slotSchema],
      'Must be one of { at }, { day, zone }, { from, to }, { within, calendar } and { slot }.',
    ),
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
    value: z
      .strictObject({
        amount: z
          .string()
          .regex(/^\d{1,12}(\.\d{1,2})?$/, 'An amount in quotes, with at most two decimals: "49.90".')
          .openapi({ example: '49.90' }),
        currency: z
          .string()
          .regex(CURRENCY_FORM, 'Three capital letters (ISO 4217), such as EUR.')
          .openapi({ example: 'EUR' }),
      })
      .optional()
      .openapi({ description: 'What the promised thing costs: the remedies of a broken promise go by it.' }),
    partner: text(MAX.label).optional(),
    region: text(MAX.label).optional(),
    product: text(MAX.label).optional(),
    subject: text(MAX.subject)
      .optional()
      .openapi({ description: 'What was promised, in words the customer knows.', example: '3 books, order A-1001' }),
  })
  .openapi('NewPromise');

export type PromiseBody = z.output<typeof promiseBody>;

/** One that says the time itself. */
export type TimedBody = Omit<PromiseBody, 'promised'> & { readonly promised: z.output<typeof promisedSchema> };

/** One that asks for a place in a slot. */
export type SlotBody = Omit<PromiseBody, 'promised'> & { readonly promised: z.output<typeof slotSchema> };

export const asksForSlot = (body: PromiseBody): body is SlotBody => 'slot' in body.promised;
export const saysTime = (body: PromiseBody): body is TimedBody => !('slot' in body.promised);
