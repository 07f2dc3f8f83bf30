import { createRoute, OpenAPIHono, type z } from '@hono/zod-openapi';
import { MAX_BODY_BYTES, NO_CONTENT, type Endpoint } from './endpoint.ts';
import { PROBLEMS, problemSchema, type ProblemCode } from './problem.ts';
import { ROUTES } from './routes/index.ts';

/** The OpenAPI 3.1 document of the API, from the same descriptions that answer requests. `api/openapi.json` is its copy. */
export function openApiDocument(): Record<string, unknown> {
  const app = new OpenAPIHono();
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' });
  for (const route of ROUTES) app.openAPIRegistry.registerPath(entryOf(route));
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Kept',
      version: '1',
      license: { name: 'MIT' },
      description:
        'Promises to customers: register them, say what happened, read how they stand. Instants come in as RFC 3339 with ' +
        `offset and go out as UTC with milliseconds. Bodies have at most ${MAX_BODY_BYTES} bytes. Errors are problem+json ` +
        '(RFC 9457) with a stable `code` and, where fields are at fault, their JSON pointers.',
    },
    servers: [{ url: '/' }],
    tags: TAGS.map(([name, description]) => ({ name, description })),
  });
  return document as unknown as Record<string, unknown>;
}

/** The text of `api/openapi.json`, which `kept docs` writes and a test compares. */
export const openApiText = (): string => `${JSON.stringify(openApiDocument(), null, 2)}\n`;

const TAGS = [
  ['promises', 'What was told to customers, and what became of it.'],
  ['people', 'Who answers for promises, and when they are on duty.'],
  ['calendars', 'When the company works.'],
  ['policies', 'The rules of each kind of promise.'],
  ['reports', 'How well the word was kept.'],
  ['operation', 'For monitors.'],
] as const;

/** Every route may answer these. */
const ALWAYS: readonly ProblemCode[] = ['INTERNAL', 'DATABASE_UNAVAILABLE'];
const WITH_KEY: readonly ProblemCode[] = ['UNAUTHENTICATED'];
const WITH_BODY: readonly ProblemCode[] = ['MALFORMED_JSON', 'BODY_TOO_LARGE', 'NOT_JSON'];

function entryOf({ scope, spec }: Endpoint) {
  const { method, path, name, summary, description, params, query, body, bodyShape } = spec;
  return createRoute({
    method,
    path,
    operationId: name,
    summary,
    tags: [tagOf(path)],
    ...(description ? { description } : {}),
    ...(scope === 'public' ? { security: [] } : { security: [{ key: [] }] }),
    request: {
      ...(params ? { params: params as z.ZodObject } : {}),
      ...(query ? { query: query as z.ZodObject } : {}),
      ...(body ? { body: { required: true, content: { 'application/json': { schema: bodyShape ?? body } } } } : {}),
    },
    responses: { ...answersOf(spec), ...refusalsOf(scope, spec) },
  });
}

/** Each tag is the first part of the paths it stands for. */
const tagOf = (path: string): string => TAGS.find(([tag]) => path.startsWith(`/v1/${tag}`))?.[0] ?? 'operation';

function answersOf({ answers }: Endpoint['spec']) {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { description, schema }]) => [
      status,
      Number(status) === NO_CONTENT ? { description } : { description, content: { 'application/json': { schema } } },
    ]),
  );
}

/** One entry per status; several codes of one status are named together. */
function refusalsOf(scope: Endpoint['scope'], { problems, body }: Endpoint['spec']) {
  const codes = new Set<ProblemCode>([
    ...problems,
    ...(body ? WITH_BODY : []),
    ...(scope === 'public' ? [] : WITH_KEY),
    ...ALWAYS,
  ]);
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) byStatus.set(PROBLEMS[code].status, [...(byStatus.get(PROBLEMS[code].status) ?? []), code]);
  return Object.fromEntries(
    [...byStatus].map(([status, some]) => [
      status,
      {
        description: some.map((code) => `${code}: ${PROBLEMS[code].title}.`).join(' '),
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    ]),
  );
}
