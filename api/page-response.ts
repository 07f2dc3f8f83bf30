import type { Context, Next } from 'hono';
import { PAGE_CSP } from '../web/assets.ts';
import type { ApiDeps } from './deps.ts';
import { problem, problemResponse } from './problem.ts';

/** A page as it is sent: nothing but what it needs may load, nobody keeps it or puts it into a frame. */
export function pageResponse(html: string, status: 200 | 400 | 403 | 404 | 409 | 415 | 422 = 200): Response {
  return new Response(html, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': PAGE_CSP,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      // Nobody else learns an address. Not 'no-referrer': browsers then send forms without saying from where.
      'referrer-policy': 'same-origin',
    },
  });
}

/**
 * Pages of a laptop ask for no key, so they answer under our own names only: a page from elsewhere whose name was made
 * to point to this machine (DNS rebinding) finds nothing.
 */
export function onlyOwnNames({ baseUrl }: Pick<ApiDeps, 'baseUrl'>) {
  const names = new Set(['localhost', '127.0.0.1', '[::1]', new URL(baseUrl).hostname]);
  return async (c: Context, next: Next): Promise<Response | undefined> => {
    if (!names.has(new URL(c.req.url).hostname)) return problemResponse(problem('ROUTE_UNKNOWN'));
    await next();
    return undefined;
  };
}
