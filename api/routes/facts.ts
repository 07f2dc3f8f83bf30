import { z } from '@hono/zod-openapi';
import { policyOf } from '../../db/policies.ts';
import { databaseNow } from '../../db/pool.ts';
import { getPromise } from '../../db/promises.ts';
import { recordFact } from '../../db/settle.ts';
import { termsOf } from '../../domain/calendar/plan.ts';
import { isOwnFactKey, type OutsideFact } from '../../domain/promise/facts.ts';
import { plusMs, type Instant } from '../../domain/promise/instant.ts';
import type { Terms } from '../../domain/promise/plan.ts';
import { WITHDRAWERS } from '../../domain/promise/words.ts';
import { answer, endpoint } from '../endpoint.ts';
import { instantField, MAX, text, isWithinYears, YEARS } from '../fields.ts';
import { problem, type Fault, type Problem } from '../problem.ts';
import { promiseView, viewOf } from '../promise-view.ts';
import { promisePath } from './promise-path.ts';

const head = {
  factKey: text(MAX.factKey)
    .refine((key) => !isOwnFactKey(key), 'Keys that are `registered` or begin with `alert:` or `notice:` are ours.')
    .openapi({ description: 'The same key twice is the same fact.', example: 'evt-889' }),
  occurredAt: instantField.openapi({
    description: 'When it happened. At most 5 minutes from now, at the earliest one day before madeAt.',
  }),
};

/** A code, so that no free text about a person comes to lie among the facts. */
const checkpoint = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/,
    'Must be a code such as handed-to-carrier: letters, digits and _ . - only, at most 63, a letter or digit first.',
  )
  .openapi({ description: 'A code of your own, no free text.', example: 'handed-to-carrier' });

/** From a list, so that no free text about a person comes to lie among the facts. */
const cause = text(MAX.name)
  .exactOptional()
  .openapi({
    description: 'One of the causes that company.yaml names; those of the example where it names none.',
    examples: ['stock', 'carrier', 'weather', 'other'],
  });

const factBody = z
  .discriminatedUnion('kind', [
    z
      .strictObject({ ...head, kind: z.literal('progressed'), checkpoint })
      .openapi('Progressed', { description: 'A checkpoint was passed.' }),
    z
      .strictObject({
        ...head,
        kind: z.literal('estimated'),
        at: instantField.openapi({ description: "Today's best forecast." }),
      })
      .openapi('Estimated', { description: 'When it will probably be done.' }),
    z
      .strictObject({
        ...head,
        kind: z.literal('fulfilled'),
        inFull: z.boolean().exactOptional(),
        firstContact: z.boolean().exactOptional(),
      })
      .openapi('Fulfilled', { description: 'It was done, at occurredAt.' }),
    z
      .strictObject({
        ...head,
        kind: z.literal('withdrawn'),
        by: z.enum(WITHDRAWERS),
        cause,
      })
      .openapi('Withdrawn', { description: 'It was taken back.' }),
  ])
  .openapi('NewFact');

const addFact = endpoint({
  scope: 'admin',
  owner: 'promise',
  method: 'post',
  path: '/v1/promises/{id}/facts',
  name: 'addFact',
  summary: 'Say what happened to a promise',
  description:
    'In any order, as often as you like: a fact is known by its factKey, and what counts is when it occurred.',
  params: promisePath,
  body: factBody,
  answers: {
    202: {
      description: 'Stored, and the promise as it stands now.',
      schema: z
        .strictObject({
          promise: promiseView,
          applied: z
            .boolean()
            .openapi({ description: 'false: this factKey was known already, with the same content.' }),
        })
        .openapi('FactAnswer'),
    },
  },
  problems: ['PROMISE_UNKNOWN', 'INVALID_BODY', 'OCCURRED_AT_IMPLAUSIBLE', 'FACT_CLASH'],
  handle: async ({ params: { id }, body }, { pool, reference, baseUrl }) => {
    const [promise, now] = await Promise.all([getPromise(pool, id), databaseNow(pool)]);
    if (!promise) return problem('PROMISE_UNKNOWN');
    const fact: OutsideFact = body;
    const policy = await policyOf(pool, promise.kind, promise.policyVersion);
    const refusal =
      implausibleTime(fact, promise.madeAt, now) ??
      untellable(fact, termsOf(promise.plan, policy, promise.history)) ??
      unknownCause(fact, await reference.causes());
    if (refusal) return refusal;
    const recorded = await recordFact(pool, id, fact);
    if (!('promise' in recorded))
      return recorded.result === 'clash' ? problem('FACT_CLASH', { errors: [KEY_TAKEN] }) : problem('PROMISE_UNKNOWN');
    const staff = await reference.staff(recorded.promise.owner);
    const view = viewOf(recorded.promise, staff, baseUrl);
    return answer(202, { promise: view, applied: recorded.result === 'applied' });
  },
});

export const factRoutes = [addFact];

const KEY_TAKEN: Fault = { pointer: '/factKey', message: 'Stands for another fact of this promise.' };
const AHEAD_MS = 5 * 60_000;
const BEFORE_MADE_MS = 24 * 60 * 60_000;

function implausibleTime({ occurredAt }: OutsideFact, madeAt: Instant | null, now: Instant): Problem | null {
  const message =
    occurredAt > plusMs(now, AHEAD_MS)
      ? 'Must not be more than 5 minutes ahead of now.'
      : isEarlierThan(occurredAt, madeAt, BEFORE_MADE_MS)
        ? `Must not be more than one day before the promise was made (${madeAt}).`
        : null;
  return message === null
    ? null
    : problem('OCCURRED_AT_IMPLAUSIBLE', { errors: [{ pointer: '/occurredAt', message }] });
}

function unknownCause(fact: OutsideFact, causes: readonly string[]): Problem | null {
  const named = 'cause' in fact ? fact.cause : undefined;
  if (named === undefined || causes.includes(named)) return null;
  const message = `Must be one of: ${causes.join(', ')}.`;
  return problem('INVALID_BODY', { errors: [{ pointer: '/cause', message }] });
}

/** Moved to the side of the caller's instant: madeAt itself may be the first instant there is. */
const isEarlierThan = (at: Instant, limit: Instant | null, byMs: number): boolean =>
  limit !== null && Date.parse(limit) - Date.parse(at) > byMs;

/**
 * An estimate from before the promise is a slip of the pen that would silence a warning; one so far out that the time
 * to be told for it cannot be written would stop the promise for ever.
 */
function untellable(fact: OutsideFact, terms: Terms): Problem | null {
  if (fact.kind !== 'estimated') return null;
  const { madeAt } = terms.plan;
  if (isEarlierThan(fact.at, madeAt, BEFORE_MADE_MS)) {
    const message = `An estimate must not lie more than one day before the promise was made (${madeAt}).`;
    return problem('INVALID_BODY', { errors: [{ pointer: '/at', message }] });
  }
  try {
    if (isWithinYears(fact.at, terms.recoveryAfter(terms.newTimeFor(fact.at).at))) return null;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return problem('INVALID_BODY', { errors: [{ pointer: '/at', message: YEARS }] });
}
