import { z } from '@hono/zod-openapi';
import { getPromise, noticesOf, timelineOf } from '../../db/promises.ts';
import type { NoticeRow, TimelineItem } from '../../db/shapes.ts';
import { FACT_KINDS } from '../../domain/promise/facts.ts';
import { CHANNELS, NOTICE_REASONS, NOTICE_STATES } from '../../domain/promise/words.ts';
import { answer, endpoint } from '../endpoint.ts';
import { explained, explanationView } from '../explanation.ts';
import { instantAnswer } from '../fields.ts';
import { problem } from '../problem.ts';
import { promisePath } from './promise-path.ts';

const toldView = z.strictObject({ at: instantAnswer, day: z.string().nullable() });

const timelineItem = z
  .looseObject({
    at: instantAnswer.openapi({ description: 'When it happened, by the sender’s word.' }),
    recordedAt: instantAnswer,
    kind: z.enum(FACT_KINDS),
    factKey: z.string(),
    by: z.string().nullable().openapi({ description: 'Who did it, where that is known.' }),
    estimatedAt: instantAnswer
      .optional()
      .openapi({ description: 'estimated only: the forecast (`at` when it was sent).' }),
  })
  .openapi('TimelineItem', { description: 'A fact; the fields of its kind stand beside these.' });

const readTimeline = endpoint({
  scope: 'admin',
  owner: 'promise',
  method: 'get',
  path: '/v1/promises/{id}/timeline',
  name: 'getTimeline',
  summary: 'Everything that happened to a promise, oldest first',
  params: promisePath,
  answers: {
    200: {
      description: 'Facts, ours included.',
      schema: z.strictObject({ items: z.array(timelineItem) }).openapi('Timeline'),
    },
  },
  problems: ['PROMISE_UNKNOWN'],
  handle: async ({ params: { id } }, { pool }) => {
    // Every promise has its first fact: no fact, no promise.
    const items = await timelineOf(pool, id);
    return items.length > 0 ? answer(200, { items: items.map(itemOf) }) : problem('PROMISE_UNKNOWN');
  },
});

function itemOf({ recordedAt, fact }: TimelineItem): z.input<typeof timelineItem> {
  const { occurredAt: at, kind, factKey, ...fields } = fact;
  const head = { at, recordedAt, kind, factKey, by: null };
  return 'at' in fields ? { ...head, estimatedAt: fields.at } : { ...head, ...fields };
}

/** A notice in answers about one promise. */
export const noticeView = z
  .strictObject({
    id: z.uuid(),
    reason: z.enum(NOTICE_REASONS),
    revision: z.int(),
    state: z.enum(NOTICE_STATES),
    dueAt: instantAnswer,
    notValidAfter: instantAnswer.nullable(),
    sentAt: instantAnswer.nullable(),
    channel: z.enum(CHANNELS).nullable(),
    messageId: z.string().nullable().openapi({ description: 'Null unless it was sent.' }),
    told: toldView.nullable().openapi({ description: 'The new time it told; null: it told none, or was not sent.' }),
    apology: z.boolean().openapi({
      description: 'Whether its text apologises for this promise: a recovery that was sent, the first one of its mail.',
    }),
  })
  .openapi('Notice');

const readNotices = endpoint({
  scope: 'admin',
  owner: 'promise',
  method: 'get',
  path: '/v1/promises/{id}/notices',
  name: 'getNotices',
  summary: 'What the customer was told, or is to be told',
  params: promisePath,
  answers: {
    200: {
      description: 'In the order in which they fell due.',
      schema: z.strictObject({ items: z.array(noticeView) }).openapi('Notices'),
    },
  },
  problems: ['PROMISE_UNKNOWN'],
  handle: async ({ params: { id } }, { pool }) => {
    const [promise, notices] = await Promise.all([getPromise(pool, id), noticesOf(pool, id)]);
    return promise ? answer(200, { items: notices.map(noticeOf) }) : problem('PROMISE_UNKNOWN');
  },
});

export function noticeOf(row: NoticeRow): z.input<typeof noticeView> {
  const { id, reason, revision, state, dueAt, notValidAfter, sentAt, channel, messageId, told, apology } = row;
  return { id, reason, revision, state, dueAt, notValidAfter, sentAt, channel, messageId, told, apology };
}

const explainPromise = endpoint({
  scope: 'admin',
  owner: 'promise',
  method: 'get',
  path: '/v1/promises/{id}/explain',
  name: 'explainPromise',
  summary: 'How everything about a promise was computed',
  description:
    'The clock segment by segment, every instant of the plan with its reason, every told time, every plan there has been, ' +
    'every change of phase. From what is stored with the promise alone: a later policy, calendar or zone changes nothing of it.',
  params: promisePath,
  answers: {
    200: {
      description: 'The same rows give the same answer, but for what the clock has done since.',
      schema: explanationView,
    },
  },
  problems: ['PROMISE_UNKNOWN'],
  handle: async ({ params: { id } }, { pool }) => {
    const explanation = await explained(pool, id);
    return explanation ? answer(200, explanation) : problem('PROMISE_UNKNOWN');
  },
});

export const historyRoutes = [readTimeline, readNotices, explainPromise];
