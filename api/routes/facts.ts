import { z } from '@hono/zod-openapi';
import { databaseNow } from '../../db/pool.ts';
import { getPromise } from '../../db/promises.ts';
import { rulesOf } from '../../db/rules.ts';
import { recordFact } from '../../db/settle.ts';
import type { FactResult, PromiseRow } from '../../db/shapes.ts';
import { deadlineOf } from '../../domain/calendar/deadline.ts';
import { bookOf } from '../../domain/calendar/planning.ts';
import { startOfDay } from '../../domain/calendar/zones.ts';
import { termsOf } from '../../domain/calendar/terms.ts';
import { isRecord } from '../../domain/policy/documents.ts';
import { isOwnFactKey, type OutsideFact } from '../../domain/promise/facts.ts';
import { plusMs, type Instant } from '../../domain/promise/instant.ts';
import type { Terms, Undertaking } from '../../domain/promise/plan.ts';
import {
  ATTEMPT_RESULTS,
  CONTACT_CHANNELS,
  CONTACT_SUBJECTS,
  WAITED_FOR,
  WITHDRAWERS,
} from '../../domain/promise/words.ts';
import type { ApiDeps } from '../deps.ts';
import { answer, endpoint } from '../endpoint.ts';
import { instantField, MAX, text, isWithinYears, YEARS } from '../fields.ts';
import { problem, type Fault, type Problem } from '../problem.ts';
import { promiseView, viewOf } from '../promise-view.ts';
import type { ReferenceData } from '../reference-data.ts';
import { NO_CALENDAR, promisedOf } from '../registration.ts';
import { promisedSchema } from './promise-body.ts';
import { promisePath } from './promise-path.ts';

const head = {
  factKey: text(MAX.factKey)
    .refine(
      (key) => !isOwnFactKey(key),
      'Keys that are `registered` or begin with `alert:`, `notice:`, `owner:` or `policy:` are ours.',
    )
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

/** Facts that Kept states itself when a route is asked to. */
const BY_COMMAND: Readonly<Record<string, string>> = {
  chosen: 'Kept states this itself: POST /v1/promises/{id}:choose is how a customer chooses another time.',
  handed_over: 'Kept states this itself: POST /v1/promises/{id}:hand-over makes somebody else answer for it.',
  acknowledged: 'Kept states this itself: POST /v1/promises/{id}:acknowledge takes a hand-over on.',
  policy_applied: 'Kept states this itself: POST /v1/policies/{kind}:apply does it for all open promises of a kind.',
};

const factBody = z
  .discriminatedUnion(
    'kind',
    [
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
        .strictObject({ ...head, kind: z.literal('fulfilment_reversed') })
        .openapi('FulfilmentReversed', { description: 'It was not done after all: the promise is open again.' }),
      z
        .strictObject({
          ...head,
          kind: z.literal('paused'),
          waitingFor: z.enum(WAITED_FOR).openapi({
            description: 'Who must act. Only waiting for the customer stops the clock of a duration promise.',
          }),
          until: instantField.exactOptional().openapi({ description: 'When it goes on by itself.' }),
        })
        .openapi('Paused', { description: 'It waits for somebody.' }),
      z
        .strictObject({ ...head, kind: z.literal('resumed') })
        .openapi('Resumed', { description: 'It waits for nobody any more.' }),
      z
        .strictObject({
          ...head,
          kind: z.literal('repromised'),
          promised: promisedSchema,
          agreedByCustomer: z.boolean().openapi({
            description:
              'The customer asked for it or accepted it. Before the old time passed, the promise is judged by it.',
          }),
          cause,
        })
        .openapi('Repromised', { description: 'The customer was told another time.' }),
      z
        .strictObject({ ...head, kind: z.literal('attempted'), result: z.enum(ATTEMPT_RESULTS) })
        .openapi('Attempted', { description: 'Somebody tried to reach the customer.' }),
      z
        .strictObject({
          ...head,
          kind: z.literal('contacted'),
          channel: z.enum(CONTACT_CHANNELS),
          about: z.enum(CONTACT_SUBJECTS),
        })
        .openapi('Contacted', { description: 'The customer came to us.' }),
      z
        .strictObject({ ...head, kind: z.literal('rated'), score: z.int().min(1).max(5) })
        .openapi('Rated', { description: "The customer's rating." }),
      z
        .strictObject({
          ...head,
          kind: z.literal('withdrawn'),
          by: z.enum(WITHDRAWERS),
          cause,
        })
        .openapi('Withdrawn', { description: 'It was taken back.' }),
    ],
    { error: ({ input }) => (isRecord(input) ? BY_COMMAND[String(input['kind'])] : undefined) },
  )
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
  handle: async ({ params: { id }, body }, deps) => {
    const { pool, reference, baseUrl } = deps;
    const [promise, now] = await Promise.all([getPromise(pool, id), databaseNow(pool)]);
    if (!promise) return problem('PROMISE_UNKNOWN');
    const fact = factOf(body);
    const refusal = implausibleTime(fact, promise.madeAt, now) ?? (await unacceptable(fact, promise, deps));
    if (refusal) return refusal;
    const recorded = await recordFact(pool, id, fact);
    if (!('promise' in recorded)) return REFUSALS[recorded.result];
    const staff = await reference.staff(recorded.promise.owner);
    const view = viewOf(recorded.promise, staff, { baseUrl, now: deps.now() });
    return answer(202, { promise: view, applied: recorded.result === 'applied' });
  },
});

