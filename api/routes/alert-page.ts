import { createHash } from 'node:crypto';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { acknowledgeAlert, alertByKey } from '../../db/alerts.ts';
import { HOTLINE } from '../../db/people.ts';
import { alertPage, unknownAlertPage } from '../../web/pages/alert.tsx';
import type { ApiDeps } from '../deps.ts';
import { onlyOwnForms, seeOther } from '../forms.ts';
import { pageResponse } from '../page-response.ts';

/** `/a/{token}`: GET shows an alert and changes nothing, so that a mail may be looked through; POST acknowledges it. */
export function mountAlertPage(app: OpenAPIHono, deps: ApiDeps): void {
  const pages = deps.dev !== undefined;
  app.get('/a/:token', async (c) => {
    const found = await alertByKey(deps.pool, hashOf(c.req.param('token')));
    return found ? pageResponse(alertPage({ ...found, pages })) : pageResponse(unknownAlertPage(pages), 404);
  });
  app.post('/a/:token', onlyOwnForms(deps), async (c) => {
    const token = c.req.param('token') ?? '';
    const found = await alertByKey(deps.pool, hashOf(token));
    if (!found) return pageResponse(unknownAlertPage(pages), 404);
    // Whoever holds the key is the one it was sent to.
    if (found.stands) await acknowledgeAlert(deps.pool, found.alert.id, found.alert.person ?? HOTLINE);
    return seeOther(`/a/${encodeURIComponent(token)}`);
  });
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
