import type { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ApiDeps } from './deps.ts';
import { faultsOf } from './faults.ts';
import { isProblem, problem, problemResponse, type Problem, type ProblemCode } from './problem.ts';

/** Whose key opens a route. */
export type Scope = 'admin' | 'public';

/**
 * Whose data a route touches, so that one test can try every route against somebody else's: `promise` (the one named in
 * its path), `list` (whatever its filters find), `new` (what the caller brings), `company` (what holds for all promises),
 * `none`.
 */
export type Owner = 'promise' | 'list' | 'new' | 'company' | 'none';

type Answers = Readonly<Record<number, { readonly description: string; readonly schema: z.ZodType }>>;

/** What a handler returns when it carries a request out: one of the statuses its route names, with its body. */
type Reply<A extends Answers> = {
  readonly [S in keyof A & number]: { readonly status: S; readonly body: z.input<A[S]['schema']> };
}[keyof A & number];

interface EndpointSpec<P, Q, B, A extends Answers> {
  readonly scope: Scope;
  readonly owner: Owner;
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** As in OpenAPI: `/v1/promises/{id}`. */
  readonly path: string;
  /** Name of the operation in generated clients. */
  readonly name: string;
  readonly summary: string;
  readonly description?: string;
  /** A path that does not match it names nothing: 404. */
  readonly params?: z.ZodType<P>;
  /** What is answered then; left out, `PROMISE_UNKNOWN`. */
  readonly unknown?: ProblemCode;
  readonly query?: z.ZodType<Q>;
  readonly body?: z.ZodType<B>;
  /** How the OpenAPI document describes a body that the domain reads, `body` taking any JSON. */
  readonly bodyShape?: z.ZodType;
  readonly answers: A;
  /** The refusals of its own; those that any route may give are added. */
  readonly problems: readonly ProblemCode[];
  readonly handle: (
    input: { readonly params: P; readonly search: Q; readonly body: B },
    deps: ApiDeps,
  ) => Promise<Reply<A> | Problem>;
}

/** A route: its entry in the OpenAPI document and its handler, from one description. */
export type Endpoint = Pick<
  EndpointSpec<unknown, unknown, unknown, Answers>,
  'scope' | 'owner' | 'method' | 'path' | 'name'
> & {
  readonly spec: Omit<EndpointSpec<unknown, unknown, unknown, Answers>, 'handle'>;
  readonly mount: (app: OpenAPIHono, deps: ApiDeps) => void;
};

/** An answer of this status has no body; its schema takes null. */
export const NO_CONTENT = 204;

/** Largest body in bytes. */
export const MAX_BODY_BYTES = 64 * 1024;

export function endpoint<A extends Answers, P = unknown, Q = unknown, B = unknown>(
  spec: EndpointSpec<P, Q, B, A>,
): Endpoint {
  const { scope, owner, method, path, name } = spec;
  const serve = async (c: Context, deps: ApiDeps): Promise<Response> => {
    const input = await readInput(c, spec);
    const outcome = isProblem(input) ? input : await spec.handle(input, deps);
    if (isProblem(outcome)) return problemResponse(outcome);
    return outcome.status === NO_CONTENT ? c.body(null, NO_CONTENT) : c.json(outcome.body, outcome.status as 200);
  };
  return {
    scope,
    owner,
    method,
    path,
    name,
    spec,
    mount: (app, deps) => void app.on(method.toUpperCase(), honoPath(path), (c) => serve(c, deps)),
  };
}

/** What a handler returns when it carried the request out. */
export const answer = <S extends number, B>(status: S, body: B): { readonly status: S; readonly body: B } => ({
  status,
  body,
});

/** `/v1/promises/{id}` as hono writes it: `/v1/promises/:id`. A verb behind it belongs to what hono takes for the id. */
export const honoPath = (path: string): string =>
  path.replace(/\{(\w+)\}(:[\w-]+)?/g, (_, name: string, verb: string | undefined) =>
    verb === undefined ? `:${name}` : `:${name}{[^/]+${verb}}`,
  );

/** What stands in the address where the path has names, without the verb. */
export function paramsOf(c: Context, path: string): Record<string, string> {
  const verb = /\}(:[\w-]+)/.exec(path)?.[1] ?? '';
  const sent = Object.entries(c.req.param()).map(([name, value]) => [name, value.slice(0, value.length - verb.length)]);
  return Object.fromEntries(sent) as Record<string, string>;
}

async function readInput<P, Q, B>(
  c: Context,
  spec: Pick<EndpointSpec<P, Q, B, Answers>, 'path' | 'params' | 'unknown' | 'query' | 'body'>,
): Promise<{ params: P; search: Q; body: B } | Problem> {
  const params = spec.params?.safeParse(paramsOf(c, spec.path));
  if (params?.success === false) return problem(spec.unknown ?? 'PROMISE_UNKNOWN');
  const search = readQuery(c, spec.query);
  if (search && isProblem(search)) return search;
  const body = await readBody(c, spec.body);
  if (body && isProblem(body)) return body;
  return { params: params?.data as P, search: search?.data as Q, body: body?.data as B };
}

function readQuery<Q>(c: Context, schema: z.ZodType<Q> | undefined): { readonly data: Q } | Problem | null {
  if (!schema) return null;
  const sent = Object.entries(c.req.queries());
  const twice = sent.filter(([, values]) => values.length > 1);
  if (twice.length > 0) {
    const errors = twice.map(([key]) => ({ pointer: `/${key}`, message: 'Given more than once. Give it once.' }));
    return problem('INVALID_QUERY', { errors });
  }
  // Not Object.fromEntries: a parameter named __proto__ must be seen and refused like any other unknown one.
  const query: unknown = JSON.parse(
    `{${sent.map(([k, [v]]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join(',')}}`,
  );
  const parsed = schema.safeParse(query);
  return parsed.success ? parsed : problem('INVALID_QUERY', { errors: faultsOf(parsed.error.issues, query) });
}

async function readBody<B>(
  c: Context,
  schema: z.ZodType<B> | undefined,
): Promise<{ readonly data: B } | Problem | null> {
  if (!schema) return null;
  const type = c.req.header('content-type');
  if (type !== undefined && !/^application\/(json|[\w.+-]+\+json)\s*(;|$)/i.test(type)) return problem('NOT_JSON');
  const sent = readJson(await c.req.arrayBuffer());
  if (!sent) return problem('MALFORMED_JSON');
  const parsed = schema.safeParse(sent.json);
  return parsed.success ? parsed : problem('INVALID_BODY', { errors: faultsOf(parsed.error.issues, sent.json) });
}

function readJson(bytes: ArrayBuffer): { readonly json: unknown } | null {
  try {
    return { json: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    return null;
  }
}
