import { v7 as uuid } from 'uuid';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { callsToMake } from '../../db/callbacks.ts';
import { staffNames } from '../../db/people.ts';
import { databaseNow } from '../../db/pool.ts';
import { getPromise } from '../../db/promises.ts';
import { recordFact } from '../../db/settle.ts';
import { ATTEMPT_RESULTS } from '../../domain/promise/words.ts';
import { missingPage } from '../../web/pages/promise.tsx';
import { callbacksPage } from '../../web/pages/callbacks.tsx';
import { wordsFor } from '../../words/languages.ts';
import type { ApiDeps } from '../deps.ts';
import { isDayWithinYears } from '../fields.ts';
import { onlyOwnForms, readForm, seeOther } from '../forms.ts';
import { onlyOwnNames, pageResponse } from '../page-response.ts';
import { phoneText } from '../phone.ts';
import { promisePath } from './promise-path.ts';

/** The calls of a day, and a form for what came of each try. Under `kept up` only. */
export function mountCallbackPages(app: OpenAPIHono, deps: ApiDeps): void {
  const ownNames = onlyOwnNames(deps);
  app.get('/callbacks', ownNames, async (c) => {
    const asked = new URL(c.req.url).searchParams;
    return page(asked.get('day') ?? '', asked.get('owner') ?? '', deps);
  });
  app.post('/callbacks/:id', ownNames, onlyOwnForms(deps), async (c) => {
    const form = await readForm(c);
    const id = c.req.param('id') ?? '';
    const result = ATTEMPT_RESULTS.find((one) => one === form.value('result'));
    const token = form.value('token');
    const promise = promisePath.safeParse({ id }).success ? await getPromise(deps.pool, id) : null;
    if (!promise || promise.plan.tries === null) return pageResponse(missingPage('promise'), 404);
    // Pressed twice it is one try: the key is known, and whatever stands under it stays.
    if (result !== undefined && TOKEN.test(token)) {
      const factKey = `call:${token}:${result}`;
      await recordFact(deps.pool, id, { kind: 'attempted', factKey, occurredAt: await databaseNow(deps.pool), result });
    }
    const back = new URLSearchParams({ day: form.value('day'), owner: form.value('owner') });
    return seeOther(`/callbacks?${back.toString()}#call-${promise.id}`);
  });
}

const TOKEN = /^[\da-f-]{36}$/;

async function page(day: string, owner: string, { pool }: ApiDeps): Promise<Response> {
  const fault = day === '' || isDayWithinYears(day) ? null : wordsFor('en').calls.fault;
  const [people, calls] = await Promise.all([
    staffNames(pool),
    callsToMake(pool, day === '' || fault !== null ? null : day, owner === '' ? null : owner),
  ]);
  const items = calls.items.map(({ customer, ...call }) => ({
    ...call,
    customer: customer && { ...customer, phone: customer.phone === null ? null : phoneText(customer.phone) },
    token: uuid(),
  }));
  return pageResponse(callbacksPage({ ...calls, items, owner, people, fault }), fault === null ? 200 : 422);
}
