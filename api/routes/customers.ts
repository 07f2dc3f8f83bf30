import { z } from '@hono/zod-openapi';
import { dossierOf, dossiersOf } from '../../db/dossiers.ts';
import { briefView, dossierView, dossierViews } from '../dossier-view.ts';
import { answer, endpoint } from '../endpoint.ts';
import { MAX, text } from '../fields.ts';
import { problem } from '../problem.ts';
import { soughtBy } from '../sought.ts';
import { promisePath } from './promise-path.ts';

/** What somebody is looked for by. */
export const soughtText = text(MAX.email);

const findCustomers = endpoint({
  scope: 'admin',
  owner: 'list',
  method: 'post',
  path: '/v1/customers:find',
  name: 'findCustomers',
  summary: 'Find customers by whatever they name',
  description:
    'By the reference of the customer, the reference or id of a promise, the e-mail address, or the phone in any notation; ' +
    "phones without a prefix are those of the company's country. Capitals make no difference. A POST that changes " +
    'nothing: what stands in an address ends up in logs.',
  body: z
    .strictObject({ q: soughtText.openapi({ description: 'As it was said.', example: '+372 600 0001' }) })
    .openapi('Sought'),
  answers: {
    200: {
      description: 'Everybody who is called so, at most 10.',
      schema: z.strictObject({ items: z.array(dossierView) }).openapi('Dossiers'),
    },
  },
  problems: ['INVALID_BODY'],
  handle: async ({ body }, { pool, reference, baseUrl, now }) => {
    const { country } = await reference.rules();
    const dossiers = await dossiersOf(pool, soughtBy(body.q, country));
    return answer(200, { items: await dossierViews(pool, dossiers, { baseUrl, now: now() }) });
  },
});

const readBrief = endpoint({
  scope: 'admin',
  owner: 'promise',
  method: 'get',
  path: '/v1/promises/{id}/brief',
  name: 'getBrief',
  summary: 'What somebody needs to know who is about to call the customer of a promise',
  description:
    'This promise and all open ones of the same customer; when she last came to us and about what, what was written to ' +
    'her, and the notes: newest first, about all her promises.',
  params: promisePath,
  answers: { 200: { description: 'The brief.', schema: briefView } },
  problems: ['PROMISE_UNKNOWN'],
  handle: async ({ params: { id } }, { pool, baseUrl, now }) => {
    const dossier = await dossierOf(pool, id);
    if (!dossier) return problem('PROMISE_UNKNOWN');
    const promises = dossier.promises.filter((promise) => promise.closedAt === null || promise.id === id);
    const [view] = await dossierViews(pool, [{ ...dossier, promises }], { baseUrl, now: now() });
    if (!view) return problem('PROMISE_UNKNOWN');
    const { promises: shown, notices, contacts, notes } = view;
    return answer(200, { promises: shown, notices, contacts, notes });
  },
});

export const customerRoutes = [findCustomers, readBrief];
