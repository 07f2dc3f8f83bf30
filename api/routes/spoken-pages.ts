import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { customerById } from '../../db/customers.ts';
import { staffNames } from '../../db/people.ts';
import { dayOf, plusDays } from '../../domain/calendar/zones.ts';
import { spokenPage } from '../../web/pages/spoken.tsx';
import type { TypedPromise } from '../../web/spoken-shapes.ts';
import type { ApiDeps } from '../deps.ts';
import { onlyOwnForms, readForm, type Form } from '../forms.ts';
import { onlyOwnNames, pageResponse } from '../page-response.ts';
import { rememberedPerson, rememberPerson } from '../remembered-person.ts';
import { makeSpoken, type SentPromise, type SpokenRefusal } from '../spoken.ts';

/** The form for a promise made by word of mouth. Under `kept up` only. To be mounted before `/promises/:id`. */
export function mountSpokenPages(app: OpenAPIHono, deps: ApiDeps): void {
  const ownNames = onlyOwnNames(deps);
  app.get('/promises/new', ownNames, async (c) => formOf(await proposed(c, deps), randomUUID(), null, deps));
  app.post('/promises/new', ownNames, onlyOwnForms(deps), async (c) => {
    const sent = sentBy(await readForm(c));
    const made = await makeSpoken(sent, deps);
    if ('faults' in made) return formOf(sent.typed, sent.token, made, deps);
    rememberPerson(c, sent.typed.owner);
    return c.redirect(`/promises/${made.id}`, 303);
  });
}

/** What most is promised by word of mouth, where there is a policy for it. */
const USUAL_KIND = 'reply';

/** The form before anything was typed: for the customer of a row where the address names one, by the end of tomorrow. */
async function proposed(c: Context, deps: ApiDeps): Promise<TypedPromise> {
  const id = z.guid().safeParse(new URL(c.req.url).searchParams.get('customer'));
  const customer = id.success ? await customerById(deps.pool, id.data) : null;
  return {
    customer: customer?.ref ?? '',
    kind: USUAL_KIND,
    when: plusDays(dayOf(deps.now(), await deps.reference.companyZone()), 1),
    ...{ day: '', time: '', what: '' },
    owner: rememberedPerson(c),
  };
}

function sentBy(form: Form): SentPromise {
  const token = z.guid().safeParse(form.value('token'));
  return {
    typed: {
      customer: form.value('customer'),
      kind: form.value('kind'),
      when: form.value('when'),
      day: form.value('day'),
      time: form.value('time'),
      what: form.value('what'),
      owner: form.value('owner'),
    },
    token: token.success ? token.data : randomUUID(),
    chosen: form.value('chosen'),
    offer: form.value('offer'),
  };
}

async function formOf(
  typed: TypedPromise,
  token: string,
  refusal: SpokenRefusal | null,
  { pool, reference, now }: ApiDeps,
): Promise<Response> {
  const [zone, kinds, people] = await Promise.all([reference.companyZone(), reference.kinds(), staffNames(pool)]);
  const { faults, customers, offer } = refusal ?? { faults: {}, customers: [], offer: null };
  const page = spokenPage({ now: now(), zone, kinds, people, typed, faults, customers, offer, token });
  return pageResponse(page, refusal === null ? 200 : 422);
}
