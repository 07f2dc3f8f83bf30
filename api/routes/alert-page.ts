import { createHash } from 'node:crypto';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { acknowledgeAlert, alertByKey, standingAlerts } from '../../db/alerts.ts';
import { alertPage, alertsPage, unknownAlertPage } from '../../web/pages/alert.tsx';
import type { ApiDeps } from '../deps.ts';
import { onlyOwnForms, readForm, seeOther } from '../forms.ts';
import { pageResponse } from '../page-response.ts';

/**
 * `/a/{token}`: GET shows an alert and changes nothing, so that a mail may be looked through; POST acknowledges it.
 * `/a/{token}/all`: the same with all that waits for whom the mail went to, for those whom it leads to no other page. Whoever
 * holds the key is the one it was sent to.
 */
export function mountAlertPage(app: OpenAPIHono, deps: ApiDeps): void {
  const pages = deps.dev !== undefined;
  const byKey = (token: string | undefined) => alertByKey(deps.pool, hashOf(token ?? ''));
  const unknown = (): Response => pageResponse(unknownAlertPage(pages), 404);
  app.get('/a/:token', async (c) => {
    const found = await byKey(c.req.param('token'));
    return found ? pageResponse(alertPage({ ...found, pages, all: pathOf(c.req.param('token'), '/all') })) : unknown();
  });
  app.post('/a/:token', onlyOwnForms(deps), async (c) => {
    const token = c.req.param('token') ?? '';
    const found = await byKey(token);
    if (!found) return unknown();
    if (found.stands) await acknowledgeAlert(deps.pool, found.alert.id, found.reader.id);
    return seeOther(pathOf(token));
  });
  app.get('/a/:token/all', async (c) => {
    const found = await byKey(c.req.param('token'));
    if (!found) return unknown();
    const alerts = await standingAlerts(deps.pool, found.reader.id, found.now);
    return pageResponse(alertsPage({ ...alerts, action: pathOf(c.req.param('token'), '/all') }));
  });
  app.post('/a/:token/all', onlyOwnForms(deps), async (c) => {
    const token = c.req.param('token') ?? '';
    const found = await byKey(token);
    if (!found) return unknown();
    const asked = (await readForm(c)).value('alert');
    const { lines } = await standingAlerts(deps.pool, found.reader.id, found.now);
    if (lines.some(({ id }) => id === asked)) await acknowledgeAlert(deps.pool, asked, found.reader.id);
    return seeOther(pathOf(token, '/all'));
  });
}

const pathOf = (token: string, rest = ''): string => `/a/${encodeURIComponent(token)}${rest}`;

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
