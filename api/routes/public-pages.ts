import type { OpenAPIHono } from '@hono/zod-openapi';
import { asset } from '../../web/assets.ts';
import type { ApiDeps } from '../deps.ts';
import { mountAlertPage } from './alert-page.ts';
import { onlyOwnNames } from '../page-response.ts';
import { problem, problemResponse } from '../problem.ts';

/**
 * What `kept api` serves, too: pages that open to whoever holds a link, their token being the key, and what they load.
 * All other pages ask for nothing until there is sign-in: they are in `pages.ts`, under `kept up` only.
 */
export function mountPublicPages(app: OpenAPIHono, deps: ApiDeps): void {
  // On a laptop nothing answers to a foreign name; elsewhere names are the proxy's to choose.
  if (deps.dev) app.use('/assets/*', onlyOwnNames(deps));
  mountAlertPage(app, deps);
  app.get('/assets/:name', (c) => assetAnswer(c.req.param('name')));
}

function assetAnswer(name: string): Response {
  const found = asset(name);
  if (!found) return problemResponse(problem('ROUTE_UNKNOWN'));
  return new Response(found.body, { headers: { 'content-type': found.type, 'cache-control': 'no-cache' } });
}