export const factRoutes = [addFact];

const KEY_TAKEN: Fault = { pointer: '/factKey', message: 'Stands for another fact of this promise.' };

/** What settle found of a fact that is not stored. */
const REFUSALS: Readonly<Record<Exclude<FactResult['result'], 'applied' | 'known'>, Problem>> = {
  unknown: problem('PROMISE_UNKNOWN'),
  clash: problem('FACT_CLASH', { errors: [KEY_TAKEN] }),
  past: invalid(
    '/promised',
    'The time told has passed when it is told. A duration counts from madeAt: tell a time with at.',
  ),
  out_of_range: invalid('/promised', YEARS),
};

function invalid(pointer: string, message: string): Problem {
  return problem('INVALID_BODY', { errors: [{ pointer, message }] });
}

const factOf = (body: z.output<typeof factBody>): OutsideFact =>
  body.kind === 'repromised' ? { ...body, promised: promisedOf(body.promised) } : body;

/** What the fields say together with what is stored. */
async function unacceptable(
  fact: OutsideFact,
  promise: PromiseRow,
  { pool, reference }: ApiDeps,
): Promise<Problem | null> {
  if (fact.kind === 'estimated') {
    const { plan, policyVersion, history } = promise;
    const rules = await rulesOf(pool, promise, []);
    return untellable(fact, termsOf(plan, rules.policy(policyVersion), { history, book: bookOf(plan, rules) }));
  }
  if (fact.kind === 'paused' && fact.until !== undefined) {
    if (fact.until <= fact.occurredAt)
      return invalid('/until', 'Must be later than occurredAt: a pause that is over before it begins stops nothing.');
    if (fact.until > LAST_UNTIL)
      return invalid('/until', 'Must lie before the year 9900: what follows needs time, too.');
  }
  if (fact.kind === 'repromised') {
    const fault = await untoldFault(fact.promised, promise, reference);
    if (fault) return problem('INVALID_BODY', { errors: [fault] });
  }
  // Four ends only: whoever was promised a call was called, called off, could not be reached, or was let down.
  if (fact.kind === 'withdrawn' && fact.by === 'unknown' && promise.plan.tries !== null && promise.parent === null)
    return invalid('/by', 'A callback is withdrawn by the customer or by the company: say which.');
  return unknownCause(fact, await reference.causes());
}

/** Why a told time cannot be one; whether it has passed is known once the pauses are. */
async function untoldFault(
  promised: Undertaking,
  { madeAt }: PromiseRow,
  reference: ReferenceData,
): Promise<Fault | null> {
  if ('within' in promised) {
    if (madeAt === null) return { pointer: '/promised/within', message: 'It is not known from when it would count.' };
    const isKnown = promised.calendar === null || (await reference.calendar(promised.calendar)) !== null;
    return isKnown ? null : { pointer: '/promised/calendar', message: NO_CALENDAR };
  }
  if (promised.precision === 'day' && startOfDay(promised.day, promised.zone) >= deadlineOf(promised))
    return { pointer: '/promised/day', message: `${promised.zone} never had this day.` };
  const at = deadlineOf(promised);
  return isWithinYears(at, at) ? null : { pointer: '/promised', message: YEARS };
}

const AHEAD_MS = 5 * 60_000;
const BEFORE_MADE_MS = 24 * 60 * 60_000;
/** A promise may last a hundred years after a pause. */
const LAST_UNTIL = '9900';

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
  return invalid('/cause', `Must be one of: ${causes.join(', ')}.`);
}

/** Moved to the side of the caller's instant: madeAt itself may be the first instant there is. */
const isEarlierThan = (at: Instant, limit: Instant | null, byMs: number): boolean =>
  limit !== null && Date.parse(limit) - Date.parse(at) > byMs;

/**
 * An estimate from before the promise is a slip of the pen that would silence a warning; one so far out that the time
 * to be told for it cannot be written would stop the promise for ever.
 */
function untellable(fact: Extract<OutsideFact, { kind: 'estimated' }>, terms: Terms): Problem | null {
  const { madeAt } = terms.plan;
  if (isEarlierThan(fact.at, madeAt, BEFORE_MADE_MS))
    return invalid('/at', `An estimate must not lie more than one day before the promise was made (${madeAt}).`);
  try {
    if (isWithinYears(fact.at, terms.recoveryAfter(terms.newTimeFor(fact.at).at))) return null;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return invalid('/at', YEARS);
}
