import type { OpenAPIHono } from '@hono/zod-openapi';
import { dossiersOf, type Dossier } from '../../db/dossiers.ts';
import { staffNames } from '../../db/people.ts';
import { databaseNow } from '../../db/pool.ts';
import { findPage } from '../../web/pages/find.tsx';
import type { FindPageData } from '../../web/spoken-shapes.ts';
import { wordsFor } from '../../words/languages.ts';
import type { ApiDeps } from '../deps.ts';
import { onlyOwnForms, readForm } from '../forms.ts';
import { onlyOwnNames, pageResponse } from '../page-response.ts';
import { phoneText } from '../phone.ts';
import { soughtBy } from '../sought.ts';
import { soughtText } from './customers.ts';

/** Customers by whatever they name. Asked by POST, which changes nothing: an address ends up in logs. Under `kept up` only. */
export function mountFindPages(app: OpenAPIHono, deps: ApiDeps): void {
  const ownNames = onlyOwnNames(deps);
  app.get('/find', ownNames, async () => pageResponse(findPage(await dataOf('', null, null, deps))));
  app.post('/find', ownNames, onlyOwnForms(deps), async (c) => {
    const q = (await readForm(c)).value('q');
    const fault = faultOf(q);
    if (fault !== null) return pageResponse(findPage(await dataOf(q, fault, null, deps)), 422);
    const { country } = await deps.reference.rules();
    const dossiers = await dossiersOf(deps.pool, soughtBy(q, country));
    return pageResponse(findPage(await dataOf(q, null, dossiers, deps)));
  });
}

function faultOf(q: string): string | null {
  const { missing, tooLong } = wordsFor('en').find;
  if (q === '') return missing;
  return soughtText.safeParse(q).success ? null : tooLong;
}

async function dataOf(
  q: string,
  fault: string | null,
  dossiers: readonly Dossier[] | null,
  { pool, reference }: ApiDeps,
): Promise<FindPageData> {
  const [now, zone, people] = await Promise.all([databaseNow(pool), reference.companyZone(), staffNames(pool)]);
  const found = dossiers?.map(({ customer, ...rest }) => ({
    ...rest,
    customer: customer && { ...customer, phone: customer.phone === null ? null : phoneText(customer.phone) },
  }));
  return { now, zone, q, fault, people, found: found ?? null };
}
