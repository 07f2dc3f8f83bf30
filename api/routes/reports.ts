import { z } from '@hono/zod-openapi';
import { wordKept } from '../../db/report.ts';
import { GROUPINGS } from '../../domain/metrics/word-kept.ts';
import { answer, endpoint } from '../endpoint.ts';
import { boundField, instantAnswer, MAX, text } from '../fields.ts';
import { isProblem } from '../problem.ts';
import { spanOf } from '../span.ts';

const share = z.number().nullable();
const whole = z.int();
const percentiles = <P extends string>(...names: readonly P[]) =>
  z.strictObject(Object.fromEntries(names.map((name) => [name, z.number().nullable()])) as Record<P, typeof share>);

/** One group; every figure is defined in `reports/columns.ts`. */
const group = z
  .strictObject({
    key: z
      .string()
      .nullable()
      .openapi({ description: 'The kind, source, partner or owner; null: those that name none.' }),
    promises: whole,
    kept: whole,
    broken: whole,
    overdue: whole,
    open: whole,
    withdrawn: whole,
    withdrawnByUs: whole,
    keptRate: share,
    keptRateFirst: share,
    earlyRate: share,
    goal: share,
    brokenAllowed: whole.nullable(),
    promisedLengthMs: percentiles('p50', 'p90'),
    actualLengthMs: percentiles('p50', 'p90'),
    marginMs: percentiles('p5', 'p10', 'p50', 'p90'),
    bufferUse: percentiles('p50', 'p90'),
    noticeLeadMs: percentiles('p10', 'p50'),
    noticeRecall: share,
    falseAlarmRate: share,
    noticeMissed: whole,
    unreachable: whole,
    newTimeKeptRate: share,
    falseRecovery: whole,
    contactsPerPromise: z.number(),
    askedFirst: share,
    firstContactRate: share,
    recoveryTimeMs: percentiles('p50', 'p90'),
    remedyCost: z.record(z.string(), z.string()),
    secondBreaks: whole,
    handOvers: whole,
  })
  .openapi('WordKeptGroup');

const readWordKept = endpoint({
  scope: 'admin',
  owner: 'list',
  method: 'get',
  path: '/v1/reports/word-kept',
  name: 'getWordKept',
  summary: 'How well the word was kept',
  description:
    '`from` and `to` bound promisedAt: an instant at `from` is in, one at `to` is not. A day holds what is due after its ' +
    'first instant, up to and including that of the next day: a promise for a day is due then. A rate over nothing is null.',
  query: z.strictObject({
    by: z.enum(GROUPINGS).optional().openapi({ default: 'kind' }),
    kind: text(MAX.name).optional(),
    partner: text(MAX.name).optional(),
    owner: text(MAX.name).optional(),
    source: text(MAX.name).optional(),
    from: boundField('from').optional(),
    to: boundField('to').optional(),
  }),
  answers: {
    200: {
      description: 'One group per value, in the order of the keys.',
      schema: z
        .strictObject({
          generatedAt: instantAnswer,
          readLagMs: z.int(),
          by: z.enum(GROUPINGS),
          groups: z.array(group),
        })
        .openapi('WordKept'),
    },
  },
  problems: ['INVALID_QUERY'],
  handle: async ({ search }, { pool, reference }) => {
    const { by = 'kind', from, to, ...filters } = search;
    const span = await spanOf({ from, to }, reference);
    if (isProblem(span)) return span;
    const { groups, ...rest } = await wordKept(pool, { ...filters, ...span, by });
    return answer(200, { ...rest, groups: groups.map((one) => ({ ...one, remedyCost: { ...one.remedyCost } })) });
  },
});

export const reportRoutes = [readWordKept];
