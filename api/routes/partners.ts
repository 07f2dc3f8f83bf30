import { z } from '@hono/zod-openapi';
import { findPartner, newestPartner, newestPartnersAfter, savePartner } from '../../db/partners.ts';
import type { Queryable } from '../../db/pool.ts';
import { escaped, isRecord } from '../../domain/policy/documents.ts';
import { PARTNER } from '../../domain/policy/names.ts';
import {
  parsePartner,
  partnerDocument,
  partnerForm,
  type Partner,
  type VersionedPartner,
} from '../../domain/policy/partner.ts';
import { DEFAULT_LIMIT, idCursorField, idCursorOf, limitField } from '../cursor.ts';
import type { ApiDeps } from '../deps.ts';
import { answer, endpoint } from '../endpoint.ts';
import { MAX, versionQuery } from '../fields.ts';
import { problem, type Fault } from '../problem.ts';
import { kindFault } from '../registration.ts';

const id = z
  .string()
  .refine((name) => PARTNER.read(name, () => undefined) !== undefined)
  .openapi({ example: 'dpd' });

/** What partners.yaml says of one but its id. The domain reads it: this tells what it takes. */
const form = partnerForm('').schema;
const fields = Object.fromEntries(
  Object.entries(form['properties'] as Readonly<Record<string, object>>)
    .filter(([name]) => name !== 'id')
    .map(([name, schema]) => [name, z.unknown().openapi({ ...schema })]),
);
const optional = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.optional()]));

const partnerFields = z
  .strictObject({ id: id.optional().openapi({ description: 'As in the address.' }), ...optional })
  .openapi('Partner', { description: 'What a partner is held to, as partners.yaml says it.' });

const version = z.int().openapi({ description: 'Counted from 1. What a version says never changes.' });
const partnerView = z.strictObject({ id, ...fields, version }).openapi('VersionedPartner');

const viewOf = ({ partner, version: number }: VersionedPartner): z.input<typeof partnerView> => ({
  ...partnerDocument(partner),
  id: partner.id,
  version: number,
});

const partnerPath = z.object({ id });

const MAX_LIMIT = 1_000;

const listOfPartners = endpoint({
  scope: 'admin',
  owner: 'company',
  method: 'get',
  path: '/v1/partners',
  name: 'listPartners',
  summary: 'The partners of whom something is said',
  query: z.strictObject({ limit: limitField(MAX_LIMIT).optional(), cursor: idCursorField(MAX.label).optional() }),
  answers: {
    200: {
      description: 'One page of them, by id, each with its newest version; `next` leads to the one after it.',
      schema: z
        .strictObject({ items: z.array(z.strictObject({ id, version })), next: z.string().nullable() })
        .openapi('Partners'),
    },
  },
  problems: ['INVALID_QUERY'],
  handle: async ({ search: { limit = DEFAULT_LIMIT, cursor = null } }, { pool }) => {
    // One more than asked for tells whether there is another page.
    const found = await newestPartnersAfter(pool, cursor, limit + 1);
    const items = found.slice(0, limit).map((each) => ({ id: each.partner.id, version: each.version }));
    const last = items.at(-1);
    return answer(200, { items, next: found.length > limit && last ? idCursorOf(last.id) : null });
  },
});

const readPartner = endpoint({
  scope: 'admin',
  owner: 'company',
  method: 'get',
  path: '/v1/partners/{id}',
  name: 'getPartner',
  summary: 'Read what a partner is held to',
  params: partnerPath,
  unknown: 'PARTNER_UNKNOWN',
  query: versionQuery,
  answers: { 200: { description: 'The partner as its file says it, every field named.', schema: partnerView } },
  problems: ['INVALID_QUERY', 'PARTNER_UNKNOWN'],
  handle: async ({ params, search }, { pool }) => {
    const stored = await storedPartner(pool, params.id, search.version);
    return stored ? answer(200, viewOf(stored)) : problem('PARTNER_UNKNOWN');
  },
});

async function storedPartner(
  pool: Queryable,
  name: string,
  number: number | undefined,
): Promise<VersionedPartner | null> {
  if (number === undefined) return newestPartner(pool, name);
  const partner = await findPartner(pool, name, number);
  return partner && { partner, version: number };
}

const putPartner = endpoint({
  scope: 'admin',
  owner: 'company',
  method: 'put',
  path: '/v1/partners/{id}',
  name: 'putPartner',
  summary: 'Store what a partner is held to',
  description:
    'A changed partner becomes the next version; the same one again changes nothing. New promises that name it are planned ' +
    'by it; those that are open keep their plans until POST /v1/policies/{kind}:apply. A partner of the same id in ' +
    'partners.yaml is written again at the next start.',
  params: partnerPath,
  unknown: 'PARTNER_UNKNOWN',
  body: z.unknown(),
  bodyShape: partnerFields,
  answers: { 200: { description: 'Stored, as the version it says.', schema: partnerView } },
  problems: ['INVALID_BODY', 'PARTNER_UNKNOWN'],
  handle: async ({ params, body }, deps) => {
    const sent = await readSent(params.id, body, deps);
    if ('faults' in sent) return problem('INVALID_BODY', { errors: sent.faults });
    const number = await savePartner(deps.pool, sent.partner);
    deps.reference.forget();
    return answer(200, viewOf({ ...sent, version: number }));
  },
});

/** The partner of a body, or every fault of it: also a kind that has no policy. */
async function readSent(
  name: string,
  body: unknown,
  deps: ApiDeps,
): Promise<{ readonly partner: Partner } | { readonly faults: readonly Fault[] }> {
  const read = parsePartner(isRecord(body) ? { id: name, ...body } : body);
  if ('faults' in read) return read;
  if (read.partner.id !== name)
    return { faults: [{ pointer: '/id', message: `The address says ${name}. Leave it out here, or write the same.` }] };
  const known = new Set(await deps.reference.kinds());
  const unknown = Object.keys(read.partner.checkpoints).filter((kind) => !known.has(kind));
  if (unknown.length === 0) return read;
  const { message } = await kindFault(deps);
  return { faults: unknown.map((kind) => ({ pointer: `/checkpoints/${escaped(kind)}`, message })) };
}

export const partnerRoutes = [listOfPartners, readPartner, putPartner];
