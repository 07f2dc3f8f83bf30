import { z } from '@hono/zod-openapi';
import { acknowledgeAlert, listAlerts, type AlertRow } from '../../db/alerts.ts';
import { ALERT_REASONS, ALERT_RUNGS } from '../../domain/promise/words.ts';
import { cursorField, cursorOf, DEFAULT_LIMIT, limitField } from '../cursor.ts';
import { answer, endpoint } from '../endpoint.ts';
import { instantAnswer, MAX, text } from '../fields.ts';
import { problem } from '../problem.ts';
import { unknownPerson } from './notes.ts';

const MAX_LIMIT = 1_000;

const person = text(MAX.name).openapi({ description: 'Id of a person.', example: 'kati' });
const instantOrNull = instantAnswer.nullable();

/** An alert in answers. */
const alertView = z
  .strictObject({
    id: z.uuid(),
    person: z.string().nullable().openapi({ description: 'Id of who is told; null where nobody stands on the rung.' }),
    promiseId: z.uuid(),
    reason: z.enum(ALERT_REASONS),
    rung: z.enum(ALERT_RUNGS),
    times: z.int().openapi({
      description:
        'How often it was told, to them or to who stood in for them: 1 at first, one more by each repetition.',
    }),
    at: instantAnswer,
    sentAt: instantOrNull.openapi({ description: 'When the newest mail with it left; null: it is in none yet.' }),
    dueAt: instantOrNull.openapi({
      description:
        'Not acknowledged by then, it goes again, or one rung up; a hand-over to the lead. Null: it does not.',
    }),
    acknowledgedAt: instantOrNull,
    acknowledgedBy: z.string().nullable(),
  })
  .openapi('Alert');

const viewOf = (row: AlertRow): z.input<typeof alertView> => row;

const listOfAlerts = endpoint({
  scope: 'admin',
  owner: 'list',
  method: 'get',
  path: '/v1/alerts',
  name: 'listAlerts',
  summary: 'Find alerts to staff, newest first',
  query: z.strictObject({
    person: person.optional(),
    open: z.enum(['true', 'false']).optional().openapi({
      description: 'true: those that still have their reason and that nobody acknowledged; false: the others.',
    }),
    limit: limitField(MAX_LIMIT).optional(),
    cursor: cursorField.optional(),
  }),
  answers: {
    200: {
      description: 'One page; `next` leads to the one after it.',
      schema: z.strictObject({ items: z.array(alertView), next: z.string().nullable() }).openapi('Alerts'),
    },
  },
  problems: ['INVALID_QUERY'],
  handle: async ({ search: { person: of, open, limit = DEFAULT_LIMIT, cursor } }, { pool }) => {
    const rows = await listAlerts(pool, {
      ...(of === undefined ? {} : { person: of }),
      ...(open === undefined ? {} : { open: open === 'true' }),
      ...(cursor === undefined ? {} : { after: { at: cursor.promisedAt, id: cursor.id } }),
      limit: limit + 1,
    });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const next = rows.length > limit && last ? cursorOf({ promisedAt: last.at, id: last.id }) : null;
    return answer(200, { items: page.map(viewOf), next });
  },
});

const acknowledge = endpoint({
  scope: 'admin',
  owner: 'company',
  method: 'post',
  path: '/v1/alerts/{id}:acknowledge',
  name: 'acknowledgeAlert',
  summary: 'Take care of what an alert is about',
  description:
    'Nobody is told about it again, on no rung. That of a hand-over acknowledges the hand-over, too. Said again it changes ' +
    'nothing.',
  params: z.object({ id: z.guid() }),
  unknown: 'ALERT_UNKNOWN',
  body: z.strictObject({ by: person }).openapi('AcknowledgeAlert'),
  answers: { 200: { description: 'The alert as it is now.', schema: alertView } },
  problems: ['INVALID_BODY', 'ALERT_UNKNOWN'],
  handle: async ({ params, body: { by } }, deps) => {
    const fault = await unknownPerson('/by', by, deps);
    if (fault) return problem('INVALID_BODY', { errors: [fault] });
    const row = await acknowledgeAlert(deps.pool, params.id, by);
    return row ? answer(200, viewOf(row)) : problem('ALERT_UNKNOWN');
  },
});

export const alertRoutes = [listOfAlerts, acknowledge];
