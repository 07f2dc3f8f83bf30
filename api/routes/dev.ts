import type { OpenAPIHono } from '@hono/zod-openapi';
import { mailPage } from '../../web/pages/mail.tsx';
import type { ApiDeps, DevParts } from '../deps.ts';
import { onlyOwnNames, pageResponse } from '../page-response.ts';

/** The mails of the laptop's sink, exactly as they arrived. Under `kept up` only. */
export function mountDev(app: OpenAPIHono, deps: ApiDeps, dev: DevParts): void {
  const ownNames = onlyOwnNames(deps);
  app.get('/dev/mail', ownNames, async () =>
    pageResponse(mailPage({ zone: await deps.reference.companyZone(), mails: await dev.mails() })),
  );
  app.get('/dev/mail.json', ownNames, async (c) => c.json(await dev.mails()));
}
