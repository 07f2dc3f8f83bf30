import { z } from '@hono/zod-openapi';

/** What an error is: its HTTP status, a title that never changes, and a text whose `{words}` are filled in per case. */
interface ProblemSpec {
  readonly status: 400 | 401 | 404 | 405 | 409 | 413 | 415 | 422 | 500 | 503;
  readonly title: string;
  readonly detail: string;
}

/** Every error this API answers. Codes are a contract: never renamed, never reused. To add one: one entry here. */
export const PROBLEMS = {
  MALFORMED_JSON: {
    status: 400,
    title: 'The body is no JSON',
    detail: 'The body could not be read as JSON in UTF-8. Check quotes, commas and the encoding.',
  },
  UNAUTHENTICATED: {
    status: 401,
    title: 'A valid key is needed',
    detail: 'Send the header "Authorization: Bearer <key>". `kept up` writes its key into the run file.',
  },
  ROUTE_UNKNOWN: {
    status: 404,
    title: 'No such address',
    detail: 'Nothing lives at this address. GET /openapi.json lists every route.',
  },
  PROMISE_UNKNOWN: {
    status: 404,
    title: 'No such promise',
    detail: 'No promise has this id. GET /v1/promises?source=…&ref=… finds one by your own reference.',
  },
  ALERT_UNKNOWN: {
    status: 404,
    title: 'No such alert',
    detail: 'No alert has this id. GET /v1/alerts?person=… lists those of a person.',
  },
  CALENDAR_UNKNOWN: {
    status: 404,
    title: 'No such calendar',
    detail:
      'No calendar of this id, or of this version, is stored. GET /v1/calendars lists those there are. ' +
      'An id is a short lower-case name such as office.',
  },
  PARTNER_UNKNOWN: {
    status: 404,
    title: 'No such partner',
    detail:
      'Nothing is said of a partner of this id, or not in this version. GET /v1/partners lists those there are. ' +
      'An id is what promises name in partner.',
  },
  POLICY_UNKNOWN: {
    status: 404,
    title: 'No such policy',
    detail:
      'No policy of this kind, or of this version, is stored. GET /v1/policies lists those there are. ' +
      'A kind is a short lower-case name such as delivery.',
  },
  PERSON_UNKNOWN: {
    status: 404,
    title: 'No such person',
    detail: 'Nobody of the staff has this id. GET /v1/people lists those there are.',
  },
  REMEDY_UNKNOWN: {
    status: 404,
    title: 'No such remedy',
    detail: 'No remedy has this id. GET /v1/remedies lists those there are.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'Wrong method for this address',
    detail: 'This address takes {allow}.',
  },
  PROMISE_CLASH: {
    status: 409,
    title: 'This source and ref stand for another promise',
    detail: 'Promise {promiseId} has the same source and ref but another content. Use another ref for another promise.',
  },
  REMEDY_CLOSED: {
    status: 409,
    title: 'This remedy is decided',
    detail:
      'It was granted, refused, taken back or has arrived: what you ask for is not open any more. Nothing was changed.',
  },
  FACT_CLASH: {
    status: 409,
    title: 'This factKey stands for another fact',
    detail: 'The promise has a fact of the same factKey with another content. Use another factKey for another fact.',
  },
  SLOT_TAKEN: {
    status: 409,
    title: 'This slot has no free place',
    detail: 'All places of the slot are taken. `next` names the next ones that have a free place.',
  },
  PROMISE_CLOSED: {
    status: 409,
    title: 'The promise is closed',
    detail: 'It has ended: nothing is left to be done about it. Its timeline says how it ended.',
  },
  NOT_OWNER: {
    status: 409,
    title: 'The promise is in other hands',
    detail: 'Only who answers for it can acknowledge it: {owner}.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: 'The body is too large',
    detail: 'A body may have at most {limit} bytes.',
  },
  NOT_JSON: {
    status: 415,
    title: 'The body must be JSON',
    detail: 'Send the header "Content-Type: application/json".',
  },
  INVALID_BODY: {
    status: 422,
    title: 'The body is not valid',
    detail: 'Some fields cannot be accepted; `errors` names each with its JSON pointer.',
  },
  INVALID_QUERY: {
    status: 422,
    title: 'The query is not valid',
    detail: 'Some query parameters cannot be accepted; `errors` names each, its pointer being `/` and the name.',
  },
  CANNOT_BE_PROMISED: {
    status: 422,
    title: 'This cannot be promised',
    detail: '{why}',
  },
  OCCURRED_AT_IMPLAUSIBLE: {
    status: 422,
    title: 'occurredAt cannot be true',
    detail: 'A fact occurs neither more than 5 minutes from now nor earlier than one day before its promise was made.',
  },
  INTERNAL: {
    status: 500,
    title: 'Kept made a mistake',
    detail: 'The request was not carried out, or it is not known whether it was. The same request may be sent again.',
  },
  DATABASE_UNAVAILABLE: {
    status: 503,
    title: 'The database cannot be reached',
    detail: 'Whether anything was stored is not known. Send the same request again after the time in Retry-After.',
  },
} as const satisfies Record<string, ProblemSpec>;

export type ProblemCode = keyof typeof PROBLEMS;

/** One thing that is wrong with a request: where (JSON pointer, RFC 6901) and what to do about it. */
export interface Fault {
  readonly pointer: string;
  readonly message: string;
}

/** A refusal: the code and what this case adds to it. */
export interface Problem {
  readonly problem: ProblemCode;
  readonly errors?: readonly Fault[];
  /** Fills the `{words}` of the text, and stands beside it as members of their own. */
  readonly words?: Readonly<Record<string, string>>;
  /** Stand beside the text as they are. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export const problem = (code: ProblemCode, more: Omit<Problem, 'problem'> = {}): Problem => ({
  problem: code,
  ...more,
});

export const isProblem = (value: object): value is Problem => 'problem' in value;

/** How long a caller should wait before it asks a database again that was not there, in seconds. */
const RETRY_AFTER_S = 2;

/** The answer to a refusal, after RFC 9457. */
export function problemResponse(refusal: Problem): Response {
  const { status, title, detail } = PROBLEMS[refusal.problem];
  const words = refusal.words ?? {};
  const body = {
    type: `urn:kept:problem:${refusal.problem.toLowerCase().replaceAll('_', '-')}`,
    title,
    status,
    detail: detail.replace(/\{(\w+)\}/g, (_, word: string) => words[word] ?? word),
    code: refusal.problem,
    ...(refusal.errors ? { errors: refusal.errors } : {}),
    ...words,
    ...refusal.members,
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(status === 401 ? { 'www-authenticate': 'Bearer realm="kept"' } : {}),
      ...(status === 503 ? { 'retry-after': String(RETRY_AFTER_S) } : {}),
      ...refusal.headers,
    },
  });
}

export const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    errors: z
      .array(z.strictObject({ pointer: z.string(), message: z.string() }))
      .optional()
      .openapi({ description: 'Each fault with the JSON pointer (RFC 6901) of the field it is about.' }),
  })
  .openapi('Problem', { description: 'An error after RFC 9457. `code` is stable; texts may change.' });
