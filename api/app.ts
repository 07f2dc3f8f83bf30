import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context, Next } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { faultFields } from '../db/fault-fields.ts';
import { createRegistrar } from '../db/register.ts';
import { createSlotRegistrar } from '../db/register-slot.ts';
import { isUnavailable } from '../db/pool.ts';
import { createKeyCheck } from './auth/keys.ts';
import type { ApiDeps, ApiOptions } from './deps.ts';
import { honoPath, MAX_BODY_BYTES, paramsOf } from './endpoint.ts';
import { openApiDocument } from './openapi.ts';
import { pageResponse } from './page-response.ts';
import { problem, problemResponse } from './problem.ts';
import { createReferenceData } from './reference-data.ts';
import { mountDev } from './routes/dev.ts';
import { ROUTES } from './routes/index.ts';
import { mountPages } from './routes/pages.ts';
import { mountPublicPages } from './routes/public-pages.ts';
import { missingPage } from '../web/pages/promise.tsx';

/** The API as something that answers requests; `app.request()` in tests, `startApi` for the network. */
export function createApp(options: ApiOptions): OpenAPIHono {
  const deps: ApiDeps = {
    ...options,
    registrar: createRegistrar(options.pool, options.now),
    slotRegistrar: createSlotRegistrar(options.pool),
    reference: createReferenceData(options.pool),
    keys: createKeyCheck(options.pool),
  };
  const app = new OpenAPIHono();
  app.use(plainHeaders);
  app.use('/v1/*', (c, next) => requireKey(c, next, deps));
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge }));
  for (const route of ROUTES) route.mount(app, deps);
  const document = JSON.stringify(openApiDocument());
  app.get('/openapi.json', (c) => c.body(document, 200, { 'content-type': 'application/json' }));
  mountPublicPages(app, deps);
  if (options.dev) {
    mountPages(app, deps, options.dev);
    mountDev(app, deps, options.dev);
  }
  refuseOtherMethods(app);
  app.notFound((c) =>
    options.dev && c.req.header('accept')?.includes('text/html')
      ? pageResponse(missingPage('nowhere'), 404)
      : problemResponse(problem('ROUTE_UNKNOWN')),
  );
  app.onError((error, c) => failed(error, c, deps));
  return app;
}

/** Answers are about people and change by the second: nobody keeps them. */
async function plainHeaders(c: Context, next: Next): Promise<void> {
  await next();
  if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
  c.header('x-content-type-options', 'nosniff');
}

async function requireKey(c: Context, next: Next, { keys }: ApiDeps): Promise<Response | undefined> {
  if (!(await keys(c.req.header('authorization')))) return problemResponse(problem('UNAUTHENTICATED'));
  await next();
  return undefined;
}

const tooLarge = (): Response =>
  problemResponse(problem('BODY_TOO_LARGE', { words: { limit: String(MAX_BODY_BYTES) } }));

/** Addresses that exist say which methods they take. What only looks like one (`{id}:hand-over`) does not exist. */
function refuseOtherMethods(app: OpenAPIHono): void {
  const byPath = new Map<string, string[]>([['/openapi.json', ['GET']]]);
  for (const { path, method } of ROUTES) byPath.set(path, [...(byPath.get(path) ?? []), method.toUpperCase()]);
  // A path with a verb first: without it, the verb would be taken for a part of the name.
  const verbsFirst = [...byPath].toSorted(([a], [b]) => Number(b.includes('}:')) - Number(a.includes('}:')));
  for (const [path, methods] of verbsFirst) {
    const allow = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
    const params = ROUTES.find((route) => route.path === path)?.spec.params;
    app.all(honoPath(path), (c) =>
      params?.safeParse(paramsOf(c, path)).success === false
        ? problemResponse(problem('ROUTE_UNKNOWN'))
        : problemResponse(problem('METHOD_NOT_ALLOWED', { words: { allow }, headers: { allow } })),
    );
  }
}

function failed(error: Error, c: Context, { log }: ApiDeps): Response {
  const request = { method: c.req.method, route: c.req.routePath };
  if (isUnavailable(error)) {
    log.warn({ ...request, ...faultFields(error) }, 'The database cannot be reached.');
    return problemResponse(problem('DATABASE_UNAVAILABLE'));
  }
  log.error({ ...request, ...faultFields(error) }, 'A request failed.');
  return problemResponse(problem('INTERNAL'));
}
